"""A department's item enters the grid only by admission, word for word, and not for ever."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.html import strip_tags

from huipai.grid.models import Assignment, Unit
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points.commands.claims import submitting
from huipai.points.queries import verify_ledger
from huipai.points.queries.claims import offering
from huipai.points.rules.sending import ClaimSending
from huipai.rulebook import commands, notices, queries, rules
from huipai.rulebook.commands import refusals
from huipai.rulebook.models import KnownField, PointItem, Proposal, RulebookVersion
from huipai.rulebook.rules import Unfit
from huipai.rulebook.words import MOST_UNDECIDED, PUBLICITY, Evidence, Fact, Review
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import FOUND, FRIDAY, MONDAY, TUESDAY, appoint, decide, resident, rulebook
from tests.people.doors import Browser, leads_to
from tests.rulebook.making import CLAIMED, DECIDED, NEXT_YEAR, SWEEP, admitted, consulted, entered, use_up


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return resident()


class TestPropose:
    def test_the_nearest_word_of_the_list_says_whether_a_field_is_known(self) -> None:
        said = {"姓名": False, "居民电话": False, "井盖号": True}
        asked = ("姓名", "居民姓名", "网格员姓名", "居民电话", "电话", "报告人的井盖号", "别的")
        assert [rules.is_known(field, said) for field in asked] == [False, False, True, False, True, True, False]

    def test_waits_for_review_with_its_price(self, proposal: Proposal, sanitation: Unit) -> None:
        assert (proposal.state, proposal.item_terms().owner) == (Review.WAITING, sanitation.name)
        # One field that the system does not know, 26 people, 15 times a month, a minute each.
        assert proposal.minutes_a_month == 390 == 6.5 * 60
        cost = rules.price(SWEEP)
        assert (cost.known, cost.new) == (("姓名", "楼栋"), ("扫了几层",))

    def test_what_the_system_has_is_known_by_what_it_means(self) -> None:
        asked = "手机号码", "居民姓名", "联系方式", "发生时间", "住址", "案件号", "上报人 电话", "所属网格（编号）"
        cost = rules.price(replace(SWEEP, asked_fields=asked, asked_people=10, asked_times=6))
        assert (cost.new, cost.hours) == (("所属网格（编号）",), 1)
        assert [str(one.why) for one in cost.asked][:2] == [
            "就是「电话」，在登录用的手机号里", "就是「姓名」，在居民和工作人员的档案里"
        ]  # fmt: skip
        # Whose it is says nothing else; what is only like it, or of somebody the system does not know, is asked anew.
        fresh = "身份证号", "访客姓名", "楼栋长意见", "参加人数", "电话是否打通", "编号"
        assert rules.price(replace(SWEEP, asked_fields=fresh)).new == fresh

    def test_what_the_linter_refuses_is_kept_as_refused_and_is_not_open(self, sanitation: Unit, lead: Person) -> None:
        praised = replace(SWEEP, title="为民服务质量", evidence=(Evidence.PHOTO, Evidence.LIKES), assessable=True)
        refused = commands.propose(unit=sanitation, proposer=lead, terms=praised, now=MONDAY)
        assert refused.state == Review.REFUSED
        assert refused.findings == ["rulebook_assessed_by_clicks", "rulebook_assessed_by_own_word"]
        assert commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=MONDAY).state == Review.WAITING

    def test_no_number_is_without_end_through_any_door(
        self, draft: RulebookVersion, writer: Person, sanitation: Unit, lead: Person
    ) -> None:
        for name in ("asked_people", "asked_times", "month_cap", "cooldown_minutes", "duplicate_metres"):
            endless = replace(SWEEP, duplicate_minutes=60, **{name: 10**13})
            refused = commands.propose(unit=sanitation, proposer=lead, terms=endless, now=MONDAY)
            assert (refused.state, refused.findings) == (Review.REFUSED, ["rulebook_without_end"])
            with pytest.raises(Unfit):
                commands.put_item(version_id=draft.id, actor=writer, terms=endless, now=MONDAY)
        dearest = replace(
            SWEEP, asked_people=10_000, asked_times=1_000, asked_fields=tuple(f"第 {n} 格" for n in range(30))
        )
        assert commands.propose(unit=sanitation, proposer=lead, terms=dearest, now=MONDAY).minutes_a_month == 3 * 10**8

    def test_what_staff_have_to_fill_in_is_admitted_whoever_is_said_to_ask(
        self, draft: RulebookVersion, writer: Person
    ) -> None:
        for owner in ("环卫所", "云桥 环卫所", "街道"):
            with pytest.raises(refusals.NeedsAdmission):
                commands.put_item(version_id=draft.id, actor=writer, terms=replace(SWEEP, owner=owner), now=MONDAY)
        with pytest.raises(Unfit):
            commands.put_item(version_id=draft.id, actor=writer, terms=replace(SWEEP, owner=""), now=MONDAY)
        lighter = replace(SWEEP, owner="街道", asked_fields=(), asked_people=0, asked_times=0)
        assert commands.put_item(version_id=draft.id, actor=writer, terms=lighter, now=MONDAY).code == SWEEP.code

    @pytest.mark.parametrize(
        "owner",
        [
            "环卫 所",
            "环卫所（）",
            "「环卫所」",
            "环·卫·所",
            "环卫所（街道）",
            "（云桥）环卫所",
            "环卫所(南片(东))",
            "环卫所【第一中队】",
            "环卫所（街道",
            "（环卫所）",
            "ＨＷ环卫所",
        ],
    )
    def test_a_unit_is_known_by_its_name_as_people_read_it(
        self, draft: RulebookVersion, writer: Person, sanitation: Unit, owner: str
    ) -> None:
        lighter = replace(SWEEP, asked_fields=(), asked_people=0, asked_times=0)
        Unit.objects.create(code="HW2", name="HW环卫所（街道）", kind="sanitation")
        with pytest.raises(refusals.NeedsAdmission):
            commands.put_item(version_id=draft.id, actor=writer, terms=replace(lighter, owner=owner), now=MONDAY)
        other = replace(lighter, owner=f"{sanitation.name}以外的人（街道）")
        assert commands.put_item(version_id=draft.id, actor=writer, terms=other, now=MONDAY).owner == other.owner

    def test_signs_that_nobody_sees_are_no_way_round(
        self, draft: RulebookVersion, writer: Person, sanitation: Unit, lead: Person
    ) -> None:
        hidden = replace(SWEEP, owner="环\u2060卫所", asked_fields=(), asked_people=0, asked_times=0)
        for terms in (hidden, replace(hidden, owner="街道", title="\u202e扫楼道")):
            with pytest.raises(Unfit) as refusal:
                commands.put_item(version_id=draft.id, actor=writer, terms=terms, now=MONDAY)
            assert refusal.value.code == "rulebook_unseen_signs"
        # By hand too: to the database it is the unit's name.
        with pytest.raises(IntegrityError), transaction.atomic():
            PointItem.objects.create(version=draft, **{**rules.to_json(hidden), "admission": None})

    def test_what_was_published_goes_on_word_for_word_though_a_unit_of_that_name_is_set_up_since(
        self, writer: Person, in_yunqiao: Street
    ) -> None:
        published = rulebook(replace(FOUND, owner="街道城管"))
        Unit.objects.create(code="CG", name="街道城管（中队）", kind="city_management")
        version = commands.draft(author=writer, note="", now=MONDAY)
        reworded = replace(FOUND, owner="街道城管", points=7)
        assert queries.book(version)[FOUND.code] == replace(queries.book(published)[FOUND.code], why="")
        with pytest.raises(refusals.NeedsAdmission):
            commands.put_item(version_id=version.id, actor=writer, terms=reworded, now=MONDAY)

    def test_one_open_review_an_item(self, proposal: Proposal, sanitation: Unit, lead: Person) -> None:
        assert commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=TUESDAY) == proposal
        with pytest.raises(refusals.ReviewIsOpen):
            commands.propose(unit=sanitation, proposer=lead, terms=replace(SWEEP, points=6), now=TUESDAY)

    def test_what_stands_for_one_unit_is_not_changed_by_another(
        self, proposal: Proposal, sanitation: Unit, lead: Person, writer: Person, members: list[Person]
    ) -> None:
        entered(proposal, writer, members)
        other = Unit.objects.create(code="YL", name="园林所", kind="sanitation")
        Assignment.objects.create(person=members[2], role=Role.UNIT_LEAD, unit=other, valid_from=MONDAY)
        with pytest.raises(refusals.OfAnotherUnit, match="环卫所") as refusal:
            commands.propose(unit=other, proposer=members[2], terms=SWEEP, now=DECIDED)
        assert refusal.value.field == "code"
        assert commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=DECIDED).state == Review.WAITING

    def test_a_number_of_which_people_have_read_another_item_is_not_asked_for(
        self, sanitation: Unit, lead: Person
    ) -> None:
        rulebook(FOUND, replace(CLAIMED, code=SWEEP.code, port=SWEEP.port, title="打扫"))
        rulebook(FOUND, since=MONDAY)
        with pytest.raises(commands.NumberRetired, match="以前是「打扫」") as refusal:
            commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=TUESDAY)
        assert refusal.value.field == "code"
        back = replace(SWEEP, title="打扫")
        assert commands.propose(unit=sanitation, proposer=lead, terms=back, now=TUESDAY).code == SWEEP.code

    def test_only_the_lead_of_the_unit_asks(self, sanitation: Unit, writer: Person) -> None:
        with pytest.raises(NotAllowed):
            commands.propose(unit=sanitation, proposer=writer, terms=SWEEP, now=MONDAY)

    def test_given_back_it_is_mended_and_handed_in_again(
        self, proposal: Proposal, lead: Person, members: list[Person]
    ) -> None:
        with pytest.raises(refusals.WithoutReason):
            commands.give_back(proposal_id=proposal.id, seen=proposal.digest, actor=members[0], reason="", now=TUESDAY)
        commands.give_back(
            proposal_id=proposal.id, seen=proposal.digest, actor=members[0], reason="少要一个字段", now=TUESDAY
        )
        lighter = replace(SWEEP, asked_fields=(), asked_people=0, asked_times=0)
        again = commands.propose_again(proposal_id=proposal.id, proposer=lead, terms=lighter, now=FRIDAY)
        assert (again.state, again.minutes_a_month, again.reason) == (Review.WAITING, 0, "")
        with pytest.raises(refusals.NotWaiting):
            commands.propose_again(proposal_id=proposal.id, proposer=lead, terms=lighter, now=FRIDAY)

    def test_the_department_may_think_better_of_it(self, proposal: Proposal, lead: Person) -> None:
        taken = commands.take_proposal_back(proposal_id=proposal.id, actor=lead, reason="另想办法", now=TUESDAY)
        assert taken.state == Review.WITHDRAWN

    def test_lapses_when_nobody_takes_it_up(self, proposal: Proposal) -> None:
        assert commands.keep_time(now=MONDAY + timedelta(days=13)) == 0
        assert commands.keep_time(now=MONDAY + timedelta(days=15)) == 1
        proposal.refresh_from_db()
        assert proposal.state == Review.LAPSED
        assert Entry.objects.filter(what="proposal.lapsed").count() == 1

    def test_another_streets_is_none(self, proposal: Proposal, hetang: Street) -> None:
        with in_street(hetang.id), pytest.raises(NotVisible):
            admitted(proposal, proposal.proposer)


class TestNumbers:
    """A new item gets the next free number of its port; nobody can use the numbers up for the others."""

    def ask(self, unit: Unit, lead: Person, **change: Any) -> Proposal:
        return commands.propose_new(unit=unit, proposer=lead, terms=replace(SWEEP, **change), now=MONDAY)

    def test_what_was_refused_or_taken_back_leaves_its_number_to_others(self, sanitation: Unit, lead: Person) -> None:
        praised = self.ask(sanitation, lead, title="集赞", evidence=(Evidence.LIKES,))
        waiting = self.ask(sanitation, lead)
        assert (praised.state, praised.code, waiting.code) == (Review.REFUSED, "ox-01", "ox-01")
        assert self.ask(sanitation, lead, title="另一条").code == "ox-02"
        commands.take_proposal_back(proposal_id=waiting.id, actor=lead, reason="另想办法", now=TUESDAY)
        assert self.ask(sanitation, lead, title="第三条").code == "ox-01"

    def test_so_does_a_draft_that_was_put_aside_but_never_what_people_have_read(
        self, draft: RulebookVersion, writer: Person
    ) -> None:
        assert queries.next_code(FOUND.port) == "woodpecker-01"
        commands.put_item(version_id=draft.id, actor=writer, terms=replace(FOUND, code="woodpecker-01"), now=MONDAY)
        assert queries.next_code(FOUND.port) == "woodpecker-03" > FOUND.code
        commands.abandon(version_id=draft.id, actor=writer, reason="不改了", now=MONDAY)
        assert queries.next_code(FOUND.port) == "woodpecker-01"
        rulebook(replace(FOUND, code="woodpecker-01"))
        assert queries.next_code(FOUND.port) == "woodpecker-02"

    def test_the_very_same_words_sent_twice_are_one_proposal(self, sanitation: Unit, lead: Person) -> None:
        for change in ({}, {"title": "集赞", "evidence": (Evidence.LIKES,)}):
            assert self.ask(sanitation, lead, **change) == self.ask(sanitation, lead, **change)
        assert self.ask(sanitation, lead, points=6) != self.ask(sanitation, lead)
        assert Proposal.objects.count() == Entry.objects.filter(what__startswith="proposal.").count() == 3

    def test_used_up_it_is_said_with_what_to_do_to_whoever_asks_and_to_the_editor(
        self, sanitation: Unit, lead: Person, writer: Person
    ) -> None:
        use_up(FOUND.port, sanitation, lead)
        terms, version = replace(FOUND, title="另一条"), commands.draft(author=writer, note="", now=MONDAY)
        for act in (
            lambda: commands.propose_new(unit=sanitation, proposer=lead, terms=terms, now=MONDAY),
            lambda: commands.add_item(version_id=version.id, actor=writer, terms=terms, now=MONDAY),
        ):
            with pytest.raises(refusals.NumbersUsedUp) as refusal:
                act()
            assert (refusal.value.status, refusal.value.field) == (409, "port")

    def test_one_unit_has_so_many_undecided_and_no_more(
        self, sanitation: Unit, lead: Person, members: list[Person]
    ) -> None:
        first, *_rest = [self.ask(sanitation, lead, title=f"第 {number} 条") for number in range(MOST_UNDECIDED)]
        with pytest.raises(refusals.TooManyUndecided):
            self.ask(sanitation, lead)
        with pytest.raises(refusals.TooManyUndecided):
            commands.propose(unit=sanitation, proposer=lead, terms=replace(SWEEP, code="ox-77"), now=MONDAY)
        admitted(first, members[0])
        assert self.ask(sanitation, lead).state == Review.WAITING


class TestReview:
    def test_admits_with_a_ground_and_an_end(self, proposal: Proposal, members: list[Person]) -> None:
        found = admitted(proposal, members[0])
        terms = found.item_terms()
        assert (found.state, terms.admitted_until) == (Review.ADMITTED, NEXT_YEAR)
        assert terms.legal_ground.startswith("《城市市容")

    def test_the_board_says_of_a_field_that_it_is_known_or_is_not_and_why(
        self, proposal: Proposal, members: list[Person], draft: RulebookVersion, writer: Person
    ) -> None:
        said: dict[str, Any] = {"ground": "条例", "until": NEXT_YEAR, "reason": "是", "is_grid_work": True}
        given = {"扫了几层": True, "姓名": False, "楼栋": True}
        with pytest.raises(refusals.WithoutReason) as refusal:
            commands.admit(
                proposal_id=proposal.id, seen=proposal.digest, actor=members[0], now=MONDAY, known=given, **said
            )
        assert refusal.value.field == "known_reason"
        found = commands.admit(
            proposal_id=proposal.id,
            seen=proposal.digest,
            actor=members[0],
            now=MONDAY,
            known=given,
            known_reason="楼道照片数得出",
            **said,
        )
        cost = rules.price(found.item_terms())
        assert (cost.known, cost.new, found.minutes_a_month) == (("楼栋", "扫了几层"), ("姓名",), 390)
        assert [one.is_judged for one in cost.asked] == [True, False, True]
        # The item says so, word for word, and nothing of it can be told otherwise afterwards.
        item = commands.enter(version_id=draft.id, proposal_id=found.id, actor=writer, why="", now=MONDAY)
        assert tuple(item.asked_fields) == ("姓名（新的）", "楼栋", "扫了几层（已有）")
        assert not [*verify_ledger(draft.street)]
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=found.pk).update(known_reason="别的话")

    def test_the_street_says_what_is_known_and_an_open_review_keeps_its_burden(
        self, proposal: Proposal, sanitation: Unit, lead: Person, members: list[Person], writer: Person
    ) -> None:
        commands.add_known(word=" 扫了几层：", reason="楼道照片数得出", actor=writer, now=MONDAY)
        commands.take_out_known(word="楼栋", reason="老楼没有编号", actor=writer, now=MONDAY)
        with pytest.raises(refusals.SaidOfField):
            commands.add_known(word="扫了几层", reason="再说一遍", actor=writer, now=TUESDAY)
        with pytest.raises(refusals.WithoutReason):
            commands.add_known(word="楼栋", reason=" \u200b\u202e", actor=writer, now=TUESDAY)
        with pytest.raises(NotAllowed):
            commands.add_known(word="楼栋", reason="有了", actor=members[0], now=TUESDAY)
        # What waited before the list changed says what it said; what is asked for now goes by the list.
        found = admitted(proposal, members[0])
        assert (found.item_terms().asked_fields, found.minutes_a_month) == (("姓名", "楼栋", "扫了几层"), 390)
        later = commands.propose(unit=sanitation, proposer=lead, terms=replace(SWEEP, code="ox-21"), now=TUESDAY)
        assert later.item_terms().asked_fields == ("姓名", "楼栋（新的）", "扫了几层（已有）")
        assert later.minutes_a_month == 390
        commands.add_known(word="楼栋", reason="编好号了", actor=writer, now=TUESDAY)
        later = admitted(later, members[0], now=TUESDAY)
        assert rules.price(later.item_terms()).known == ("姓名", "扫了几层") and later.known_reason == ""
        assert {one.word: one.said_at for one in queries.told_of_fields()} == {"扫了几层": MONDAY, "楼栋": TUESDAY}
        assert not [*verify_ledger(sanitation.street)]
        with pytest.raises(IntegrityError), transaction.atomic():
            KnownField.objects.update(is_known=False)

    def test_what_is_admitted_until_a_day_counts_on_no_day_after_it(
        self, proposal: Proposal, members: list[Person], draft: RulebookVersion, writer: Person, lan: Person
    ) -> None:
        last = DECIDED + PUBLICITY + timedelta(days=3)
        found = commands.admit(
            proposal_id=proposal.id, seen=proposal.digest,
            actor=members[0], ground="条例", until=queries.local_date(last), reason="是",
            is_grid_work=True, now=MONDAY,
        )  # fmt: skip
        commands.enter(version_id=draft.id, proposal_id=found.id, actor=writer, why="扫楼道", now=MONDAY)
        consulted(draft, writer)
        with pytest.raises(refusals.AdmissionOver, match="只准入到"):
            decide(draft, writer, effective_from=last + timedelta(days=1), now=DECIDED)
        with pytest.raises(IntegrityError, match="admission is over before"), transaction.atomic():
            RulebookVersion.objects.filter(pk=draft.pk).update(
                published_at=DECIDED, publicity_until=last, effective_from=last + timedelta(days=1),
                content_hash=queries.content_hash(draft.id),
            )  # fmt: skip
        RulebookVersion.objects.get(pk=draft.pk)
        commands.publish(
            version_id=draft.id, actor=writer, publicity_until=DECIDED + PUBLICITY, effective_from=last, now=DECIDED
        )
        assert queries.item_in_force(SWEEP.code, last) is not None
        after = last + timedelta(days=1)
        assert queries.item_in_force(SWEEP.code, after) is None and queries.item_in_force(FOUND.code, after) is not None
        assert SWEEP.code not in [item.code for item in offering.claimable(after)]
        assert SWEEP.code in [item.code for item in offering.claimable(last)]
        with pytest.raises(submitting.NoSuchItem):
            submitting.submit(
                sending=ClaimSending(claim_id=new_id(), item_code=SWEEP.code, note="扫了"), claimant=lan, now=after
            )

    def test_a_day_that_moves_past_an_admission_is_told_and_what_has_ended_stands_as_ended(
        self, proposal: Proposal, members: list[Person], draft: RulebookVersion, writer: Person, lan: Person,
        lead: Person, client: Client,
    ) -> None:  # fmt: skip
        begins = DECIDED + PUBLICITY + timedelta(days=1)
        last = queries.local_date(begins)
        found = commands.admit(
            proposal_id=proposal.id, seen=proposal.digest,
            actor=members[0], ground="条例", until=last, reason="是", is_grid_work=True,
            now=MONDAY,
        )  # fmt: skip
        commands.enter(version_id=draft.id, proposal_id=found.id, actor=writer, why="扫楼道", now=MONDAY)
        consulted(draft, writer)
        shown = decide(draft, writer, effective_from=begins, now=DECIDED)
        item = PointItem.objects.get(version=shown, code=SWEEP.code)
        assert item.ended_on(begins) is None
        said = commands.object_to(
            version_id=shown.id, person=lan, code=SWEEP.code, text="不该给分", now=begins - timedelta(minutes=2)
        )
        commands.dismiss(remark_id=said.id, actor=members[1], answer="照旧", now=begins)
        entry = Entry.objects.get(what=Fact.OVERTAKEN)
        assert entry.facts == {
            "number": shown.number, "code": SWEEP.code, "until": last.isoformat(), "unit": str(proposal.unit_id)
        }  # fmt: skip
        notices.tell(entry_id=entry.id, now=begins)
        told = Notice.objects.filter(kind=Fact.OVERTAKEN)
        assert {notice.person for notice in told} == {*members, writer, lead}
        page = f"rulebook/{shown.number}/{SWEEP.code}/"
        mine = told.get(person=lead)
        assert leads_to(Browser().enter(lead).send(f"notices/{mine.id}/reading/")).endswith(page)
        shown.refresh_from_db()
        # Before its day it is read as it will be then.
        assert PointItem.objects.get(pk=item.pk).ended_on(begins) == last
        over = f"{last.month}月{last.day}日为止，不再计分"
        for each in (f"rulebook/{shown.number}/", f"rulebook/{shown.number}/print/", page):
            html = client.get(f"/s/yunqiao/{each}").content.decode()
            assert over in re.sub(r"\s", "", html), each
        assert "5 分" not in strip_tags(html)

    def test_a_department_does_not_say_itself_what_is_known(
        self, sanitation: Unit, lead: Person, members: list[Person]
    ) -> None:
        sly = replace(SWEEP, asked_fields=("扫了几层（已有）", "扫了几层"))
        found = commands.propose(unit=sanitation, proposer=lead, terms=sly, now=MONDAY)
        assert (found.item_terms().asked_fields, found.minutes_a_month) == (("扫了几层",), 390)
        long = replace(SWEEP, code="ox-21", asked_fields=("没有物业的老楼的楼道一共扫了几层楼",))
        asked = commands.propose(unit=sanitation, proposer=lead, terms=long, now=MONDAY)
        with pytest.raises(refusals.FieldTooLong):
            commands.admit(
                proposal_id=asked.id, seen=asked.digest,
                actor=members[0], ground="条例", until=NEXT_YEAR, reason="是", is_grid_work=True,
                now=MONDAY, known={long.asked_fields[0]: True}, known_reason="照片里有",
            )  # fmt: skip

    @pytest.mark.parametrize(
        ("change", "refused"),
        [
            ({"is_grid_work": False}, refusals.NotGridWork),
            ({"ground": " \u200b\u202e"}, refusals.WithoutReason),
            ({"reason": ""}, refusals.WithoutReason),
            ({"until": MONDAY.date()}, refusals.WrongEnd),
            ({"until": MONDAY.replace(year=2031).date()}, refusals.WrongEnd),
        ],
    )
    def test_asks_everything(
        self, proposal: Proposal, members: list[Person], change: dict[str, Any], refused: type[Exception]
    ) -> None:
        said: dict[str, Any] = {"ground": "条例", "until": NEXT_YEAR, "reason": "是", "is_grid_work": True, **change}
        with pytest.raises(refused):
            commands.admit(proposal_id=proposal.id, seen=proposal.digest, actor=members[0], now=MONDAY, **said)

    def test_nobody_of_the_department_decides(
        self, proposal: Proposal, lead: Person, sanitation: Unit, members: list[Person]
    ) -> None:
        appoint(lead, Role.BOARD_MEMBER)
        Assignment.objects.create(person=members[1], role=Role.UNIT_HANDLER, unit=sanitation, valid_from=MONDAY)
        for one in (lead, members[1]):
            with pytest.raises(NotAllowed) as refusal:
                admitted(proposal, one)
            assert refusal.value.code == "rulebook_own_unit"

    def test_only_the_board_decides(self, proposal: Proposal, writer: Person) -> None:
        with pytest.raises(NotAllowed):
            admitted(proposal, writer)

    def test_a_declined_one_stays_declined(self, proposal: Proposal, members: list[Person]) -> None:
        commands.decline(
            proposal_id=proposal.id,
            seen=proposal.digest,
            actor=members[0],
            reason="不是网格的事",
            is_grid_work=False,
            now=MONDAY,
        )
        again = commands.decline(
            proposal_id=proposal.id,
            seen=proposal.digest,
            actor=members[0],
            reason="不是网格的事",
            is_grid_work=False,
            now=TUESDAY,
        )
        assert again.decided_at == MONDAY
        with pytest.raises(refusals.NotWaiting):
            admitted(proposal, members[0])
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(state=Review.WAITING)

    def test_a_proposer_cannot_be_the_one_who_admits_even_by_hand(self, proposal: Proposal) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(
                state=Review.ADMITTED, decided_by=proposal.proposer, decided_at=MONDAY, reason="是", is_grid_work=True,
                admitted_until=NEXT_YEAR,
            )  # fmt: skip
