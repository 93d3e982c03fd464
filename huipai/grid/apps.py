from django.apps import AppConfig


class GridConfig(AppConfig):
    name = "huipai.grid"
    label = "grid"
