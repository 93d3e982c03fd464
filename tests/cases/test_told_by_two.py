"""One good deed told by two: whoever verifies sees it, says whether it is one, and its doer earns once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from huipai.cases.commands.deeds import ending, publishing
from huipai.cases.deed_words import DeedReason
from huipai.cases.models import GoodDeed
from huipai.grid.models import Assignment
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import queries as points
from tests import cast
from tests.by_hand import by_hand
from tests.cases.conftest import Place
from tests.cases.test_deeds import OX, follow, publish, tell
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY

FAR = (390, 390)


@pytest.fixture(autouse=True)
def _rules(here: Place) -> None:
    cast.rulebook(cast.FOUND, OX, since=cast.A_MONTH_AGO + timedelta(days=1))


def path(deed: GoodDeed) -> str:
    return f"/s/yunqiao/deeds/{deed.id}/verification/"


def form(place: Place, *apart: UUID) -> dict[str, object]:
    phone = str(place.hua.account and place.hua.account.phone)
    return {
        "title": "雨天撑伞送老人回家", "text": "", "third_party": "nobody", "point_item": OX.code, "doer_phone": phone,
        "apart": [str(one) for one in apart],
    }  # fmt: skip


def reported_later(deed: GoodDeed, days: float) -> None:
    at = MONDAY + timedelta(days=days)
    by_hand(
        "UPDATE cases_gooddeed SET reported_at = %s WHERE street_id = %s AND id = %s", [at, deed.street_id, deed.pk]
    )


class TestIsAsked:
    def test_of_what_was_told_nearby_and_paid_only_once_the_coordinator_says_it_is_another(self, here: Place) -> None:
        first, second = tell(here), tell(here, by=here.qin, point=here.town.at(150, 50))
        desk = as_(here.coordinator)
        page = desk.get(path(second)).content.decode()
        assert "是不是同一件好事" in page and path(first) in page and "相距 100 米" in page
        asked = desk.post(path(second), form(here))
        assert (
            asked.status_code == 422 and "先看一看" in asked.content.decode() and "撑伞送老人" in asked.content.decode()
        )
        assert desk.post(path(second), form(here, first.id)).status_code == 302
        page = desk.get(path(first)).content.decode()
        assert "相距 100 米" in page and "记过分" in page
        refused = desk.post(path(first), form(here))
        assert refused.status_code == 422 and "同一个人做的" in refused.content.decode()
        assert points.balance(here.hua, TUESDAY).spendable == OX.points
        ticked = desk.post(path(first), {**form(here, second.id), "title": ""})
        assert ticked.status_code == 422 and f'value="{second.id}" checked' in ticked.content.decode(), (
            "the tick is kept"
        )

    def test_of_the_same_doer_wherever_it_was(self, here: Place) -> None:
        first = tell(here)
        publish(here, first)
        far = tell(here, by=here.qin, point=here.town.at(*FAR))
        assert "是不是同一件好事" not in as_(here.coordinator).get(path(far)).content.decode()
        with pytest.raises(publishing.MaybeToldAlready):
            publish(here, far)
        _deed, earned = publish(here, far, apart=frozenset({first.id}))
        assert earned == OX.points, "another deed is paid as ever"

    def test_of_what_was_told_while_the_page_was_open(self, here: Place) -> None:
        first = tell(here)
        assert "是不是同一件好事" not in as_(here.coordinator).get(path(first)).content.decode()
        tell(here, by=here.qin)
        assert as_(here.coordinator).post(path(first), form(here)).status_code == 422

    @pytest.mark.parametrize("made_up", ["", "x", "x" * 36])
    def test_and_no_made_up_tick_answers_it(self, here: Place, made_up: str) -> None:
        tell(here, by=here.qin)
        assert as_(here.coordinator).post(path(tell(here)), {**form(here), "apart": made_up}).status_code == 422


class TestIsNotAsked:
    @pytest.mark.parametrize("days", [-7.1, 7.1])
    def test_of_other_weeks(self, here: Place, days: float) -> None:
        reported_later(tell(here, by=here.qin), days)
        publish(here, tell(here))

    def test_of_what_was_refused_or_taken_back(self, here: Place) -> None:
        ending.withdraw(deed_id=tell(here).id, actor=here.lan, now=TUESDAY)
        ending.decline(deed_id=tell(here).id, actor=here.coordinator, reason="duty", text="", now=TUESDAY)
        publish(here, tell(here, by=here.qin))

    def test_of_other_places(self, here: Place) -> None:
        tell(here, point=here.town.at(*FAR))
        publish(here, tell(here, by=here.qin))


class TestWhoLooksAfterAnotherPlace:
    @pytest.fixture
    def neighbour(self, here: Place) -> Person:
        person = cast.staff("高二", "13900019998")
        Assignment.objects.create(
            person=person, role=Role.COORDINATOR, node=here.town["M1"], valid_from=cast.A_MONTH_AGO
        )
        return person

    def test_sees_of_it_what_neighbours_see_and_nothing_before(self, here: Place, neighbour: Person) -> None:
        mine, theirs = (
            tell(here, point=here.town.at(190, 50)),
            tell(here, point=here.town.at(210, 50), title="内部写的"),
        )
        desk = as_(neighbour)
        assert mine.node != theirs.node and "内部写的" not in desk.get(path(mine)).content.decode()
        publish(here, theirs, title="公开写的", apart=frozenset({mine.id}))
        page = desk.get(path(mine)).content.decode()
        assert (
            "公开写的" in page and "内部写的" not in page and f"/c/{theirs.code}/" in page and path(theirs) not in page
        )


class TestToldAlready:
    def test_is_a_reason_that_thanks(self, here: Place) -> None:
        first, second = tell(here), tell(here, by=here.qin)
        publish(here, first, apart=frozenset({second.id}))
        ending.decline(deed_id=second.id, actor=here.coordinator, reason=DeedReason.TOLD_ALREADY, text="", now=TUESDAY)
        follow()
        assert "谢谢您也讲" in str(Notice.objects.get(person=here.qin, kind="deed.declined").wording.text)

    def test_once_it_was_paid_twice_is_taken_down_and_the_reviewers_hear_of_the_points(self, here: Place) -> None:
        reviewer = cast.appoint(cast.staff("任一", "13711110000"), Role.REVIEWER)
        first, second = tell(here), tell(here, by=here.qin)
        publish(here, first, apart=frozenset({second.id}))
        publish(here, second, apart=frozenset({first.id}))
        assert points.balance(here.hua, TUESDAY).spendable == OX.points * 2
        ending.take_down(
            deed_id=second.id, actor=here.coordinator, reason=DeedReason.TOLD_ALREADY, text="", now=TUESDAY
        )
        follow()
        told = Notice.objects.get(person=reviewer, kind="deed.points_to_reverse")
        assert "讲了两次" in str(told.wording.text)
