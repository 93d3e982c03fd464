"""What a form asked when it was filled in is what its answers are judged by, however late it arrives."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from huipai.cases.commands import joining
from huipai.cases.commands.intake import AskedUnderNothing, QuestionOpen
from huipai.cases.models import Case, Report, ReportAnswers
from huipai.cases.queries import types as read
from huipai.cases.rules.types import Question
from huipai.cases.type_words import QuestionKind
from huipai.people.models import Person
from tests.cases.conftest import LITTER, Place
from tests.cases.showing import release
from tests.cases.test_outbox import REPORTS, phone
from tests.cases.test_pages import as_, form
from tests.cases.test_types import changed, keeper, terms
from tests.cast import TUESDAY
from tests.photos.conftest import folder

__all__ = ["folder", "keeper"]
pytestmark = pytest.mark.django_db

THEN = Question("smell", "有没有味道", QuestionKind.CHOICE, ("没有", "很大"))
NOW = Question("smell", "味道大不大", QuestionKind.CHOICE, ("小", "大"), is_required=True)


@pytest.fixture(autouse=True)
def asked(here: Place, keeper: Person) -> None:
    """The second edition asks; the third asks otherwise."""
    changed(keeper, replace(terms(), questions=(THEN,)))
    changed(keeper, replace(terms(), questions=(NOW,)), seen=2)


def kept(here: Place, **more: object) -> dict[str, object]:
    """A report as it lies on a phone since before."""
    photo = here.photo(here.lan)
    told = {"case_type": LITTER, "photo_id": str(photo.id), "text": "堆了一地", "q-litter-smell": "很大"}
    return form(here, **{**told, **more})


class TestSentLater:
    def test_is_judged_by_the_edition_of_its_answers_and_shown_with_its_question(self, here: Place) -> None:
        sent = kept(here, editions="litter.2 parking.1")
        lan = phone(here, here.lan)
        first, again = (lan.post(REPORTS, sent) for _ in range(2))
        assert first.status_code == 200 and first.json() == again.json()
        answers = ReportAnswers.objects.get()
        assert (answers.edition, answers.answers, Case.objects.get().edition) == (2, {"smell": "很大"}, 3)
        assert [(one.label, one.words) for one in read.answers_of(Case.objects.get())] == [("有没有味道", "很大")]
        page = as_(here.wei).get(f"/s/yunqiao/cases/{Case.objects.get().code}/").content.decode()
        assert "有没有味道" in page and "味道大不大" not in page

    def test_what_was_written_where_neighbours_do_not_see_it_stays_so(self, here: Place, keeper: Person) -> None:
        """The form said so; the type was opened while the report waited on the phone."""
        changed(keeper, replace(terms(), questions=(), is_public=False), seen=3)
        changed(keeper, replace(terms(), questions=(), is_public=True), seen=4)
        assert not self.is_shown(here, edition=4)
        assert self.is_shown(here, edition=5)
        changed(keeper, replace(terms(), questions=(), is_public=False), seen=5)
        assert not self.is_shown(here, edition=5), "what is closed since is shown to no neighbour"

    def is_shown(self, here: Place, *, edition: int) -> bool:
        sent = kept(here, editions=f"litter.{edition}", not_same="on")
        answer = phone(here, here.lan).post(REPORTS, {k: v for k, v in sent.items() if k != "q-litter-smell"})
        assert answer.status_code == 200, answer.json()
        return Case.objects.get(code=answer.json()["code"]).is_public

    def test_what_was_not_asked_then_is_not_missing_now(self, here: Place) -> None:
        sent = kept(here, editions="litter.1", **{"q-litter-smell": ""})
        assert phone(here, here.lan).post(REPORTS, sent).status_code == 200
        assert not ReportAnswers.objects.exists()

    def test_without_an_edition_it_is_judged_by_todays(self, here: Place) -> None:
        answer = phone(here, here.lan).post(REPORTS, kept(here))
        assert answer.status_code == 422 and answer.json()["at"] == "f-q-litter-smell"

    @pytest.mark.parametrize("edition", ["4", "0", "-1", "x", "99999999999", "2.5", ""])
    def test_one_that_nobody_made_is_refused_and_everything_comes_back(self, here: Place, edition: str) -> None:
        sent = kept(here, editions=f"litter.{edition}")
        answer = phone(here, here.lan).post(REPORTS, sent)
        assert (answer.status_code, answer.json()["error"]) == (422, "asked_under_nothing")
        page = as_(here.lan).post("/s/yunqiao/report/", sent)
        assert page.status_code == 422 and "堆了一地" in page.content.decode() and not Report.objects.exists()

    def test_what_was_written_before_its_type_went_out_of_use_is_taken(self, here: Place, keeper: Person) -> None:
        changed(keeper, replace(terms(), is_active=False), seen=3)
        lan = phone(here, here.lan)
        for of_now in (kept(here), kept(here, editions="litter.4")):
            answer = lan.post(REPORTS, of_now)
            assert (answer.status_code, answer.json()["error"]) == (422, "unknown_case_type")
        sent = kept(here, editions="litter.2")
        first, again = (lan.post(REPORTS, sent) for _ in range(2))
        assert first.status_code == 200 and first.json() == again.json()
        assert Case.objects.get().edition == 4

    def test_a_new_answer_under_the_old_edition_is_none(self, here: Place) -> None:
        answer = phone(here, here.lan).post(REPORTS, kept(here, editions="litter.2", **{"q-litter-smell": "大"}))
        assert answer.status_code == 422 and "要从里面选一个" in answer.json()["reason"]


class TestJoined:
    def test_the_same_holds_for_who_joins(self, here: Place) -> None:
        case = here.report(here.hua, case_type=LITTER, answers=(("smell", "大"),))
        release(here, case)
        for edition, error in ((2, None), (3, QuestionOpen), (9, AskedUnderNothing)):
            sending = here.sending(
                here.photo(here.lan), case_type=LITTER, answers=(("smell", "很大"),), edition=edition
            )
            if error is None:
                joining.join(sending=sending, code=case.code, reporter=here.lan, now=TUESDAY)
                assert ReportAnswers.objects.get(report=sending.report_id).edition == 2
                continue
            with pytest.raises(error):
                joining.join(sending=sending, code=case.code, reporter=here.lan, now=TUESDAY)


class TestForms:
    def test_say_what_they_ask_by(self, here: Place) -> None:
        pages = [
            as_(here.lan).get("/s/yunqiao/report/"), as_(here.lan).get("/s/yunqiao/report/offline/"),
            as_(here.coordinator).get("/s/yunqiao/counter/report/"),
        ]  # fmt: skip
        for page in pages:
            [editions] = re.findall(r'name="editions" value="([^"]*)"', page.content.decode())
            assert "litter.3" in editions.split() and "parking.1" in editions.split()

    def test_a_form_that_comes_back_asks_by_todays(self, here: Place) -> None:
        page = as_(here.lan).post("/s/yunqiao/report/", kept(here, editions="litter.9")).content.decode()
        assert 'name="editions" value="' in page and "litter.9" not in page and "litter.3" in page
