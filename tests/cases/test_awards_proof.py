"""What was awarded for a case or a good deed is proved by that case or deed; what was taken back, by its decision."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from huipai.cases.commands import checking, confirming, filing, handling, paying, retyping
from huipai.cases.commands import types as kept
from huipai.cases.models import Case, CaseType, Check, TypePayment
from huipai.cases.queries import types as read
from huipai.cases.queries.awards import verify_awards
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import queries as ledger
from huipai.points.models import Correction, Lot, Posting
from huipai.points.queries import Difference, verify_grounds
from huipai.points.words import CorrectionReason, Kind, ReversalReason
from tests import cast
from tests.by_hand import by_hand
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import Hub
from tests.cases.test_deeds import OX, publish, tell
from tests.cases.test_loop import HOUR, LATER, whole_loop
from tests.cast import MONDAY, TUESDAY, WEDNESDAY

pytestmark = [pytest.mark.no_guard]

KNOWN = ("case", "deed", "claim", "assessment")
OTHER = replace(cast.FOUND, code="woodpecker-07")


def found(place: Place) -> list[Difference]:
    return [*verify_grounds(place.street, deeds=KNOWN), *verify_awards(place.street)]


def why(place: Place) -> str:
    return "\n".join(map(str, found(place)))


def forged(subject: str, person: Person, **changes: object) -> Posting:
    """An award through the ledger's own door: its lines, lot and journal are right, and nobody earned it."""
    said = {"item_code": cast.FOUND.code, "received_at": MONDAY, "actor": None, "now": MONDAY + 3 * HOUR, **changes}
    posting = points.award(subject=subject, person=person, **said).posting  # type: ignore[arg-type]
    assert posting is not None
    return posting


def sent_for_a_look(place: Place) -> Check:
    """A parking jam that somebody has said is gone; nobody has looked yet."""
    case = place.report()
    handling.handle_on_the_spot(
        case_id=case.id, actor=place.wei, text="好了", photo_ids=place.photo_ids(place.wei), now=MONDAY + HOUR
    )
    return Check.objects.get(case=case)


class TestCases:
    def test_what_a_case_earned_holds(self, here: Place) -> None:
        whole_loop(here)
        assert Posting.objects.filter(kind=Kind.AWARD).count() == 1 and found(here) == []

    @pytest.mark.long
    @pytest.mark.parametrize(
        ("statement", "named"),
        [
            ("UPDATE points_posting SET person_id = %(hua)s", "person"),
            ("UPDATE points_posting SET item_code = 'ox-04'", "item"),
            ("UPDATE points_posting SET received_at = received_at - interval '1 day'", "received"),
            ("UPDATE points_posting SET posted_at = posted_at + interval '1 minute'", "check passed"),
            ("UPDATE points_posting SET actor_id = %(hua)s", "actor"),
            ('UPDATE points_posting SET measured = \'{"hours": "2"}\'', "measured"),
            ("UPDATE points_posting SET subject = 'case:%(nowhere)s'", "case"),
        ],
    )
    def test_each_field_that_was_forged_is_named(self, here: Place, statement: str, named: str) -> None:
        whole_loop(here)
        posting = Posting.objects.get()
        values = {"%(hua)s": f"'{here.hua.id}'", "%(nowhere)s": str(new_id())}
        for name, value in values.items():
            statement = statement.replace(name, value)
        assert by_hand(statement) == 1
        told = [one for one in found(here) if "earn" in one.why]
        assert [(one.row_id, one.found.split()[0]) for one in told] == [(posting.id, named.split()[0])], why(here)

    @pytest.mark.long
    def test_nothing_is_earned_by_a_case_that_is_none(self, here: Place) -> None:
        one = forged(f"case:{new_id()}", here.lan)
        assert [(each.row_id, each.said) for each in found(here)] == [(one.id, "case one of this street")]

    @pytest.mark.long
    def test_nothing_is_earned_before_a_check_has_passed(self, here: Place) -> None:
        check = sent_for_a_look(here)
        forged(check.case.subject, here.lan)
        assert [one.said for one in found(here)] == ["check passed nobody"]

    @pytest.mark.long
    def test_a_neighbour_earns_nothing_beside_the_first_reporter(self, here: Place) -> None:
        case = whole_loop(here)
        forged(case.subject, here.hua, received_at=case.reported_at)
        assert "person" in why(here) and "its case has earned already" in why(here)

    @pytest.mark.long
    def test_a_type_that_pays_nothing_has_paid_nothing(self, here: Place) -> None:
        by_hand("UPDATE cases_casetype SET point_item = '' WHERE code = %s", [PARKING])
        check = sent_for_a_look(here)
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 3 * HOUR)
        assert found(here) == []
        forged(check.case.subject, here.lan, received_at=check.case.reported_at)
        assert [one.said for one in found(here)] == ["item nobody"]

    @pytest.mark.long
    def test_a_part_that_was_split_off_has_earned_nothing(self, here: Place) -> None:
        case, whole = whole_loop(here), here.report(here.hua)
        assert by_hand("UPDATE cases_case SET parent_id = %s WHERE id = %s", [whole.id, case.id])
        assert [one.said for one in found(here)] == ["whole nobody"]

    @pytest.mark.long
    def test_the_lot_lapses_when_the_item_says(self, here: Place) -> None:
        whole_loop(here)
        assert by_hand("UPDATE points_lot SET expires_at = expires_at + interval '1 year'") == Lot.objects.count() == 1
        assert "does not lapse when its item says" in why(here)

    @pytest.mark.long
    def test_a_posting_of_another_kind_of_thing_is_named(self, here: Place) -> None:
        one = forged("case_type:1", here.lan)
        assert [(each.row_id, each.why) for each in found(here)] == [
            (one.id, "no deed of a kind that earns is behind it")
        ]


