"""What a helper did in an elder's name: the elder hears of it, and the page says whose hands it was."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huipai.cases import notices
from huipai.cases.commands import asking, finding_false, handling
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CasePhoto, Finding, Question
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.notices.models import Notice
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ProxyScope
from tests.cases.conftest import LITTER, Place
from tests.cases.test_alike import shown
from tests.cases.test_neighbours import passed
from tests.cases.test_own import helps
from tests.cases.test_pages import as_
from tests.cases.test_reporting_for import REPORT, stopped, told

CASES = "/s/yunqiao/cases/"


@pytest.fixture
def helped(here: Place) -> Place:
    """Lan lets Hua do everything for her, and Bo answer."""
    helps(here.lan, here.hua, ProxyScope.REPORT, ProxyScope.ANSWER)
    helps(here.lan, here.bo, ProxyScope.ANSWER)
    return here


def heard(elder: Person) -> list[str]:
    """The notices of what was done for somebody, each follower run twice, as a worker may."""
    for entry in Entry.objects.filter(what=Fact.ACTED_FOR):
        for _twice in range(2):
            notices.tell(entry_id=entry.id, now=clock.now())
    of_acts = Notice.objects.filter(kind=Fact.ACTED_FOR)
    assert {notice.person_id for notice in of_acts} <= {elder.id}, "nobody else"
    return [str(notice.wording.title) for notice in of_acts.order_by("created_at", "id")]


def page_of(reader: Person, case: Case, elder: Person | None = None) -> str:
    query = f"?for={elder.id}" if elder else ""
    answer = as_(reader).get(f"/s/yunqiao/mine/{case.code}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


class TestReportedCorrectedTakenBack:
    def test_the_elder_hears_of_each_and_reads_who_it_was(self, helped: Place) -> None:
        here, hua, query = helped, as_(helped.hua), f"?for={helped.lan.id}"
        hua.post(REPORT, told(here, here.hua))
        case = Case.objects.get()
        assert f"{here.hua.name}替您报的" in page_of(here.lan, case)
        sent = {
            "text": "又来了一辆",
            "photo_id": [str(CasePhoto.objects.get().photo_id)],
            "lng": case.lng,
            "lat": case.lat,
        }
        for _twice in range(2):
            assert hua.post(f"{CASES}{case.code}/correction/{query}", sent).status_code == 302
        assert hua.post(f"{CASES}{case.code}/withdrawal/{query}").status_code == 302
        hua.post(f"{CASES}{case.code}/withdrawal/{query}")
        titles = ["您的帮手替您报了一件事", "您的帮手替您改了报的内容", "您的帮手替您撤回了一件事"]
        assert heard(here.lan) == titles, "what changed nothing is told to nobody"
        own, helpers, others = (
            page_of(here.lan, case),
            page_of(here.hua, case, here.lan),
            page_of(here.bo, case, here.lan),
        )
        assert f"{here.hua.name}替您撤回了" in own and f"{here.hua.name}替您补充、改过内容" in own
        assert f"您替{here.lan.name}撤回了" in helpers and f"您替{here.lan.name}补充、改过内容" in helpers
        assert f"别的帮手替{here.lan.name}撤回了" in others and here.hua.name not in others
        assert all(">您撤回了" not in page for page in (own, helpers, others))

    def test_what_the_elder_did_is_the_elders(self, helped: Place) -> None:
        case = helped.report(now=clock.now())
        assert as_(helped.lan).post(f"{CASES}{case.code}/withdrawal/").status_code == 302
        assert heard(helped.lan) == []
        assert ">您撤回了" in page_of(helped.lan, case)
        assert f"{helped.lan.name}撤回了" in page_of(helped.hua, case, helped.lan)

    def test_so_it_stays_after_the_permission_has_ended(self, helped: Place) -> None:
        as_(helped.hua).post(REPORT, told(helped, helped.hua))
        case = Case.objects.get()
        stopped(helped.lan, helped.hua)
        assert f"{helped.hua.name}替您报的" in page_of(helped.lan, case)
        people.rename(person=helped.hua, name="", actor=helped.hua, now=clock.now())
        assert "替您报的" in page_of(helped.lan, case)

    def test_a_neighbours_case_that_the_helper_joined_for_her(self, helped: Place) -> None:
        case = shown(helped, by=helped.qin)
        as_(helped.hua).post(REPORT, told(helped, helped.hua, same=case.code))
        assert heard(helped.lan) == ["您的帮手替您报了一件事，邻居也报过"]
        assert f"{helped.hua.name}替您也报了这一件" in page_of(helped.lan, case)
        neighbours = page_of(helped.qin, case)
        assert (
            helped.hua.name not in neighbours and "替" not in neighbours.split("走到哪一步")[1].split("</section>")[0]
        )


def answer_to(case: Case, text: str) -> dict[str, object]:
    return {"question": Question.objects.get(case=case, closed_at=None).id, "text": text}


class TestAnswers:
    def test_an_answer_is_the_helpers_words_on_the_elders_page(self, helped: Place) -> None:
        case = helped.report(now=clock.now())
        handling.accept(case_id=case.id, actor=helped.wei, now=clock.now())
        asking.ask(case_id=case.id, actor=helped.wei, text="几点开始堵？", now=clock.now())
        sent = as_(helped.hua).post(f"{CASES}{case.code}/answer/?for={helped.lan.id}", answer_to(case, "六点半"))
        assert sent.status_code == 302 and heard(helped.lan) == ["您的帮手替您回答了一句"]
        own, helpers = page_of(helped.lan, case), page_of(helped.hua, case, helped.lan)
        assert f"{helped.hua.name}替您回答了" in own and 'justify-self-start">六点半' in own
        assert f"您替{helped.lan.name}回答了" in helpers and 'justify-self-end">六点半' in helpers
        staff = as_(helped.wei).get(f"{CASES}{case.code}/").content.decode()
        assert "上报人回答了" in staff and helped.hua.name not in staff

    @pytest.mark.parametrize(
        ("path", "sent", "title", "line"),
        [
            (
                "confirmation", {"round": "1", "rating": "2", "text": "拖了三天"}, "您的帮手替您说：解决了",
                "替您说解决了，已办结",
            ),
            ("dispute", {"round": "1", "text": "还有一袋"}, "您的帮手替您说：还没有解决", "替您说还没有，重新办"),
        ],
    )  # fmt: skip
    def test_the_last_word_and_its_stars(
        self, helped: Place, path: str, sent: dict[str, str], title: str, line: str
    ) -> None:
        case = helped.report(case_type=LITTER, now=clock.now())
        passed(helped, case)
        for _twice in range(2):
            as_(helped.hua).post(f"{CASES}{case.code}/{path}/?for={helped.lan.id}", sent)
        own = page_of(helped.lan, case)
        assert heard(helped.lan) == [title] and f"{helped.hua.name}{line}" in own
        assert ("打了 2 颗星" in own) == (path == "confirmation")

    def test_a_review_and_an_appeal(self, helped: Place) -> None:
        here, query = helped, f"?for={helped.lan.id}"
        case = here.report(now=clock.now())
        handling.decline(case_id=case.id, actor=here.wei, reason="not_the_streets", text="", now=clock.now())
        as_(here.hua).post(f"{CASES}{case.code}/review/{query}", {"text": "是街道的树"})
        assert f"{here.hua.name}替您申请了复核" in page_of(here.lan, case)
        other = here.report(case_type=LITTER, now=clock.now())
        passed(here, other)
        finding_false.find(
            case_id=other.id, report_id=None, actor=here.coordinator, ground="made_up",
            text="去看了三次都没有看到垃圾", now=clock.now(),
        )  # fmt: skip
        page = f"/s/yunqiao/mine/findings/{Finding.objects.get().id}/"
        for _twice in range(2):
            as_(here.hua).post(f"{page}{query}", {"text": "当天下午就在东门"})
        assert heard(here.lan) == ["您的帮手替您申请了复核", "您的帮手替您申诉了"]
        assert f"{here.hua.name}替您申诉了" in as_(here.lan).get(page).content.decode()
        assert f"您替{here.lan.name}申诉了" in as_(here.hua).get(f"{page}{query}").content.decode()


class TestTheNotice:
    def test_leads_to_the_page_in_both_languages(self, helped: Place) -> None:
        as_(helped.hua).post(REPORT, told(helped, helped.hua))
        heard(helped.lan)
        notice = Notice.objects.get(kind=Fact.ACTED_FOR)
        assert "name" not in str(notice.params) and helped.hua.name not in str(notice.params)
        read = as_(helped.lan).post(f"/s/yunqiao/notices/{notice.id}/reading/")
        assert read["Location"] == f"/s/yunqiao/mine/{Case.objects.get().code}/"
        client = as_(helped.lan)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert "reported something for you" in client.get("/s/yunqiao/notices/").content.decode()
        assert f"{helped.hua.name} (for you)" in client.get(read["Location"]).content.decode()

    def test_is_no_strangers(self, helped: Place, there: Place) -> None:
        as_(helped.hua).post(REPORT, told(helped, helped.hua))
        heard(helped.lan)
        notice = Notice.objects.get(kind=Fact.ACTED_FOR)
        for person in (helped.hua, helped.wei, helped.qin):
            assert as_(person).post(f"/s/yunqiao/notices/{notice.id}/reading/").status_code == 404

    def test_the_page_costs_the_same_however_much_was_done(self, helped: Place) -> None:
        case = helped.report(now=clock.now())
        handling.accept(case_id=case.id, actor=helped.wei, now=clock.now())
        lan, spent = as_(helped.lan), []
        for _round in range(3):
            asking.ask(case_id=case.id, actor=helped.wei, text="几点？", now=clock.now())
            as_(helped.hua).post(f"{CASES}{case.code}/answer/?for={helped.lan.id}", answer_to(case, "六点"))
            with CaptureQueriesContext(connection) as asked:
                lan.get(f"/s/yunqiao/mine/{case.code}/")
            spent.append(len(asked))
        assert spent[1] == spent[2]
