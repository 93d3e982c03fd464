from django.urls import path, register_converter
from django.urls.converters import StringConverter

from huipai.photos import pages
from huipai.photos.words import Variant


class VariantConverter(StringConverter):
    regex = "|".join(Variant.values)


register_converter(VariantConverter, "photo_variant")
app_name = "photos"
urlpatterns = [
    path("photos/", pages.upload, name="upload"),
    path("photos/<uuid:photo_id>/pieces/", pages.piece, name="piece"),
    path("photos/<uuid:photo_id>/<photo_variant:variant>/<str:token>", pages.file, name="file"),
]
