"""A helper reports for an elder: the elder's report in everything, and nothing that its helper handles or checks."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, transaction

from huipai.cases import policies
from huipai.cases.commands import passing, reporting_for
from huipai.cases.commands.intake import NotThisId
from huipai.cases.commands.reporting_for import NotTheirHelper
from huipai.cases.models import Case, CasePhoto, Report, ReportHelp
from huipai.cases.queries import checking, involved
from huipai.cases.words import ReportState, State
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed
from huipai.people import commands as people
from huipai.people.models import Person, Proxy
from huipai.people.rules import mask_phone
from huipai.people.words import ProxyScope
from tests.cases.conftest import Place
from tests.cases.test_alike import shown
from tests.cases.test_outbox import DOOR, REPORTS, phone
from tests.cases.test_own import helps
from tests.cases.test_pages import as_, form

REPORT = "/s/yunqiao/report/"


def told(here: Place, helper: Person, **more: object) -> dict[str, object]:
    return {**form(here, here.photo(helper, clock.now()).id), "for_elder": str(here.lan.id), **more}


def stopped(elder: Person, helper: Person) -> None:
    proxy = Proxy.objects.get(elder=elder, helper=helper)
    people.end_proxy(proxy=proxy, actor=elder, now=clock.now())


class TestAtThePage:
    def test_the_form_asks_whose_it_is_only_where_there_is_somebody(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        helps(here.lan, here.bo, ProxyScope.ANSWER, ProxyScope.POINTS)
        page = as_(here.hua).get(f"{REPORT}?for={here.lan.id}").content.decode()
        assert "这是谁要报的？" in page and f'value="{here.lan.id}" checked' in page
        for person in (here.bo, here.lan, here.qin):
            assert "这是谁要报的？" not in as_(person).get(REPORT).content.decode()

    def test_elders_without_a_name_are_told_apart_by_what_may_be_seen_of_their_numbers(self, here: Place) -> None:
        for elder in (here.lan, here.bo):
            helps(elder, here.hua, ProxyScope.REPORT, ProxyScope.ANSWER)
            people.rename(person=elder, name="", actor=elder, now=clock.now())
        seen = [mask_phone(elder.account.phone) for elder in (here.lan, here.bo) if elder.account]
        assert len(set(seen)) == 2
        hua = as_(here.hua)
        for page in (REPORT, "/s/yunqiao/mine/", "/s/yunqiao/me/proxy/"):
            shown_there = hua.get(page).content.decode()
            assert all(number in shown_there for number in seen), page
        assert f"{seen[0]}的事" in hua.get(f"/s/yunqiao/mine/?for={here.lan.id}").content.decode()

    def test_it_is_the_elders_and_whose_hands_it_was_stands_beside(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT, ProxyScope.ANSWER)
        hua = as_(here.hua)
        answer = hua.post(REPORT, told(here, here.hua), follow=True)
        page, report = answer.content.decode(), Report.objects.get()
        assert answer.status_code == 200 and f"报在{here.lan.name}名下" in page
        assert (report.reporter, report.case.reporter, report.help.get().helper) == (here.lan, here.lan, here.hua)
        assert report.case.code in as_(here.lan).get("/s/yunqiao/mine/").content.decode()
        assert report.case.code not in hua.get("/s/yunqiao/mine/").content.decode()
        assert hua.get(f"/s/yunqiao/mine/{report.case.code}/?for={here.lan.id}").status_code == 200
        entry = Entry.objects.get(what="case.acted_for")
        facts = {"elder": str(here.lan.id), "scope": "report", "fact": "case.reported"}
        assert (entry.actor_id, entry.facts) == (here.hua.id, facts)

    def test_nobody_who_handles_it_reads_the_helpers_name(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        said = f"我是邻居{here.hua.name}替她报的"
        as_(here.hua).post(REPORT, told(here, here.hua, text=said, address=f"{here.hua.name}家门口"))
        code = Case.objects.get().code
        assert as_(here.lan).get(f"/s/yunqiao/mine/{code}/").status_code == 200
        for person, path in (
            (here.wei, f"cases/{code}/"), (here.wei, "today/"), (here.dispatcher, f"desk/?view=all&case={code}"),
            (here.coordinator, f"search/?q={code}"),
        ):  # fmt: skip
            page = as_(person).get(f"/s/yunqiao/{path}").content.decode()
            assert code in page and here.hua.name not in page, path

    def test_what_comes_back_with_an_error_still_says_whose(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        answer = as_(here.hua).post(REPORT, told(here, here.hua, case_type=""))
        assert answer.status_code == 422 and f'value="{here.lan.id}" checked' in answer.content.decode()

    @pytest.mark.parametrize("whose", ["nobody", "not a helper", "another scope", "ended", "oneself", "nonsense"])
    def test_not_for_whoever_did_not_ask_for_it(self, here: Place, there: Place, whose: str) -> None:
        sent = told(here, here.hua)
        if whose == "nobody":
            sent["for_elder"] = str(there.lan.id)
        elif whose == "another scope":
            helps(here.lan, here.hua, ProxyScope.ANSWER, ProxyScope.POINTS)
        elif whose == "ended":
            helps(here.lan, here.hua, ProxyScope.REPORT)
            stopped(here.lan, here.hua)
        elif whose == "oneself":
            sent["for_elder"] = str(here.hua.id)
        elif whose == "nonsense":
            sent["for_elder"] = "奶奶"
        answer = as_(here.hua).post(REPORT, sent)
        page = answer.content.decode()
        assert answer.status_code == 422 and not Report.objects.exists()
        assert ("选一下是谁要报的" if whose == "nonsense" else "现在不能替这一位上报") in page
        assert str(sent["text"]) in page

    def test_who_may_only_report_hears_that_it_came_in_and_follows_no_further(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        hua = as_(here.hua)
        page = hua.post(REPORT, told(here, here.hua), follow=True).content.decode()
        code = Case.objects.get().code
        assert code in page and "看这件事" not in page and "改一改" in page
        assert hua.get(f"/s/yunqiao/mine/{code}/?for={here.lan.id}").status_code == 404
        assert as_(here.bo).get(f"/s/yunqiao/reports/{Report.objects.get().id}/received/").status_code == 404


class TestPuttingRight:
    def test_the_helper_changes_text_and_adds_a_photo_of_their_own(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        hua = as_(here.hua)
        hua.post(REPORT, told(here, here.hua))
        case, first = Case.objects.get(), CasePhoto.objects.get().photo_id
        address = f"/s/yunqiao/cases/{case.code}/correction/?for={here.lan.id}"
        shown = hua.get(address)
        assert shown.status_code == 200 and str(first) in shown.content.decode()
        more = here.photo(here.hua, clock.now()).id
        sent = {"text": "又来了一辆", "photo_id": [str(first), str(more)], "lng": case.lng, "lat": case.lat}
        answer = hua.post(address, sent)
        assert answer.status_code == 302 and "received" in answer["Location"]
        assert Report.objects.get().text == "又来了一辆" and CasePhoto.objects.count() == 2

    def test_the_elder_keeps_the_photos_that_the_helper_took(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        as_(here.hua).post(REPORT, told(here, here.hua))
        case, first = Case.objects.get(), CasePhoto.objects.get().photo_id
        page = as_(here.lan).get(f"/s/yunqiao/cases/{case.code}/correction/").content.decode()
        assert str(first) in page

    def test_the_helper_takes_it_back_and_nobody_else_does(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        helps(here.lan, here.bo, ProxyScope.ANSWER)
        as_(here.hua).post(REPORT, told(here, here.hua))
        case = Case.objects.get()
        address = f"/s/yunqiao/cases/{case.code}/withdrawal/?for={here.lan.id}"
        for person in (here.bo, here.qin):
            assert as_(person).post(address).status_code == 404
        assert as_(here.hua).post(f"/s/yunqiao/cases/{case.code}/withdrawal/").status_code == 404
        assert as_(here.hua).post(address).status_code == 302
        case.refresh_from_db()
        assert case.state == State.VOIDED and Report.objects.get().state == ReportState.WITHDRAWN


class TestOnceAndTheSame:
    def test_a_phone_that_kept_it_gets_the_same_answer_each_time(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        kept, sent = phone(here, here.hua), told(here, here.hua)
        assert kept.get(DOOR).status_code == 200
        first, again = (kept.post(REPORTS, sent) for _ in range(2))
        assert first.status_code == 200 and first.json() == again.json()
        assert kept.get(f"{REPORTS}{sent['report_id']}/").json() == first.json()
        assert Report.objects.count() == ReportHelp.objects.count() == 1
        assert Entry.objects.filter(what="case.acted_for").count() == 1

    def test_an_answer_that_was_not_heard_is_given_after_the_permission_has_ended(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        kept, sent = phone(here, here.hua), told(here, here.hua)
        first = kept.post(REPORTS, sent)
        stopped(here.lan, here.hua)
        again = kept.post(REPORTS, sent)
        assert again.status_code == 200 and again.json() == first.json()
        assert kept.post(REPORTS, {**sent, "text": "别的"}).status_code == 409
        assert Report.objects.count() == 1

    def test_a_refusal_says_where_on_the_form(self, here: Place) -> None:
        answer = phone(here, here.hua).post(REPORTS, told(here, here.hua))
        assert (answer.status_code, answer.json()["at"]) == (422, "pick-for_elder")

    def test_the_id_of_the_elders_own_report_is_not_the_helpers(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        sending = here.sending(here.photo(here.lan))
        here.receive(sending, here.lan)
        with pytest.raises(NotThisId):
            reporting_for.report_for(elder_id=here.lan.id, helper=here.hua, sending=sending, joins="", now=clock.now())
        assert not ReportHelp.objects.exists()

    def test_photos_of_somebody_else_are_not_theirs_to_send(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        answer = as_(here.hua).post(REPORT, told(here, here.qin))
        assert answer.status_code == 422 and not Report.objects.exists()


class TestThreePeople:
    def test_a_worker_who_sent_it_does_not_handle_it(self, here: Place) -> None:
        helps(here.lan, here.wei, ProxyScope.REPORT)
        as_(here.wei).post(REPORT, told(here, here.wei))
        case = Case.objects.get()
        assert case.worker is None
        verdict = policies.may_handle(here.wei, case, clock.now())
        assert not verdict and verdict.code == "own_report"
        assert not policies.may_decline(here.wei, case, clock.now())
        assert as_(here.wei).post(f"/s/yunqiao/cases/{case.code}/acceptance/").status_code == 403

    def test_nor_is_it_theirs_after_it_was_moved_or_passed_on(self, here: Place) -> None:
        helps(here.lan, here.wei, ProxyScope.REPORT)
        as_(here.wei).post(REPORT, told(here, here.wei))
        case = Case.objects.get()
        passing.pass_on_work_of(person_id=here.wei.id, now=clock.now())
        place = here.town.at(150, 50)
        sent = {
            "text": "", "photo_id": [str(CasePhoto.objects.get().photo_id)], "lng": place.lng, "lat": place.lat,
            "position_source": "pin",
        }  # fmt: skip
        assert as_(here.lan).post(f"/s/yunqiao/cases/{case.code}/correction/", sent).status_code == 302
        case.refresh_from_db()
        assert case.worker is None

    def test_nobody_checks_what_they_sent_even_when_they_help_no_longer(self, here: Place) -> None:
        helps(here.lan, here.qin, ProxyScope.REPORT)
        as_(here.qin).post(REPORT, told(here, here.qin))
        case = Case.objects.get()
        stopped(here.lan, here.qin)
        assert here.qin.id in involved.reporters_of(case)
        assert checking.checker_pool(case, clock.now()) == [here.bo.id]

    def test_who_handles_a_neighbours_case_does_not_join_another_to_it(self, here: Place) -> None:
        case = shown(here, by=here.hua)
        case.handler = here.wei
        case.save()
        helps(here.lan, here.wei, ProxyScope.REPORT)
        with pytest.raises(NotAllowed) as refused:
            reporting_for.report_for(
                elder_id=here.lan.id, helper=here.wei, sending=here.sending(here.photo(here.wei)), joins=case.code,
                now=clock.now(),
            )  # fmt: skip
        assert refused.value.code == "own_work"

    def test_an_elder_joins_a_neighbours_case_through_the_helper(self, here: Place) -> None:
        case = shown(here, by=here.qin)
        helps(here.lan, here.hua, ProxyScope.REPORT)
        answer = as_(here.hua).post(REPORT, told(here, here.hua, same=case.code), follow=True)
        assert answer.status_code == 200
        joined = Report.objects.get(state=ReportState.JOINED)
        assert (joined.case, joined.reporter, joined.help.get().helper) == (case, here.lan, here.hua)


class TestTheRow:
    def test_stays_as_it_was_written(self, here: Place) -> None:
        helps(here.lan, here.hua, ProxyScope.REPORT)
        as_(here.hua).post(REPORT, told(here, here.hua))
        for change in (lambda: ReportHelp.objects.all().delete(), lambda: ReportHelp.objects.update(helper=here.bo)):
            with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
                change()

    def test_a_stranger_is_told_nothing(self, here: Place) -> None:
        with pytest.raises(NotTheirHelper):
            reporting_for.report_for(
                elder_id=here.lan.id, helper=here.bo, sending=here.sending(here.photo(here.bo)), joins="",
                now=clock.now(),
            )  # fmt: skip
