"""Who reported, and original photos: shown with a reason, for a short time, recorded, never to who works on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huipai.audit.commands import GroundMissing
from huipai.audit.models import Disclosure
from huipai.audit.words import Kind
from huipai.cases import policies
from huipai.cases.commands import handling, sealed, triage, working
from huipai.cases.models import Case, CasePhoto, Report
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed, NotVisible, Refused
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import LITTER, SMALL, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.cast import MONDAY
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
OTHERS = (("关二", "13900017777"), ("关三", "13900017778"))
WHY = {"reason": "dispute", "words": "投诉要当面谈"}


@pytest.fixture
def case(here: Place) -> Case:
    return here.report(now=clock.now() - HOUR, case_type=LITTER, text="电话 13800010000 找我")


def leader(here: Place) -> Person:
    person = cast.staff("路书记", "13900019001")
    Assignment.objects.create(person=person, role=Role.LEADER, node=here.town["S"], valid_from=cast.A_MONTH_AGO)
    return person


def unmask(case: Case, by: Person, **more: object) -> Disclosure:
    asked = {**WHY, "now": clock.now(), **more}
    return sealed.unmask(case_id=case.id, actor=by, **asked)  # type: ignore[arg-type]


class TestUnmasking:
    def test_who_looks_after_the_place_sees_name_and_number_for_ten_minutes(self, here: Place, case: Case) -> None:
        assert here.lan.account is not None and here.lan.account.phone is not None
        phone = here.lan.account.phone.removeprefix("+86")
        for person in (here.coordinator, here.dispatcher, leader(here)):
            browser = as_(person)
            page = f"/s/yunqiao/cases/{case.code}/reporter/"
            before = browser.get(page)
            assert before.status_code == 200 and here.lan.name not in before.content.decode()
            assert browser.post(page, WHY).status_code == 302
            shown = browser.get(page)
            assert here.lan.name in shown.content.decode() and phone in shown.content.decode()
            assert "no-store" in shown["Cache-Control"]
        assert Disclosure.objects.filter(kind=Kind.UNMASKED).count() == 3

    def test_it_closes_by_itself_and_a_second_press_opens_nothing_more(self, here: Place, case: Case) -> None:
        long_ago = clock.now() - timedelta(minutes=11)
        opened = unmask(case, here.dispatcher, now=long_ago)
        assert opened.until == long_ago + sealed.OPEN_FOR
        page = as_(here.dispatcher).get(f"/s/yunqiao/cases/{case.code}/reporter/").content.decode()
        assert here.lan.name not in page and "为什么要看" in page
        assert unmask(case, here.dispatcher) == unmask(case, here.dispatcher) != opened
        assert Entry.objects.filter(what="case.unmasked", subject=case.subject).count() == 2

    def test_what_one_has_opened_is_closed_to_everybody_else_and_for_other_cases(self, here: Place, case: Case) -> None:
        unmask(case, here.dispatcher)
        other = here.report(here.hua, now=clock.now())
        for browser, code in ((as_(here.coordinator), case.code), (as_(here.dispatcher), other.code)):
            page = browser.get(f"/s/yunqiao/cases/{code}/reporter/").content.decode()
            assert here.lan.name not in page and here.hua.name not in page

    def test_of_who_comes_later_nothing_is_shown_without_a_reason_of_its_own(self, here: Place, case: Case) -> None:
        """By a merge, one's own among them, or by joining it."""
        unmask(case, here.coordinator, now=clock.now() - timedelta(minutes=1))
        page = f"/s/yunqiao/cases/{case.code}/reporter/"
        assert here.lan.name in as_(here.coordinator).get(page).content.decode()
        other = here.report(here.hua, now=clock.now())
        triage.merge(case_id=other.id, into_id=case.id, actor=here.coordinator, now=clock.now())
        again = as_(here.coordinator).get(page).content.decode()
        assert here.hua.name not in again and here.lan.name not in again and "为什么要看" in again
        assert as_(here.coordinator).post(page, WHY).status_code == 302
        both = as_(here.coordinator).get(page).content.decode()
        assert here.hua.name in both and here.lan.name in both
        assert Disclosure.objects.filter(kind=Kind.UNMASKED).count() == 2

    def test_the_journal_has_the_code_and_the_record_the_words_without_the_name(self, here: Place, case: Case) -> None:
        unmask(case, here.dispatcher, words="给蓝小河 13800010000 回电话")
        one = Disclosure.objects.get()
        assert one.words == "给＊＊ ＊＊ 回电话" and one.about == case.code
        assert Entry.objects.get(what="case.unmasked").facts == {"reason": "dispute"}

    def test_never_who_handles_works_checks_or_reported(self, here: Place, case: Case) -> None:
        hub = Hub(here, case)
        check = hub.responded(hub.signed(now=clock.now()), now=clock.now())
        Assignment.objects.create(
            person=here.shi, role=Role.COORDINATOR, node=here.town["C"], valid_from=cast.A_MONTH_AGO
        )
        for person in (here.shi, here.wei, check.checker, here.lan):
            with pytest.raises((NotAllowed, NotVisible)):
                unmask(case, person)
            with pytest.raises(NotVisible):
                self.original(case, person)
        assert not Disclosure.objects.exists()

    @staticmethod
    def original(case: Case, person: Person) -> object:
        photo = CasePhoto.objects.filter(case=case).values_list("photo", flat=True)[0]
        return sealed.open_original(case_id=case.id, photo_id=photo, actor=person, now=clock.now(), **WHY)

    def test_the_coordinator_reads_the_names_of_those_who_want_it_and_it_is_written_down(
        self, here: Place, case: Case
    ) -> None:
        page, names = (f"/s/yunqiao/cases/{case.code}/reporter/{end}" for end in ("", "names/"))
        browser = as_(here.coordinator)
        assert "愿意让您知道" not in browser.get(page).content.decode()
        assert browser.post(names).status_code == 404 and not Disclosure.objects.exists(), "nobody said yes"
        Report.objects.filter(case=case).update(is_name_hidden=False)
        asked = browser.get(page).content.decode()
        assert "愿意让您知道" in asked and here.lan.name not in asked
        assert [browser.post(names).status_code for _ in range(2)] == [302, 302]
        read = browser.get(page).content.decode()
        assert here.lan.name in read and "tel:" not in read
        record = Disclosure.objects.get()
        assert (record.kind, record.reason, record.about) == (Kind.NAMED, "willing", case.code)
        assert Entry.objects.get(what="case.name_read").actor_id == here.coordinator.id
        for person in (here.dispatcher, leader(here), here.wei):
            assert as_(person).post(names).status_code == 403
        assert here.lan.name not in as_(here.dispatcher).get(page).content.decode()

    def test_whoever_has_seen_who_reported_does_not_take_it_into_their_hands(self, here: Place, case: Case) -> None:
        """By the page of the case, or by having looked the reporter up, and whatever they are appointed to since."""
        now = clock.now()
        unmask(case, here.coordinator)
        looked, bystander = (cast.appoint(cast.staff(name, phone), Role.LEADER) for name, phone in OTHERS)
        sealed.look_up(actor=looked, who=case.reporter.name, now=now, **WHY)
        for person, knows in ((here.coordinator, True), (looked, True), (bystander, False)):
            cast.appoint(person, Role.GRID_WORKER)
            verdict = policies.may_handle(person, case, now)
            assert verdict.code == ("knows_who_reported" if knows else "")
            assert policies.may_come_to(person, case) is not knows
        with pytest.raises(Refused) as refused:
            handling.accept(case_id=case.id, actor=here.coordinator, now=now)
        assert refused.value.code == "knows_who_reported"

    def test_for_a_unit_they_do_not_either(self, here: Place) -> None:
        hub, now = Hub.with_a_case(here), clock.now()
        leads = leader(here)
        sealed.unmask(case_id=hub.case.id, actor=leads, now=MONDAY, **WHY)
        Assignment.objects.create(person=leads, role=Role.UNIT_HANDLER, unit=here.city, valid_from=cast.A_MONTH_AGO)
        order = hub.sent()
        with pytest.raises(Refused) as refused:
            working.sign(order_id=order.id, actor=leads, now=now)
        assert refused.value.code == "knows_who_reported"
        page = as_(leads).get(f"/s/yunqiao/orders/{order.id}/").content.decode()
        assert "您看过这件是谁报的" in page and "/sign/" not in page

    def test_a_coordinator_who_was_once_the_worker_of_it_does_not(self, here: Place, case: Case) -> None:
        handling.accept(case_id=case.id, actor=here.wei, now=clock.now())
        Assignment.objects.create(
            person=here.wei, role=Role.COORDINATOR, node=here.town["C"], valid_from=cast.A_MONTH_AGO
        )
        with pytest.raises(NotAllowed):
            unmask(case, here.wei)

    def test_doors_are_shown_to_nobody_else(self, here: Place, case: Case) -> None:
        pages = {
            here.dispatcher: (f"/s/yunqiao/desk/?view=all&case={case.code}", True),
            here.coordinator: (f"/s/yunqiao/cases/{case.code}/", True),
            here.wei: (f"/s/yunqiao/cases/{case.code}/", False),
        }
        for person, (page, shown) in pages.items():
            assert ("看上报人" in as_(person).get(page).content.decode()) is shown, person.name

    @pytest.mark.parametrize("page", ["reporter/", "originals/"])
    def test_each_door_for_each_person(self, here: Place, there: Place, case: Case, page: str) -> None:
        address = f"/s/yunqiao/cases/{case.code}/{page}"
        not_theirs = 403 if page == "reporter/" else 404
        wanted = {
            here.dispatcher: 200, here.coordinator: 200, here.wei: not_theirs, here.lan: not_theirs, here.hua: 404,
            here.ning: 404, here.xu: 404,
        }  # fmt: skip
        assert {person: as_(person).get(address).status_code for person in wanted} == wanted
        with in_street(there.street.id):
            strange = as_(there.dispatcher)
        assert strange.get(f"/s/hetang/cases/{case.code}/{page}").status_code == 404

    def test_without_a_reason_nothing_opens_and_the_words_stay(self, here: Place, case: Case) -> None:
        answer = as_(here.dispatcher).post(f"/s/yunqiao/cases/{case.code}/reporter/", {"words": "要回访"})
        assert answer.status_code == 422 and "要回访" in answer.content.decode()
        with pytest.raises(GroundMissing):
            unmask(case, here.dispatcher, reason="handling")


