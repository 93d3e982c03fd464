from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "huipai.journal"
    label = "journal"
