from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "huipai.web"
    label = "web"
