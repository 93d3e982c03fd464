"""Which point item a type pays is asked by one and agreed to by another."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.cases.commands import paying, types
from huipai.cases.models import CaseType, CaseTypeEdition, TypePayment
from huipai.cases.queries import types as read
from huipai.cases.queries.awards import verify_awards
from huipai.cases.rules.types import Terms
from huipai.cases.type_words import PaymentState
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook.words import Evidence
from huipai.streets.current import in_street
from tests import cast
from tests.by_hand import by_hand
from tests.cases.conftest import PARKING, Place
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY
from tests.points.test_awarding import home

OTHER = replace(cast.FOUND, code="woodpecker-07")
CLAIMED = replace(cast.FOUND, code="woodpecker-08", automatic=False, evidence=(Evidence.PHOTO,), day_cap=10)


@pytest.fixture
def keeper(here: Place) -> Person:
    cast.rulebook(cast.FOUND, OTHER, since=cast.A_MONTH_AGO + timedelta(days=1))
    return cast.appoint(cast.staff("安小立", "13911110001"), Role.SYSTEM_ADMIN)


@pytest.fixture
def leader(here: Place) -> Person:
    return cast.appoint(cast.staff("雷远山", "13911110002"), Role.LEADER)


def now_says() -> Terms:
    return read.terms_of(CaseType.objects.get(code=PARKING))


def asked(keeper: Person, **changes: object) -> TypePayment:
    terms = replace(now_says(), point_item=OTHER.code, **changes)  # type: ignore[arg-type]
    seen = CaseType.objects.get(code=PARKING).edition
    types.change(terms=terms, seen=seen, reason="换一条", actor=keeper, now=MONDAY)
    return TypePayment.objects.latest("proposed_at", "id")


class TestTwoPeople:
    def test_what_it_pays_stays_until_another_agrees_and_the_rest_is_so_at_once(
        self, here: Place, keeper: Person, leader: Person
    ) -> None:
        one = asked(keeper, radius_m=80)
        assert (now_says().point_item, now_says().radius_m) == (cast.FOUND.code, 80)
        with pytest.raises(NotAllowed) as refusal:
            paying.agree(payment_id=one.id, actor=keeper, now=TUESDAY)
        assert refusal.value.code == "own_type_payment"
        for _ in range(2):
            done = paying.agree(payment_id=one.id, actor=leader, now=TUESDAY)
        parking = CaseType.objects.get(code=PARKING)
        assert (parking.point_item, parking.edition, done.edition) == (OTHER.code, 3, 3)
        assert parking.as_of(2).point_item == cast.FOUND.code
        assert list(verify_awards(here.street)) == []

    def test_another_keeper_may_agree_and_none_of_the_same_home(self, keeper: Person) -> None:
        second, third = (
            cast.appoint(cast.staff(f"安{n}", f"1391111010{n}"), Role.SYSTEM_ADMIN) for n in range(2)
        )  # fmt: skip
        home(keeper, third)
        one = asked(keeper)
        with pytest.raises(NotAllowed) as refusal:
            paying.agree(payment_id=one.id, actor=third, now=TUESDAY)
        assert refusal.value.code == "type_payment_of_one_home"
        with pytest.raises(IntegrityError, match="in one home"), transaction.atomic():
            TypePayment.objects.update(state=PaymentState.AGREED, decided_by=third, decided_at=TUESDAY, edition=2)
        paying.agree(payment_id=one.id, actor=second, now=TUESDAY)
        assert now_says().point_item == OTHER.code

    def test_refused_or_taken_back_it_pays_what_it_paid(self, here: Place, keeper: Person, leader: Person) -> None:
        one = asked(keeper)
        assert asked(keeper) == one
        with pytest.raises(Moved, match="还没有定"):
            types.change(terms=replace(now_says(), point_item=""), seen=1, reason="不给了", actor=keeper, now=TUESDAY)
        with pytest.raises(Invalid):
            paying.refuse(payment_id=one.id, actor=leader, reason=" ", now=TUESDAY)
        for _ in range(2):
            paying.refuse(payment_id=one.id, actor=leader, reason="按老的来", now=TUESDAY)
        for act in (paying.agree, paying.withdraw):
            with pytest.raises((Moved, NotAllowed)):
                act(payment_id=one.id, actor=leader, now=TUESDAY)
        again = asked(keeper)
        with pytest.raises(NotAllowed):
            paying.withdraw(payment_id=again.id, actor=leader, now=TUESDAY)
        for _ in range(2):
            paying.withdraw(payment_id=again.id, actor=keeper, now=TUESDAY)
        assert now_says().point_item == cast.FOUND.code and list(verify_awards(here.street)) == []

    def test_a_new_type_pays_nothing_until_another_agrees(self, keeper: Person, leader: Person) -> None:
        types.add(terms=replace(now_says(), code="drain", name="积水"), reason="雨季", actor=keeper, now=MONDAY)
        drain = CaseType.objects.get(code="drain")
        assert drain.point_item == ""
        paying.agree(payment_id=TypePayment.objects.get(case_type=drain).id, actor=leader, now=TUESDAY)
        drain.refresh_from_db()
        assert drain.point_item == cast.FOUND.code

    def test_a_workbook_asks_too(self, keeper: Person) -> None:
        wanted = {PARKING: replace(now_says(), point_item=OTHER.code, hint="停在人行道")}
        sheet = types.keep_sheet(wanted=wanted, file_name="类别.xlsx", actor=keeper, now=MONDAY)
        types.apply_sheet(sheet_id=sheet.id, actor=keeper, now=MONDAY)
        assert (now_says().hint, now_says().point_item) == ("停在人行道", cast.FOUND.code)
        assert TypePayment.objects.get().becomes == OTHER.code

    def test_only_what_the_system_records_by_itself_can_be_paid(self, keeper: Person, leader: Person) -> None:
        cast.rulebook(cast.FOUND, OTHER, CLAIMED, since=cast.A_MONTH_AGO + timedelta(days=2))
        with pytest.raises(Invalid) as refusal:
            types.change(
                terms=replace(now_says(), point_item=CLAIMED.code), seen=1, reason="换", actor=keeper, now=MONDAY
            )
        assert refusal.value.field == "point_item"
        one = asked(keeper)
        cast.rulebook(cast.FOUND, since=cast.A_MONTH_AGO + timedelta(days=3))
        with pytest.raises(Moved, match="不在条款库里"):
            paying.agree(payment_id=one.id, actor=leader, now=TUESDAY)

    def test_another_streets_is_not_there(self, there: Place, keeper: Person) -> None:
        one = asked(keeper)
        with in_street(there.street.id):
            lei = cast.appoint(cast.staff("外", "13911110009"), Role.LEADER)
            with pytest.raises(NotVisible):
                paying.agree(payment_id=one.id, actor=lei, now=TUESDAY)


class TestInTheDatabase:
    def test_no_hand_alone_changes_what_a_type_pays(self, keeper: Person) -> None:
        one = asked(keeper)
        with pytest.raises(IntegrityError, match="nobody else agreed to"), transaction.atomic():
            CaseType.objects.filter(code=PARKING).update(point_item=OTHER.code)
        with pytest.raises(IntegrityError, match="agrees_to_their_own_payment"), transaction.atomic():
            TypePayment.objects.update(state=PaymentState.AGREED, decided_by=keeper, decided_at=TUESDAY, edition=2)
        with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
            TypePayment.objects.filter(pk=one.pk).update(becomes="ox-01")
        with pytest.raises(IntegrityError), transaction.atomic():
            TypePayment.objects.all().delete()
        with pytest.raises(IntegrityError, match="waits for another"), transaction.atomic():
            TypePayment.objects.create(
                case_type=CaseType.objects.exclude(code=PARKING)[0], was="", becomes="ox-01", why="x",
                proposed_by=keeper, proposed_at=MONDAY, state=PaymentState.WITHDRAWN, decided_at=MONDAY,
            )  # fmt: skip


@pytest.mark.no_guard
@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE cases_typepayment SET decided_by_id = (SELECT id FROM people_person WHERE name = '宗明月' LIMIT 1)",
        "UPDATE cases_typepayment SET becomes = 'ox-01'",
        "DELETE FROM cases_typepayment",
        "UPDATE cases_casetypeedition SET content = jsonb_set(content, '{point_item}', '\"ox-01\"') WHERE number = 2",
    ],
)
def test_what_is_edited_by_hand_is_found(here: Place, keeper: Person, leader: Person, edit: str) -> None:
    paying.agree(payment_id=asked(keeper).id, actor=leader, now=TUESDAY)
    assert CaseTypeEdition.objects.count() == 2 and list(verify_awards(here.street)) == []
    assert by_hand(edit)
    assert list(verify_awards(here.street))


def test_the_page_shows_what_waits_and_who_may_decide(here: Place, keeper: Person, leader: Person) -> None:
    one = asked(keeper)
    page = f"/s/yunqiao/types/{PARKING}/"
    mine, theirs = as_(keeper).get(page).content.decode(), as_(leader).get(page).content.decode()
    assert "等另一位定" in mine and "同意，照这样改" not in mine and "撤回" in mine
    assert OTHER.code in theirs and "同意，照这样改" in theirs
    long = "长" * 201
    answer = as_(leader).post(f"/s/yunqiao/types/payments/{one.id}/refusal/", {"answer": long})
    assert answer.status_code == 422 and long in answer.content.decode()
    answer = as_(keeper).post(f"/s/yunqiao/types/payments/{one.id}/agreement/")
    assert answer.status_code == 302 and now_says().point_item == cast.FOUND.code
    as_(leader).post(f"/s/yunqiao/types/payments/{one.id}/agreement/")
    assert now_says().point_item == OTHER.code
