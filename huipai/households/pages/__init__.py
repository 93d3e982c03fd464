"""HTML doors of linked households."""

from huipai.households.pages import contacts, desk, own

__all__ = ["contacts", "desk", "own"]
