from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "huipai.stations"
    label = "stations"
