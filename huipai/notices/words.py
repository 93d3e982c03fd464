"""The words of notices."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time

from django.utils.functional import Promise

# A kind is the fact it tells of: "case.closed". A subject is a kind of thing and its id: "case:0190…".
KIND = re.compile(r"^[a-z_]+\.[a-z_]+$")
PREFIX = re.compile(r"^[a-z_]+$")
SUBJECT = re.compile(r"^[a-z_]+:[0-9a-zA-Z-]+$")

# Nobody is woken for a notice, unless they say otherwise.
QUIET_FROM, QUIET_UNTIL = time(21, 30), time(7, 30)

# When the one message of a day goes out.
DIGEST_AT = time(18, 0)

A_PAGE = 20


@dataclass(frozen=True)
class Wording:
    """What a notice says when it is read: a line, perhaps a second one, and where it leads (a path, or nowhere)."""

    title: str | Promise
    text: str | Promise = ""
    link: str | Promise = ""


# Written by the floor that knows what happened, from the notice's params alone: reading a list asks nothing more.
Writer = Callable[[str, Mapping[str, object]], Wording]