class TestOriginals:
    def test_one_look_at_the_bytes_as_received(self, here: Place, case: Case) -> None:
        photo = CasePhoto.objects.filter(case=case).values_list("photo", flat=True)[0]
        browser = as_(here.coordinator)
        page = f"/s/yunqiao/cases/{case.code}/originals/{photo}/"
        assert "/original/" not in browser.get(page).content.decode()
        shown = browser.post(page, {"reason": "handling", "words": "看清车牌"}).content.decode()
        address = shown.split('src="')[1].split('"')[0] if "/original/" not in shown else ""
        address = address or next(part for part in shown.split('"') if f"photos/{photo}/original/" in part)
        answer = browser.get(address)
        assert answer.status_code == 200 and b"".join(answer.streaming_content) == SMALL
        assert as_(here.dispatcher).get(address).status_code == 404
        one = Disclosure.objects.get(kind=Kind.ORIGINAL)
        assert (one.person, one.about, one.words) == (here.coordinator, case.code, "看清车牌")
        assert one.subject == f"photo:{photo}" and Entry.objects.get(pk=one.entry_id).facts == {"reason": "handling"}

    def test_a_photo_of_another_case_is_not_there(self, here: Place, case: Case) -> None:
        other = here.report(here.hua, now=clock.now())
        photo = CasePhoto.objects.filter(case=other).values_list("photo", flat=True)[0]
        page = f"/s/yunqiao/cases/{case.code}/originals/{photo}/"
        assert as_(here.dispatcher).post(page, {"reason": "handling", "words": "看清车牌"}).status_code == 404
