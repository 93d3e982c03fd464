from django.apps import AppConfig


class PhotosConfig(AppConfig):
    name = "huipai.photos"
    label = "photos"
