"""Files of photos as answers: never sniffed, never framed, never shared by a cache between people."""

from django.http import FileResponse, Http404

from huipai.photos import storage
from huipai.photos.models import Photo
from huipai.photos.words import Kind, Variant

_TYPES = {Kind.JPEG: "image/jpeg", Kind.PNG: "image/png", Kind.WEBP: "image/webp", Kind.HEIC: "image/heic"}


def file_of(photo: Photo, variant: Variant, *, cache: str) -> FileResponse:
    """The file of a variant; 404 where it is gone. The door has decided that it may be seen, and how long it keeps."""
    is_original = variant == Variant.ORIGINAL
    try:
        content = storage.photos().open(photo.key_of(variant))
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type=_TYPES[Kind(photo.kind)] if is_original else _TYPES[Kind.JPEG])
    headers = {
        "Cache-Control": cache,
        "Content-Disposition": f'inline; filename="photo.{photo.kind if is_original else "jpeg"}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }
    for name, value in headers.items():
        response[name] = value
    return response
