"""Who tries out somebody's password locks out themselves; its owner comes in where they came in before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from huipai.kit import clock
from huipai.people import commands, queries
from huipai.people.models import Account, Person, SignInTry
from huipai.people.words import MOST_IN_A_ROW, TryKind
from huipai.streets.models import Street
from tests import cast
from tests.people.doors import WEI, Browser, code_sent_to, leads_to
from tests.people.test_signin_pages import words

RIGHT = "塘边柳树一共是七棵半"
TYPED = "13700009999"


@pytest.fixture
def wei(in_yunqiao: Street) -> Person:
    person = cast.staff(phone=TYPED)
    account = Account.objects.get(phone=WEI)
    account.set_password(RIGHT)
    account.save()
    return person


def at(address: str) -> Browser:
    browser = Browser()
    browser.defaults["REMOTE_ADDR"] = address
    return browser


def sign_in(browser: Browser, password: str = RIGHT) -> int:
    return browser.send("sign-in/password/", phone=TYPED, password=password).status_code


def at_home(address: str = "10.0.0.1") -> Browser:
    browser = at(address)
    assert sign_in(browser) == 302
    browser.send("sign-out/")
    return browser


def guessed(times: int, now: datetime, *, kind: TryKind = TryKind.PASSWORD) -> None:
    """Tried out by many machines, each within what one may."""
    for number in range(times):
        commands.spend_try(kind=kind, number=WEI, address=f"10.1.{number // 4}.1", now=now)


def test_five_wrong_ones_from_elsewhere_lock_nobody_else_out(wei: Person) -> None:
    elsewhere = at("10.9.9.9")
    assert [sign_in(elsewhere, "x") for _time in range(6)] == [422] * 5 + [429]
    assert sign_in(elsewhere) == 429
    assert sign_in(at("10.0.0.1")) == 302


def test_all_who_guess_together_are_stopped_and_its_owner_comes_in_where_they_did_before(wei: Person) -> None:
    home = at_home()
    guessed(30, clock.now())
    answer = at("10.8.8.8").send("sign-in/password/", phone=TYPED, password=RIGHT)
    assert answer.status_code == 429 and "以前登录过的手机或电脑" in words(answer)
    home.defaults["REMOTE_ADDR"] = "10.7.7.7"  # a phone has another address each day
    assert sign_in(home) == 302
    assert sign_in(at("10.8.8.8")) == 429, "their tries count on"


def test_a_month_of_guessing_is_eighty_tries(wei: Person) -> None:
    now = clock.now() - timedelta(days=20)
    for day, times in enumerate((30, 30, 20)):
        guessed(times, now + timedelta(days=2 * day))
    assert sign_in(at("10.8.8.8")) == 429


def test_at_home_too_five_wrong_ones_are_enough(wei: Person) -> None:
    home = at_home()
    assert [sign_in(home, "x") for _time in range(6)] == [422] * 5 + [429]
    assert sign_in(at("10.6.6.6")) == 302, "what is locked is that browser"


def test_a_browser_is_known_for_its_account_only_and_nobody_makes_one_up(wei: Person) -> None:
    other = cast.staff(name="邢", phone="13700008888")
    account = Account.objects.get(pk=other.account_id)
    account.set_password(RIGHT)
    account.save()
    browser = at("10.0.0.2")
    leads_to(browser.send("sign-in/password/", phone="13700008888", password=RIGHT))
    browser.send("sign-out/")
    guessed(30, clock.now())
    assert sign_in(browser) == 429
    browser.cookies["known"] = f'["{wei.account_id}"]'
    assert sign_in(browser) == 429
    shared = at_home_after(wei, browser)
    assert sign_in(shared) == 302


def at_home_after(wei: Person, browser: Browser) -> Browser:
    """A desk at which both have come in."""
    SignInTry.objects.all().delete()
    assert sign_in(browser) == 302
    browser.send("sign-out/")
    guessed(30, clock.now())
    return browser


@pytest.mark.parametrize("way", ["code", "administrator"])
def test_a_hundred_in_a_row_stop_everybody_until_its_owner_was_looked_at(wei: Person, way: str) -> None:
    home = at_home()
    Account.objects.filter(phone=WEI).update(failed_in_a_row=MOST_IN_A_ROW - 1)
    assert sign_in(home, "x") == 422
    answer = home.send("sign-in/password/", phone=TYPED, password=RIGHT)
    assert answer.status_code == 429 and "连着试错的次数太多" in words(answer)
    assert Account.objects.get(phone=WEI).is_stopped
    new = RIGHT
    if way == "code":
        new = "塘边柳树一共是九棵半"
        home.send("sign-in/forgotten/", phone=TYPED)
        leads_to(home.send("sign-in/forgotten/", code=code_sent_to(WEI), new=new))
    else:
        commands.unlock(account=Account.objects.get(phone=WEI), actor=None, now=clock.now())
    assert sign_in(home, new) == 302


def test_the_count_begins_anew_when_somebody_has_come_in_and_not_with_the_password_alone(wei: Person) -> None:
    Account.objects.filter(phone=WEI).update(failed_in_a_row=50)
    assert sign_in(at("10.0.0.1")) == 302
    assert Account.objects.get(phone=WEI).failed_in_a_row == 0
    account = Account.objects.get(phone=WEI)
    for _try in range(3):
        with pytest.raises(commands.WrongSecondFactor):
            commands.take_second_factor(account=account, typed="000000", address="a", now=clock.now())
    assert Account.objects.get(phone=WEI).failed_in_a_row == 3


def test_an_administrator_sees_the_lock_of_any_place_and_takes_it_off(wei: Person) -> None:
    elsewhere = at("10.9.9.9")
    for _time in range(5):
        sign_in(elsewhere, "x")
    account = Account.objects.get(phone=WEI)
    assert set(queries.lock_of([account], clock.now())) == {account.pk}
    commands.unlock(account=account, actor=None, now=clock.now())
    assert queries.lock_of([account], clock.now()) == {} and sign_in(elsewhere) == 302
