"""Awards: once, by the rulebook in force, within its caps."""

from dataclasses import replace

from huipai.points import queries
from huipai.points.words import Why
from huipai.streets.models import Street
from tests.cast import FOUND, MONDAY, TUESDAY, resident, rulebook
from tests.points.ledger import award, case


class TestAward:
    def test_pays_by_the_rulebook_in_force_when_the_deed_was_received(self, in_yunqiao: Street) -> None:
        rulebook(FOUND)
        rulebook(replace(FOUND, points=9), since=TUESDAY)
        lan = resident()
        assert award(lan, received_at=MONDAY, now=TUESDAY).points == 5
        assert award(lan, received_at=TUESDAY, now=TUESDAY).points == 9
        assert queries.balance(lan, TUESDAY).spendable == 14
        assert not list(queries.verify_ledger(in_yunqiao))

    def test_a_second_award_of_the_same_deed_returns_the_first(self, in_yunqiao: Street) -> None:
        rulebook()
        lan, subject = resident(), case()
        first, second = award(lan, subject), award(lan, subject)
        assert (first.why, second.why) == (Why.POSTED, Why.ALREADY)
        assert second.posting == first.posting
        assert second.points == 0
        assert queries.balance(lan, MONDAY).spendable == 5
