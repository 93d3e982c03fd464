"""The middleware, built once by a process for all clients of its tests, as a server builds it once for all requests.

Each of them would build it anew at its first request, and walk the folder of static files again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.core.signals import setting_changed
from django.test.client import ClientHandler

# Where files lie is asked when one is wanted: no middleware keeps it.
_ASKED_LATE = {"STORAGES"}


@contextmanager
def one_chain() -> Iterator[None]:
    """Meanwhile a client takes over what the last one built, unless a setting has changed since."""
    build = ClientHandler.load_middleware
    built: dict[str, Any] = {}

    def load(handler: ClientHandler, is_async: bool = False) -> None:
        if is_async:
            return build(handler, is_async)
        if not built:
            build(handler)
            built.update({name: value for name, value in vars(handler).items() if name.endswith("_middleware")})
            built["_middleware_chain"] = handler._middleware_chain
        vars(handler).update(built)

    def forget(*, setting: str, **_: object) -> None:
        if setting not in _ASKED_LATE:
            built.clear()

    setting_changed.connect(forget)
    try:
        with patch.object(ClientHandler, "load_middleware", load):
            yield
    finally:
        setting_changed.disconnect(forget)
