"""Cases that belong together are named to each reader where they may open them, and nowhere else."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader

from huipai.cases.commands import asking, joining, noting, pressing, splitting, triage
from huipai.cases.models import Case, WorkOrder
from huipai.cases.order_words import Bond
from huipai.cases.queries import belonging
from huipai.kit import clock
from huipai.kit.coordinates import Point
from huipai.kit.ids import new_id
from huipai.people.models import Person
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.showing import release
from tests.cases.test_attachments import attach, drawer_in
from tests.cases.test_pages import as_

pytestmark = pytest.mark.django_db


@dataclass
class Family:
    """lan's whole at city management, its part at the guard; tied to hua's two, of which neighbours see one."""

    whole: Case
    part: Case
    shown: Case
    hidden: Case
    lead: WorkOrder
    parts_order: WorkOrder

    def named_on(self, person: Person, path: str) -> set[str]:
        """Which of the four the section names, each with a link that opens."""
        page = as_(person).get(f"/s/yunqiao/{path}")
        found = re.search(r"连着的</h2>(.*?)</section>", page.content.decode(), re.DOTALL)
        links = re.findall(r'href="([^"]+)"', found[1]) if found else []
        for link in links:
            assert as_(person).get(link.replace("&amp;", "&")).status_code == 200, link
        return {name for name in ("whole", "part", "shown", "hidden") if found and getattr(self, name).code in found[1]}

    def everywhere_on(self, person: Person, path: str) -> set[str]:
        """Which of the four numbers stand anywhere on it."""
        page = as_(person).get(f"/s/yunqiao/{path}").content.decode()
        return {name for name in ("whole", "part", "shown", "hidden") if getattr(self, name).code in page}


@pytest.fixture
def family(here: Place) -> Family:
    now = clock.now() - 3 * HOUR
    hub = Hub.with_a_case(here, now=now, text="楼道里一股味")
    lead = hub.sent(now=now)
    part = splitting.split(
        part_id=new_id(), case_id=hub.case.id, case_type=LITTER, actor=here.dispatcher, text="垃圾没清", now=now
    )
    shown = release(here, here.report(here.hua, now=now), now=now)
    hidden = here.report(here.hua, now=now, is_private=True)
    for other, tie in ((shown, "same_cause"), (hidden, "follows")):
        splitting.tie(case_id=hub.case.id, other_id=other.id, tie=tie, actor=here.dispatcher, now=now)
    return Family(hub.fresh(), part, shown, hidden, lead, Hub(here, part).sent(here.guard, now=now))


class TestWhatIsNamed:
    def test_to_staff_is_everything_they_may_open(self, here: Place, family: Family) -> None:
        for person in (here.wei, here.coordinator, here.dispatcher):
            assert family.named_on(person, f"cases/{family.whole.code}/") == {"part", "shown", "hidden"}
        assert family.named_on(here.dispatcher, f"cases/{family.part.code}/") == {"whole"}
        desk = f"desk/?view=all&case={family.whole.code}"
        assert family.named_on(here.coordinator, desk) == {"part", "shown", "hidden"}

    def test_is_not_a_number_that_staff_of_another_place_may_not_open(self, here: Place, family: Family) -> None:
        """Whoever has the part in hand, and looks after another place."""
        ade = cast.staff("阿德", "13900010099")
        Case.objects.filter(pk=family.part.pk).update(worker=ade, unit=None)
        assert family.everywhere_on(ade, f"cases/{family.part.code}/") == {"part"}

    def test_to_the_reporter_is_their_part_and_what_neighbours_see(self, here: Place, family: Family) -> None:
        assert family.named_on(here.lan, f"cases/{family.whole.code}/") == {"part", "shown"}
        assert family.named_on(here.lan, f"cases/{family.part.code}/") == {"whole"}
        assert family.everywhere_on(here.lan, f"cases/{family.whole.code}/") == {"whole", "part", "shown"}

    def test_to_who_reported_what_was_tied_is_nothing_of_another_ones(self, here: Place, family: Family) -> None:
        assert family.everywhere_on(here.hua, f"cases/{family.hidden.code}/") == {"hidden"}

    def test_to_who_joined_is_the_part_too_and_nothing_that_the_first_reporter_wrote(
        self, here: Place, family: Family
    ) -> None:
        release(here, family.whole, now=clock.now())
        whole = family.whole
        sending = here.sending(
            here.photo(here.bo, clock.now()), case_type=whole.case_type.code, at=Point(whole.lng, whole.lat)
        )
        joining.join(sending=sending, code=family.whole.code, reporter=here.bo, now=clock.now())
        assert family.named_on(here.bo, f"cases/{family.whole.code}/") == {"part", "shown"}
        assert family.named_on(here.bo, f"mine/{family.part.code}/") == {"whole"}
        told = family.whole.reports.get(reporter=here.lan).text
        page = as_(here.bo).get(f"/s/yunqiao/mine/{family.part.code}/").content.decode()
        assert told and told not in page and here.lan.name not in page
        assert as_(here.hua).get(f"/s/yunqiao/mine/{family.part.code}/").status_code == 404

    def test_to_a_unit_is_what_it_has_an_order_for(self, here: Place, family: Family) -> None:
        assert family.everywhere_on(here.shi, f"orders/{family.lead.id}/") == set()
        order = Hub(here, family.shown).sent(now=clock.now())
        assert family.named_on(here.shi, f"orders/{family.lead.id}/") == {"shown"}
        assert family.named_on(here.shi, f"orders/{order.id}/") == {"whole"}
        assert family.everywhere_on(here.ning, f"orders/{family.parts_order.id}/") == set()

    def test_reads_from_either_side(self, here: Place, family: Family) -> None:
        def page(case: Case) -> str:
            return as_(here.dispatcher).get(f"/s/yunqiao/cases/{case.code}/").content.decode()

        assert "由它引起" in page(family.whole) and "引起了它" in page(family.hidden)
        assert "分出去的" in page(family.whole) and "原来的那件" in page(family.part)

    def test_is_in_the_printed_file(self, here: Place, family: Family) -> None:
        why = {"reason": "handover", "words": "交接"}

        def words(person: Person, path: str) -> str:
            answer = as_(person).post(f"/s/yunqiao/{path}print/", why)
            return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)

        whole = words(here.dispatcher, f"cases/{family.whole.code}/")
        assert all(one.code in whole for one in (family.part, family.shown, family.hidden))
        units = words(here.shi, f"orders/{family.lead.id}/")
        assert not any(one.code in units for one in (family.part, family.shown, family.hidden))


class TestMerging:
    def test_of_a_part_is_not_offered(self, here: Place, family: Family) -> None:
        page = as_(here.coordinator).get(f"/s/yunqiao/cases/{family.part.code}/").content.decode()
        assert "和另一件是同一件" not in page
        assert (
            "和另一件是同一件" in as_(here.coordinator).get(f"/s/yunqiao/cases/{family.whole.code}/").content.decode()
        )

    def test_is_offered_where_the_command_takes_it(self, here: Place) -> None:
        """A whole with parts stays where it is the older, and cannot be made part of an older one."""
        now = clock.now()
        oldest, whole, youngest = (
            here.report(by, now=now - n * HOUR) for n, by in ((3, here.lan), (2, here.hua), (1, here.qin))
        )
        splitting.split(
            part_id=new_id(), case_id=whole.id, case_type=LITTER, actor=here.dispatcher, text="垃圾", now=now
        )
        page = as_(here.dispatcher).get(f"/s/yunqiao/cases/{whole.code}/merging/").content.decode()
        assert re.findall(r'name="into" value="(\w+)"', page) == [youngest.code]
        desk = as_(here.dispatcher).get(f"/s/yunqiao/desk/?view=all&case={whole.code}").content.decode()
        assert "并过去" not in re.search(r"附近像的(.*?)</section>", desk, re.DOTALL)[1]  # type: ignore[index]
        with pytest.raises(triage.NotIntoThis):
            triage.merge(case_id=whole.id, into_id=oldest.id, actor=here.dispatcher, now=now)
        triage.merge(case_id=youngest.id, into_id=whole.id, actor=here.dispatcher, now=now)
        assert whole.merged.get() == youngest

    def test_brings_along_what_was_asked_noted_and_attached(self, here: Place, tmp_path: Path) -> None:
        """To whoever goes on with it as they would have read it there; the other reporter reads none of it."""
        with drawer_in(tmp_path):
            now = clock.now() - 3 * HOUR
            into, case = (here.report(by, now=now - n * HOUR) for n, by in ((2, here.hua), (1, here.lan)))
            question = asking.ask(case_id=case.id, actor=here.wei, text="哪个门进？", now=now)
            asking.answer(question_id=question.id, actor=here.lan, text="走北门，蓝小河说的", now=now + HOUR)
            paper = attach(Hub(here, case))
            noting.note_inside(case_id=case.id, actor=here.coordinator, text="找门卫拿钥匙", now=now + HOUR)
            triage.merge(case_id=case.id, into_id=into.id, actor=here.dispatcher, now=now + 2 * HOUR)
            order = Hub(here, into).sent(now=clock.now())
            come = f"从并进来的 {case.code} 带来"
            read = {
                here.coordinator: ("走北门", "找门卫拿钥匙", come, str(paper.id)),
                here.wei: ("走北门", "找门卫拿钥匙", come, str(paper.id)),
                here.shi: ("走北门", "从并进来的一件带来", str(paper.id)),
                here.lan: ("走北门", come),
                here.hua: (),
            }
            whole = ("走北门", "找门卫拿钥匙", come, "从并进来的一件带来", str(paper.id))
            for person, words in read.items():
                path = f"orders/{order.id}" if person == here.shi else f"cases/{into.code}"
                page = as_(person).get(f"/s/yunqiao/{path}/")
                assert page.status_code == 200
                text = page.content.decode()
                assert {one for one in whole if one in text} == set(words), person.name
                opened = as_(person).get(f"/s/yunqiao/attachments/{paper.id}/")
                if opened.streaming:
                    b"".join(opened.streaming_content)  # type: ignore[arg-type]
                assert (opened.status_code == 200) is (str(paper.id) in words), person.name
                assert person == here.lan or "蓝小河" not in text
            printed = as_(here.dispatcher).post(
                f"/s/yunqiao/cases/{into.code}/print/", {"reason": "handover", "words": "交接"}
            )
            file = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages)
            assert all(words in file for words in ("走北门", "找门卫拿钥匙", case.code, "测量.pdf"))

    def test_leaves_a_way_to_what_was_asked_and_noted_and_the_hubs_eye_on_it(self, here: Place) -> None:
        now = clock.now()
        into, case = (here.report(by, now=now - n * HOUR) for n, by in ((2, here.lan), (1, here.hua)))
        pressing.supervise(case_id=case.id, actor=here.dispatcher, text="盯着", now=now)
        triage.merge(case_id=case.id, into_id=into.id, actor=here.dispatcher, now=now)
        into.refresh_from_db()
        assert into.supervised_at == now
        for one, other, bond in ((into, case, "并进来的"), (case, into, "并进了")):
            page = as_(here.dispatcher).get(f"/s/yunqiao/cases/{one.code}/").content.decode()
            assert bond in page and f"/s/yunqiao/cases/{other.code}/" in page
        page = as_(here.hua).get(f"/s/yunqiao/mine/{into.code}/").content.decode()
        assert "并进来的" not in page.replace(f"从并进来的 {case.code} 带来", "")


class TestWhatGoesAlongWithAMerge:
    """A tie, and that the hub watches it, are read where the matter goes on, by whoever read them before (0075)."""

    def test_a_tie_and_the_watch(self, here: Place) -> None:
        now = clock.now()
        old = here.report(here.hua, now=now - 9 * HOUR)
        gone = here.report(here.lan, now=now - 8 * HOUR)
        third = release(here, here.report(here.bo, case_type=LITTER, now=now - 7 * HOUR))
        by = {"actor": here.dispatcher, "now": now - 5 * HOUR}
        pressing.supervise(case_id=gone.id, text="盯到办完", **by)  # type: ignore[arg-type]
        splitting.tie(case_id=gone.id, other_id=third.id, tie="same_cause", **by)  # type: ignore[arg-type]
        triage.merge(case_id=gone.id, into_id=old.id, actor=here.dispatcher, now=now - 3 * HOUR)
        tie, watch = third.code, "街道联动中心盯上了这件"

        def read(person: Person, path: str) -> set[str]:
            page = as_(person).get(f"/s/yunqiao/{path}", follow=True).content.decode()
            return {one for one in (tie, watch) if one in page}

        for path in (f"mine/{old.code}/", f"mine/{gone.code}/"):
            assert read(here.lan, path) == {tie, watch}
        assert read(here.hua, f"mine/{old.code}/") == set(), "she has read nothing of it before"
        assert read(here.coordinator, f"cases/{old.code}/") == {tie, watch}
        assert read(here.dispatcher, f"desk/?view=all&case={old.code}") >= {tie}

    def test_its_own_tie_says_it_better_and_two_that_are_one_now_are_merged(self, here: Place) -> None:
        now = clock.now()
        old, gone = here.report(here.hua, now=now - 9 * HOUR), here.report(here.lan, now=now - 8 * HOUR)
        third = here.report(here.bo, case_type=LITTER, now=now - 7 * HOUR)
        for one, other, tie in ((old, third, "same_place"), (gone, third, "same_cause"), (gone, old, "same_cause")):
            splitting.tie(case_id=one.id, other_id=other.id, tie=tie, actor=here.dispatcher, now=now - 5 * HOUR)
        triage.merge(case_id=gone.id, into_id=old.id, actor=here.dispatcher, now=now - 3 * HOUR)
        told = belonging.of(Case.objects.get(pk=old.pk), [Case.objects.get(pk=gone.pk)])
        assert [(one.bond, one.case.id) for one in told] == [(Bond.SAME_PLACE, third.id), (Bond.MERGED, gone.id)]
