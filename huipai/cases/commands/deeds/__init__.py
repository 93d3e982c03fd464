"""Good deeds: told by anybody, verified and published by a coordinator who is neither doer nor reporter (ruling 16)."""

from __future__ import annotations
