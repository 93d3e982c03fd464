"""Who leaves is forgotten everywhere: no name, no number, no word and no picture of theirs is left in any column."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from huipai.cases.commands import asking, filing, forgetting
from huipai.cases.commands.deeds import ending, telling
from huipai.cases.commands.deeds.telling import Told
from huipai.cases.models import Report
from huipai.config.wiring import FOLLOWERS
from huipai.grid import commands as grid
from huipai.grid.models import Assignment
from huipai.households.commands import assessing, links, needs
from huipai.households.models import Need
from huipai.households.models import Objection as HouseholdObjection
from huipai.households.rules import quarter_of
from huipai.households.words import NeedKind
from huipai.journal import queries as journal
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import WIPED, Role
from huipai.photos.models import Photo
from huipai.points import queries as points
from huipai.points.commands.claims import answering, objecting
from huipai.points.models import Appeal, Claim, Objection
from huipai.points.words import ClaimState, ObjectionReason
from huipai.rulebook import commands as rulebook
from huipai.rulebook.models import Remark
from huipai.rulebook.words import CONSULTATION
from tests import cast
from tests.cases.conftest import Place, folder, here, settled, there
from tests.cast import MONDAY, TUESDAY, WEDNESDAY
from tests.households.conftest import CALM
from tests.points.claims.world import HELP, ITEMS, World
from tests.points.ledger import holds

__all__ = ["folder", "here", "settled", "there"]
pytestmark = pytest.mark.django_db

WORD = "青瓦巷里的暗号"
# What a household is thanked for is proposed when its quarter is over.
NEXT_QUARTER = datetime(2027, 1, 4, 2, tzinfo=UTC)

# Every column for free words, and why nothing of a resident is left in it.
FORGOTTEN = {
    "cases.Case.address", "cases.Note.text", "cases.GoodDeed.who", "cases.GoodDeed.title",
    "cases.GoodDeed.text", "cases.GoodDeed.address",
    "cases.Report.text", "cases.Report.address", "cases.Question.answer", "households.Assessment.note",
    "households.Objection.text", "households.Visit.note", "households.Need.text", "people.Person.name",
    "points.Appeal.text", "points.Claim.note", "points.Contest.text", "points.Correction.appeal",
    "points.Correction.note",
    "points.Objection.text", "rulebook.Remark.text", "senders.Message.text",
    "senders.Message.address",
}  # fmt: skip
WRITTEN_IN_OFFICE = {
    "audit.Disclosure.words", "cases.CaseType.hint", "cases.CaseType.filing_condition",
    "cases.CaseType.closing_standard", "cases.GoodDeed.said", "cases.GoodDeed.public_title",
    "cases.GoodDeed.public_text", "cases.Question.text", "cases.Shown.title", "cases.UnitRequest.text",
    "cases.WorkOrder.brief", "grid.GridNode.name", "grid.Unit.name", "grid.Upload.file_name", "grid.Upload.findings",
    "households.Objection.answer", "people.ConsentText.body", "people.ConsentText.legal_basis",
    "rulebook.PointItem.description", "rulebook.PointItem.legal_ground", "rulebook.PointItem.title",
    "rulebook.PointItem.why", "rulebook.KnownField.reason",
    "rulebook.Proposal.reason", "rulebook.Proposal.known_reason", "rulebook.Remark.answer",
    "rulebook.RulebookVersion.end_reason", "rulebook.RulebookVersion.note", "rulebook.Sheet.file_name",
    "shop.ItemProposal.description", "shop.ItemProposal.name", "shop.ItemProposal.reason",
    "shop.ShopItem.description", "shop.ShopItem.name", "stations.Station.name", "stations.Station.place",
    "streets.Street.name", "streets.Street.operator", "streets.Street.filing_number",
    "workdays.CalendarYear.source",
}  # fmt: skip
CODES = {
    "audit.Disclosure.about", "audit.Disclosure.subject", "cases.Check.pool_hash", "cases.GoodDeed.content_hash",
    "cases.Report.content_hash", "cases.Slip.digest", "grid.GridNode.path", "grid.GridNode.code", "grid.Unit.code",
    "journal.Entry.subject", "journal.Entry.what", "journal.Seal.digest", "notices.Muted.what", "notices.Notice.cause",
    "notices.Notice.kind", "notices.Notice.subject", "people.Account.password", "people.Consent.paper_number",
    "people.SignInCode.digest", "photos.Photo.original_key", "photos.Photo.public_key", "photos.Photo.public_sha256",
    "photos.Photo.sha256", "photos.Photo.thumb_key", "photos.Photo.tiny_key", "points.Answered.content_hash",
    "points.Answered.verb", "points.Claim.content_hash", "points.Claim.subject", "points.Grant.paper_number",
    "points.Hold.subject", "points.Posting.subject", "rulebook.Approval.content_hash", "rulebook.DryRun.content_hash",
    "rulebook.DryRun.held",
    "rulebook.RulebookVersion.consulted_hash", "rulebook.RulebookVersion.content_hash", "rulebook.Sheet.content_hash",
    "shop.Card.digest", "shop.Movement.subject", "streets.Street.map_approval", "streets.Street.slug",
    "workdays.CalendarYear.content_hash", "cases.CaseType.icon", "cases.Transition.reason", "cases.OrderStep.reason",
    "households.Group.name", "rulebook.PointItem.owner",
    "cases.CaseType.code", "cases.CaseTypeEdition.reason", "cases.TypeSheet.file_name",
    "cases.TypePayment.why", "cases.TypePayment.answer",
}  # fmt: skip


# Packages whose every column for words is named above. In `cases` most are the office's; the walk below reads them all.
RESIDENTS_WRITE = ("households", "notices", "people", "points", "rulebook", "senders")


def columns_for_words() -> set[str]:
    """Every column of these packages that could hold a sentence."""
    found = set()
    for model in apps.get_models():
        if model._meta.app_label not in RESIDENTS_WRITE:
            continue
        for field in model._meta.get_fields():
            is_text = isinstance(field, models.TextField) or (
                isinstance(field, models.CharField) and (field.max_length or 0) >= 40
            )
            if is_text and not field.choices:
                found.add(f"{model._meta.label}.{field.name}")
    return found


def test_nobody_adds_a_column_for_words_where_residents_write_without_saying_how_it_is_forgotten() -> None:
    assert columns_for_words() == {
        name for name in FORGOTTEN | WRITTEN_IN_OFFICE | CODES if name.split(".")[0] in RESIDENTS_WRITE
    }


def holding(*words: str) -> list[str]:
    """Every column of the database, of whatever kind, in which one of these words stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'ARRAY') ORDER BY 1, 2"
        )
        found = []
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE ANY(%s)', [[f"%{word}%" for word in words]]
            )
            if cursor.fetchone()[0]:
                found.append(f"{table}.{column}")
    return found


