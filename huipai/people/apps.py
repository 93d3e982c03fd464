from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "huipai.people"
    label = "people"
