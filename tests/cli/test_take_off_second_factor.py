"""Whoever runs the machine lets a colleague in again whom nobody on the pages can help."""

import pytest
from pytest_django.fixtures import Settings

from huipai.cli import doctor, take_off_second_factor
from huipai.cli.doctor import State
from huipai.cli.words import Trouble
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.people import commands, queries
from huipai.people.models import Account, Person
from huipai.streets.models import Street
from tests import cast
from tests.people.test_settling import bind

NUMBER = "13900000001"


@pytest.fixture
def wei(in_yunqiao: Street) -> Person:
    person = cast.staff(phone=NUMBER)
    account = Account.objects.get(phone=person.account.phone)
    commands.require_second_factor(account=account, actor=None, now=clock.now())
    bind(account)
    return person


def take_off(street: str = "yunqiao", phone: str = NUMBER) -> int:
    return take_off_second_factor.main([street, phone, "--why", "unreadable"])


def test_it_is_off_every_session_ends_and_the_journal_names_nobody(
    wei: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Account.objects.get(pk=wei.account_id)
    assert take_off() == 0
    after = Account.objects.get(pk=wei.account_id)
    assert not queries.has_second_factor(after) and after.needs_second_factor
    assert after.session_mark != before.session_mark and after.password == before.password
    entry = Entry.objects.get(what="account.second_factor_removed")
    assert (entry.actor_id, entry.facts, entry.subject) == (None, {"why": "unreadable"}, f"account:{after.pk}")
    assert capsys.readouterr().out.endswith("ended; a new one must be set at the next sign-in.\n")
    with pytest.raises(Trouble, match="Nothing was taken off"):
        take_off()


def test_nobody_of_another_street_and_no_resident_is_meant(wei: Person, hetang: Street) -> None:
    cast.resident("梅", "13800000002")
    for street, phone, said in (
        ("nowhere", NUMBER, "no street at /s/nowhere/"),
        ("hetang", NUMBER, "No colleague of this street"),
        ("yunqiao", "13800000002", "No colleague of this street"),
        ("yunqiao", "x", "No colleague of this street"),
    ):
        with pytest.raises(Trouble, match=said):
            take_off(street, phone)
    assert queries.has_second_factor(Account.objects.get(pk=wei.account_id))


def test_the_doctor_says_what_does_not_open_with_the_secret_key_in_use(wei: Person, settings: Settings) -> None:
    (well,) = doctor.locked()
    assert well.state is State.GOOD
    settings.SECRET_KEY = "another" * 10
    (ill,) = doctor.locked()
    assert ill.state is State.WRONG and ill.words.startswith(
        "2 second factors do not open with this HUIPAI_SECRET_KEY."
    )
