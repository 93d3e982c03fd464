"""The pages of people read well: for axe, for thumbs, for elders, on a narrow phone and on a desk."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from huipai.people import commands
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.people.words import CODE_LIFE, CodePurpose, Document, IdentityKind, ProxyScope
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.browser import looking
from tests.people.doors import LAN, MEI, code_sent_to
from tests.people.doors import Browser as Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = datetime.now(UTC)
Enter = Callable[[], tuple[Visitor, list[str]]]


def stranger() -> tuple[Visitor, list[str]]:
    visitor = Visitor()
    visitor.send("sign-in/", phone="13822223333")
    return visitor, ["sign-in/", "sign-in/code/", "sign-in/password/", "sign-in/forgotten/", "privacy/", "inbox/"]


def newcomer() -> tuple[Visitor, list[str]]:
    return Visitor().enter(commands.register(phone="13822223333", name="新", now=NOW)), ["privacy/"]


def elder() -> tuple[Visitor, list[str]]:
    zhou, mei, wei = cast.resident("周奶奶", LAN, now=NOW), cast.resident("梅", MEI, now=NOW), cast.clerk(now=NOW)
    proxy = commands.invite_helper(elder=zhou, phone=MEI, scopes=[ProxyScope.REPORT], address="", now=NOW)
    commands.accept_invitation(proxy_id=proxy.id, helper=mei, now=NOW)
    commands.invite_helper(elder=mei, phone=LAN, scopes=[ProxyScope.ANSWER], address="", now=NOW)
    commands.add_identity(
        person=zhou, kind=IdentityKind.PENSIONER, valid_from=local_date(NOW), valid_until=None, actor=zhou, now=NOW
    )
    _ask_change(zhou, wei)
    own = ("", "name/", "identities/", "consents/", "phone/", "leave/", "proxy/", "proxy/invite/", "proxy/help/")
    return Visitor().enter(zhou), [f"me/{page}" for page in own]


def colleague() -> tuple[Visitor, list[str]]:
    zhou, wei = cast.resident("周奶奶", LAN, now=NOW), cast.clerk(now=NOW)
    _ask_change(zhou, wei)
    assert wei.account is not None
    commands.set_password_for(account=wei.account, password="别人设的密码一二三", actor=None, now=NOW)
    visitor = Visitor().enter(wei)
    visitor.send("me/password/", old="别人设的密码一二三", new="自己想出来的密码四五")
    return visitor, [
        "me/password/",
        "me/second-factor/",
        "me/confirm-number/",
        "counter/",
        f"counter/{zhou.id}/",
        f"counter/{zhou.id}/ward/",
        f"counter/{zhou.id}/birth-year/",
    ]


def _ask_change(person: Person, actor: Person) -> None:
    new = "+8613611110000"
    wanted = commands.Request(
        phone=new, purpose=CodePurpose.ENTER_NUMBER, address="a", life=CODE_LIFE, account=person.account
    )
    code = commands.send_code(request=wanted, now=NOW)
    commands.ask_phone_change(
        person=person,
        document=Document.ID_CARD,
        code_id=code.id,
        typed=code_sent_to(new),
        actor=actor,
        now=NOW,
    )


@pytest.mark.long
@pytest.mark.parametrize("who", [stranger, newcomer, elder, colleague])
@pytest.mark.parametrize("mode", looking.MODES)
def test_pages_read_well(browser: Browser, live_server: LiveServer, yunqiao: Street, who: Enter, mode: str) -> None:
    with in_street(yunqiao.id):
        visitor, pages = who()
    cookies = {name: morsel.value for name, morsel in visitor.cookies.items()}
    found: list[str] = []
    with looking.looking(browser, live_server.url, mode, cookies) as look:
        for page in pages:
            address = f"{live_server.url}/s/yunqiao/{page}"
            look.open(address)
            assert look.page.url == address
            for width in (360, 1440) if mode == "normal" else (360,):
                look.widen(width)
                wrong = looking.axe(look.page) + looking.too_small(look.page, 60 if mode == "elder" else 44)
                wrong += ["can be pushed sideways"] * (looking.sideways(look.page) > 0)
                found += [f"{page} at {width} px: {line}" for line in wrong]
        found += look.problems
    assert found == []
