from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "huipai.cases"
    label = "cases"
