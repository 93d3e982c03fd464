"""A page of before: what it showed has been written anew; whoever presses hears it and loses nothing typed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from huipai.grid.models import Assignment, Unit
from huipai.kit import clock
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook import commands, rules
from huipai.rulebook.commands.refusals import ProposalMoved, WrittenMeanwhile
from huipai.rulebook.models import PointItem, Proposal, RulebookVersion
from huipai.rulebook.rules import EndRule, Terms
from huipai.rulebook.words import Review
from huipai.streets.models import Street
from tests.cast import FOUND, TWO_YEARS_AGO, appoint, board, staff
from tests.people.doors import seen_on
from tests.rulebook.making import CLAIMED, NEXT_YEAR, SWEEP, admitted
from tests.rulebook.test_desk import DESK, as_, typed

pytestmark = pytest.mark.django_db
MENDED = replace(
    SWEEP, title="楼道打卡", points=9, day_cap=36, asked_fields=("身份证号", "扫了几层", "姓名"), asked_people=50
)


@pytest.fixture
def writer(in_yunqiao: Street) -> Person:
    return appoint(staff("编", "13900000011"), Role.RULEBOOK_EDITOR, since=TWO_YEARS_AGO)


class TestTheBoardsPage:
    @pytest.fixture
    def lead(self, in_yunqiao: Street) -> Person:
        unit = Unit.objects.create(code="HW", name="环卫所", kind="sanitation")
        person = staff("环", "13900000021")
        Assignment.objects.create(person=person, role=Role.UNIT_LEAD, unit=unit, valid_from=TWO_YEARS_AGO)
        return person

    @pytest.fixture
    def members(self, in_yunqiao: Street) -> list[Person]:
        return board(3)

    @pytest.fixture
    def asked(self, lead: Person) -> Proposal:
        terms = replace(SWEEP, asked_fields=("扫了几层", "带队人"))
        return commands.propose(unit=Unit.objects.get(), proposer=lead, terms=terms, now=clock.now())

    def mend(self, asked: Proposal, lead: Person, member: Person, terms: Terms = MENDED) -> Proposal:
        seen = Proposal.objects.get(pk=asked.pk).digest
        commands.give_back(proposal_id=asked.id, seen=seen, actor=member, reason="补一补", now=clock.now())
        return commands.propose_again(proposal_id=asked.id, proposer=lead, terms=terms, now=clock.now())

    def test_admits_no_terms_that_it_did_not_show(
        self, client: Client, asked: Proposal, lead: Person, members: list[Person]
    ) -> None:
        page = f"{DESK}proposals/{asked.pk}/"
        sent = {
            "ground": "条例第十条", "until": f"{NEXT_YEAR}", "reason": "是网格里的事", "is_grid_work": "on",
            "field-扫了几层": "known", "known_reason": "照片数得出",
            "seen": seen_on(as_(client, members[0]).get(page).content.decode()),
        }  # fmt: skip
        self.mend(asked, lead, members[1])
        # A slip in the form is no look at what has come meanwhile.
        slip = client.post(f"{page}admit/", {**sent, "until": ""})
        assert slip.status_code == 422 and seen_on(slip.content.decode()) == sent["seen"]
        moved = client.post(f"{page}admit/", sent)
        html = moved.content.decode()
        assert moved.status_code == 409 and "您看过以后单位又改了" in html and "楼道打卡" in html
        assert "条例第十条" in html and "是网格里的事" in html and "照片数得出" in html
        asked.refresh_from_db()
        assert (asked.state, asked.item_terms().admitted_until) == (Review.WAITING, None)
        # What was said of a field is said of that field, wherever it stands now.
        for _twice in range(2):
            assert client.post(f"{page}admit/", {**sent, "seen": seen_on(html)}).status_code == 302
        asked.refresh_from_db()
        assert asked.state == Review.ADMITTED
        assert asked.item_terms().asked_fields == ("身份证号", "扫了几层（已有）", "姓名")

    @pytest.mark.parametrize(
        ("verb", "typed_in"),
        [("give-back", {"back-reason": "再少一个"}), ("decline", {"no-reason": "不是网格的事"})],
    )
    def test_gives_back_and_declines_none_either(
        self, client: Client, asked: Proposal, lead: Person, members: list[Person], verb: str, typed_in: dict[str, str]
    ) -> None:
        page = f"{DESK}proposals/{asked.pk}/"
        seen = seen_on(as_(client, members[0]).get(page).content.decode())
        self.mend(asked, lead, members[1])
        moved = client.post(f"{page}{verb}/", {**typed_in, "seen": seen})
        html = moved.content.decode()
        assert moved.status_code == 409 and "您看过以后单位又改了" in html and next(iter(typed_in.values())) in html
        assert Proposal.objects.get(pk=asked.pk).state == Review.WAITING
        for _twice in range(2):
            assert client.post(f"{page}{verb}/", {**typed_in, "seen": seen_on(html)}).status_code == 302

    def test_that_sends_nothing_back_has_shown_nothing(
        self, client: Client, asked: Proposal, members: list[Person]
    ) -> None:
        as_(client, members[0])
        assert client.post(f"{DESK}proposals/{asked.pk}/decline/", {"no-reason": "不是"}).status_code == 409
        assert Proposal.objects.get(pk=asked.pk).state == Review.WAITING

    def test_the_commands_ask_it(self, asked: Proposal, lead: Person, members: list[Person]) -> None:
        said: dict[str, Any] = {"proposal_id": asked.id, "actor": members[0], "reason": "好", "now": clock.now()}
        self.mend(asked, lead, members[1])
        more = {"ground": "条例", "until": NEXT_YEAR, "is_grid_work": True}
        for act in (
            lambda: commands.give_back(**said, seen=asked.digest),
            lambda: commands.decline(**said, is_grid_work=False, seen=asked.digest),
            lambda: commands.admit(**said, **more, seen=asked.digest),
        ):
            with pytest.raises(ProposalMoved), transaction.atomic():
                act()
        # Handed in again in the very words that were shown, it is what was shown.
        before = Proposal.objects.get(pk=asked.pk)
        again = self.mend(asked, lead, members[1])
        assert commands.admit(**said, **more, seen=before.digest).item_terms().title == again.item_terms().title


class TestTheEditorsPage:
    @pytest.fixture
    def version(self, writer: Person) -> RulebookVersion:
        version = commands.draft(author=writer, note="", now=clock.now())
        commands.put_item(version_id=version.id, actor=writer, terms=replace(CLAIMED, why="好"), now=clock.now())
        return version

    def test_writes_over_nothing_that_another_tab_has_written(
        self, client: Client, writer: Person, version: RulebookVersion
    ) -> None:
        page = f"{DESK}items/{CLAIMED.code}/"
        seen = seen_on(as_(client, writer).get(page).content.decode())
        shorter = typed(CLAIMED, lot_months=12, why="改有效期", seen=seen)
        for _twice in range(2):
            assert client.post(page, shorter).status_code == 302
        clearer = typed(CLAIMED, description="报车辆乱停，核查属实计 5 分，一次一分不少。", why="说清楚", seen=seen)
        slip = client.post(page, {**clearer, "why": ""})
        assert slip.status_code == 422 and seen_on(slip.content.decode()) == seen
        moved = client.post(page, clearer)
        html = moved.content.decode()
        assert moved.status_code == 409 and "您打开以后这里又改过" in html and "一次一分不少" in html
        against = re.sub(r"\s", "", re.sub(r"<[^>]+>", "", html.split('id="h-meanwhile"')[1].split("</section>")[0]))
        assert "12" in against and "24" in against and "改有效期说清楚" in against
        there = PointItem.objects.get(version=version)
        assert (there.lot_months, there.why) == (12, "改有效期")
        assert client.post(page, {**clearer, "lot_months": "12", "seen": seen_on(html)}).status_code == 302
        there.refresh_from_db()
        assert (there.lot_months, there.why) == (12, "说清楚")

    def test_nor_the_why_of_what_a_unit_asked_for(
        self, client: Client, writer: Person, version: RulebookVersion
    ) -> None:
        unit = Unit.objects.create(code="HW", name="环卫所", kind="sanitation")
        lead = staff("环", "13900000021")
        Assignment.objects.create(person=lead, role=Role.UNIT_LEAD, unit=unit, valid_from=TWO_YEARS_AGO)
        asked = commands.propose(unit=unit, proposer=lead, terms=SWEEP, now=clock.now())
        admitted(asked, board(1)[0], clock.now())
        commands.enter(version_id=version.id, proposal_id=asked.id, actor=writer, why="没有人扫", now=clock.now())
        page = f"{DESK}items/{SWEEP.code}/"
        seen = seen_on(as_(client, writer).get(page).content.decode())
        assert client.post(page, {"why": "楼道脏", "seen": seen}).status_code == 302
        moved = client.post(page, {"why": "老楼没有物业", "seen": seen})
        html = moved.content.decode()
        assert moved.status_code == 409 and "老楼没有物业" in html and "h-meanwhile" in html
        assert PointItem.objects.get(version=version, code=SWEEP.code).why == "楼道脏"
        assert client.post(page, {"why": "老楼没有物业", "seen": seen_on(html)}).status_code == 302

    def test_nor_the_note(self, client: Client, writer: Person, version: RulebookVersion) -> None:
        def shown(html: str) -> str:
            return seen_on(html.split('action="/s/yunqiao/rulebook/desk/note/"')[1])

        seen = shown(as_(client, writer).get(DESK).content.decode())
        for _twice in range(2):
            assert client.post(f"{DESK}note/", {"note": "改一条", "seen": seen}).status_code == 302
        long = client.post(f"{DESK}note/", {"note": "长" * 500, "seen": seen})
        assert long.status_code == 422 and shown(long.content.decode()) == seen
        moved = client.post(f"{DESK}note/", {"note": "改两条", "seen": seen})
        html = moved.content.decode()
        assert moved.status_code == 409 and "现在写的是「改一条」" in html and "改两条" in html
        assert RulebookVersion.objects.get(pk=version.pk).note == "改一条"
        assert client.post(f"{DESK}note/", {"note": "改两条", "seen": shown(html)}).status_code == 302

    def test_nor_the_rule_of_the_end(self, client: Client, writer: Person, version: RulebookVersion) -> None:
        seen = seen_on(as_(client, writer).get(DESK).content.decode())
        for _twice in range(2):
            sent = {"notice_days": "45", "redeem_days": "90", "seen": seen}
            assert client.post(f"{DESK}end/", sent).status_code == 302
        sent = {"notice_days": "30", "redeem_days": "120", "seen": seen}
        moved = client.post(f"{DESK}end/", sent)
        html = moved.content.decode()
        assert moved.status_code == 409 and "现在是提前 45 天、停止后 90 天" in html and 'value="120"' in html
        assert RulebookVersion.objects.get(pk=version.pk).end_rule == EndRule(45, 90)
        assert client.post(f"{DESK}end/", {**sent, "seen": seen_on(html)}).status_code == 302

    def test_an_item_that_went_meanwhile_does_not_come_back_by_it(
        self, writer: Person, version: RulebookVersion
    ) -> None:
        item = PointItem.objects.get(version=version)
        commands.strike_item(version_id=version.id, actor=writer, code=item.code, now=clock.now())
        with pytest.raises(WrittenMeanwhile):
            commands.put_item(
                version_id=version.id, actor=writer, terms=replace(item.terms(), points=6), now=clock.now(),
                seen=item.digest,
            )  # fmt: skip
        # Where nothing was shown, as for a new one, nothing is asked.
        terms = replace(FOUND, why="新的")
        assert commands.put_item(version_id=version.id, actor=writer, terms=terms, now=clock.now())
        assert rules.digest_of(rules.to_json(terms)) == PointItem.objects.get(version=version).digest
