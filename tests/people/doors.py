"""What the tests of our pages share: a browser in a street, and the code that was sent."""

import re
from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.test import Client

from huipai.people.models import Account, Person
from huipai.senders.queries import last_to

LAN, MEI, WEI = "+8613800001234", "+8613900005678", "+8613700009999"


class Browser(Client):
    """A browser that looks at one street."""

    def __init__(self, slug: str = "yunqiao") -> None:
        super().__init__()
        self.slug = slug

    def open(self, page: str) -> HttpResponse:
        return self.get(f"/s/{self.slug}/{page}")

    def send(self, page: str, **typed: object) -> HttpResponse:
        return self.post(f"/s/{self.slug}/{page}", typed)

    def enter(self, person: Person) -> "Browser":
        assert person.account_id is not None
        self.force_login(Account.objects.get(pk=person.account_id))
        return self


def code_sent_to(phone: str = LAN) -> str:
    message = last_to(phone)
    assert message is not None
    found = re.search(r"[0-9]{6}", message.text)
    assert found is not None
    return found[0]


def not_it(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def found(browser: "Browser", page: str, **asked: str) -> str:
    """The seal of the only one whom somebody at a counter has found; to be sent as `who`."""
    answer = browser.send(page, act="find", **asked)
    return parse_qs(urlsplit(leads_to(answer)).query)["who"][0]


def seen_on(page: str) -> str:
    """What a page sends back of what it showed."""
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def leads_to(answer: HttpResponse) -> str:
    assert answer.status_code in {301, 302, 303}, answer.status_code
    return answer.headers["Location"]
