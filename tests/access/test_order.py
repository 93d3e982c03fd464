"""What is not there is not there, and what one may not do one may not do, before anything that was typed is read."""

from __future__ import annotations

import pytest
from django.test import Client

from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.models import Street
from tests import cast
from tests.access.asking import NOBODYS

FORMS = (
    "household/publicity/{}/objection/", "linked/incentives/{}/refusal/", "linked/objections/{}/dismissal/",
    "linked/objections/{}/upholding/", "points/publicity/{}/objection/", "releasing/{}/keeping/",
    "points/review/{}/decision/", "points/review/objections/{}/",
)  # fmt: skip


def signed_in(person: Person) -> Client:
    client = Client(HTTP_ACCEPT="application/json")
    assert person.account is not None
    client.force_login(person.account)
    return client


@pytest.mark.parametrize("role", [None, Role.COORDINATOR, Role.REVIEWER])
def test_an_empty_form_about_nothing_finds_nothing(in_yunqiao: Street, role: Role | None) -> None:
    client = signed_in(cast.resident() if role is None else cast.appoint(cast.staff(), role))
    closed = {403, 404} if role is None else {404}
    for form in FORMS:
        path = f"/s/yunqiao/{form.format(NOBODYS)}"
        assert client.post(path).status_code in closed, path
        assert client.get(path).status_code in {*closed, 405}, path
