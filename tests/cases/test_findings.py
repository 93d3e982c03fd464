"""False reports: found by a person, told to the reporter, appealed to another; never a machine, never a hand in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from huipai.cases import notices
from huipai.cases.commands import finding_false as deeds
from huipai.cases.commands import forgetting, handling
from huipai.cases.commands.finding_false import FoundAlready, GroundsTooShort, NotLookedAt, NotTheFinder
from huipai.cases.commands.handling import ReasonMissing
from huipai.cases.finding_words import DAYS_TO_APPEAL, DAYS_TO_HEAR, FindingState
from huipai.cases.models import Case, Finding, FindingStep
from huipai.cases.queries import proof
from huipai.cases.rules.machine import NotNow
from huipai.grid import commands as grid
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import WIPED, Role
from huipai.points.models import Posting
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SEEN = "去看过，桶是从院里搬出来摆的，保洁员在场"
NOT_SO = "我拍的时候桶就在路边，保安也看见了"


@pytest.fixture
def case(here: Place) -> Case:
    """Declined by the worker who looked."""
    case = here.report(now=clock.now() - HOUR, case_type=LITTER)
    return handling.decline(case_id=case.id, actor=here.wei, reason="not_seen", text="没有看到", now=clock.now())


def found(here: Place, case: Case, by: Person | None = None, text: str = SEEN, ground: str = "staged") -> Finding:
    actor = by or here.coordinator
    return deeds.find(case_id=case.id, report_id=None, actor=actor, ground=ground, text=text, now=clock.now())


def appealed(here: Place, case: Case) -> Finding:
    finding = found(here, case)
    return deeds.appeal(finding_id=finding.id, actor=here.lan, text=NOT_SO, now=clock.now())


def tell_all() -> None:
    for entry in Entry.objects.filter(what__in=notices.TOLD).order_by("id"):
        notices.tell(entry_id=entry.id, now=clock.now())


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person, kind__contains="f").order_by("id").values_list("kind", flat=True))


class TestFinding:
    def test_is_by_a_person_who_looks_after_the_place_and_has_no_hand_in_it(self, here: Place, case: Case) -> None:
        for person in (here.wei, here.lan, here.hua, here.shi, here.qin):
            with pytest.raises(NotAllowed):
                found(here, case, by=person)
        worker_too = Assignment.objects.create(
            person=here.coordinator, role=Role.GRID_WORKER, node=here.town["G"], valid_from=cast.A_MONTH_AGO
        )
        with pytest.raises(NotAllowed) as refused:
            found(here, case)
        assert refused.value.code == "hands_on_the_case"
        worker_too.delete()
        assert found(here, case).state == FindingState.FOUND

    def test_needs_that_somebody_looked_a_ground_and_words(self, here: Place, case: Case) -> None:
        with pytest.raises(NotLookedAt):
            found(here, here.report(now=clock.now(), case_type=LITTER))
        sent = Hub.with_a_case(here, case_type=LITTER, now=clock.now() - 2 * HOUR)
        order = sent.signed(now=clock.now() - HOUR)
        with pytest.raises(NotLookedAt):  # a desk sent it and a unit signed: nobody has been there
            found(here, sent.fresh())
        form = f"/s/yunqiao/cases/{sent.case.code}/false/"
        assert "要先有人去看过" in as_(here.coordinator).get(form).content.decode()
        page = f"/s/yunqiao/cases/{sent.case.code}/"
        assert form not in as_(here.coordinator).get(page).content.decode()
        sent.responded(order, now=clock.now())
        assert "要先有人去看过" not in as_(here.coordinator).get(form).content.decode()
        assert form in as_(here.coordinator).get(page).content.decode()
        assert found(here, sent.fresh()).state == FindingState.FOUND
        with pytest.raises(ReasonMissing):
            found(here, case, ground="looks_like_it")
        for text in ("", "假的"):
            with pytest.raises(GroundsTooShort):
                found(here, case, text=text)

    def test_is_made_once_a_report_even_when_it_was_struck_out(self, here: Place, case: Case) -> None:
        first = found(here, case)
        assert found(here, case) == first and FindingStep.objects.filter(finding=first).count() == 1
        with pytest.raises(FoundAlready):
            found(here, case, by=here.dispatcher)
        deeds.retract(finding_id=first.id, actor=here.coordinator, now=clock.now())
        with pytest.raises(FoundAlready):
            found(here, case, text="再认定一次，这回写别的理由")

    def test_is_not_by_who_lives_with_the_reporter_and_does_not_say_why(self, here: Place, case: Case) -> None:
        from_grid(here, here.lan, here.coordinator)
        with pytest.raises(NotAllowed) as refused:
            found(here, case)
        assert refused.value.code == "let_a_colleague" and here.lan.name not in refused.value.reason
        assert found(here, case, by=here.dispatcher)

    def test_whose_time_for_an_appeal_is_over_says_so(
        self, here: Place, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        finding = found(here, case)
        pages = (f"/s/yunqiao/findings/{finding.id}/", "/s/yunqiao/findings/?view=all")
        for path in pages:
            assert "认定了，可以申诉" in as_(here.coordinator).get(path).content.decode()
        monkeypatch.setattr(clock, "now", lambda: finding.appeal_until)
        for path in pages:
            page = as_(here.coordinator).get(path).content.decode()
            assert "认定了，没有申诉" in page and "可以申诉" not in page

    def test_is_not_made_of_somebody_who_left_and_could_not_appeal(self, here: Place, case: Case) -> None:
        people.erase(person=here.lan, actor=here.lan, now=clock.now())
        with pytest.raises(deeds.NobodyToTell):
            found(here, case)
        page = as_(here.coordinator).get(f"/s/yunqiao/cases/{case.code}/false/").content.decode()
        assert "现在没有可以认定的上报" in page

    def test_moves_no_points_and_no_case(self, here: Place, case: Case) -> None:
        before = (case.state, Posting.objects.count())
        deeds.uphold(
            finding_id=appealed(here, case).id, actor=here.dispatcher, text="看了录像，是摆出来的", now=clock.now()
        )
        case.refresh_from_db()
        assert (case.state, Posting.objects.count()) == before
        again = here.report(now=clock.now(), case_type=LITTER)
        assert again.state == "reported"

    def test_the_journal_and_the_steps_hold_no_word(self, here: Place, case: Case) -> None:
        finding = appealed(here, case)
        said = " ".join(str(entry.facts) for entry in Entry.objects.filter(subject=case.subject))
        assert SEEN not in said and NOT_SO not in said and str(finding.id) in said
        with pytest.raises(IntegrityError), transaction.atomic():
            FindingStep.objects.filter(finding=finding).update(part="system")


def from_grid(here: Place, *people: Person) -> None:
    for person in people:
        grid.move_in(person=person, household=here.town["H1"], at=cast.A_MONTH_AGO, actor=None, now=clock.now())


class TestAppeal:
    def test_goes_to_another_who_upholds_or_strikes_it_out(self, here: Place, case: Case) -> None:
        finding = appealed(here, case)
        for person in (here.coordinator, here.wei, here.lan):
            with pytest.raises(NotAllowed):
                deeds.lift(finding_id=finding.id, actor=person, text=SEEN, now=clock.now())
        lifted = deeds.lift(
            finding_id=finding.id, actor=here.dispatcher, text="问了保安，桶本来就在路边", now=clock.now()
        )
        assert lifted.state == FindingState.LIFTED and lifted.heard_by == here.dispatcher
        tell_all()
        assert told(here.lan) == ["case.found_false", "case.finding_lifted"]
        assert told(here.dispatcher) == ["case.finding_appealed"]
        assert told(here.coordinator) == ["case.finding_heard"]

    def test_is_the_reporters_alone_and_in_time(self, here: Place, case: Case) -> None:
        finding = found(here, case)
        with pytest.raises(NotVisible):
            deeds.appeal(finding_id=finding.id, actor=here.hua, text=NOT_SO, now=clock.now())
        late = clock.now() + DAY * DAYS_TO_APPEAL + HOUR
        with pytest.raises(deeds.AppealTooLate):
            deeds.appeal(finding_id=finding.id, actor=here.lan, text=NOT_SO, now=late)
        once = [deeds.appeal(finding_id=finding.id, actor=here.lan, text=NOT_SO, now=clock.now()) for _ in range(2)]
        assert once[0] == once[1] and FindingStep.objects.filter(finding=finding).count() == 2

    def test_that_nobody_looks_at_is_struck_out_by_itself(self, here: Place, case: Case) -> None:
        finding = appealed(here, case)
        assert deeds.lapse(finding_id=finding.id, now=clock.now()) is None
        late = clock.now() + DAY * DAYS_TO_HEAR + HOUR
        for _ in range(2):
            deeds.lapse(finding_id=finding.id, now=late)
        assert Finding.objects.get().state == FindingState.LIFTED and FindingStep.objects.count() == 3

    def test_may_be_spared_by_who_found_it(self, here: Place, case: Case) -> None:
        finding = found(here, case)
        with pytest.raises(NotTheFinder):
            deeds.retract(finding_id=finding.id, actor=here.dispatcher, now=clock.now())
        for _ in range(2):
            deeds.retract(finding_id=finding.id, actor=here.coordinator, now=clock.now())
        assert Finding.objects.get().state == FindingState.LIFTED
        with pytest.raises(NotNow):
            deeds.appeal(finding_id=finding.id, actor=here.lan, text=NOT_SO, now=clock.now())


class TestProof:
    def test_holds_and_finds_what_was_bent(self, here: Place, case: Case) -> None:
        finding = appealed(here, case)
        assert list(proof.verify_cases(here.street)) == []
        Finding.objects.filter(pk=finding.pk).update(state=FindingState.FOUND)
        [bent] = proof.verify_cases(here.street)
        assert "cases_finding" in str(bent) and str(finding.pk) in str(bent)

    def test_words_leave_with_the_reporter_once_it_is_settled(self, here: Place, case: Case) -> None:
        finding = appealed(here, case)
        forgetting.forget(person=here.lan, now=clock.now())
        assert Finding.objects.get().grounds == SEEN
        deeds.uphold(finding_id=finding.id, actor=here.dispatcher, text="看了录像，确实是摆的", now=clock.now())
        forgetting.forget(person=here.lan, now=clock.now())
        kept = Finding.objects.get()
        assert (kept.grounds, kept.appeal, kept.answer) == (WIPED, "", "")
        assert list(proof.verify_cases(here.street)) == []


class TestPages:
    def test_lead_from_the_finding_to_its_end(self, here: Place, case: Case) -> None:
        page = f"/s/yunqiao/cases/{case.code}/"
        desk, lan, hub = as_(here.coordinator), as_(here.lan), as_(here.dispatcher)
        assert f"{page}false/" in desk.get(page).content.decode()
        again = desk.post(f"{page}false/", {"reason": "", "text": SEEN})
        assert again.status_code == 422 and SEEN in again.content.decode()
        assert desk.post(f"{page}false/", {"reason": "staged", "text": SEEN}).status_code == 302
        finding = Finding.objects.get()
        own, staff = f"/s/yunqiao/mine/findings/{finding.id}/", f"/s/yunqiao/findings/{finding.id}/"
        for address in ("/s/yunqiao/mine/", f"/s/yunqiao/mine/{case.code}/"):
            assert own in lan.get(address).content.decode()
        shown = lan.get(own).content.decode()
        assert SEEN in shown and here.coordinator.name not in shown and "不扣您的积分" in shown
        empty = lan.post(own, {"text": " "})
        assert empty.status_code == 422 and lan.post(own, {"text": NOT_SO}).status_code == 302
        assert staff in hub.get("/s/yunqiao/findings/").content.decode()
        heard = hub.get(staff).content.decode()
        assert NOT_SO in heard and here.lan.name not in heard and "是您认定的" in desk.get(staff).content.decode()
        assert hub.post(staff, {"decision": "", "text": NOT_SO}).status_code == 422
        assert desk.post(staff, {"decision": "lift", "text": NOT_SO}).status_code == 403
        assert hub.post(staff, {"decision": "lift", "text": "问了保安，桶本来就在路边"}).status_code == 302
        assert "line-through" in lan.get(own).content.decode() and "已经划去" in lan.get(own).content.decode()
        assert own not in lan.get("/s/yunqiao/mine/").content.decode()

    def test_who_it_was_is_struck_out_for_staff_and_stays_for_the_reporter(self, here: Place, case: Case) -> None:
        finding = found(here, case, text=f"{here.lan.name} 13812345678 自己摆的，在场的人都看见了")
        staff = as_(here.dispatcher).get(f"/s/yunqiao/findings/{finding.id}/").content.decode()
        assert "自己摆的" in staff and here.lan.name not in staff and "13812345678" not in staff
        own = as_(here.lan).get(f"/s/yunqiao/mine/findings/{finding.id}/").content.decode()
        assert f"{here.lan.name} 13812345678 自己摆的" in own

    def test_each_door_for_each_person(self, here: Place, there: Place, case: Case) -> None:
        finding = found(here, case)
        doors = {
            f"cases/{case.code}/false/": {here.coordinator: 200, here.dispatcher: 200, here.wei: 403, here.lan: 403,
                                          here.hua: 404, here.shi: 404},
            f"findings/{finding.id}/": {here.coordinator: 200, here.dispatcher: 200, here.wei: 404, here.lan: 404,
                                        here.hua: 404, here.shi: 404},
            f"mine/findings/{finding.id}/": {here.lan: 200, here.coordinator: 404, here.hua: 404, here.wei: 404},
            "findings/": {here.coordinator: 200, here.dispatcher: 200, here.wei: 403, here.lan: 403, here.shi: 403},
        }  # fmt: skip
        for door, wanted in doors.items():
            assert {who: as_(who).get(f"/s/yunqiao/{door}").status_code for who in wanted} == wanted, door
        with in_street(there.street.id):
            strange = as_(there.dispatcher)
        assert strange.get(f"/s/hetang/findings/{finding.id}/").status_code == 404
        unseen = as_(here.wei).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        assert "不属实" not in unseen

    def test_a_list_asks_the_same_however_long_it_is(self, here: Place, case: Case) -> None:
        appealed(here, case)
        other = here.report(now=clock.now() - HOUR, case_type=LITTER, by=here.hua)
        handling.decline(case_id=other.id, actor=here.wei, reason="not_seen", text="没有", now=clock.now())
        hub, address = as_(here.dispatcher), "/s/yunqiao/findings/?view=all"
        counts = []
        hub.get(address)
        for more in (lambda: None, lambda: found(here, other)):
            more()
            with CaptureQueriesContext(connection) as asked:
                assert hub.get(address).status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1]
