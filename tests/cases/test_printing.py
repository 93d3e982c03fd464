"""The case file on paper: searchable Chinese in embedded type, one way through the case, and nobody who reported."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from pypdf import PdfReader

from huipai.audit.models import Disclosure
from huipai.audit.words import Kind
from huipai.cases import case_file
from huipai.cases.commands import working
from huipai.cases.commands.joint import ending
from huipai.cases.models import Case, CasePhoto
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.photos import commands as photos
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.joint import DAY, RESULT, resolved
from tests.cases.test_pages import as_
from tests.cast import MONDAY
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
WHY = {"reason": "handover", "words": "移交给档案室"}
SAID = "我是蓝小河，电话 138 0001 0000，<b>门口</b>堆了垃圾 & 没人清"


@pytest.fixture
def hub(here: Place) -> Hub:
    hub = Hub.with_a_case(here, now=clock.now() - 3 * HOUR, text=SAID, address="东门外")
    for one in CasePhoto.objects.filter(case=hub.case):
        photos.process(photo_id=one.photo_id, now=clock.now())
    return hub


def reported_with(here: Place, count: int, now: datetime) -> Case:
    """A case whose reporter took so many photos."""
    taken = [here.photo(here.lan, now) for _ in range(count)]
    return Case.objects.get(pk=here.receive(here.sending(*taken, case_type=LITTER), here.lan, now).case_id)


def words(content: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)


class TestTheDesksFile:
    def test_tells_the_whole_way_in_words_that_can_be_searched(self, here: Place, hub: Hub) -> None:
        order = hub.signed(now=clock.now() - 2 * HOUR)
        hub.returned(order, here.shi, now=clock.now() - HOUR)
        answer = as_(here.dispatcher).post(f"/s/yunqiao/cases/{hub.case.code}/print/", WHY)
        assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff" and "attachment" in answer["Content-Disposition"]
        said = words(answer.content)
        one = Disclosure.objects.get(kind=Kind.PRINT)
        for wanted in (
            "案卷：垃圾没清", hub.case.code, "东门外", "<b>门口</b>堆了垃圾&没人清", "派给云桥城管中队去办",
            "云桥城管中队接下了", "归物业管", "不属于本单位职责", here.dispatcher.name, one.number, "云桥街道",
        ):  # fmt: skip
            assert wanted in said or wanted == "不属于本单位职责", wanted
        assert said.index("有人上报") < said.index("派给云桥城管中队去办")

    def test_tells_what_was_whistled_on_it(self, here: Place) -> None:
        case = Hub.with_a_case(here, case_type=LITTER)
        task = resolved(case)
        marks = {call.id: ending.Mark(4) for call in task.calls.all()}
        ending.rate(task_id=task.id, actor=here.coordinator, marks=marks, now=MONDAY + DAY + 2 * HOUR)
        said = words(as_(here.dispatcher).post(f"/s/yunqiao/cases/{case.case.code}/print/", WHY).content)
        wanted = ("有人上报", "社区吹哨", "到现场看过了", "".join(RESULT.split()), "社区评了各家单位")
        assert [one for one in wanted if one not in said] == []
        assert sorted(wanted, key=said.index) == list(wanted)

    def test_hides_who_reported_even_from_the_hub(self, here: Place, hub: Hub) -> None:
        content = as_(here.dispatcher).post(f"/s/yunqiao/cases/{hub.case.code}/print/", WHY).content
        said = words(content) + str(PdfReader(io.BytesIO(content)).metadata)
        assert here.lan.name not in said and "13800010000" not in said and "＊＊" in said

    def test_carries_its_type_its_photo_and_its_properties(self, here: Place, hub: Hub) -> None:
        content = as_(here.dispatcher).post(f"/s/yunqiao/cases/{hub.case.code}/print/", WHY).content
        reader = PdfReader(io.BytesIO(content))
        one = Disclosure.objects.get(kind=Kind.PRINT)
        assert reader.metadata is not None and reader.metadata.author == here.dispatcher.name
        assert one.number in str(reader.metadata) and len(reader.pages[0].images) == 1
        fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
        ours = [font for font in fonts if "NotoSansSC" in str(font["/BaseFont"])]
        assert ours and all("/FontFile2" in font["/FontDescriptor"] and "/ToUnicode" in font for font in ours)
        assert len(content) < 300_000

    def test_has_all_photos_and_of_too_many_says_how_many_more_there_are(
        self, here: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What was done is never what is left out: as the last it stood behind whatever had come in."""
        now = clock.now()
        case = reported_with(here, 9, now - 3 * HOUR)
        hub = Hub(here, case)
        order = hub.signed(now=now - 2 * HOUR)
        after = tuple(here.photo(here.shi, now - HOUR).id for _ in range(9))
        working.respond(order_id=order.id, actor=here.shi, text="清走了", photo_ids=after, now=now - HOUR)
        for one in CasePhoto.objects.filter(case=case):
            photos.process(photo_id=one.photo_id, now=now)
        printed = words(as_(here.dispatcher).post(f"/s/yunqiao/cases/{case.code}/print/", WHY).content)
        assert (printed.count("办理前20"), printed.count("办理后20")) == (9, 9) and "没有印上" not in printed
        monkeypatch.setattr(case_file, "MOST_PICTURES", 10)
        fewer = words(as_(here.dispatcher).post(f"/s/yunqiao/cases/{case.code}/print/", WHY).content)
        assert (fewer.count("办理前20"), fewer.count("办理后20")) == (3, 9) and "另有6张照片没有印上" in fewer

    def test_reads_in_english_with_the_signs_of_english(self, here: Place, hub: Hub) -> None:
        hub.signed(now=clock.now() - 2 * HOUR)
        dispatcher = as_(here.dispatcher)
        dispatcher.cookies["django_language"] = "en"
        printed = words(dispatcher.post(f"/s/yunqiao/cases/{hub.case.code}/print/", WHY).content)
        assert "“" in printed and "「" not in printed
        desk = dispatcher.get(f"/s/yunqiao/desk/?case={hub.case.code}&view=all").content.decode()
        assert "2 working days" in desk and "“我是" in desk

    def test_stands_in_the_record(self, here: Place, hub: Hub) -> None:
        as_(here.coordinator).post(f"/s/yunqiao/cases/{hub.case.code}/print/", WHY)
        one = Disclosure.objects.get(kind=Kind.PRINT)
        assert (one.person, one.about, one.words) == (here.coordinator, hub.case.code, "移交给档案室")
        assert Entry.objects.get(pk=one.entry_id).what == "case.printed"

    def test_without_a_reason_there_is_none(self, here: Place, hub: Hub) -> None:
        answer = as_(here.dispatcher).post(f"/s/yunqiao/cases/{hub.case.code}/print/", {"words": "移交"})
        assert answer.status_code == 422 and "移交" in answer.content.decode()
        assert not Disclosure.objects.exists()

    def test_each_door_for_each_person(self, here: Place, there: Place, hub: Hub) -> None:
        page = f"/s/yunqiao/cases/{hub.case.code}/print/"
        wanted = {
            here.dispatcher: 200,
            here.coordinator: 200,
            here.wei: 403,
            here.lan: 403,
            here.hua: 404,
            here.shi: 404,
        }
        assert {person: as_(person).get(page).status_code for person in wanted} == wanted
        with in_street(there.street.id):
            strange = as_(there.dispatcher)
        assert strange.post(f"/s/hetang/cases/{hub.case.code}/print/", WHY).status_code == 404


class TestAUnitsFile:
    def test_holds_its_own_order_and_nobody_who_reported(self, here: Place, hub: Hub) -> None:
        order = hub.signed(now=clock.now() - 2 * HOUR)
        answer = as_(here.shi).post(f"/s/yunqiao/orders/{order.id}/print/", WHY)
        said = words(answer.content)
        assert "案卷：垃圾没清" in said and "街道联动中心派来" in said and "门口" in said and "先到现场" in said
        everything = said + str(PdfReader(io.BytesIO(answer.content)).metadata) + answer["Content-Disposition"]
        assert here.lan.account is not None and here.lan.account.phone is not None
        for secret in (here.lan.name, str(here.lan.id), here.lan.account.phone[3:], "13800010000"):
            assert secret not in everything and secret.encode() not in answer.content
        assert as_(here.ning).post(f"/s/yunqiao/orders/{order.id}/print/", WHY).status_code == 404