@pytest.fixture
def world(here: Place) -> World:
    """The street of the main job, with claims too."""
    cast.rulebook(*ITEMS, CALM, since=cast.A_MONTH_AGO + timedelta(days=1))
    judges = [
        cast.appoint(cast.staff(name, f"1395555000{n}"), Role.REVIEWER) for n, name in enumerate(("方", "秦", "薄"))
    ]
    return World(here.street, here.lan, here.hua, *judges)


def live(here: Place, world: World, lan: Person) -> None:
    """Lan says something wherever a resident can, and shows something wherever that is possible."""
    case = here.report(lan, text=f"{WORD}堵了", address=f"{WORD} 3 号")
    question = asking.ask(case_id=case.id, actor=here.wei, text="几点？", now=MONDAY)
    asking.answer(question_id=question.id, actor=lan, text=f"{WORD}五点", now=MONDAY)
    filing.void(case_id=case.id, actor=here.dispatcher, reason="test", text="试的", now=MONDAY)
    filing.ask_review(case_id=case.id, actor=lan, text=f"不对，{WORD}", now=TUESDAY)
    other = cast.appoint(cast.staff("关二", "13900017777"), Role.DISPATCHER)
    filing.void(case_id=case.id, actor=other, reason="test", text="还是试的", now=TUESDAY)
    shown = here.photo(lan)
    told = Told(
        deed_id=new_id(), title=f"{WORD}撑伞", text=WORD, who=f"{WORD}的小伙子", is_own=False, address=f"{WORD} 3 幢",
        point=here.town.at(50, 50), photo_ids=(shown.id,),
    )  # fmt: skip
    deed = telling.tell(told=told, reporter=lan, now=MONDAY)
    ending.withdraw(deed_id=deed.id, actor=lan, now=MONDAY)

    rejected = world.checked(lan, note=f"{WORD}买菜", photo_ids=(world.photo(lan).id,))
    world.refuse(rejected)
    world.settle(rejected)
    more = (world.photo(lan).id,)
    answering.appeal(claim_id=rejected.id, actor=lan, text=f"看错了，{WORD}", photo_ids=more, now=TUESDAY)
    world.posted(lan, note=f"{WORD}又买了菜")
    objecting.object_to(
        claim_id=world.public(world.hua).id, objector=lan, reason=ObjectionReason.OTHER, text=WORD, now=TUESDAY
    )

    home, next_door = here.town["H1"], here.town["H2"]
    for person, household in ((lan, home), (world.hua, next_door)):
        grid.move_in(person=person, household=household, at=MONDAY - timedelta(days=9), actor=None, now=MONDAY)
    needs.raise_need(need_id=new_id(), household=home, kind=NeedKind.OTHER, text=WORD, actor=lan, now=MONDAY)
    linked = links.ask_household(household=next_door, contact=here.wei, now=MONDAY)
    links.accept(link_id=linked.pk, actor=world.hua, now=MONDAY)
    thanked = assessing.propose(
        household=next_door, item_code=CALM.code, quarter=quarter_of(MONDAY.date()), note="", now=NEXT_QUARTER,
        actor=here.coordinator,
    )  # fmt: skip
    assessing.approve(assessment_id=thanked.id, actor=world.qin, now=NEXT_QUARTER)
    assessing.object_to(assessment_id=thanked.id, text=WORD, actor=lan, now=NEXT_QUARTER + timedelta(days=1))

    writer = Assignment.objects.filter(role=Role.RULEBOOK_EDITOR).select_related("person")[0].person
    version = rulebook.draft(author=writer, note="", now=MONDAY)
    changed = replace(HELP, points=6, why="五分偏少")
    rulebook.put_item(version_id=version.id, actor=writer, terms=changed, now=MONDAY)
    rulebook.consult(version_id=version.id, actor=writer, until=MONDAY + CONSULTATION, now=MONDAY)
    rulebook.comment(version_id=version.id, person=lan, code="", text=WORD, now=TUESDAY)


