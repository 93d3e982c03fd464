"""`python -m huipai take-off-second-factor`: for a colleague whom nobody on the pages can help any more.

Where every administrator is shut out, as after the secret key was lost, none is left to do it for the others. It is
written down in the street's journal without a name: done by whoever runs the machine.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime

from huipai.cli import ownership
from huipai.cli.words import Trouble
from huipai.kit import clock
from huipai.kit.language import speaking
from huipai.kit.verdict import Refused
from huipai.people import commands as people
from huipai.people.models import Account, Person
from huipai.people.rules import normalise_phone
from huipai.people.words import FactorLoss
from huipai.streets.current import in_street
from huipai.streets.models import Street


def main(arguments: Sequence[str]) -> int:
    """Say what holds now; 0 if it is off."""
    parser = argparse.ArgumentParser(prog="python -m huipai take-off-second-factor", description=__doc__)
    parser.add_argument("street", help="its place in addresses: the slug of /s/<slug>/")
    parser.add_argument("phone", help="the mobile number that the colleague signs in with")
    parser.add_argument("--why", choices=FactorLoss.values, required=True, help="what the journal says about it")
    chosen = parser.parse_args(arguments)
    ownership.require_for_mode()
    street = Street.objects.filter(slug=chosen.street).first()
    if street is None:
        raise Trouble(f"There is no street at /s/{chosen.street}/.")
    with in_street(street.id), speaking("en"):
        try:
            account = _take_off(chosen.phone, FactorLoss(chosen.why), clock.now())
        except Refused as refusal:
            raise Trouble(f"Nothing was taken off: {refusal.reason}.") from refusal
    then = (
        "a new one must be set at the next sign-in" if account.needs_second_factor else "the next sign-in asks for none"
    )
    sys.stdout.write(f"The second factor of {account.phone} is off and every session has ended; {then}.\n")
    return 0


def _take_off(phone: str, why: FactorLoss, now: datetime) -> Account:
    person = Person.objects.filter(account__phone=normalise_phone(phone), is_staff=True).first()
    if person is None or person.account_id is None:
        raise Trouble(f"No colleague of this street signs in with {phone}.")
    account = Account.objects.get(pk=person.account_id)
    people.remove_second_factor(account=account, why=why, actor=None, now=now)
    return account
