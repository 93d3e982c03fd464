"""What can happen to a photo."""

from huipai.photos.commands.copying import copy
from huipai.photos.commands.developing import mark_older, process
from huipai.photos.commands.intake import Batch, NotStored, NotThisId, TooManyPhotos, Unfit, receive, receive_all
from huipai.photos.commands.keeping import (
    erase,
    expire,
    forget_likenesses,
    forget_likenesses_of,
    forget_unused,
    sweep,
)
from huipai.photos.commands.piecing import Arrived, OffsetMoved, PieceTooLarge, TooManyUploads, append, sweep_uploads
from huipai.photos.commands.showing import Opening, open_original, release, withdraw_release
from huipai.photos.commands.turns import queue_up

__all__ = [
    "Arrived",
    "Batch",
    "NotStored",
    "NotThisId",
    "OffsetMoved",
    "Opening",
    "PieceTooLarge",
    "TooManyPhotos",
    "TooManyUploads",
    "Unfit",
    "append",
    "copy",
    "erase",
    "expire",
    "forget_likenesses",
    "forget_likenesses_of",
    "forget_unused",
    "mark_older",
    "open_original",
    "process",
    "queue_up",
    "receive",
    "receive_all",
    "release",
    "sweep",
    "sweep_uploads",
    "withdraw_release",
]
