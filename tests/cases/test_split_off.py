"""What is split off goes to another unit with what it is about: the desk's words and the photos of the whole."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from huipai.cases.commands import splitting, stepping
from huipai.cases.models import CasePhoto, WorkOrder
from huipai.cases.queries import exports, searching
from huipai.cases.queries.hub import Filter
from huipai.cases.words import Audience
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.photos import commands as photos
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.cast import MONDAY
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
WORDS = "停车场边上的垃圾"


@pytest.fixture
def part(here: Place) -> Hub:
    now = clock.now()
    hub = Hub.with_a_case(here, case_type=PARKING, now=now - HOUR)
    for one in CasePhoto.objects.filter(case=hub.case):
        photos.process(photo_id=one.photo_id, now=now - HOUR)
    hub.signed(now=now - HOUR)
    cut = splitting.split(
        part_id=new_id(), case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text=WORDS, now=now
    )
    return Hub(here, cut)


class TestAPart:
    def test_is_sent_with_the_words_that_were_asked_for_when_it_was_split_off(self, here: Place, part: Hub) -> None:
        page = as_(here.dispatcher).get(f"/s/yunqiao/desk/?view=all&case={part.case.code}").content.decode()
        assert re.search(rf'<textarea[^>]*name="brief"[^>]*>{WORDS}</textarea>', page)

    def test_is_sent_with_them_together_with_others_too(self, here: Place, part: Hub) -> None:
        other = here.report(now=clock.now())
        sent = {"tick": [part.case.code, other.code], "unit": str(here.guard.id), "brief": "今天去"}
        assert "派出去 2 件" in as_(here.dispatcher).post("/s/yunqiao/desk/bulk/", sent).content.decode()
        briefs = dict(WorkOrder.objects.filter(unit=here.guard).values_list("case", "brief"))
        assert briefs == {part.case.id: f"{WORDS}\n今天去", other.id: "今天去"}

    def test_the_whole_itself_is_sent_with_no_words_put_in(self, here: Place, part: Hub) -> None:
        other = here.report(now=clock.now())
        page = as_(here.dispatcher).get(f"/s/yunqiao/desk/?view=all&case={other.code}").content.decode()
        assert re.search(r'<textarea[^>]*name="brief"[^>]*></textarea>', page)

    def test_shows_its_unit_the_photos_of_the_whole(self, here: Place, part: Hub) -> None:
        order = part.sent(here.guard, now=clock.now())
        unit = as_(here.ning)
        page = unit.get(f"/s/yunqiao/orders/{order.id}/").content.decode()
        whole = part.case.parent
        assert whole is not None and here.lan.name not in page
        src = re.search(rf'<img[^>]*src="([^"]*{whole.photos.get().photo_id}[^"]*)"', page)
        assert src is not None
        picture = unit.get(src[1].replace("&amp;", "&"))
        assert picture.status_code == 200 and b"".join(picture.streaming_content)  # type: ignore[attr-defined]

    def test_has_them_in_its_printed_file(self, here: Place, part: Hub) -> None:
        order = part.sent(here.guard, now=clock.now())
        answer = as_(here.ning).post(f"/s/yunqiao/orders/{order.id}/print/", {"reason": "handover", "words": "交接"})
        assert sum(len(page.images) for page in PdfReader(io.BytesIO(answer.content)).pages) == 1

    def test_shows_whoever_checks_it_what_to_look_for(self, here: Place, part: Hub) -> None:
        look = part.responded(part.signed(here.guard, here.ning, now=clock.now()), here.ning, now=clock.now())
        page = as_(look.checker).get(f"/s/yunqiao/checks/{look.id}/").content.decode()
        whole = part.case.parent
        assert whole is not None and f"「{WORDS}」" in page and f"{whole.photos.get().photo_id}" in page
        assert here.ning.name not in page and here.lan.name not in page


class TestIsFoundByTheWordsOfItsSplit:
    def test_by_staff_who_see_it_and_shown_by_them(self, here: Place, part: Hub) -> None:
        assert searching.search(here.dispatcher, "停车场边", clock.now()).ids == [part.case.id]
        page = as_(here.dispatcher).get("/s/yunqiao/search/?q=停车场边").content.decode()
        assert part.case.code in page and "上的垃圾" in page

    def test_at_the_desk(self, here: Place, part: Hub) -> None:
        [table] = exports.cases(here.dispatcher, Filter(words="停车场边"), clock.now(), most=1)
        assert [case.code for case in table] == [part.case.code]

    def test_not_by_a_name_that_is_struck_out_of_them(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING)
        splitting.split(
            part_id=new_id(),
            case_id=hub.case.id,
            case_type=LITTER,
            actor=here.dispatcher,
            text=f"{here.lan.name}楼下",
            now=MONDAY,
        )
        assert searching.search(here.dispatcher, here.lan.name, MONDAY).ids == []

    def test_not_by_what_was_noted_beside_it_later_nor_by_a_unit(self, here: Place, part: Hub) -> None:
        stepping.note(part.case, "钥匙在门卫", by=here.dispatcher, audience=Audience.INTERNAL, now=clock.now())
        assert searching.search(here.dispatcher, "钥匙在门卫", clock.now()).ids == []
        part.sent(here.guard, now=clock.now())
        assert searching.orders_found(here.ning, "停车场边", clock.now()) == []
