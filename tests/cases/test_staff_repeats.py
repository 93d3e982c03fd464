"""What staff press twice happened once, and is answered as the first time; other words or hands are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from huipai.cases.commands import deciding, dispatching, filing, handling, triage, working
from huipai.cases.models import Case, Transition, UnitRequest
from huipai.cases.words import State
from huipai.journal.models import Entry
from huipai.kit.verdict import Refused
from huipai.people.models import Person
from huipai.people.words import Role
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import Hub
from tests.cases.test_pages import as_
from tests.cast import MONDAY
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOW = MONDAY + 2 * HOUR
Press = Callable[..., object]


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here)


@pytest.fixture
def other(here: Place) -> Person:
    return cast.appoint(cast.staff("关二", "13900017777"), Role.DISPATCHER)


def twice(press: Press) -> None:
    """The same again answers as the first time and leaves nothing more behind."""
    press()
    before = Transition.objects.count(), Entry.objects.count()
    press()
    assert (Transition.objects.count(), Entry.objects.count()) == before


class TestOnceAndOnce:
    def test_declined(self, here: Place, hub: Hub) -> None:
        def press(text: str = "归物业", reason: str = "private_dispute") -> Case:
            return handling.decline(case_id=hub.case.id, actor=here.wei, reason=reason, text=text, now=NOW)

        twice(press)
        for change in ({"text": "归别人"}, {"reason": "not_seen"}):
            with pytest.raises(Refused):
                press(**change)
        with pytest.raises(Refused):
            handling.decline(
                case_id=hub.case.id, actor=here.coordinator, reason="private_dispute", text="归物业", now=NOW
            )  # fmt: skip

    def test_handed_up_also_on_its_page(self, here: Place, hub: Hub) -> None:
        def press(text: str = "够不着") -> Case:
            return filing.hand_up(case_id=hub.case.id, actor=here.wei, text=text, now=NOW)

        twice(press)
        with pytest.raises(Refused):
            press("搬不动")
        page = as_(here.wei).post(f"/s/yunqiao/cases/{hub.case.code}/to-the-hub/", {"text": "够不着"})
        assert page.status_code == 302

    def test_what_the_hub_sent_back_to_look_is_not_handed_up_by_a_late_press(self, here: Place, hub: Hub) -> None:
        filing.hand_up(case_id=hub.case.id, actor=here.wei, text="够不着", now=NOW)
        filing.verify(case_id=hub.case.id, worker=here.wei, actor=here.dispatcher, text="看看", now=NOW)
        with pytest.raises(Refused):
            filing.hand_up(case_id=hub.case.id, actor=here.wei, text="够不着", now=NOW)

    def test_sent_to_look_and_looked(self, here: Place, hub: Hub) -> None:
        twice(lambda: filing.verify(case_id=hub.case.id, worker=here.wei, actor=here.dispatcher, text="看", now=NOW))
        photos = here.photo_ids(here.wei)

        def press(text: str = "是这样") -> Case:
            return filing.vouch(case_id=hub.case.id, actor=here.wei, text=text, photo_ids=photos, now=NOW + HOUR)

        twice(press)
        with pytest.raises(Refused):
            press("不是")
        with pytest.raises(Refused):
            filing.vouch(
                case_id=hub.case.id, actor=here.wei, text="是这样", photo_ids=here.photo_ids(here.wei), now=NOW + HOUR
            )  # fmt: skip

    def test_filed(self, here: Place, hub: Hub, other: Person) -> None:
        twice(lambda: filing.file(case_id=hub.case.id, actor=here.dispatcher, now=NOW))
        with pytest.raises(Refused):
            filing.file(case_id=hub.case.id, actor=other, now=NOW)
        deed = f"/s/yunqiao/desk/{hub.case.code}/filing/"
        assert as_(here.dispatcher).post(deed, {}).status_code == 302

    @pytest.mark.parametrize(("command", "reason"), [(filing.not_file, "not_our_power"), (filing.void, "test")])
    def test_not_filed_and_voided(self, here: Place, hub: Hub, other: Person, command: Press, reason: str) -> None:
        def press(by: Person = here.dispatcher, text: str = "不是这里的") -> object:
            return command(case_id=hub.case.id, actor=by, reason=reason, text=text, now=NOW)

        twice(press)
        for change in ({"by": other}, {"text": "别的"}):
            with pytest.raises(Refused):
                press(**change)
        filing.ask_review(case_id=hub.case.id, actor=here.lan, text="就是这里的", now=NOW)
        with pytest.raises(Refused):
            press()

    def test_dispatched(self, here: Place, hub: Hub, other: Person) -> None:
        def press(by: Person = here.dispatcher, brief: str = "先到现场", helpers: tuple = (here.guard.id,)) -> object:
            return dispatching.dispatch(
                case_id=hub.case.id, unit_id=here.city.id, actor=by, brief=brief, helper_ids=helpers, now=NOW
            )  # fmt: skip

        twice(press)
        for change in ({"by": other}, {"brief": "别的"}, {"helpers": ()}):
            with pytest.raises(Refused):
                press(**change)

    def test_ruled_recalled_and_helped(self, here: Place, hub: Hub) -> None:
        def rule(text: str = "该它办") -> object:
            return dispatching.rule(
                case_id=hub.case.id, unit_id=here.city.id, actor=here.dispatcher, text=text, now=NOW
            )

        twice(rule)
        with pytest.raises(Refused):
            rule("不该它办")

        def help_(brief: str = "搭把手") -> object:
            return dispatching.add_helper(
                case_id=hub.case.id, unit_id=here.guard.id, actor=here.dispatcher, brief=brief, now=NOW
            )

        twice(help_)
        with pytest.raises(Refused):
            help_("别的")
        for part in ("helper", "lead"):
            order = hub.case.orders.get(part=part)
            twice(
                lambda order=order: dispatching.recall(order_id=order.id, actor=here.dispatcher, text="派错", now=NOW)
            )
        with pytest.raises(Refused):
            dispatching.recall(order_id=order.id, actor=here.dispatcher, text="另一句", now=NOW)

    def test_merged(self, here: Place, hub: Hub) -> None:
        younger = here.report(here.hua, case_type=LITTER, now=MONDAY + HOUR)
        twice(lambda: triage.merge(case_id=younger.id, into_id=hub.case.id, actor=here.dispatcher, now=NOW))


class TestRequests:
    def asked(self, here: Place, hub: Hub) -> UnitRequest:
        order = hub.signed()
        return working.ask_extension(
            order_id=order.id, actor=here.shi, ground="weather", text="下雨", days=2, now=NOW
        )  # fmt: skip

    def test_granted(self, here: Place, hub: Hub, other: Person) -> None:
        asked = self.asked(here, hub)

        def press(by: Person = here.dispatcher, text: str = "雨停再办") -> object:
            return deciding.grant(request_id=asked.id, actor=by, text=text, now=NOW)

        twice(press)
        for change in ({"by": other}, {"text": "别的"}):
            with pytest.raises(Refused):
                press(**change)
        with pytest.raises(Refused):
            deciding.refuse(request_id=asked.id, actor=here.dispatcher, text="雨停再办", now=NOW)

    def test_refused(self, here: Place, hub: Hub, other: Person) -> None:
        asked = self.asked(here, hub)

        def press(by: Person = here.dispatcher, text: str = "雨不大") -> object:
            return deciding.refuse(request_id=asked.id, actor=by, text=text, now=NOW)

        twice(press)
        for change in ({"by": other}, {"text": "别的"}):
            with pytest.raises(Refused):
                press(**change)

    def test_set_aside_and_taken_up(self, here: Place, hub: Hub, other: Person) -> None:
        order, until = hub.signed(), NOW + timedelta(days=3)

        def rest(text: str = "等材料", by: Person = here.dispatcher) -> object:
            return deciding.suspend(
                order_id=order.id, actor=by, ground="weather", rests_until=until, text=text, now=NOW
            )  # fmt: skip

        twice(rest)
        for refused in (lambda: rest("别的"), lambda: rest(by=other)):
            with pytest.raises(Refused):
                refused()
        twice(lambda: deciding.take_up(case_id=hub.case.id, actor=here.dispatcher, now=NOW + HOUR))
        with pytest.raises(Refused):
            deciding.take_up(case_id=hub.case.id, actor=other, now=NOW + HOUR)
        assert hub.fresh().state == State.IN_PROGRESS
