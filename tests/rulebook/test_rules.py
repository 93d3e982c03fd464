"""What an item may say."""

from dataclasses import replace

import pytest

from huipai.rulebook.rules import Dates, Terms, lint, standing
from huipai.rulebook.words import UNFIT_FOR_ASSESSMENT, Evidence, Port, Standing
from tests.cast import FOUND, FRIDAY, MONDAY, TUESDAY, WEDNESDAY

# Claimed by a person, so that its evidence may be of any kind.
CLAIMED = replace(FOUND, automatic=False, evidence=(Evidence.PHOTO,), day_cap=10)


def codes(terms: Terms) -> list[str]:
    return [finding.code for finding in lint(terms)]


class TestLint:
    def test_finds_nothing_in_a_fair_item(self) -> None:
        assert codes(FOUND) == codes(CLAIMED) == []

    @pytest.mark.parametrize("kind", UNFIT_FOR_ASSESSMENT)
    def test_refuses_to_assess_anybody_by_clicks_whatever_the_item_is_called(self, kind: Evidence) -> None:
        terms = replace(CLAIMED, title="为民服务质量", evidence=(Evidence.PHOTO, kind), assessable=True)
        assert codes(terms) == ["rulebook_assessed_by_clicks"]
        assert codes(replace(terms, assessable=False)) == []

    def test_keeps_sunflower_items_voluntary(self) -> None:
        terms = replace(FOUND, code="sunflower-02", port=Port.SUNFLOWER, assessable=True)
        assert codes(terms) == ["rulebook_sunflower_is_voluntary"]

    def test_cites_its_ground(self) -> None:
        for finding in lint(replace(CLAIMED, evidence=(Evidence.LIKES,), assessable=True)):
            assert "国办函〔2026〕12号" in str(finding.ground) and finding.mend

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"code": "ox-02"}, "rulebook_code"),
            ({"code": "woodpecker-2"}, "rulebook_code"),
            ({"title": " "}, "rulebook_title"),
            ({"earners": ()}, "rulebook_earners"),
            ({"points": 0}, "rulebook_points"),
            ({"points": 1001}, "rulebook_points"),
            ({"day_cap": 4}, "rulebook_caps"),
            ({"lot_months": 0}, "rulebook_lot_months"),
            ({"lot_months": None}, "rulebook_like_cash"),
            ({"day_cap": None}, "rulebook_without_limit"),
            ({"evidence": (Evidence.LOGINS,)}, "rulebook_counts_by_itself"),
            ({"evidence": (Evidence.LIKES, Evidence.TRACKS)}, "rulebook_counts_by_itself"),
            ({"description": "满 20 次发现金奖励"}, "rulebook_pays_money"),
            ({"description": "分高的孩子入学优先"}, "rulebook_tied_to_rights"),
            ({"review_levels": 0}, "rulebook_review_levels"),
            ({"automatic": True}, "rulebook_automatic_without_record"),
            ({"formula": ("*", 2, 3)}, "rulebook_formula"),
            ({"asked_fields": ("姓名",)}, "rulebook_burden_untold"),
        ],
    )
    def test_refuses_what_nobody_could_apply(self, change: dict[str, object], code: str) -> None:
        assert code in codes(replace(CLAIMED, **change))  # type: ignore[arg-type]


class TestStanding:
    def test_follows_from_the_dates(self) -> None:
        laid_open = {"consulted_from": MONDAY, "consulted_until": TUESDAY}
        assert standing(Dates(), MONDAY) == Standing.DRAFT
        assert standing(Dates(ended_at=MONDAY), MONDAY) == Standing.ABANDONED
        assert standing(Dates(**laid_open), MONDAY) == Standing.CONSULTING
        assert standing(Dates(**laid_open), TUESDAY) == Standing.DECIDING
        dates = Dates(publicity_until=TUESDAY, effective_from=WEDNESDAY, effective_until=FRIDAY)
        assert [standing(dates, at) for at in (MONDAY, TUESDAY, WEDNESDAY, FRIDAY)] == [
            Standing.PUBLICITY, Standing.COMING, Standing.EFFECTIVE, Standing.RETIRED,
        ]  # fmt: skip
        taken_back = replace(dates, effective_until=WEDNESDAY, ended_at=MONDAY)
        assert standing(taken_back, FRIDAY) == Standing.WITHDRAWN
