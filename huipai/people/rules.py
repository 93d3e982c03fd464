"""Numbers, names, codes and ages: pure answers."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.utils.translation import pgettext

from huipai.people.words import NUMBER_IS_FRESH, STAFF_SESSION, Limit

_MOBILE = re.compile(r"^(?:\+86|0086|86)?(1[3-9][0-9]{9})$")
_BETWEEN = re.compile(r"[\s\-()·.]+")
# A child may still be under 14 until the year in which it turns 15; only the year of birth is known.
GROWN_ENOUGH = 15
ADULT_AT = 18


def normalise_phone(typed: str) -> str | None:
    """A mainland mobile number as E.164, however it was typed; None if it is none.

    Other countries' numbers are refused on purpose: a code to them costs many times as much.
    """
    match = _MOBILE.match(_BETWEEN.sub("", unicodedata.normalize("NFKC", typed)))
    return f"+86{match[1]}" if match else None


def normalise_code(typed: str) -> str:
    """Digits as typed on any keyboard, with any blanks between them."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", typed))


def mask_phone(phone: str | None) -> str:
    """138****1234: enough to know one's own number again (L10)."""
    number = (phone or "").removeprefix("+86")
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 7 else ""


def same_name(typed: str, known: str) -> bool:
    """Whether two spellings are one name, whatever blanks and widths were typed."""
    return plain_name(typed) == plain_name(known) != ""


def is_the_word(typed: str) -> bool:
    """Whether the word was typed that is asked of whoever leaves, so that nobody does by a slip."""
    return typed.strip().casefold() == pgettext("要填的字", "注销").casefold()


def child_mark(name: str, birth_year: int, paper_number: str) -> str:
    """Under which a child of a signed paper is known again, however name and number were typed."""
    paper = "".join(unicodedata.normalize("NFKC", paper_number).casefold().split())
    return keyed_digest("people.child", f"{plain_name(name)}:{birth_year}:{paper}")[:32]


def plain_name(name: str) -> str:
    """A name as it is compared."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", name)).casefold()


def mask_name(name: str) -> str:
    """张*, 张**, 欧阳*: the family name and nothing else (L10)."""
    family = 2 if name[:2] in _TWO_SIGNS and len(name) > 2 else 1
    return name[:family] + "*" * max(len(name) - family, 1) if name else ""


_TWO_SIGNS = frozenset(
    {"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "长孙"}
)


def keyed_digest(kind: str, text: str) -> str:
    """A digest that only this installation can make: a stolen table cannot be searched by trying numbers or codes."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def number_digest(number: str) -> str:
    """Under which a number's (or account's) tries are counted."""
    return keyed_digest("people.number", number)[:32]


def seal_choice(person_id: UUID, actor_id: UUID, now: datetime) -> str:
    """Whom somebody has chosen at a counter, so that the next page takes it from nobody else."""
    return signing.Signer(salt="people.choice").sign_object([person_id.hex, actor_id.hex, int(now.timestamp())])


def open_choice(sealed: str, actor_id: UUID, now: datetime) -> UUID | None:
    """Who was chosen by this person within a working day; None for anything else."""
    try:
        person, actor, at = signing.Signer(salt="people.choice").unsign_object(sealed)
    except signing.BadSignature:
        return None
    is_good = actor == actor_id.hex and 0 <= now.timestamp() - at <= STAFF_SESSION.total_seconds()
    return UUID(person) if is_good else None


def code_digest(code_id: UUID, code: str) -> str:
    return keyed_digest(f"people.code:{code_id}", code)


def may_be_under_14(birth_year: int | None, today: date) -> bool:
    """Whether the year of birth leaves it open that somebody is a child in the sense of L2."""
    return birth_year is not None and today.year - birth_year < GROWN_ENOUGH


def may_be_under_age(birth_year: int | None, today: date) -> bool:
    """Whether the year of birth leaves it open that somebody is not yet 18, and that they are born."""
    return birth_year is not None and 0 <= today.year - birth_year <= ADULT_AT


def is_grown_up(birth_year: int | None, today: date) -> bool:
    """Whether the year of birth says that somebody is 18; without a year nothing says so."""
    return birth_year is not None and today.year - birth_year > ADULT_AT


def local_date(at: datetime) -> date:
    """The day it is here."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def is_fresh(confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether a number was confirmed within the year (ruling 2)."""
    return confirmed_at is not None and (now - confirmed_at < NUMBER_IS_FRESH or not settings.NUMBERS_GROW_OLD)


def wait_for(limits: tuple[Limit, ...], made_at: list[datetime], now: datetime) -> timedelta | None:
    """How long until another try fits all limits; None if it fits now. `made_at` is newest first."""
    waits = []
    for limit in limits:
        if len(made_at) >= limit.times and now - (oldest := made_at[limit.times - 1]) < limit.window:
            waits.append(oldest + limit.window - now)
    return max(waits, default=None)
