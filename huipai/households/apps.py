from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "huipai.households"
    label = "households"
