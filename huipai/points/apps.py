from django.apps import AppConfig


class PointsConfig(AppConfig):
    name = "huipai.points"
    label = "points"
