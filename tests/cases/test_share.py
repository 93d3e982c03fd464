"""Ruling 9: a street may lower the share that is checked; the lot can be examined, and an unchecked close says so."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client

from huipai.cases import notices, telling_orders
from huipai.cases.commands import checking, confirming, handling, working
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CaseType, Check, Response, Shown, WorkOrder
from huipai.cases.order_words import OrderState
from huipai.cases.queries import wall
from huipai.cases.rules import drawing
from huipai.cases.words import Action, State
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.notices.models import Notice
from huipai.people.models import Account
from huipai.photos import commands as photos
from huipai.points.models import Posting
from tests.cases.conftest import PARKING, Place
from tests.cases.hub import Hub
from tests.cast import MONDAY, TUESDAY
from tests.photos.conftest import folder

__all__ = ["folder"]
LATER = MONDAY + timedelta(hours=1)


def share(value: str) -> None:
    CaseType.objects.filter(code=PARKING).update(check_share=Decimal(value))


def handled(place: Place, now=MONDAY) -> Case:
    case = place.report(now=now)
    handling.handle_on_the_spot(
        case_id=case.id, actor=place.wei, text="挪走了", photo_ids=place.photo_ids(place.wei), now=now
    )
    case.refresh_from_db()
    return case


class TestLot:
    def test_is_the_same_for_everybody_and_spread_evenly(self):
        case, response = new_id(), new_id()
        assert drawing.lot(case, response) == drawing.lot(case, response)
        lots = [drawing.lot(case, new_id()) for _again in range(2_000)]
        assert 500 < sum(drawing.is_checked(lot, Decimal("0.3")) for lot in lots) < 700
        assert all(drawing.is_checked(lot, Decimal(1)) for lot in lots)
        assert not any(drawing.is_checked(lot, Decimal(0)) for lot in lots)

    def test_stands_in_the_journal_with_what_it_was_drawn_from(self, here: Place):
        share("0.50")
        case = handled(here)
        facts = Entry.objects.get(what=Fact.CHECK_LOT, subject=case.subject).facts
        response = Response.objects.get(case=case)
        number = drawing.lot(case.id, response.id)
        assert facts == {
            "response": str(response.id), "lot": f"{number:016}", "share": "0.50", "checked": number < 5 * 10**15,
        }  # fmt: skip
        assert UUID(str(facts["response"])) == response.id
        assert (case.state == State.CHECKING) == facts["checked"] == (not case.is_unchecked)

    def test_is_not_drawn_where_every_case_is_checked(self, here: Place):
        assert handled(here).state == State.CHECKING
        assert not Entry.objects.filter(what=Fact.CHECK_LOT).exists()


class TestLeftOut:
    @pytest.mark.parametrize("by_unit", [True, False])
    def test_the_reporter_reads_who_says_it_is_done(self, here: Place, by_unit: bool):
        """The unit where a unit did it, and never somebody who had no part in it."""
        share("0")
        if by_unit:
            hub = Hub.with_a_case(here, case_type=PARKING)
            order = hub.signed()
            photos_of = here.photo_ids(here.shi)
            working.respond(
                order_id=order.id, actor=here.shi, text="挪走了", photo_ids=photos_of, now=MONDAY + 3 * (LATER - MONDAY)
            )
        else:
            handled(here)
        entry = Entry.objects.get(what=Fact.CHECK_SKIPPED)
        notices.tell(entry_id=entry.id, now=entry.happened_at)
        title = str(Notice.objects.get(person=here.lan, kind=Fact.CHECK_SKIPPED).wording.title)
        assert title == (f"{here.city.name}说办了，您来看看" if by_unit else "网格员说办了，您来看看")

    def test_asks_the_reporter_at_once_and_pays_nothing(self, here: Place):
        share("0")
        case = handled(here)
        assert (case.state, case.is_unchecked) == (State.CONFIRMING, True)
        assert not Check.objects.exists() and not Posting.objects.exists()
        told = case.transitions.order_by("position").values_list("action", "part")
        assert list(told)[-1] == (Action.SKIP_CHECK, "system")
        confirming.confirm(case_id=case.id, actor=here.lan, rating=5, text="", now=LATER)
        assert not Posting.objects.exists()

    def test_what_comes_back_is_always_looked_at_and_then_paid(self, here: Place):
        share("0")
        case = handled(here)
        confirming.dispute(case_id=case.id, actor=here.lan, text="还在", photo_ids=(), now=LATER)
        handling.respond(
            case_id=case.id, actor=here.wei, text="又挪了", photo_ids=here.photo_ids(here.wei), now=TUESDAY
        )
        case.refresh_from_db()
        assert (case.state, case.is_unchecked, case.round) == (State.CHECKING, False, 2)
        check = Check.objects.get(case=case)
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=TUESDAY)
        confirming.confirm(case_id=case.id, actor=here.lan, rating=None, text="", now=TUESDAY)
        case.refresh_from_db()
        assert case.chip == State.CLOSED and Posting.objects.filter(subject=case.subject).count() == 1

    @pytest.mark.usefixtures("folder")
    def test_a_close_says_so_on_every_page(self, here: Place, client: Client):
        share("0")
        case = handled(here)
        for photo_id in case.photos.values_list("photo_id", flat=True):
            photos.process(photo_id=photo_id, now=MONDAY)
        for one in case.photos.select_related("photo"):
            photos.release(photo=one.photo, by=here.coordinator, copy_seen=one.photo.public_sha256, now=LATER)
        assert case.chip == State.CONFIRMING
        confirming.close_unanswered(case_id=case.id, now=MONDAY + timedelta(days=4))
        case.refresh_from_db()
        assert case.chip == "closed_unchecked" and Shown.objects.get(pk=case.pk).is_unchecked
        pages = {
            here.lan: ["mine/", f"cases/{case.code}/", f"c/{case.code}/"],
            here.wei: [f"cases/{case.code}/"],
            here.coordinator: [f"cases/{case.code}/", f"search/?q={case.code}"],
            here.hua: [f"c/{case.code}/", "nearby/"],
        }
        for person, paths in pages.items():
            client.force_login(Account.objects.get(pk=person.account_id))
            for path in paths:
                page = client.get(f"/s/yunqiao/{path}").content.decode()
                assert "已办结，未经核查" in page, (person.name, path)
        assert wall.wall(MONDAY + timedelta(days=4, hours=1)).latest[0].is_unchecked
        assert telling_orders.chip(WorkOrder(case=case, state=OrderState.DONE))[0] == "closed_unchecked"
        entry = Entry.objects.get(what=Fact.UNANSWERED, subject=case.subject)
        notices.tell(entry_id=entry.id, now=entry.happened_at)
        [told] = Notice.objects.filter(kind=Fact.UNANSWERED)
        assert told.person == here.lan
        assert notices.WORDINGS[told.kind](told.subject, told.params).title.endswith("未经核查")


@pytest.mark.django_db
def test_a_checked_close_says_nothing_of_it(here: Place, client: Client):
    case = handled(here)
    check = Check.objects.get(case=case)
    checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=LATER)
    confirming.confirm(case_id=case.id, actor=here.lan, rating=None, text="", now=LATER)
    client.force_login(Account.objects.get(pk=here.lan.account_id))
    assert "未经核查" not in client.get(f"/s/yunqiao/cases/{case.code}/").content.decode()
