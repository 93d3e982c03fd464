"""The desk of the rulebook and the pages on which residents speak up, for every role and through every door."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from huipai.grid.models import Assignment, Unit
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.models import Account, Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.rulebook import commands, queries
from huipai.rulebook.forms import TermsForm
from huipai.rulebook.models import Approval, DryRun, PointItem, Proposal, Remark, RulebookVersion
from huipai.rulebook.rules import EndRule, Terms
from huipai.rulebook.rules.formula import parse
from huipai.rulebook.words import CONSULTATION, Outcome, Review, Standing
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import FOUND, GROUND, OWNER, TWO_YEARS_AGO, appoint, board, resident, rulebook, staff
from tests.people.doors import seen_on
from tests.rulebook.making import CLAIMED, NEXT_YEAR, SWEEP, use_up

pytestmark = pytest.mark.django_db

BASE = "/s/yunqiao/rulebook/"
DESK = f"{BASE}desk/"


@pytest.fixture
def writer(in_yunqiao: Street) -> Person:
    return appoint(staff("编", "13900000011"), Role.RULEBOOK_EDITOR, since=TWO_YEARS_AGO)


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return resident()


def as_(client: Client, person: Person) -> Client:
    client.force_login(Account.objects.get(pk=person.account_id))
    return client


def typed(terms: Terms, **more: Any) -> dict[str, Any]:
    """What somebody types to say these terms."""
    form = TermsForm(initial=TermsForm.initial_of(terms))
    values = {bound.name: bound.value() for bound in form}
    return {key: value for key, value in {**values, **more}.items() if value not in (None, False)}


def seen(client: Client, page: str) -> dict[str, str]:
    """What this page sends back of what it shows."""
    return {"seen": seen_on(client.get(page).content.decode())}


def shown() -> dict[str, str]:
    """What the desk sends back of the draft that it shows."""
    draft = queries.open_draft()
    assert draft is not None
    return {"seen": queries.content_hash(draft.id)}


def deciding(writer: Person) -> RulebookVersion:
    """A draft whose consultation is over and whose dry run is done, today."""
    begun = clock.now() - CONSULTATION - timedelta(days=1)
    version = commands.draft(author=writer, note="改一条", now=begun)
    terms = replace(FOUND, points=6, why="五分偏少")
    commands.put_item(version_id=version.id, actor=writer, terms=terms, now=begun)
    commands.consult(version_id=version.id, actor=writer, until=begun + CONSULTATION, now=begun)
    run = commands.ask_dry_run(version_id=version.id, actor=writer, now=clock.now())
    points.run_dry(run_id=run.id, now=clock.now())
    return version


class TestKnownFields:
    def test_the_editor_adds_and_takes_out_with_a_reason_that_everybody_reads(
        self, client: Client, writer: Person, lan: Person
    ) -> None:
        as_(client, writer)
        page = f"{DESK}known/"
        assert 'name="add-word"' in client.get(page).content.decode()
        kept = client.post(f"{page}new/", {"add-word": "井盖编号", "add-reason": ""})
        assert kept.status_code == 422 and 'value="井盖编号"' in kept.content.decode()
        client.post(f"{page}new/", {"add-word": "井盖编号", "add-reason": "部件库里有"})
        client.post(f"{page}taking-out/", {"out-word": "楼号", "out-reason": "老楼没有楼号"})
        again = client.post(f"{page}taking-out/", {"out-word": "楼号", "out-reason": "再说一遍"})
        assert again.status_code == 409 and "再说一遍" in again.content.decode()
        open_to_all = as_(client, lan).get(f"{BASE}checks/").content.decode()
        assert all(words in open_to_all for words in ("井盖编号，已有", "部件库里有", "楼号，要人填", "老楼没有楼号"))
        assert "楼栋、楼栋号" in open_to_all
        assert client.post(f"{page}new/", {"add-word": "别的", "add-reason": "有"}).status_code == 403


class TestWho:
    PAGES = ("", "items/", "items/new/", "proposals/", "admissions/", "remarks/", "sheets/")

    @pytest.mark.parametrize(
        ("role", "open_pages"),
        [
            (Role.RULEBOOK_EDITOR, {"", "items/", "items/new/", "proposals/", "admissions/", "remarks/", "sheets/"}),
            (Role.BOARD_MEMBER, {"", "items/", "proposals/", "admissions/", "remarks/"}),
            (Role.AUDITOR, {"", "items/", "proposals/", "admissions/", "remarks/"}),
            (Role.UNIT_LEAD, {"", "proposals/", "admissions/"}),
            (Role.COORDINATOR, set()),
            (Role.LEADER, set()),
            (Role.SYSTEM_ADMIN, set()),
            (Role.REVIEWER, set()),
            (Role.GRID_WORKER, set()),
        ],
    )
    def test_each_role_has_its_pages(
        self, client: Client, writer: Person, role: Role, open_pages: set[str], settings: Any
    ) -> None:
        settings.SECOND_FACTOR_FOR_ADMINS = False
        commands.draft(author=writer, note="", now=clock.now())
        person = staff("谁", "13900000031")
        if role == Role.UNIT_LEAD:
            unit = Unit.objects.create(code="HW", name="环卫所", kind="sanitation")
            Assignment.objects.create(person=person, role=role, unit=unit, valid_from=TWO_YEARS_AGO)
        else:
            appoint(person, role)
        as_(client, person)
        found = {page: client.get(f"{DESK}{page}").status_code for page in self.PAGES}
        assert found == {page: 200 if page in open_pages else 403 for page in self.PAGES}

    def test_a_resident_is_not_at_the_desk_and_a_stranger_signs_in(self, client: Client, lan: Person) -> None:
        assert client.get(DESK).status_code == 302
        as_(client, lan)
        assert client.get(DESK).status_code == 403
        assert client.post(f"{DESK}start/", {"note": ""}).status_code == 403

    def test_another_streets_things_do_not_exist(
        self, client: Client, writer: Person, hetang: Street, settings: Any
    ) -> None:
        version = deciding(writer)
        unit = Unit.objects.create(code="HW", name="环卫所", kind="sanitation")
        lead = staff("环", "13900000021")
        Assignment.objects.create(person=lead, role=Role.UNIT_LEAD, unit=unit, valid_from=TWO_YEARS_AGO)
        proposal = commands.propose(unit=unit, proposer=lead, terms=SWEEP, now=clock.now())
        sheet = commands.keep_sheet(version_id=version.id, actor=writer, file_name="x", items=[FOUND], now=clock.now())
        with in_street(hetang.id):
            stranger = appoint(staff("外", "13900000012"), Role.RULEBOOK_EDITOR)
            appoint(stranger, Role.BOARD_MEMBER)
        as_(client, stranger)
        there = f"/s/hetang/rulebook/{version.number}/"
        for path in (there, f"{there}changes/", f"{there}print/", f"{there}excel/", f"{there}{FOUND.code}/"):
            assert client.get(path).status_code == 404, path
        desk = "/s/hetang/rulebook/desk/"
        for path in (
            f"proposals/{proposal.pk}/",
            f"sheets/{sheet.pk}/",
            f"items/{FOUND.code}/",
            f"remarks/{new_id()}/",
        ):
            assert client.get(f"{desk}{path}").status_code == 404, path
        assert client.post(f"{desk}approval/", {"content_hash": "x"}).status_code == 404


class TestDraft:
    def test_from_the_first_word_to_publicity(self, client: Client, writer: Person, lan: Person) -> None:
        rulebook(FOUND)
        as_(client, writer)
        assert "开一份草稿" in client.get(DESK).content.decode()
        long = client.post(f"{DESK}start/", {"note": "长" * 10_000})
        assert long.status_code == 422 and "长" * 10_000 in long.content.decode()
        assert client.post(f"{DESK}start/", {"note": "改一条"}).status_code == 302
        assert client.post(f"{DESK}start/", {"note": "再来一份"}).status_code == 409
        answer = client.post(f"{DESK}items/{FOUND.code}/", typed(replace(FOUND, points=6), why=""))
        assert answer.status_code == 422 and 'id="id_why-error"' in answer.content.decode()
        item = f"{DESK}items/{FOUND.code}/"
        assert client.post(item, typed(FOUND, points=6, why="偏少", **seen(client, item))).status_code == 302
        for until, status in (("", 422), (f"{clock.now():%Y-%m-%d}", 422)):
            assert client.post(f"{DESK}consultation/", {"until": until, **shown()}).status_code == status
        late = clock.now() + timedelta(days=9)
        assert client.post(f"{DESK}consultation/", {"until": f"{late:%Y-%m-%d}", **shown()}).status_code == 302
        version = RulebookVersion.objects.get(number=2)
        assert version.standing(clock.now()) == Standing.CONSULTING
        html = client.get(f"{BASE}2/changes/").content.decode()
        assert '<del class="del">5</del>' in html and '<ins class="ins">6</ins>' in html and "偏少" in html

    def test_an_unfit_item_says_the_reason_at_its_field(self, client: Client, writer: Person) -> None:
        commands.draft(author=writer, note="", now=clock.now())
        as_(client, writer)
        new = typed(CLAIMED, port="ox", evidence=["likes"], assessable="on", why="好")
        answer = client.post(f"{DESK}items/new/", new)
        html = answer.content.decode()
        assert answer.status_code == 422 and "不能拿来考核工作人员" in html and 'value="路上乱停乱摆"' in html
        assert client.post(f"{DESK}items/new/", {**new, "assessable": "", "evidence": ["photo"]}).status_code == 302
        assert PointItem.objects.get().code == "ox-01"

    def test_a_new_item_says_who_answers_for_it_and_on_what_it_rests(self, client: Client, writer: Person) -> None:
        commands.draft(author=writer, note="", now=clock.now())
        as_(client, writer)
        new = typed(CLAIMED, port="ox", why="好")
        for name in ("owner", "legal_ground"):
            for said in ("", "——"):
                answer = client.post(f"{DESK}items/new/", {**new, name: said})
                assert answer.status_code == 422 and f'id="id_{name}-error"' in answer.content.decode(), (name, said)
        assert client.post(f"{DESK}items/new/", {**new, "admitted_until": f"{NEXT_YEAR}"}).status_code == 302
        there = PointItem.objects.get()
        assert (there.owner, there.legal_ground, there.admitted_until) == (OWNER, GROUND, NEXT_YEAR)

    def test_a_change_shows_and_keeps_owner_ground_and_end(self, client: Client, writer: Person) -> None:
        version = commands.draft(author=writer, note="", now=clock.now())
        ending = replace(CLAIMED, admitted_until=NEXT_YEAR)
        commands.put_item(version_id=version.id, actor=writer, terms=ending, now=clock.now())
        page = f"{DESK}items/{CLAIMED.code}/"
        html = as_(client, writer).get(page).content.decode()
        assert f'value="{OWNER}"' in html and f'value="{GROUND}"' in html and f'value="{NEXT_YEAR}"' in html
        assert client.post(page, typed(ending, title="乱停", why="短一点", seen=seen_on(html))).status_code == 302
        there = PointItem.objects.get().terms()
        assert there == replace(ending, title="乱停", why="短一点")

    def test_words_are_parted_as_the_writer_reads_them_and_read_as_they_were(self) -> None:
        field, words = TermsForm.base_fields["keywords"], ("楼道", "清扫")
        for language, typed_out in (("zh-hans", "楼道、清扫"), ("en", "楼道, 清扫")):
            with translation.override(language):
                assert field.prepare_value(words) == typed_out
                assert field.clean(typed_out) == words

    def test_a_number_or_a_day_without_end_is_said_at_its_field(self, client: Client, writer: Person) -> None:
        commands.draft(author=writer, note="", now=clock.now())
        as_(client, writer)
        for name, field in TermsForm.base_fields.items():
            if isinstance(field, forms.IntegerField):
                answer = client.post(f"{DESK}items/new/", typed(CLAIMED, port="ox", why="好", **{name: "9" * 14}))
                assert answer.status_code == 422 and f'id="id_{name}-error"' in answer.content.decode(), name
        many = "、".join(f"词 {number}" for number in range(40))
        for name in ("keywords", "asked_fields"):
            answer = client.post(f"{DESK}items/new/", typed(CLAIMED, port="ox", why="好", **{name: many}))
            assert answer.status_code == 422 and "最多写 30 个" in answer.content.decode()
        long = "、".join(f"独居老人每日走访登记表的身体情况栏目里的{what}" for what in ("收缩压", "舒张压", "心率"))
        for name in ("keywords", "asked_fields"):
            answer = client.post(f"{DESK}items/new/", typed(CLAIMED, port="ox", why="好", **{name: long}))
            assert answer.status_code == 422 and "每个词最多 20 个字" in answer.content.decode()
            assert long in answer.content.decode(), "nothing typed is lost"
        for day in ("0001-01-01", "9999-12-31"):
            for step, sent in (
                ("consultation", {"until": day}), ("publicity", {"publicity_until": day, "effective_from": day}),
            ):  # fmt: skip
                answer = client.post(f"{DESK}{step}/", sent)
                assert answer.status_code == 422 and "年份写错了吧" in answer.content.decode(), (step, day)
        assert not PointItem.objects.exists()

    def test_a_formula_is_typed_as_people_write_it(self, client: Client, writer: Person) -> None:
        version = commands.draft(author=writer, note="", now=clock.now())
        commands.put_item(version_id=version.id, actor=writer, terms=CLAIMED, now=clock.now())
        as_(client, writer)
        page = f"{DESK}items/{CLAIMED.code}/"
        assert client.post(page, typed(CLAIMED, formula="小时 × 电话", why="好")).status_code == 422
        assert client.post(page, typed(CLAIMED, formula="小时*5", why="好", **seen(client, page))).status_code == 302
        assert PointItem.objects.get().terms().formula == parse("小时 × 5")
        assert 'value="小时 × 5"' in client.get(page).content.decode()

    def test_a_strike_is_undone_with_one_press(self, client: Client, writer: Person) -> None:
        rulebook(FOUND, replace(FOUND, code="woodpecker-03"))
        commands.draft(author=writer, note="", now=clock.now())
        as_(client, writer)
        page = f"{DESK}items/woodpecker-03/strike/"
        read = seen(client, page)
        assert client.post(page, {"why": "", **read}).status_code == 422
        told = client.post(page, {"why": "没人用", **read}, follow=True)
        assert "下面可以恢复" in told.content.decode()
        assert "没人用" in client.get(f"{DESK}items/").content.decode()
        client.post(f"{DESK}items/woodpecker-03/restore/")
        assert PointItem.objects.filter(version__published_at=None).count() == 2

    def test_the_board_agrees_to_what_it_was_shown_and_never_the_author(self, client: Client, writer: Person) -> None:
        rulebook(FOUND)
        version = deciding(writer)
        appoint(writer, Role.BOARD_MEMBER)
        member = board(1)[0]
        html = as_(client, writer).get(DESK).content.decode()
        assert "我同意现在的内容" not in html and "自己起草、自己改过的，不能由自己同意" in html
        content = queries.content_hash(version.id)
        assert client.post(f"{DESK}approval/", {"content_hash": content}).status_code == 403
        html = as_(client, member).get(DESK).content.decode()
        assert "我同意现在的内容" in html and content in html
        assert client.post(f"{DESK}approval/", {"content_hash": "0" * 64}).status_code == 409
        for _ in range(2):
            assert client.post(f"{DESK}approval/", {"content_hash": content}).status_code == 302
        assert Approval.objects.filter(version=version).count() == 1
        assert "您同意了现在的内容" in client.get(DESK).content.decode()

    def test_says_that_what_was_edited_has_to_be_laid_open_again(self, client: Client, writer: Person) -> None:
        rulebook(FOUND)
        version = deciding(writer)
        member = board(1)[0]
        more = replace(CLAIMED, code="woodpecker-05", why="常有人问")
        commands.put_item(version_id=version.id, actor=writer, terms=more, now=clock.now())
        run = commands.ask_dry_run(version_id=version.id, actor=writer, now=clock.now())
        points.run_dry(run_id=run.id, now=clock.now())
        html = as_(client, member).get(DESK).content.decode()
        assert "公开以后又改了" in html and "我同意现在的内容" not in html and "再公开征求一次意见</" not in html
        agreed = client.post(f"{DESK}approval/", {"content_hash": run.content_hash})
        assert agreed.status_code == 409 and "再公开征求一次" in agreed.content.decode()
        html = as_(client, writer).get(DESK).content.decode()
        assert "再公开征求一次意见</" in html
        until = clock.now() + timedelta(days=8)
        assert client.post(f"{DESK}consultation/", {"until": f"{until:%Y-%m-%d}", **shown()}).status_code == 302
        html = client.get(DESK).content.decode()
        assert "征求意见中" in html and "公开以后又改了" not in html
        assert client.post(f"{DESK}consultation/", {"until": f"{until:%Y-%m-%d}"}).status_code == 409

    def test_publicity_wants_its_days_and_can_be_taken_back(self, client: Client, writer: Person) -> None:
        rulebook(FOUND)
        version = deciding(writer)
        as_(client, writer)
        shown, begins = clock.now() + timedelta(days=8), clock.now() + timedelta(days=10)
        dates = {"publicity_until": f"{shown:%Y-%m-%d}", "effective_from": f"{begins:%Y-%m-%d}"}
        answer = client.post(f"{DESK}publicity/", dates)
        assert answer.status_code == 409 and "还差表态" in answer.content.decode()
        for member in board(2):
            commands.approve(
                version_id=version.id, approver=member, content_hash=queries.content_hash(version.id), now=clock.now()
            )
        assert client.post(f"{DESK}publicity/", {**dates, "effective_from": "2020-01-01"}).status_code == 422
        assert client.post(f"{DESK}publicity/", dates).status_code == 302
        assert "公示中" in client.get(f"{BASE}2/changes/").content.decode()
        commands.draft(author=writer, note="再改一条", now=clock.now())
        ids = re.findall(r'\bid="([^"]+)"', client.get(DESK).content.decode())
        assert len(ids) == len(set(ids)), "a reason for the draft, and one for what was published"
        answer = client.post(f"{DESK}withdraw/2/", {"reason": ""})
        assert answer.status_code == 422 and answer.content.decode().count('class="errline') == 1
        assert client.post(f"{DESK}withdraw/2/", {"reason": "算错了"}).status_code == 302
        html = client.get(f"{BASE}2/changes/").content.decode()
        assert "算错了" in html and "公示后撤回" in html

    def test_a_dry_run_is_asked_for_once_and_shows_how_far_it_is(self, client: Client, writer: Person) -> None:
        rulebook(FOUND)
        version = deciding(writer)
        commands.reword_note(version_id=version.id, actor=writer, note="另一句", now=clock.now())
        as_(client, writer)
        for _ in range(2):
            assert client.post(f"{DESK}dry-run/").status_code == 302
        run = DryRun.objects.get(version=version, state="waiting")
        assert "排着队" in client.get(DESK).content.decode()
        commands.note_progress(run_id=run.id, done=20, total=90)
        for page in (DESK, f"{DESK}dry-run/card/"):
            html = client.get(page).content.decode()
            assert "20 / 90" in html and 'hx-trigger="every 3s"' in html
        points.run_dry(run_id=run.id, now=clock.now())
        html = client.get(f"{DESK}dry-run/card/").content.decode()
        assert "看下一步" in html and "hx-get" not in html

    def test_is_put_aside_with_a_reason(self, client: Client, writer: Person) -> None:
        commands.draft(author=writer, note="", now=clock.now())
        as_(client, writer)
        assert client.post(f"{DESK}abandon/", {"reason": ""}).status_code == 422
        assert client.post(f"{DESK}abandon/", {"reason": "重来", **shown()}).status_code == 302
        assert "现在没有草稿" in client.get(DESK).content.decode()


class TestAdmission:
    @pytest.fixture
    def lead(self, in_yunqiao: Street) -> Person:
        unit = Unit.objects.create(code="HW", name="环卫所", kind="sanitation")
        person = staff("环", "13900000021")
        Assignment.objects.create(person=person, role=Role.UNIT_LEAD, unit=unit, valid_from=TWO_YEARS_AGO)
        return person

    def ask(self, client: Client, lead: Person, **more: Any) -> Proposal:
        as_(client, lead)
        unit = Unit.objects.get()
        answer = client.post(f"{DESK}proposals/new/", typed(SWEEP, unit=str(unit.pk), port="ox", **more))
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return Proposal.objects.order_by("-proposed_at", "-id")[0]

    def test_a_department_asks_the_board_admits_the_editor_writes_it_in(
        self, client: Client, lead: Person, writer: Person
    ) -> None:
        proposal = self.ask(client, lead)
        page = f"{DESK}proposals/{proposal.pk}/"
        html = client.get(page).content.decode()
        assert "6.5" in html and "姓名，已有" in html and "扫了几层" in html and "不予准入" not in html
        member = board(1)[0]
        as_(client, member)
        said = {"ground": "条例第十条", "until": f"{NEXT_YEAR}", "reason": "是网格里的事", **seen(client, page)}
        answer = client.post(f"{page}admit/", said)
        assert answer.status_code == 422 and "只有网格里该做的事才能准入" in answer.content.decode()
        for _twice in range(2):
            assert client.post(f"{page}admit/", {**said, "is_grid_work": "on"}).status_code == 302
        other = {**said, "reason": "换一句话", "is_grid_work": "on"}
        assert client.post(f"{page}admit/", other).status_code == 409
        version = commands.draft(author=writer, note="", now=clock.now())
        as_(client, writer)
        assert "等着写进来" in client.get(f"{DESK}items/").content.decode()
        assert client.post(f"{page}enter/", {"why": "没人扫"}).status_code == 302
        assert PointItem.objects.get(version=version).admission == proposal
        item = f"{DESK}items/{proposal.code}/"
        assert "请单位重新提" in client.get(item).content.decode()
        assert client.post(item, {"why": "换个理由", **seen(client, item)}).status_code == 302

    def test_what_the_linter_refuses_is_told_with_its_ground_and_copied_to_be_mended(
        self, client: Client, lead: Person
    ) -> None:
        refused = self.ask(client, lead, evidence=["photo", "likes"], assessable="on", title="为民服务")
        assert refused.state == Review.REFUSED
        html = client.get(f"{DESK}proposals/{refused.pk}/").content.decode()
        assert "国办函〔2026〕12号" in html and "怎么改" in html and "照这份改一份再提" in html
        again = client.get(f"{DESK}proposals/new/?from={refused.pk}").content.decode()
        assert 'value="为民服务"' in again

    def test_sent_twice_is_there_once_and_used_up_numbers_are_said_in_words(self, client: Client, lead: Person) -> None:
        assert self.ask(client, lead) == self.ask(client, lead)
        assert Proposal.objects.count() == 1
        use_up(FOUND.port, Unit.objects.get(), lead)
        sent = typed(SWEEP, unit=str(Unit.objects.get().pk), port="woodpecker")
        answer = client.post(f"{DESK}proposals/new/", sent)
        assert answer.status_code == 409 and "99 个编号都用过了" in answer.content.decode()

    def test_is_given_back_mended_and_taken_back(self, client: Client, lead: Person) -> None:
        proposal = self.ask(client, lead)
        page = f"{DESK}proposals/{proposal.pk}/"
        as_(client, board(1)[0])
        assert client.post(f"{page}give-back/", {"back-reason": ""}).status_code == 422
        given = {"back-reason": "少要一个字段", **seen(client, page)}
        assert client.post(f"{page}give-back/", given).status_code == 302
        as_(client, lead)
        assert "少要一个字段" in client.get(f"{page}mend/").content.decode()
        assert client.post(f"{page}mend/", typed(SWEEP, points=4)).status_code == 302
        assert client.post(f"{page}take-back/", {"own-reason": "另想办法"}).status_code == 302
        proposal.refresh_from_db()
        assert (proposal.state, proposal.terms["points"]) == (Review.WITHDRAWN, 4)

    def test_is_declined_with_a_reason_that_the_department_reads(self, client: Client, lead: Person) -> None:
        proposal = self.ask(client, lead)
        page = f"{DESK}proposals/{proposal.pk}/"
        as_(client, board(1)[0])
        assert client.post(f"{page}decline/", {"no-reason": "不是网格的事", **seen(client, page)}).status_code == 302
        assert "不是网格的事" in as_(client, lead).get(page).content.decode()

    def test_other_departments_do_not_see_it(self, client: Client, lead: Person) -> None:
        proposal = self.ask(client, lead)
        other = staff("城", "13900000022")
        unit = Unit.objects.create(code="CG", name="城管中队", kind="city_management")
        Assignment.objects.create(person=other, role=Role.UNIT_LEAD, unit=unit, valid_from=TWO_YEARS_AGO)
        as_(client, other)
        assert client.get(f"{DESK}proposals/{proposal.pk}/").status_code == 404
        assert "扫一条楼道" not in client.get(f"{DESK}proposals/").content.decode()

    def test_an_open_review_is_not_opened_twice(self, client: Client, lead: Person) -> None:
        proposal = self.ask(client, lead)
        again = typed(SWEEP, unit=str(proposal.unit_id), port="ox", code=proposal.code)
        assert client.post(f"{DESK}proposals/new/", again).status_code == 302
        assert client.post(f"{DESK}proposals/new/", {**again, "points": "6"}).status_code == 409
        assert Proposal.objects.count() == 1

    def test_a_list_costs_the_same_however_long(self, client: Client, lead: Person, writer: Person) -> None:
        unit = Unit.objects.get()
        commands.propose(unit=unit, proposer=lead, terms=SWEEP, now=clock.now())
        as_(client, writer)
        client.get(f"{DESK}proposals/")
        with CaptureQueriesContext(connection) as few:
            client.get(f"{DESK}proposals/")
        for number in range(30, 50):
            commands.propose(unit=unit, proposer=lead, terms=replace(SWEEP, code=f"ox-{number}"), now=clock.now())
        with CaptureQueriesContext(connection) as many:
            client.get(f"{DESK}proposals/")
        assert len(many) == len(few)


class TestSpeech:
    def test_a_comment_is_sent_once_answered_and_read_by_all(self, client: Client, writer: Person, lan: Person) -> None:
        rulebook(FOUND)
        now = clock.now()
        version = commands.draft(author=writer, note="", now=now)
        terms = replace(FOUND, points=6, why="偏少")
        commands.put_item(version_id=version.id, actor=writer, terms=terms, now=now)
        assert client.get(f"{BASE}2/say/").status_code == 302
        as_(client, lan)
        assert client.get(f"{BASE}2/say/").status_code == 404
        commands.consult(version_id=version.id, actor=writer, until=now + CONSULTATION, now=now)
        assert client.get(f"{BASE}2/say/?code={FOUND.code}").status_code == 200
        empty = client.post(f"{BASE}2/say/", {"text": " ", "code": FOUND.code, "id": str(new_id())})
        assert empty.status_code == 422 and "写一两句您的意见" in empty.content.decode()
        sent = {"text": "六分好", "code": FOUND.code, "id": str(new_id())}
        for _ in range(2):
            assert client.post(f"{BASE}2/say/", sent).status_code == 302
        remark = Remark.objects.get()
        assert "还没有答复" in client.get(f"{BASE}mine/").content.decode()
        assert "六分好" not in Client().get(f"{BASE}2/changes/").content.decode()
        as_(client, writer)
        page = f"{DESK}remarks/{remark.pk}/"
        assert client.post(page, {"outcome": "", "answer": ""}).status_code == 422
        assert client.post(page, {"outcome": Outcome.ADOPTED, "answer": "就用六分"}).status_code == 302
        assert client.post(page, {"outcome": Outcome.ADOPTED, "answer": "就用六分"}).status_code == 409
        html = Client().get(f"{BASE}2/changes/").content.decode()
        assert "六分好" in html and "就用六分" in html and "兰" not in html

    def test_an_objection_is_decided_by_the_board(self, client: Client, lan: Person) -> None:
        version = rulebook(FOUND)
        as_(client, lan)
        assert client.post(f"{BASE}1/say/", {"text": "偏少", "code": ""}).status_code == 302
        page = f"{DESK}remarks/{Remark.objects.get().pk}/"
        as_(client, version.author)
        assert "只有审议组成员可以表态" in client.get(page).content.decode()
        assert client.post(page, {"outcome": "dismissed", "answer": "不"}).status_code == 403
        as_(client, board(1)[0])
        assert client.post(page, {"outcome": "dismissed", "answer": "先用一年"}).status_code == 302
        assert "先用一年" in as_(client, lan).get(f"{BASE}mine/").content.decode()


class TestTheEnd:
    def test_stands_in_the_version_on_the_page_on_paper_and_in_the_changes(self, client: Client, lan: Person) -> None:
        rulebook(FOUND, since=clock.now() - timedelta(days=60))
        rulebook(FOUND, since=clock.now() - timedelta(days=20), end=EndRule(60, 120))
        for page in (BASE, f"{BASE}2/", f"{BASE}2/print/"):
            html = client.get(page).content.decode()
            assert "至少提前 60 天告诉大家" in html and "至少还有 120 天照常能换" in html
        assert "至少提前 30 天告诉大家" in client.get(f"{BASE}1/").content.decode()
        changes = client.get(f"{BASE}2/changes/").content.decode()
        assert "积分要是停了" in changes and "30 天</del>" in changes and "60 天</ins>" in changes
        as_(client, lan)
        assert client.post(f"{DESK}end/", {"notice_days": 60, "redeem_days": 120}).status_code == 403

    def test_is_written_at_the_desk_and_too_short_is_said_with_everything_typed(
        self, client: Client, writer: Person
    ) -> None:
        version = commands.draft(author=writer, note="", now=clock.now())
        as_(client, writer)
        short = client.post(f"{DESK}end/", {"notice_days": "7", "redeem_days": "120"})
        assert short.status_code == 422 and 'value="7"' in short.content.decode()
        sent = {"notice_days": "60", "redeem_days": "120", **seen(client, DESK)}
        assert client.post(f"{DESK}end/", sent).status_code == 302
        assert RulebookVersion.objects.get(pk=version.pk).end_rule == EndRule(60, 120)


class TestReading:
    def test_the_year_is_told_in_numbers_and_each_change_with_its_why(self, client: Client, in_yunqiao: Street) -> None:
        rulebook(FOUND, replace(FOUND, code="woodpecker-03"), since=clock.now() - timedelta(days=60))
        other = replace(FOUND, code="woodpecker-04", title="井盖松动")
        rulebook(replace(FOUND, points=6, why="五分偏少"), other, since=clock.now() - timedelta(days=20))
        html = client.get(f"{BASE}2/changes/").content.decode()
        assert "第 1 次修订" in html and "新增 1" in html and "修改 1" in html and "删除 1" in html
        assert "五分偏少" in html and "用不着了" in html and "井盖松动" in html
        assert "1 次" in client.get(f"{BASE}revisions/").content.decode()
        item = client.get(f"{BASE}2/{FOUND.code}/").content.decode()
        assert "这一条改过几次" in item and "五分偏少" in item
        assert "国办函〔2026〕12号" in client.get(f"{BASE}checks/").content.decode()
        assert "核查属实" in client.get(f"{BASE}2/print/").content.decode()

    def test_is_found_by_words(self, client: Client, in_yunqiao: Street) -> None:
        rulebook(FOUND, replace(FOUND, code="woodpecker-03", title="井盖松动"))
        html = client.get(BASE, {"q": "井盖"}).content.decode()
        assert "井盖松动" in html and "路上乱停乱摆" not in html
        assert "没有找到" in client.get(BASE, {"q": "月亮"}).content.decode()

    def test_many_versions_cost_no_more_than_two(self, client: Client, in_yunqiao: Street) -> None:
        start = clock.now() - timedelta(days=100)
        for number in range(2):
            rulebook(replace(FOUND, points=5 + number), since=start + timedelta(days=number))
        client.get(f"{BASE}2/changes/")
        with CaptureQueriesContext(connection) as few:
            client.get(f"{BASE}2/changes/")
        for number in range(2, 5):
            rulebook(replace(FOUND, points=5 + number), since=start + timedelta(days=number))
        with CaptureQueriesContext(connection) as many:
            client.get(f"{BASE}2/changes/")
        assert len(many) == len(few)
