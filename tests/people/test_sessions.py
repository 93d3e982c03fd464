"""Requests of one browser at the same time, and what each leaves in the session."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DjangosStore
from pytest_django import DjangoAssertNumQueries

from huipai.people.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    first = SessionStore()
    first["street"] = "yunqiao"
    first["left"] = "a word"
    first.save()
    assert first.session_key is not None
    return first.session_key


def two_at_once(kind: type[DjangosStore], key: str) -> DjangosStore:
    """What is there after a picture's request read, a form's answer wrote and the picture's request wrote."""
    picture, form = kind(key), kind(key)
    assert picture["left"] == form["left"] == "a word"
    form["said"] = "派出去了"
    del form["left"]
    form.save()
    picture["seen"] = 1
    picture.save()
    return kind(key)


def test_each_writes_what_it_changed_and_nothing_else(key: str) -> None:
    after = two_at_once(SessionStore, key)
    assert dict(after.items()) == {"street": "yunqiao", "said": "派出去了", "seen": 1}


def test_djangos_own_store_takes_away_what_was_said_meanwhile(key: str) -> None:
    after = two_at_once(DjangosStore, key)
    assert dict(after.items()) == {"street": "yunqiao", "left": "a word", "seen": 1}


def test_of_two_who_change_the_same_the_later_counts(key: str) -> None:
    one, other = SessionStore(key), SessionStore(key)
    one["street"], other["street"] = "hetang", "liuxi"
    one.save()
    other.save()
    assert SessionStore(key)["street"] == "liuxi"


def test_whoever_left_meanwhile_has_left(key: str) -> None:
    late = SessionStore(key)
    late["seen"] = 1
    SessionStore(key).flush()
    with pytest.raises(UpdateError):
        late.save()
    assert not SessionStore().exists(key)


def test_a_new_key_on_the_way_in_keeps_what_was_there(key: str) -> None:
    entering = SessionStore(key)
    entering["left"] = "another word"
    entering.cycle_key()
    entering["seen"] = 1
    entering.save()
    assert dict(SessionStore(entering.session_key).items()) == {"street": "yunqiao", "left": "another word", "seen": 1}
    assert dict(SessionStore(key).items()) == {}


def test_writing_costs_one_statement_when_nobody_else_wrote(
    key: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    picture = SessionStore(key)
    picture["seen"] = 1
    with django_assert_num_queries(1):
        picture.save()
    picture["seen"] = 2
    with django_assert_num_queries(1):
        picture.save()
    assert SessionStore(key)["seen"] == 2


def test_what_was_taken_out_since_it_was_made_stays_out() -> None:
    made = SessionStore()
    made["left"], made["street"] = "a word", "yunqiao"
    made.save()
    del made["left"]
    made.save()
    assert dict(SessionStore(made.session_key).items()) == {"street": "yunqiao"}
