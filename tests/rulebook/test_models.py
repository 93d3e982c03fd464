"""What the database refuses, whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.rulebook import queries
from huipai.rulebook.models import Approval, PointItem, RulebookVersion
from huipai.rulebook.words import Evidence, Port
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import A_MONTH_AGO, FOUND, FRIDAY, MONDAY, TUESDAY, resident, rulebook


def constraint(refusal: pytest.ExceptionInfo[IntegrityError]) -> str:
    return refusal.value.__cause__.diag.constraint_name  # type: ignore[union-attr,no-any-return]


def item(version: RulebookVersion, **changes: object) -> PointItem:
    values: dict[str, object] = {
        "code": "woodpecker-09", "port": Port.WOODPECKER, "title": "飞线充电", "description": "拉线充电。", "points": 5,
        "earners": ["resident"], "evidence": ["photo"], "lot_months": 24,
    }  # fmt: skip
    return PointItem(version=version, **{**values, **changes})


@pytest.fixture
def draft(in_yunqiao: Street) -> RulebookVersion:
    return RulebookVersion.objects.create(number=7, author=resident(), drafted_at=MONDAY)


class TestItem:
    @pytest.mark.parametrize(
        ("changes", "name"),
        [
            ({"evidence": [Evidence.LIKES], "assessable": True}, "rulebook_nobody_assessed_by_clicks"),
            ({"port": Port.SUNFLOWER, "code": "sunflower-01", "assessable": True}, "rulebook_sunflower_is_voluntary"),
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

    def test_is_not_published_without_two_others(self, draft: RulebookVersion) -> None:
        item(draft).save()
        draft.content_hash = queries.content_hash(draft.id)
        draft.published_at = draft.effective_from = MONDAY
        Approval.objects.create(
            version=draft, approver=self.other(1), content_hash=draft.content_hash, approved_at=MONDAY
        )
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            draft.save()
        assert constraint(refusal) == "rulebook_two_approvals"
        Approval.objects.create(
            version=draft, approver=self.other(2), content_hash=draft.content_hash, approved_at=MONDAY
        )
        draft.save()

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
                "UPDATE rulebook_rulebookversion SET published_at = %s, effective_from = %s WHERE id = %s",
                [A_MONTH_AGO, TUESDAY - timedelta(days=1), second.id],
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
            {"assessable": True}, {"automatic": True}, {"why": "别"}, {"code": "woodpecker-10"},
        ]  # fmt: skip
        for change in changes:
            PointItem.objects.update(**change)
            seen.add(queries.content_hash(draft.id))
        assert len(seen) == len(changes) + 1

    @pytest.mark.no_guard
    def test_an_edit_by_hand_is_found(self, in_yunqiao: Street) -> None:
        version = rulebook(FOUND)
        assert not list(queries.edited_by_hand())
        by_hand("UPDATE rulebook_pointitem SET points = 50")
        assert list(queries.edited_by_hand()) == [version]