class TestWhatTheTypePays:
    @pytest.fixture(autouse=True)
    def _rules(self, here: Place) -> None:
        cast.rulebook(cast.FOUND, OTHER, since=cast.A_MONTH_AGO + timedelta(days=1))

    @pytest.mark.long
    def test_is_what_its_edition_said_when_the_case_came_in(self, here: Place) -> None:
        check = sent_for_a_look(here)
        _paid_by(here, OTHER.code)
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 3 * HOUR)
        assert Posting.objects.get().item_code == cast.FOUND.code
        assert found(here) == []
        by_hand("UPDATE points_posting SET item_code = %s", [OTHER.code])
        assert f"item {cast.FOUND.code}" in why(here)

    @pytest.mark.long
    def test_rewritten_in_the_type_alone_is_named(self, here: Place) -> None:
        _paid_by(here, OTHER.code)
        assert found(here) == []
        by_hand("UPDATE cases_casetype SET point_item = 'ox-04' WHERE code = %s", [PARKING])
        assert [one.table for one in found(here)] == ["cases_casetype"]

    @pytest.mark.long
    def test_a_case_that_came_back_and_is_under_another_type_is_paid_once(self, here: Place) -> None:
        by_hand("UPDATE cases_casetype SET point_item = %s WHERE code = %s", [OTHER.code, LITTER])
        check = sent_for_a_look(here)
        case = check.case
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 2 * HOUR)
        confirming.dispute(case_id=case.id, actor=here.lan, text="又来了", photo_ids=(), now=MONDAY + 3 * HOUR)
        filing.hand_up(case_id=case.id, actor=here.wei, text="办不了", now=MONDAY + 4 * HOUR)
        retyping.retype(case_id=case.id, case_type=LITTER, actor=here.dispatcher, text="", now=MONDAY + 5 * HOUR)
        assert found(here) == []
        hub = Hub(here, case)
        order = hub.signed(now=MONDAY + 6 * HOUR)
        hub.passed(hub.responded(order, now=MONDAY + 7 * HOUR), now=MONDAY + 8 * HOUR)
        assert ledger.balance(here.lan, LATER).spendable == 5
        assert Posting.objects.get().item_code == cast.FOUND.code and found(here) == []


def _paid_by(place: Place, code: str) -> None:
    """Another edition of the parking type, asked by one and agreed to by another: by it the next report is paid."""
    keeper = cast.appoint(cast.staff("安小立", "13911110001"), Role.SYSTEM_ADMIN)
    lei = cast.appoint(cast.staff("雷远山", "13911110002"), Role.LEADER)
    now = read.terms_of(CaseType.objects.get(code=PARKING))
    kept.change(terms=replace(now, point_item=code), seen=1, reason="换一条", actor=keeper, now=MONDAY + 2 * HOUR)
    paying.agree(payment_id=TypePayment.objects.get().id, actor=lei, now=MONDAY + 2 * HOUR)


