"""`python -m huipai open-street`: a new street and its three administrators, who bring in all else on its pages."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huipai.cli import ownership
from huipai.cli.words import Trouble
from huipai.grid import commands as grid
from huipai.grid.models import GridNode
from huipai.grid.words import Level
from huipai.kit import clock
from huipai.kit.language import speaking
from huipai.kit.verdict import Refused
from huipai.people import commands as people
from huipai.people.models import Account
from huipai.people.rules import normalise_phone
from huipai.people.words import Role
from huipai.streets.current import in_street
from huipai.streets.models import Street

ADMINS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)


@dataclass(frozen=True)
class Admin:
    """Who holds one of the three roles from the first day on."""

    role: Role
    phone: str
    name: str


@dataclass(frozen=True)
class FirstPassword:
    """A password that is good for one sign-in; none for somebody who has one already."""

    admin: Admin
    password: str | None


def main(arguments: Sequence[str]) -> int:
    """Print where the street stands and each administrator's first password, once; 0 if it is open."""
    chosen = _parser().parse_args(arguments)
    if ownership.mode() == "demo":
        raise Trouble("The demo has its own streets: set HUIPAI_MODE=production and DATABASE_URL to open a real one.")
    ownership.require_for_mode()
    admins = [_admin(role, getattr(chosen, role.value)) for role in ADMINS]
    if len({admin.phone for admin in admins}) < len(ADMINS):
        raise Trouble("System administrator, security administrator and auditor are three people: three numbers.")
    with speaking("en"):
        try:
            street, passwords = open_street(chosen, admins, clock.now())
        except Refused as refusal:
            raise Trouble(f"The street was not opened: {refusal.reason}") from refusal
    sys.stdout.write(f"{street.name} is open at /s/{street.slug}/\n")
    for first in passwords:
        words = f"first password {first.password}" if first.password else "signs in with the password they have"
        sys.stdout.write(f"{first.admin.role.value:<15} {first.admin.phone}  {words}\n")
    sys.stdout.write("Each must choose another password and set up a second factor at the first sign-in.\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m huipai open-street", description=__doc__)
    parser.add_argument("slug", help="its place in addresses: /s/<slug>/")
    parser.add_argument("--code", required=True, help="its division code, the root of the tree")
    parser.add_argument("--name", required=True)
    parser.add_argument("--operator", required=True, help="who runs the platform; stands on every page")
    parser.add_argument("--center", required=True, type=_center, metavar="LNG,LAT", help="where the map begins, WGS-84")
    parser.add_argument("--hotline-phone", default="")
    parser.add_argument("--complaint-phone", default="")
    parser.add_argument("--filing-number", default="", help="备案号")
    parser.add_argument("--map-approval", default="", help="审图号; without it no map is shown in production")
    for role in ADMINS:
        option = f"--{role.value.replace('_', '-')}"
        parser.add_argument(option, dest=role.value, required=True, metavar="PHONE:NAME")
    return parser


def _center(text: str) -> tuple[float, float]:
    lng, _comma, lat = text.partition(",")
    try:
        center = float(lng), float(lat)
    except ValueError:
        raise argparse.ArgumentTypeError("two numbers with a comma between: 120.73,31.28") from None
    if not (-180 <= center[0] <= 180 and -90 <= center[1] <= 90):
        raise argparse.ArgumentTypeError("longitude first, then latitude, in degrees")
    return center


def _admin(role: Role, text: str) -> Admin:
    typed, _colon, name = text.partition(":")
    phone = normalise_phone(typed)
    if not phone or not name.strip():
        raise Trouble(f"{role.value}: a mobile number and a name with a colon between, not {text!r}.")
    return Admin(role, phone, name.strip())


@transaction.atomic
def open_street(
    chosen: argparse.Namespace, admins: Sequence[Admin], now: datetime
) -> tuple[Street, list[FirstPassword]]:
    """The street, its root and its three administrators, or nothing."""
    street = grid.open_street(
        slug=chosen.slug,
        code=chosen.code,
        particulars=grid.Particulars(
            name=chosen.name, operator=chosen.operator, center_lng=chosen.center[0], center_lat=chosen.center[1],
            hotline_phone=chosen.hotline_phone, complaint_phone=chosen.complaint_phone,
            filing_number=chosen.filing_number, map_approval=chosen.map_approval,
        ),
        now=now,
    )  # fmt: skip
    with in_street(street.id):
        root = GridNode.objects.get(level=Level.STREET)
        return street, [_appoint(admin, root, now) for admin in admins]


def _appoint(admin: Admin, root: GridNode, now: datetime) -> FirstPassword:
    person = people.employ(phone=admin.phone, name=admin.name, actor=None, now=now)
    grid.assign(person=person, role=admin.role, node=root, actor=None, now=now)
    assert person.account_id is not None
    account = Account.objects.get(pk=person.account_id)
    if account.has_usable_password():
        # Somebody of another street: their password is theirs.
        return FirstPassword(admin, None)
    password = secrets.token_urlsafe(12)
    people.set_password_for(account=account, password=password, actor=None, now=now)
    return FirstPassword(admin, password)
