"""Being employed, in one street and in two."""

import pytest

from huipai.people import commands
from huipai.people.models import Account
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.cast import MONDAY


def account(phone: str = "+8613900000001") -> Account:
    return Account.objects.get(phone=phone)


class TestEmploy:
    def test_makes_an_account_that_signs_in_with_a_password(self, in_yunqiao: Street) -> None:
        person = cast.staff()
        assert person.is_staff
        assert account().is_staff
        assert not account().has_usable_password()

    def test_twice_holds_once(self, in_yunqiao: Street) -> None:
        assert cast.staff() == cast.staff()
        assert account().employed_in == 1

    def test_lets_nobody_of_another_name_into_what_belonged_to_the_number_before(self, in_yunqiao: Street) -> None:
        before = cast.resident(name="黎清", phone="+8613800004321", now=MONDAY)
        Account.objects.filter(pk=before.account_id).update(doubted_at=MONDAY)
        with pytest.raises(commands.NumberInDoubt):
            commands.employ(phone="+8613800004321", name="张三", actor=None, now=MONDAY)
        before.refresh_from_db()
        assert not before.is_staff and before.account is not None and before.account.doubted_at is not None
        assert commands.employ(phone="+8613800004321", name="黎清", actor=None, now=MONDAY) == before

    def test_ends_in_one_street_and_goes_on_in_the_other(self, yunqiao: Street, hetang: Street) -> None:
        with in_street(yunqiao.id):
            here = cast.staff()
        with in_street(hetang.id):
            there = cast.staff()
            commands.dismiss(person=there, actor=None, now=MONDAY)
        assert account().is_staff
        with in_street(yunqiao.id):
            commands.dismiss(person=here, actor=None, now=MONDAY)
            commands.dismiss(person=here, actor=None, now=MONDAY)
        assert account().employed_in == 0

    def test_and_dismissal_end_every_session(self, in_yunqiao: Street) -> None:
        person = cast.staff()
        before = account().get_session_auth_hash()
        commands.dismiss(person=person, actor=None, now=MONDAY)
        assert account().get_session_auth_hash() != before

    def test_is_not_for_somebody_whom_only_the_counter_knows(self, in_yunqiao: Street) -> None:
        elder = commands.enter_at_counter(name="周奶奶", actor=cast.staff(), now=MONDAY)
        elder.is_staff = True
        elder.save()
        with pytest.raises(commands.WithoutAccount):
            commands.dismiss(person=elder, actor=None, now=MONDAY)
