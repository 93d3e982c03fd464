from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "huipai.workdays"
    label = "workdays"
