"""What the database refuses, whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from huipai.grid.models import Assignment
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook import commands, queries
from huipai.rulebook.models import Approval, DryRun, PointItem, Remark, RulebookVersion, Writer
from huipai.rulebook.rules import EndRule, EndRuleUnfit
from huipai.rulebook.words import CONSULTATION, PUBLICITY, Port
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import (
    A_MONTH_AGO,
    FOUND,
    FRIDAY,
    GROUND,
    MONDAY,
    OWNER,
    TUESDAY,
    appoint,
    board,
    resident,
    rulebook,
    staff,
)


def constraint(refusal: pytest.ExceptionInfo[IntegrityError]) -> str:
    return refusal.value.__cause__.diag.constraint_name  # type: ignore[union-attr,no-any-return]


def item(version: RulebookVersion, **changes: object) -> PointItem:
    values: dict[str, object] = {
        "code": "woodpecker-09", "port": Port.WOODPECKER, "title": "飞线充电", "description": "拉线充电。", "points": 5,
        "earners": ["resident"], "evidence": ["photo"], "lot_months": 24, "owner": OWNER, "legal_ground": GROUND,
    }  # fmt: skip
    return PointItem(version=version, **{**values, **changes})


@pytest.fixture
def draft(in_yunqiao: Street) -> RulebookVersion:
    return RulebookVersion.objects.create(number=7, author=resident(), drafted_at=MONDAY)


class TestItem:
    @pytest.mark.parametrize(
        ("changes", "name"),
        [
            (
                {"evidence": ["fact", "roll"], "automatic": True, "assessable": True},
                "rulebook_nobody_assessed_by_clicks",
            ),
            ({"evidence": ["photo"], "assessable": True}, "rulebook_nobody_assessed_by_own_word"),
            ({"evidence": ["note"], "automatic": True, "assessable": True}, "rulebook_nobody_assessed_by_own_word"),
            ({"evidence": ["likes", "logins"]}, "rulebook_evidence_shows_a_deed"),
            ({"review_levels": 0}, "rulebook_claims_are_reviewed"),
            ({"lot_months": None}, "rulebook_points_lapse_or_are_capped"),
            (
                {
                    "port": Port.SUNFLOWER,
                    "code": "sunflower-01",
                    "evidence": ["fact"],
                    "automatic": True,
                    "assessable": True,
                },
                "rulebook_sunflower_is_voluntary",
            ),
            ({"code": "ox-01"}, "rulebook_code_is_of_its_port"),
            ({"code": "woodpecker-9"}, "rulebook_code_is_readable"),
            ({"points": 0}, "rulebook_points_are_few"),
            ({"earners": []}, "rulebook_somebody_may_earn"),
            ({"day_cap": 4}, "rulebook_caps_leave_room"),
        ],
    )
    def test_is_refused_if_unfit(self, draft: RulebookVersion, changes: dict[str, object], name: str) -> None:
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            item(draft, **changes).save()
        assert constraint(refusal) == name

    def test_a_code_stands_once_in_a_version(self, draft: RulebookVersion) -> None:
        item(draft).save()
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            item(draft).save()
        assert constraint(refusal) == "rulebook_code_once_a_version"

    def test_is_frozen_with_its_version(self, in_yunqiao: Street) -> None:
        version = rulebook(FOUND)
        frozen = PointItem.objects.get()
        for change in (
            lambda: PointItem.objects.update(points=50),
            lambda: frozen.delete(),
            lambda: item(version).save(),
        ):
            with pytest.raises(IntegrityError) as refusal, transaction.atomic():
                change()
            assert constraint(refusal) == "rulebook_version_is_frozen"

    def test_cannot_be_of_another_streets_version(self, draft: RulebookVersion, hetang: Street) -> None:
        with in_street(hetang.id), pytest.raises(IntegrityError), transaction.atomic():
            item(draft).save()
            connection.check_constraints()


class TestVersion:
    def test_is_not_born_published(self, draft: RulebookVersion) -> None:
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            RulebookVersion.objects.create(
                number=8, author=draft.author, drafted_at=MONDAY, published_at=MONDAY, effective_from=MONDAY,
                content_hash="0" * 64,
            )  # fmt: skip
        assert constraint(refusal) == "rulebook_two_approvals"

    @pytest.mark.parametrize(
        ("missing", "name"),
        [
            ("nothing", ""),
            ("an approval", "rulebook_two_approvals"),
            ("a seat", "rulebook_two_approvals"),
            ("a board", "rulebook_two_approvals"),
            ("a dry run", "rulebook_tried_out_first"),
            ("an answer", "rulebook_comments_are_answered"),
            ("consultation", "rulebook_published_after_consultation"),
            ("consultation on this", "rulebook_consulted_on_this"),
            ("publicity", "rulebook_publicity_long_enough"),
        ],
    )
    def test_is_not_published_by_hand_without_what_the_ruling_asks(
        self, draft: RulebookVersion, missing: str, name: str
    ) -> None:
        item(draft).save()
        members = board(3)
        draft.content_hash = queries.content_hash(draft.id)
        approvers = {"an approval": members[:1], "a seat": members[1:]}.get(missing, members[:2])
        for member in approvers:
            Approval.objects.create(version=draft, approver=member, content_hash=draft.content_hash, approved_at=MONDAY)
        if missing != "a dry run":
            DryRun.objects.create(
                version=draft, content_hash=draft.content_hash, asked_by=members[0], asked_at=MONDAY, begins=MONDAY,
                ends=TUESDAY, state="done", finished_at=MONDAY, result={},
            )  # fmt: skip
        if missing == "an answer":
            Remark.objects.create(version=draft, kind="comment", person=members[0], text="不", said_at=MONDAY)
        if missing == "a board":
            Assignment.objects.filter(person=members[2]).update(valid_until=A_MONTH_AGO)
        if missing != "consultation":
            draft.consulted_from, draft.consulted_until = MONDAY - CONSULTATION, MONDAY
        draft.consulted_hash = "0" * 64 if missing == "consultation on this" else draft.content_hash
        draft.published_at, draft.publicity_until = MONDAY, MONDAY + PUBLICITY
        draft.effective_from = MONDAY + PUBLICITY
        if missing == "publicity":
            draft.publicity_until = draft.effective_from = TUESDAY
        if not name:
            draft.save()
            return
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            draft.save()
        assert constraint(refusal) == name

    def test_is_not_published_where_what_it_carries_over_was_edited(self, in_yunqiao: Street) -> None:
        first = rulebook(FOUND)
        draft = commands.draft(author=first.author, note="", now=MONDAY)
        carried = PointItem.objects.filter(version=draft)
        as_it_was, edited = "rulebook_hash_is_of_the_items", "rulebook_carried_over_as_it_was"
        for edit, name in (
            (carried.count, as_it_was),
            (lambda: carried.update(points=F("points") + 1), edited),
            (lambda: carried.update(points=F("points") + 1, why="值这些"), as_it_was),
            (carried.delete, edited),
            (lambda: carried.delete() and self.strike(draft), as_it_was),
        ):
            with transaction.atomic():
                edit()
                with pytest.raises(IntegrityError) as refusal, transaction.atomic():
                    RulebookVersion.objects.filter(pk=draft.pk).update(published_at=MONDAY)
                assert constraint(refusal) == name
                transaction.set_rollback(True)

    def test_is_not_published_where_an_item_says_not_who_answers_for_it_or_on_what_it_rests(
        self, draft: RulebookVersion
    ) -> None:
        for unsaid in ({"owner": ""}, {"legal_ground": " "}):
            with transaction.atomic():
                item(draft, **unsaid).save()
                with pytest.raises(IntegrityError) as refusal, transaction.atomic():
                    RulebookVersion.objects.filter(pk=draft.pk).update(published_at=MONDAY)
                assert constraint(refusal) == "rulebook_items_say_who_and_on_what"
                transaction.set_rollback(True)

    def strike(self, draft: RulebookVersion) -> int:
        return RulebookVersion.objects.filter(pk=draft.pk).update(struck={FOUND.code: "用不着了"})

    def test_nobody_off_the_board_approves_by_hand(self, draft: RulebookVersion) -> None:
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            Approval.objects.create(
                version=draft, approver=self.other(1), content_hash=queries.content_hash(draft.id), approved_at=MONDAY
            )
        assert constraint(refusal) == "rulebook_only_the_board_approves"

    def test_a_seat_is_read_from_the_assignments_and_not_told(self, draft: RulebookVersion) -> None:
        approval = Approval.objects.create(
            version=draft, approver=board(1)[0], content_hash=queries.content_hash(draft.id), approved_at=MONDAY,
            seat="street",
        )  # fmt: skip
        approval.refresh_from_db()
        assert approval.seat == "resident"

    def test_is_not_published_under_a_false_hash(self, draft: RulebookVersion) -> None:
        draft.content_hash, draft.published_at, draft.effective_from = "0" * 64, MONDAY, MONDAY
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            draft.save()
        assert constraint(refusal) == "rulebook_hash_is_of_the_items"

    def test_nobody_approves_what_they_drafted(self, draft: RulebookVersion) -> None:
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            Approval.objects.create(
                version=draft, approver=draft.author, content_hash=queries.content_hash(draft.id), approved_at=MONDAY
            )
        assert constraint(refusal) == "rulebook_author_never_approves"

    def test_nobody_approves_or_defends_what_they_have_written_a_word_of(self, draft: RulebookVersion) -> None:
        member = board(1)[0]
        Writer.objects.create(version=draft, person=member, since=MONDAY)
        content = queries.content_hash(draft.id)
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            Approval.objects.create(version=draft, approver=member, content_hash=content, approved_at=MONDAY)
        assert constraint(refusal) == "rulebook_author_never_approves"
        objection = Remark.objects.create(
            version=draft, kind="objection", person=self.other(1), text="不对", said_at=MONDAY
        )
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            Remark.objects.filter(pk=objection.pk).update(
                outcome="dismissed", answer="对", answered_by=member, answered_at=MONDAY
            )
        assert constraint(refusal) == "rulebook_author_decides_no_objection"
        with pytest.raises(IntegrityError), transaction.atomic():
            Writer.objects.filter(version=draft).delete()

    def test_an_approval_does_not_count_once_the_approver_has_written(self, draft: RulebookVersion) -> None:
        """Who agreed first and then wrote, and took it back, is an author all the same."""
        item(draft).save()
        members = board(3)
        draft.content_hash = draft.consulted_hash = queries.content_hash(draft.id)
        for member in members[:2]:
            Approval.objects.create(version=draft, approver=member, content_hash=draft.content_hash, approved_at=MONDAY)
        Writer.objects.create(version=draft, person=members[0], since=MONDAY)
        draft.consulted_from, draft.consulted_until = MONDAY - CONSULTATION, MONDAY
        draft.published_at, draft.publicity_until = MONDAY, MONDAY + PUBLICITY
        draft.effective_from = MONDAY + PUBLICITY
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            draft.save()
        assert constraint(refusal) == "rulebook_two_approvals"

    def test_nobody_approves_what_is_not_there(self, draft: RulebookVersion) -> None:
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            Approval.objects.create(version=draft, approver=self.other(1), content_hash="0" * 64, approved_at=MONDAY)
        assert constraint(refusal) == "rulebook_hash_is_of_the_items"

    def test_only_gets_an_end_once_published(self, in_yunqiao: Street) -> None:
        version = rulebook(FOUND)
        for change in ({"note": "x"}, {"effective_from": TUESDAY}, {"content_hash": "1" * 64}, {"published_at": None}):
            with pytest.raises(IntegrityError) as refusal, transaction.atomic():
                RulebookVersion.objects.filter(pk=version.id).update(**change)
            assert constraint(refusal) == "rulebook_version_is_frozen"
        RulebookVersion.objects.filter(pk=version.id).update(effective_until=FRIDAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            RulebookVersion.objects.filter(pk=version.id).update(effective_until=TUESDAY)
        with pytest.raises(IntegrityError), transaction.atomic():
            version.delete()

    @pytest.mark.no_guard
    def test_two_are_never_in_force_at_once(self, in_yunqiao: Street) -> None:
        rulebook(FOUND)
        second = rulebook(FOUND, since=TUESDAY)
        with pytest.raises(IntegrityError) as refusal:
            by_hand(
                "UPDATE rulebook_rulebookversion SET form = 1, effective_from = %s WHERE id = %s",
                [TUESDAY - timedelta(days=1), second.id],
            )
        assert constraint(refusal) == "rulebook_one_in_force_at_a_time"

    def other(self, number: int) -> Person:
        return Person.objects.create(id=new_id(), name=f"委员{number}", created_at=MONDAY)


class TestContentHash:
    def test_changes_with_every_word_of_an_item(self, draft: RulebookVersion) -> None:
        item(draft).save()
        seen = {queries.content_hash(draft.id)}
        changes: list[dict[str, object]] = [
            {"points": 6}, {"title": "别"}, {"description": "别"}, {"earners": ["part_time_member"]},
            {"evidence": ["note"]}, {"day_cap": 9}, {"month_cap": 9}, {"household_month_cap": 9},
            {"cooldown_minutes": 1}, {"lot_months": 2}, {"under_14": False}, {"owner": "别"}, {"legal_ground": "别"},
            {"evidence": ["fact"]}, {"automatic": True}, {"assessable": True},
            {"why": "别"}, {"code": "woodpecker-10"}, {"keywords": ["别"]},
            {"formula": ["*", "hours", 5]}, {"household_day_cap": 9}, {"duplicate_minutes": 9}, {"asked_people": 9},
            {"duplicate_metres": 9}, {"review_levels": 2}, {"admitted_until": "2027-01-01"}, {"asked_fields": ["别"]},
            {"asked_times": 9},
        ]  # fmt: skip
        for change in changes:
            PointItem.objects.update(**change)
            seen.add(queries.content_hash(draft.id))
        assert len(seen) == len(changes) + 1

    def test_holds_what_happens_if_the_scheme_stops(self, draft: RulebookVersion) -> None:
        before, writer = queries.content_hash(draft.id), appoint(staff("编", "13900000011"), Role.RULEBOOK_EDITOR)
        commands.set_end_rule(version_id=draft.id, actor=writer, rule=EndRule(45, 90), now=MONDAY)
        assert queries.content_hash(draft.id) != before
        for rule in (EndRule(29, 90), EndRule(30, 89), EndRule(181, 90), EndRule(30, 366)):
            with pytest.raises(EndRuleUnfit):
                commands.set_end_rule(version_id=draft.id, actor=writer, rule=rule, now=MONDAY)
            with pytest.raises(IntegrityError, match="rulebook_end_leaves_time"), transaction.atomic():
                RulebookVersion.objects.filter(pk=draft.pk).update(
                    end_notice_days=rule.notice_days, end_redeem_days=rule.redeem_days
                )
        # A version of before was approved without: its hash never held it, and it says no other days.
        with pytest.raises(IntegrityError, match="rulebook_end_leaves_time"), transaction.atomic():
            RulebookVersion.objects.filter(pk=draft.pk).update(form=2)

    @pytest.mark.no_guard
    def test_an_edit_by_hand_is_found(self, in_yunqiao: Street) -> None:
        version = rulebook(FOUND)
        assert not list(queries.edited_by_hand())
        by_hand("UPDATE rulebook_pointitem SET points = 50")
        assert list(queries.edited_by_hand()) == [version]
