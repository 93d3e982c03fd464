"""Every page, file and deed of the product, asked by everybody: what the resolver knows is asked, new pages too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from huipai.kit import clock
from huipai.people.words import Role
from huipai.streets import queries as streets
from tests.access import table
from tests.access.asking import SITE, Address, Asking, addresses
from tests.access.town import NEIGHBOUR, REPORTER, STRANGER, VISITOR, two_streets
from tests.photos.conftest import STATICS

NO_DEED = 405
# Signing in, looks and the like are for those who are not signed in yet; stopping notices works from an old message.
OPEN_DEEDS = {
    "web:look", "people:sign_in", "people:sign_in_code", "people:sign_in_password", "people:forgotten",
    "people:sign_out", "mfa_authenticate", "account_login", "notices:stop", "cases:slip_lookup",
    "cases:here",
}  # fmt: skip

# A phone asks what became of a form that it made: nothing yet is an answer.
FORMS_OF_PHONES = {
    "cases:outbox_answer", "cases:deed_outbox_answer", "cases:deed_outbox_seen", "cases:find_outbox_answer",
    "cases:bundle_outbox_answer", "cases:bundle",
    "points:outbox_answer",
}  # fmt: skip
# What is offered no longer is gone, whoever took it away: a second click finds it done.
DONE_ALREADY = {"cases:phrase", "cases:phrase_drop"}
# Between them they may do nearly everything at home.
POWERFUL = (VISITOR, REPORTER, Role.COORDINATOR, Role.DISPATCHER, Role.UNIT_LEAD, Role.SYSTEM_ADMIN)


@pytest.fixture(scope="module")
def asking(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asking]:
    """Both streets, settled once for the whole module."""
    place = {"location": str(tmp_path_factory.mktemp("photos"))}
    photos = {"BACKEND": "huipai.photos.storage.SealedFolder", "OPTIONS": place}
    # Twenty thousand requests: as a server does, they look for their street anew every few seconds and not each.
    kept = override_settings(
        STORAGES={"photos": photos, "staticfiles": STATICS}, SECOND_FACTOR_FOR_ADMINS=False, STREET_KEPT_SECONDS=5
    )
    with (
        kept,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield Asking(*two_streets(clock.now()))
        transaction.set_rollback(True)
    streets.forget()


@pytest.fixture(scope="module")
def answers(asking: Asking) -> dict[Address, dict[str, dict[str, int]]]:
    return {address: _asked(asking, address) for address in addresses()}


def _asked(asking: Asking, address: Address) -> dict[str, dict[str, int]]:
    own, other, next_door = asking.here.own, asking.here.other, asking.there.own
    found = {"own": asking.get(address, own, VISITOR)}
    if found["own"][VISITOR] != NO_DEED:
        found["own"] = asking.get(address, own)
        if address.hangs_on_a_thing:
            found["node"] = asking.get(address, other)
            found["street"] = asking.get(address, next_door)
            found["nothing"] = asking.get(address, {}, *_unsaid(found["street"]))
    found["sent"] = asking.post(address, own, VISITOR, NEIGHBOUR)
    if found["sent"][VISITOR] != NO_DEED and address.hangs_on_a_thing:
        found["sent, street"] = asking.post(address, next_door, *POWERFUL)
        found["sent, nothing"] = asking.post(address, {}, *_unsaid(found["sent, street"]))
    return found


def _unsaid(statuses: dict[str, int]) -> list[str]:
    """Whose answer does not yet say by itself that there is nothing."""
    return [who for who, status in statuses.items() if status not in {403, 404}] or [VISITOR]


def test_every_page_and_every_deed_has_a_row() -> None:
    """Without it nobody has said who may open it; in the order of the product, as what is found is written."""
    assert table.names_in(table.kept()) == [address.name for address in addresses()]


@pytest.mark.long
@pytest.mark.django_db
class TestEverybody:
    def test_the_table_says_who_opens_what(self, answers: dict[Address, dict[str, dict[str, int]]]) -> None:
        """What was found is left beside it, to be looked at line by line before a row is taken over."""
        found = table.lines_of({address.name: by_place for address, by_place in answers.items()})
        table.write(settings.BASE_DIR / "var" / "access.txt", found)
        assert found == table.kept()

    def test_nothing_breaks(self, answers: dict[Address, dict[str, dict[str, int]]]) -> None:
        broken = [
            (address.name, case, who, status)
            for address, found in answers.items()
            for case, statuses in found.items()
            for who, status in statuses.items()
            if status >= 500
        ]
        assert broken == []

    def test_what_belongs_to_another_street_is_as_if_it_were_not(
        self, answers: dict[Address, dict[str, dict[str, int]]]
    ) -> None:
        """Neither opened nor done, by anybody; the answer is the one that an id of nothing gets."""
        told_apart = [
            (address.name, here, found[here])
            for address, found in answers.items()
            for here, nothing in (("street", "nothing"), ("sent, street", "sent, nothing"))
            if any(found[here].get(who, status) != status for who, status in found.get(nothing, {}).items())
        ]
        shown = [address.name for address, found in answers.items() if 200 in found.get("street", {}).values()]
        assert (told_apart, shown) == ([], [])

    def test_of_what_is_nowhere_no_form_is_shown_or_read(self, asking: Asking) -> None:
        """Whoever asks, by looking or by sending an empty form: looked for first, then who may, then what was typed."""
        told = [
            (address.name, who, status)
            for address in addresses()
            if address.name not in FORMS_OF_PHONES | DONE_ALREADY
            and any(one.endswith("_id") for one in address.arguments)
            for ask in (asking.get, asking.post)
            for who, status in ask(address, {}).items()
            if status not in {403, 404, NO_DEED} and not (who in (VISITOR, STRANGER) and status in {302, 401})
        ]
        assert not told, told

    def test_nobody_does_anything_without_signing_in(self, answers: dict[Address, dict[str, dict[str, int]]]) -> None:
        done = {
            address.name
            for address, found in answers.items()
            if found["sent"][VISITOR] not in {302, 401, 403, 404, NO_DEED} and address.urlconf != SITE
        }
        assert done <= OPEN_DEEDS
