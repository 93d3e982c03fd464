"""Archives that people send: what reading one may raise when it is damaged, locked or packed in a way nobody knows."""

import lzma
import zipfile
import zlib
from typing import Final

# `zipfile` lets the errors of each way of packing through; RuntimeError is a password's, and of its kind
# NotImplementedError of a way of packing that it does not know.
UNREADABLE: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError,
)  # fmt: skip