def erase(person: Person) -> None:
    people.erase(person=person, actor=person, now=WEDNESDAY)
    entry = Entry.objects.get(what="person.erased", subject=f"person:{person.id}")
    for _twice in range(2):  # a job may run again
        for follower in FOLLOWERS["person.erased"]:
            follower(street=str(person.street_id), entry=str(entry.id))  # type: ignore[operator]


@pytest.mark.no_guard
def test_nothing_somebody_wrote_or_showed_is_left_in_any_column(here: Place, world: World, folder: Path) -> None:
    lan = people.register(phone="13877776666", name="蓝青青", now=MONDAY - timedelta(days=30))
    live(here, world, lan)
    spoken = {
        "cases_case.address", "cases_gooddeed.address", "cases_gooddeed.text", "cases_gooddeed.title",
        "cases_gooddeed.who", "cases_note.text",
        "cases_question.answer", "cases_report.address", "cases_report.text", "households_need.text",
        "households_objection.text", "points_appeal.text", "points_claim.note", "points_objection.text",
        "rulebook_remark.text",
    }  # fmt: skip
    assert spoken <= set(holding(WORD))
    paid, postings = points.balance(lan, WEDNESDAY).spendable, Claim.objects.filter(state=ClaimState.POSTED).count()
    assert paid == 5 and Photo.objects.kept().filter(uploader=lan).count() == 4

    erase(lan)
    assert holding(WORD, "蓝青青", "13877776666") == []
    assert not Photo.objects.kept().filter(uploader=lan).exists()
    assert not [path for path in folder.rglob("*") if path.is_file() and str(lan.id) in path.name]
    # Ids and points stay where they were; the journal and the ledger still add up.
    assert (Report.objects.count(), Appeal.objects.count(), Remark.objects.count()) == (1, 1, 1)
    assert Need.objects.count() == HouseholdObjection.objects.count() == Objection.objects.count() == 1
    assert Claim.objects.filter(claimant=lan, state=ClaimState.WITHDRAWN).count() == 1
    assert Claim.objects.filter(state=ClaimState.POSTED).count() == postings
    assert journal.verify_chain() is None and holds(here.street)


@pytest.mark.no_guard
def test_what_is_still_being_handled_keeps_its_words_until_it_ends(here: Place, folder: Path) -> None:
    case = here.report(here.lan, text=WORD)
    erase(here.lan)
    assert holding(WORD) == ["cases_report.text", "cases_searchable.text"] and Photo.objects.kept().count() == 1
    assert not forgetting.left_behind(WEDNESDAY).exists()
    filing.void(case_id=case.id, actor=here.dispatcher, reason="test", text="试的", now=WEDNESDAY)
    assert list(forgetting.left_behind(WEDNESDAY)) == [here.lan]
    forgetting.forget(person=here.lan, now=WEDNESDAY)
    assert holding(WORD) == [] and not Photo.objects.kept().exists() and not forgetting.left_behind(WEDNESDAY).exists()


def test_words_can_be_wiped_and_never_changed(world: World) -> None:
    rejected = world.rejected()
    appeal = answering.appeal(claim_id=rejected.id, actor=world.lan, text="看错了", photo_ids=(), now=TUESDAY)
    objection = Objection.objects.get(pk=world.objected(world.public(world.hua), world.lan))
    for row, change in ((appeal, {"text": "别的话"}), (appeal, {"filed_at": WEDNESDAY}), (objection, {"text": "别的"}),
                        (objection, {"reason": "old"}), (objection, {"text": WIPED, "reason": "old"})):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**change)
    for row in (appeal, objection):
        type(row).objects.filter(pk=row.pk).update(text=WIPED)
    with pytest.raises(DatabaseError), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk).update(text="看错了")
    with pytest.raises(DatabaseError), transaction.atomic():
        appeal.delete()
