"""What the next page says of a deed of the desk."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages

from huipai.kit.verdict import Refused
from huipai.people.http import SignedInRequest


def say_what_came_of(request: SignedInRequest, deed: Callable[[], object], told: str) -> None:
    """Do it, and have the next page say `told`, or why it was refused. What is not there is a 404 as everywhere."""
    try:
        deed()
    except Refused as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, refusal.reason)
    else:
        messages.success(request, told)
