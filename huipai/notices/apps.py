from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "huipai.notices"
    label = "notices"
