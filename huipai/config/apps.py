from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "huipai.config"
    label = "huipai_config"