class TestGoodDeeds:
    @pytest.fixture
    def published(self, here: Place) -> Posting:
        cast.rulebook(cast.FOUND, OX, since=cast.A_MONTH_AGO + timedelta(days=1))
        publish(here, tell(here, own=True))
        return Posting.objects.get()

    def test_what_a_deed_earned_holds(self, here: Place, published: Posting) -> None:
        assert found(here) == []

    @pytest.mark.long
    @pytest.mark.parametrize(
        ("statement", "named"),
        [
            ("UPDATE points_posting SET person_id = %s", "person"),
            ("UPDATE points_posting SET actor_id = %s", "actor"),
            ("UPDATE points_posting SET item_code = 'ox-05' WHERE person_id <> %s", "item"),
            (
                "UPDATE points_posting SET received_at = posted_at WHERE person_id <> %s",
                "received",
            ),
            ("UPDATE points_posting SET posted_at = posted_at + interval '1 day' WHERE person_id <> %s", "published"),
            ("UPDATE cases_gooddeed SET doer_id = %s", "person"),
        ],
    )
    def test_each_field_that_was_forged_is_named(
        self, here: Place, published: Posting, statement: str, named: str
    ) -> None:
        assert by_hand(statement, [here.hua.id]) == 1
        told = [one for one in found(here) if "earn" in one.why]
        assert [(one.row_id, one.found.split()[0]) for one in told] == [(published.id, named)], why(here)


class TestWhatWasTakenBack:
    @pytest.fixture
    def hands(self, here: Place) -> Sequence[Person]:
        people = [cast.resident(name, f"1380000090{n}") for n, name in enumerate("秦石")]
        return [cast.appoint(person, Role.REVIEWER) for person in people]

    @pytest.fixture
    def case(self, here: Place) -> Case:
        return whole_loop(here)

    @pytest.fixture
    def back(self, here: Place, case: Case, hands: Sequence[Person]) -> Posting:
        one = points.propose_correction(
            posting_id=Posting.objects.get().id, reason=CorrectionReason.RECORDED_WRONGLY, note="不是这一处",
            actor=hands[0], now=TUESDAY,
        )  # fmt: skip
        points.approve_correction(correction_id=one.id, actor=hands[1], now=WEDNESDAY)
        return Posting.objects.get(kind=Kind.REVERSAL)

    def test_by_two_it_holds(self, here: Place, back: Posting) -> None:
        assert found(here) == []

    @pytest.mark.long
    def test_by_nobody_it_is_named(self, here: Place, case: Case, hands: Sequence[Person]) -> None:
        """Through the ledger's own door: lines, draws, balance and journal agree."""
        posting = points.reverse(
            posting_id=Posting.objects.get().id, actor=hands[0], reason=ReversalReason.DEED_UNDONE, now=TUESDAY
        )
        assert [(one.row_id, one.said) for one in found(here)] == [(posting.id, "nothing")]

    @pytest.mark.long
    @pytest.mark.parametrize(
        "change",
        [
            "reason = 'deed_undone'", "actor_id = person_id", "posted_at = posted_at + interval '1 minute'",
            "points = points + 1", "subject = 'case:1'", "item_code = 'ox-04'",
        ],
    )  # fmt: skip
    def test_each_field_that_was_forged_is_named(self, here: Place, back: Posting, change: str) -> None:
        assert by_hand(f"UPDATE points_posting SET {change} WHERE id = %s", [back.id]) == 1
        assert [(one.table, one.row_id) for one in found(here)] == [("points_posting", back.id)]

    @pytest.mark.long
    def test_a_decision_that_is_gone_is_missed(self, here: Place, back: Posting) -> None:
        assert by_hand("DELETE FROM points_correction") == 1 and not Correction.objects.exists()
        assert [one.said for one in found(here)] == ["nothing"]


def test_each_street_is_proved_by_itself(here: Place, there: Place) -> None:
    whole_loop(here)
    by_hand("UPDATE points_posting SET received_at = received_at - interval '1 day'")
    assert list(verify_awards(there.street)) == [] and found(here)
