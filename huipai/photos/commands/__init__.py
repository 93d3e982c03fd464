"""What can happen to a photo."""

from huipai.photos.commands.developing import process
from huipai.photos.commands.intake import Batch, NotStored, NotThisId, TooManyPhotos, receive, receive_all
from huipai.photos.commands.keeping import erase, sweep
from huipai.photos.commands.showing import Opening, open_original, release, withdraw_release

__all__ = [
    "Batch",
    "NotStored",
    "NotThisId",
    "Opening",
    "TooManyPhotos",
    "erase",
    "open_original",
    "process",
    "receive",
    "receive_all",
    "release",
    "sweep",
    "withdraw_release",
]
