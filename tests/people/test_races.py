"""Requests made at once. Each thread has its own connection; a barrier lets them go together."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from huipai.kit.verdict import Refused
from huipai.people import commands
from huipai.people.commands import codes, limits
from huipai.people.models import Account, CodeBudget, Guardianship, Person, SignInCode
from huipai.people.words import CODE_LIFE, WRONG_CODES, CodePurpose, TryKind
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.cast import MONDAY
from tests.people.doors import LAN, MEI, code_sent_to, not_it

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8
SIGN_IN = CodePurpose.SIGN_IN


def at_once(do: Callable[[int], object], count: int = AT_ONCE) -> list[object]:
    """What each of `count` threads got: an answer, or the code of its refusal."""
    barrier = Barrier(count)

    def one(number: int) -> object:
        barrier.wait()
        try:
            return do(number)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def request(phone: str = LAN, address: str = "203.0.113.7") -> commands.Request:
    return commands.Request(phone=phone, purpose=SIGN_IN, address=address, life=CODE_LIFE)


@pytest.fixture(autouse=True)
def _clean(yunqiao: Street) -> Iterator[None]:
    with in_street(yunqiao.id):
        yield


class TestAtOnce:
    def test_eight_requests_for_one_number_send_five_codes(self) -> None:
        answers = at_once(lambda _n: commands.send_code(request=request(), now=MONDAY))
        assert answers.count("too_many_codes") == AT_ONCE - 5
        assert SignInCode.objects.count() == 5

    def test_the_budget_of_the_day_is_kept_by_all_together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "CODES_A_DAY", 3)
        answers = at_once(
            lambda n: commands.send_code(request=request(f"+86138111100{n:02}", f"10.0.0.{n}"), now=MONDAY)
        )
        assert answers.count("code_budget_spent") == AT_ONCE - 3
        assert CodeBudget.objects.get().sent == 3

    def test_many_guesses_are_still_only_a_few(self) -> None:
        code = commands.send_code(request=request(), now=MONDAY)
        wrong = not_it(code_sent_to())
        answers = at_once(lambda _n: commands.use_code(code_id=code.id, purpose=SIGN_IN, typed=wrong, now=MONDAY))
        code.refresh_from_db()
        assert code.tries_left == 0
        assert len([answer for answer in answers if isinstance(answer, str)]) == AT_ONCE
        with pytest.raises(commands.CodeSpent):
            commands.use_code(code_id=code.id, purpose=SIGN_IN, typed=code_sent_to(), now=MONDAY)

    def test_a_right_code_lets_in_once(self) -> None:
        code = commands.send_code(request=request(), now=MONDAY)
        digits = code_sent_to()
        answers = at_once(
            lambda _n: commands.use_code(code_id=code.id, purpose=SIGN_IN, typed=digits, now=MONDAY), WRONG_CODES
        )
        assert len([answer for answer in answers if not isinstance(answer, str)]) == 1

    def test_a_password_is_tried_five_times_and_not_eight(self) -> None:
        answers = at_once(
            lambda _n: commands.spend_try(kind=TryKind.PASSWORD, number=LAN, address="10.0.0.1", now=MONDAY)
        )
        assert answers.count("too_many_tries") == AT_ONCE - 5

    def test_a_first_visit_makes_one_account_and_one_person(self, yunqiao: Street) -> None:
        def visit(_n: int) -> object:
            with in_street(yunqiao.id):
                return commands.register(phone=LAN, name="兰", now=MONDAY).id

        assert len(set(at_once(visit))) == 1
        assert Account.objects.count() == Person.objects.count() == 1

    def test_two_accounts_cannot_take_one_number(self, yunqiao: Street) -> None:
        people = [cast.resident("兰", LAN), cast.resident("陶", "13611110000")]
        typed = []
        for person in people:
            assert person.account is not None and person.account.phone is not None
            pair = []
            for purpose, phone in ((CodePurpose.LEAVE_NUMBER, person.account.phone), (CodePurpose.ENTER_NUMBER, MEI)):
                wanted = commands.Request(
                    phone=phone, purpose=purpose, address="a", life=CODE_LIFE, account=person.account
                )
                code = commands.send_code(request=wanted, now=MONDAY)
                pair.append(codes.Typed(code.id, purpose, code_sent_to(phone)))
            typed.append(pair)

        def change(number: int) -> object:
            account = people[number].account
            assert account is not None
            with in_street(yunqiao.id):
                return commands.change_phone(
                    account=account, leave=typed[number][0], enter=typed[number][1], now=MONDAY
                )

        answers = at_once(change, 2)
        assert answers.count("phone_taken") == 1
        assert Account.objects.filter(phone=MEI).count() == 1

    def test_one_child_from_one_paper(self, yunqiao: Street) -> None:
        mei, clerk = cast.resident("梅", MEI), cast.clerk()

        def record(_n: int) -> object:
            with in_street(yunqiao.id):
                return commands.record_guardian_of_child(
                    guardian=mei,
                    name="小满",
                    birth_year=MONDAY.year - 9,
                    paper_number="7",
                    age_seen=True,
                    actor=clerk,
                    now=MONDAY,
                ).pk

        assert len(set(at_once(record, 4))) == 1
        assert Guardianship.objects.count() == 1 and Person.objects.filter(name="小满").count() == 1

    def test_one_invitation_is_accepted_once(self, yunqiao: Street) -> None:
        zhou, mei = cast.resident("周奶奶", LAN), cast.resident("梅", MEI)
        proxy = commands.invite_helper(elder=zhou, phone=MEI, scopes=["report"], address="", now=MONDAY)  # type: ignore[list-item]

        def accept(_n: int) -> object:
            with in_street(yunqiao.id):
                return commands.accept_invitation(proxy_id=proxy.id, helper=mei, now=MONDAY + timedelta(minutes=1))

        answers = at_once(accept, 4)
        assert len([answer for answer in answers if not isinstance(answer, str)]) == 1
