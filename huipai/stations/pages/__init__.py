"""The stations: a list for everybody, and the desk of those who keep them."""

from huipai.stations.pages.desk import changing, closing, desk, hosting, new, station
from huipai.stations.pages.listing import code, code_picture, nearby

__all__ = ["changing", "closing", "code", "code_picture", "desk", "hosting", "nearby", "new", "station"]
