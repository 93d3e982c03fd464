"""Somebody of the cast at a browser, already signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from huipai.people.models import Account, Person


def session_of(person: Person) -> dict[str, str]:
    """The cookie of a session of `person`."""
    client = Client()
    client.force_login(Account.objects.get(pk=person.account_id))
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


@contextmanager
def visiting(browser: Browser, base: str, person: Person, **context: Any) -> Iterator[Page]:
    """A phone in the hands of `person`."""
    made = browser.new_context(
        **{"viewport": {"width": 360, "height": 780}, "locale": "zh-CN", "service_workers": "block", **context}
    )
    made.add_cookies([{"name": name, "value": value, "url": base} for name, value in session_of(person).items()])
    try:
        yield made.new_page()
    finally:
        made.close()
