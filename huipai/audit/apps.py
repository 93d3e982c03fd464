from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "huipai.audit"
    label = "audit"
