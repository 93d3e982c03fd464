from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "huipai.rulebook"
    label = "rulebook"
