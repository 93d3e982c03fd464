from django.apps import AppConfig


class StreetsConfig(AppConfig):
    name = "huipai.streets"
    label = "streets"
