from django.apps import AppConfig


class SendersConfig(AppConfig):
    name = "huipai.senders"
    label = "senders"
