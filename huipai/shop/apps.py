from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "huipai.shop"
    label = "shop"
