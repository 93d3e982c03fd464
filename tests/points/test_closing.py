"""The end of the scheme: two people, notice, no awards, a time to exchange, and then nothing is owed to anybody."""

from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from huipai.grid.models import Assignment, Residence
from huipai.kit import clock, days
from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, Moved, NotAllowed
from huipai.notices.models import Notice
from huipai.people.models import Account as AccountOfPerson
from huipai.people.rules import local_date
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import queries
from huipai.points.commands import ClosingTooSoon, GrantUnfit, NotEnough
from huipai.points.commands.claims import submitting
from huipai.points.models import Account, Closing, Lot, Posting
from huipai.points.pages.own import title_of
from huipai.points.queries.holds import Ending
from huipai.points.rules.ending import last_day
from huipai.points.rules.sending import ClaimSending
from huipai.points.warning import announce, warn
from huipai.points.words import CorrectionReason, GrantReason, Purse, ReversalReason, Why
from huipai.rulebook.commands import drafting, importing
from huipai.rulebook.commands.refusals import EndIsDecided
from huipai.rulebook.models import Sheet
from huipai.rulebook.queries import book
from huipai.rulebook.rules import EndRule
from huipai.rulebook.words import END_NOTICE, END_REDEEM
from huipai.shop import commands as shop
from huipai.shop.commands import ShopClosed, TooLate
from huipai.shop.models import Budget
from huipai.streets.models import Street
from tests.cast import A_YEAR_AGO, FOUND, MONDAY, TUESDAY, appoint, resident, rulebook, staff
from tests.people.doors import Browser, seen_on
from tests.people.doors import words as page_words
from tests.points.ledger import award, spendable
from tests.points.test_awarding import home
from tests.shop.shop import GIVEN, SOAP, Shop, free, holds, open_shop, reserve

RICE = replace(SOAP, name="大米", unit="袋")
STOP, LAST = MONDAY + timedelta(days=31), MONDAY + timedelta(days=131)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def made(in_yunqiao: Street) -> Shop:
    return open_shop(in_yunqiao, offer=replace(SOAP, points=40))


def close(made: Shop, now: datetime = MONDAY, *, stop: datetime = STOP, last: datetime = LAST) -> Closing:
    other = appoint(staff("雷二", "13900000099"), Role.LEADER, since=A_YEAR_AGO)
    proposed = points.propose_closing(awards_until=stop, redeem_until=last, actor=made.leader, now=now)
    return points.approve_closing(closing_id=proposed.id, actor=other, now=now)


class TestThePromise:
    """What people have been told of the end is kept, by whichever version they were told."""

    LONGER = EndRule(60, 120)

    def test_of_a_version_that_is_published_and_not_in_force_yet_is_kept_too(self, made: Shop) -> None:
        rulebook(FOUND, since=TUESDAY, end=self.LONGER)
        with pytest.raises(ClosingTooSoon, match="60 天说，停发后还要留 120 天"):
            points.propose_closing(awards_until=STOP, redeem_until=LAST, actor=made.leader, now=MONDAY)
        asked = Closing(awards_until=STOP, redeem_until=LAST, proposed_by=made.leader, proposed_at=MONDAY)
        with pytest.raises(IntegrityError, match="sooner than the rulebook says"), transaction.atomic():
            asked.save()
            Closing.objects.filter(pk=asked.pk).update(approved_by=made.keeper, approved_at=MONDAY)
        later = MONDAY + timedelta(days=60)
        assert close(made, stop=later, last=later + timedelta(days=120)).approved_at == MONDAY

    def test_is_asked_of_an_end_that_would_come_decided(self, made: Shop) -> None:
        """Before anything else: what is announced was proposed first."""
        with pytest.raises(IntegrityError, match="waits for another"), transaction.atomic():
            Closing.objects.create(
                awards_until=STOP, redeem_until=LAST, proposed_by=made.leader, proposed_at=MONDAY,
                approved_by=made.keeper, approved_at=MONDAY,
            )  # fmt: skip

    def test_is_another_in_no_version_once_the_end_is_decided(self, made: Shop) -> None:
        close(made)
        since = MONDAY + timedelta(days=20)
        with pytest.raises(EndIsDecided), transaction.atomic():
            rulebook(FOUND, since=since, end=self.LONGER)
        assert rulebook(replace(FOUND, points=7), since=since).end_rule == EndRule()

    def test_and_the_desk_says_so_and_offers_nothing_else(self, made: Shop) -> None:
        """A draft that said otherwise before is put right by one press."""
        writer = appoint(staff("编", "13900000061"), Role.RULEBOOK_EDITOR, since=A_YEAR_AGO)
        draft = drafting.draft(author=writer, note="", now=clock.now())
        AccountOfPerson.objects.update(phone_confirmed_at=clock.now())
        desk = Browser().enter(writer)
        before = page_words(desk.open("rulebook/desk/"))
        assert "积分要停已经定了" not in before and 'name="notice_days"' in before
        drafting.set_end_rule(version_id=draft.id, actor=writer, rule=self.LONGER, now=clock.now())
        now = clock.now()
        close(made, now, stop=now + timedelta(days=31), last=now + timedelta(days=131))
        decided = page_words(desk.open("rulebook/desk/"))
        assert "积分要停已经定了" in decided and "至少提前 30 天告诉大家" in decided and "改回定的时候写的" in decided
        assert 'type="hidden" name="notice_days" value="30"' in decided and "写好了" not in decided
        desk.send("rulebook/desk/end/", notice_days="30", redeem_days="90", seen=seen_on(decided))
        after = page_words(desk.open("rulebook/desk/"))
        assert "积分要停已经定了" in after and 'name="notice_days"' not in after

    def test_nor_by_a_draft_that_was_written_before(self, made: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is refused when it is to be published, at the last."""
        close(made)
        monkeypatch.setattr(drafting, "require_promise_kept", lambda _rule: None)
        with pytest.raises(EndIsDecided):
            rulebook(FOUND, since=MONDAY + timedelta(days=20), end=self.LONGER)

    def test_nor_by_a_workbook_whose_check_says_so(self, made: Shop) -> None:
        close(made)
        writer = appoint(staff("编", "13900000061"), Role.RULEBOOK_EDITOR)
        draft = drafting.draft(author=writer, note="", now=MONDAY)

        def keep(rule: EndRule) -> Sheet:
            return importing.keep_sheet(
                version_id=draft.id, actor=writer, file_name="条目.xlsx", items=book(draft).values(),
                end_rule=rule, now=MONDAY,
            )  # fmt: skip

        with pytest.raises(EndIsDecided):
            keep(self.LONGER)
        assert keep(EndRule()).end_rule == asdict(EndRule())

    def test_of_another_day_is_not_printed_beside_the_day_that_is_decided(self, made: Shop) -> None:
        browser = Browser().enter(made.lan)
        assert "万一积分要停" in page_words(browser.open("shop/about/"))
        now = clock.now()
        close(made, now=now, stop=now + timedelta(days=31), last=now + timedelta(days=131))
        assert "万一积分要停" not in page_words(browser.open("shop/about/"))


class TestDeciding:
    def test_whoever_proposes_it_does_not_decide_it(self, made: Shop) -> None:
        proposed = points.propose_closing(awards_until=STOP, redeem_until=LAST, actor=made.leader, now=MONDAY)
        with pytest.raises(NotAllowed):
            points.approve_closing(closing_id=proposed.id, actor=made.leader, now=MONDAY)
        with pytest.raises(NotAllowed):
            points.approve_closing(closing_id=proposed.id, actor=made.host, now=MONDAY)
        assert queries.closing() is None

    def test_nobody_of_the_proposers_home_decides_it(self, made: Shop) -> None:
        other = appoint(staff("雷二", "13900000099"), Role.LEADER, since=A_YEAR_AGO)
        proposed = points.propose_closing(awards_until=STOP, redeem_until=LAST, actor=made.leader, now=MONDAY)
        budget = shop.propose_budget(
            begins_on=date(2031, 1, 1), ends_on=date(2031, 12, 31), amount_cents=100, point_cents=1, actor=made.keeper,
            now=MONDAY,
        )  # fmt: skip
        home(other, made.leader, made.keeper)
        with pytest.raises(NotAllowed, match="同住"):
            points.approve_closing(closing_id=proposed.id, actor=other, now=MONDAY)
        with pytest.raises(NotAllowed, match="同住"):
            shop.approve_budget(budget_id=budget.id, actor=made.leader, now=MONDAY)
        for model, found in ((Closing, proposed), (Budget, budget)):
            with pytest.raises(IntegrityError, match="in one home"), transaction.atomic():
                judge = made.leader if model is Budget else other
                model.objects.filter(pk=found.pk).update(approved_by=judge, approved_at=MONDAY)
        Residence.objects.filter(person__in=[other, made.leader]).update(valid_until=MONDAY)
        with pytest.raises(NotAllowed, match="同住"):
            points.approve_closing(closing_id=proposed.id, actor=other, now=TUESDAY)
        Residence.objects.filter(person__in=[other, made.leader]).delete()
        assert points.approve_closing(closing_id=proposed.id, actor=other, now=MONDAY).approved_at
        assert shop.approve_budget(budget_id=budget.id, actor=made.leader, now=MONDAY).approved_at

    def test_the_rules_that_residents_read_name_the_same_days_and_no_end_is_out_of_sight(self, made: Shop) -> None:
        page = Browser().open("rulebook/checks/").content.decode()
        assert f"至少提前 {END_NOTICE[0]} 天" in page and f"还有 {END_REDEEM[0]} 天照常能换" in page
        with pytest.raises(Invalid) as refusal:
            points.propose_closing(
                awards_until=STOP, redeem_until=MONDAY + timedelta(days=800), actor=made.leader, now=MONDAY
            )
        assert (refusal.value.code, refusal.value.field) == ("points_closing_too_late", "redeem_until")

    def test_no_end_comes_sooner_than_the_rulebook_in_force_says(self, made: Shop) -> None:
        rulebook(end=EndRule(notice_days=60, redeem_days=120), since=MONDAY - timedelta(days=1))
        for spans, field in (((59, 200), "awards_until"), ((60, 179), "redeem_until")):
            awards, redeem = (MONDAY + timedelta(days=each) for each in spans)
            with pytest.raises(Invalid, match="提前 60 天说，停发后还要留 120 天") as refusal:
                points.propose_closing(awards_until=awards, redeem_until=redeem, actor=made.leader, now=MONDAY)
            assert refusal.value.field == field
        dates = {"awards_until": MONDAY + timedelta(days=60), "redeem_until": MONDAY + timedelta(days=180)}
        proposed = points.propose_closing(**dates, actor=made.leader, now=MONDAY)
        other = appoint(staff("另一位", "13900000093"), Role.LEADER, since=A_YEAR_AGO)
        with pytest.raises(IntegrityError, match="sooner than the rulebook says"), transaction.atomic():
            Closing.objects.filter(pk=proposed.pk).update(approved_by=other, approved_at=TUESDAY)
        with pytest.raises(Invalid):
            points.approve_closing(closing_id=proposed.id, actor=other, now=TUESDAY)
        assert "提前 60 天公布，停发后还能换 120 天" in Browser().open("shop/about/").content.decode()
        assert points.approve_closing(closing_id=proposed.id, actor=other, now=MONDAY).approved_at

    def test_one_of_the_two_is_the_leader_and_the_page_says_before_who_can_decide(self, made: Shop) -> None:
        """In a street with one leader the editor decides what the leader proposes, and the other way round."""
        now = clock.now()
        dates = {"awards_until": now + timedelta(days=40), "redeem_until": now + timedelta(days=140)}
        Assignment.objects.filter(role=Role.RULEBOOK_EDITOR).update(valid_until=now - timedelta(days=1))
        leader = Browser().enter(made.leader)
        assert "现在没有第二个人能定" in page_words(leader.open("points/closing/"))
        editor, second = (
            appoint(staff(name, phone), Role.RULEBOOK_EDITOR, since=A_YEAR_AGO)
            for name, phone in (("编一", "13900000091"), ("编二", "13900000092"))
        )
        assert "编一（条款编辑）" in page_words(leader.open("points/closing/"))
        theirs = points.propose_closing(**dates, actor=editor, now=now)
        page = page_words(Browser().enter(second).open("points/closing/"))
        assert f"能定的人：{made.leader.name}（街道负责人）" in page and "定下，公布" not in page
        with pytest.raises(NotAllowed) as refusal:
            points.approve_closing(closing_id=theirs.id, actor=second, now=now)
        assert refusal.value.code == "points_leader_decides_closing"
        points.withdraw_closing(closing_id=theirs.id, actor=editor, now=now)
        own = points.propose_closing(**dates, actor=made.leader, now=now)
        assert "定下，公布" in page_words(Browser().enter(editor).open("points/closing/"))
        assert points.approve_closing(closing_id=own.id, actor=editor, now=now).approved_by == editor

    def test_a_notice_that_has_become_too_short_is_not_decided(self, made: Shop) -> None:
        other = appoint(staff("雷二", "13900000099"), Role.LEADER)
        proposed = points.propose_closing(awards_until=STOP, redeem_until=LAST, actor=made.leader, now=MONDAY)
        with pytest.raises(ClosingTooSoon):
            points.approve_closing(closing_id=proposed.id, actor=other, now=MONDAY + timedelta(days=2))

    def test_once_decided_it_stands(self, made: Shop) -> None:
        closing = close(made)
        with pytest.raises(Moved):
            points.withdraw_closing(closing_id=closing.id, actor=made.leader, now=MONDAY)
        for change in ({"redeem_until": LAST + MOMENT}, {"approved_at": None, "approved_by": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Closing.objects.filter(pk=closing.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            closing.delete()


class TestEffects:
    def test_awards_end_at_the_announced_moment(self, made: Shop) -> None:
        close(made)
        assert award(made.lan, received_at=STOP - MOMENT, now=STOP).why == Why.POSTED
        assert award(made.lan, received_at=STOP, now=STOP).why == Why.WOUND_DOWN
        with pytest.raises(GrantUnfit):
            points.propose_grant(
                person=made.lan, points=5, reason=GrantReason.MISSED, item_code="woodpecker-02", done_at=STOP,
                paper_number="P-1", actor=made.keeper, now=STOP,
            )  # fmt: skip

    def test_a_deed_of_before_is_paid_until_nothing_is_exchanged_any_more(self, made: Shop) -> None:
        close(made)
        assert award(made.lan, received_at=MONDAY, now=LAST - MOMENT).why == Why.POSTED
        assert award(made.lan, received_at=MONDAY, now=LAST).why == Why.WOUND_DOWN

    def test_a_grant_that_waited_too_long_gives_nothing(self, made: Shop) -> None:
        grant = points.propose_grant(
            person=made.lan, points=5, reason=GrantReason.MISSED, item_code="woodpecker-02", done_at=MONDAY,
            paper_number="P-1", actor=made.keeper, now=MONDAY,
        )  # fmt: skip
        close(made)
        reviewer = appoint(staff("审", "13900000098"), Role.REVIEWER)
        with pytest.raises(GrantUnfit):
            points.approve_grant(grant_id=grant.id, actor=reviewer, now=LAST)

    def test_things_are_exchanged_until_the_second_moment_and_kept_no_longer(self, made: Shop) -> None:
        close(made)
        kept = reserve(made, now=LAST - timedelta(days=1))
        assert kept.expires_at == LAST
        assert queries.ending_by(kept.hold_id, LAST - MOMENT) is None
        assert queries.ending_by(kept.hold_id, LAST) == Ending(40, LAST), "they end with it, and do not come back"
        with pytest.raises(ShopClosed):
            reserve(made, now=LAST)
        with pytest.raises(TooLate):
            shop.hand_over(reservation_id=kept.id, host=made.host, now=LAST)
        with pytest.raises(NotEnough):
            points.spend(person=made.lan, subject="order:1", points=1, actor=None, now=LAST)
        assert free(made, LAST) == 5

    def test_one_who_comes_at_the_last_moment_is_served(self, made: Shop) -> None:
        close(made)
        kept = reserve(made, now=LAST - timedelta(days=1))
        shop.hand_over(reservation_id=kept.id, host=made.host, now=LAST - MOMENT)
        assert spendable(made.lan, LAST - MOMENT) == 60

    def test_then_everything_lapses_and_nothing_is_owed_to_anybody(self, made: Shop) -> None:
        close(made)
        reserve(made, now=LAST - timedelta(days=1))
        assert queries.outstanding(LAST - MOMENT) == 100
        assert (spendable(made.lan, LAST), queries.outstanding(LAST)) == (0, 0)  # before anything is posted
        shop.lapse(now=LAST)
        points.lapse(now=LAST)
        assert points.expire(now=LAST) == 1
        assert points.expire(now=LAST) == 0
        assert not Account.objects.filter(purse=Purse.SPENDABLE).exclude(balance=0, held=0).exists()
        assert not Lot.objects.filter(remaining__gt=0).exists()
        assert Posting.objects.get(kind="expiry").points == -100
        assert queries.outstanding(LAST) == 0 and holds(made.street)

    def test_what_lapsed_with_the_end_is_one_line_of_the_statement_that_opens(self, made: Shop) -> None:
        for _ in range(3):
            award(made.lan)
        close(made)
        assert points.expire(now=LAST) == 4
        page = page_words(Browser().enter(made.lan).open("points/"))
        assert page.count("积分结束，没换的分清零") == 1 and "4 笔" in page and "−400" in page
        assert page.count("到期没用的分") == 4  # it opens

    def test_an_appeal_that_is_open_then_can_be_right_and_ends_the_debt(self, made: Shop) -> None:
        posting = award(made.lan, now=MONDAY).posting
        assert posting is not None
        close(made)
        points.spend(person=made.lan, subject="order:1", points=150, actor=None, now=LAST - timedelta(days=1))
        one, two, three = (appoint(staff("审", f"1390000009{n}"), Role.REVIEWER) for n in range(3))
        asked = points.propose_correction(
            posting_id=posting.id, reason=CorrectionReason.RECORDED_WRONGLY, note="记错了", actor=one, now=MONDAY
        )
        before = LAST - timedelta(hours=1)
        points.approve_correction(correction_id=asked.id, actor=two, now=before)
        points.appeal_correction(correction_id=asked.id, actor=made.lan, text="没有错", now=before)
        assert queries.balance(made.lan, LAST).debt == 50
        heard = points.uphold_appeal(correction_id=asked.id, actor=three, now=LAST)
        balance = queries.balance(made.lan, LAST)
        assert (balance.spendable, balance.debt, queries.outstanding(LAST)) == (0, 0, 0)
        assert heard.restored is not None and str(title_of(heard.restored, {})).endswith("，申诉成立补回")
        points.expire(now=LAST)
        assert not Lot.objects.filter(remaining__gt=0).exists() and holds(made.street)

    def test_nothing_new_begins_in_the_shop(self, made: Shop) -> None:
        waits = shop.propose_item(offer=RICE, plan=GIVEN, actor=made.keeper, now=MONDAY)
        close(made)
        for act in (
            lambda: shop.open_item(proposal_id=waits.id, actor=made.leader, now=LAST),
            lambda: shop.propose_change(item_id=made.soap.id, offer=RICE, actor=made.keeper, now=LAST),
            lambda: shop.issue_card(person=made.lan, actor=made.keeper, now=LAST),
            lambda: shop.propose_budget(
                begins_on=date(2031, 1, 1), ends_on=date(2031, 12, 31), amount_cents=100, point_cents=1,
                actor=made.keeper, now=LAST,
            ),
        ):  # fmt: skip
            with pytest.raises(ShopClosed, match="盘点"):
                act()


class TestTelling:
    def test_everybody_who_has_points_is_told_at_once_and_only_once(self, made: Shop) -> None:
        resident("没分", "13800000077")
        close(made)
        assert ProcrastinateJob.objects.filter(task_name="points.announce_closing").count() == 1
        assert announce(now=MONDAY) == 1
        told = Notice.objects.get(kind="points.closing")
        assert told.person == made.lan
        assert str(told.wording.title) == f"您的 100 分能换到 {days.in_full(last_day(LAST))}"
        assert announce(now=MONDAY) == 0
        # What is told beforehand is what happens: one moment later nothing is taken in, whenever it was done.
        assert f"最晚 {days.in_full(last_day(STOP))}报上来" in str(told.wording.text)
        assert "停止记分以前报上来的照常审" in "".join(EndRule().sentences())
        late = ClaimSending(claim_id=new_id(), item_code=FOUND.code, note="昨天做的")
        with pytest.raises(Moved) as refusal:
            submitting.submit(sending=late, claimant=made.lan, now=STOP)
        assert refusal.value.code == "claims_over"

    def test_nobody_is_told_of_a_proposal(self, made: Shop) -> None:
        points.propose_closing(awards_until=STOP, redeem_until=LAST, actor=made.leader, now=MONDAY)
        assert announce(now=MONDAY) == 0

    def test_the_reminders_before_points_lapse_know_the_end(self, made: Shop) -> None:
        """Points that were good for ever are good until then."""
        close(made)
        assert [warn(now=LAST - timedelta(days=days)) for days in (61, 60, 8, 7, 0)] == [0, 1, 0, 1, 0]

    def test_who_proposes_second_is_told_so_with_the_days_they_typed_and_twice_is_once(self, made: Shop) -> None:
        today, leader = local_date(clock.now()), Browser().enter(made.leader)
        dates = {"awards_until": today + timedelta(days=40), "redeem_until": today + timedelta(days=140)}
        for _ in range(2):
            assert leader.send("points/closing/", **dates).status_code == 302
        later = {name: day + timedelta(days=9) for name, day in dates.items()}
        for who in (leader, Browser().enter(appoint(staff("编", "13900000091"), Role.RULEBOOK_EDITOR))):
            answer = who.send("points/closing/", **later)
            page = page_words(answer)
            assert answer.status_code == 409 and "已经有一份结束积分的提议了" in page
            assert later["awards_until"].isoformat() in page and "没有发出去，要用可以复制" in page
        assert Closing.objects.count() == 1

    def test_a_press_that_says_neither_changes_nothing(self, made: Shop) -> None:
        proposed = points.propose_closing(
            awards_until=clock.now() + timedelta(days=40), redeem_until=clock.now() + timedelta(days=140),
            actor=made.leader, now=clock.now(),
        )  # fmt: skip
        browser = Browser().enter(made.leader)
        answer = browser.send(f"points/closing/{proposed.id}/decision/", answer="maybe")
        assert answer.status_code == 422 and "再按一次" in page_words(answer)
        proposed.refresh_from_db()
        assert proposed.withdrawn_at is None and proposed.approved_at is None

    @pytest.mark.parametrize(
        ("days_ago", "words"),
        [(0, "那时还没用的分能换到"), (40, "积分已经停发。手里的分"), (200, "积分已经结束，没换的分清零了")],
    )
    def test_the_pages_say_it(self, made: Shop, days_ago: int, words: str) -> None:
        spent = award(made.lan, received_at=MONDAY, now=MONDAY).posting
        assert spent is not None
        points.spend(person=made.lan, subject="order:1", points=150, actor=None, now=clock.now())
        judge = appoint(staff("审", "13900000077"), Role.REVIEWER)
        points.reverse(posting_id=spent.id, actor=judge, now=clock.now(), reason=ReversalReason.RECORDED_TWICE)
        decided = clock.now() - timedelta(days=days_ago)
        close(made, decided, stop=decided + timedelta(days=31), last=decided + timedelta(days=122))
        AccountOfPerson.objects.update(phone_confirmed_at=clock.now())
        browser = Browser().enter(made.lan)
        for path in (
            "", "points/", "points/ports/woodpecker/", "points/claims/", "points/items/woodpecker-02/claim/",
            "points/claim/", "rulebook/", "shop/", "shop/about/", f"shop/items/{made.soap.id}/", "shop/mine/",
        ):  # fmt: skip
            assert words in page_words(browser.open(path)), path
        desk = Browser().enter(made.keeper)
        for path in ("shop/desk/", "shop/desk/budget/", f"shop/counter/{made.station.id}/", "shop/desk/cards/"):
            assert words in page_words(desk.open(path)), path
        assert ("替他换" in page_words(desk.open(f"shop/counter/{made.station.id}/"))) == (days_ago < 200)
        # What is decided stands above it; what would be, some day, nowhere.
        assert "万一积分要停" not in page_words(browser.open("shop/about/"))
        owed = page_words(browser.open("points/"))
        assert ("从以后挣的分里补上" in owed) == ("不用您补什么" not in owed) == (days_ago == 0)
        door, item = browser.open("points/ports/woodpecker/"), browser.open(f"shop/items/{made.soap.id}/")
        assert ("不再计分" in page_words(door)) == ("+100" not in page_words(door)) == (days_ago > 0)
        assert ("就换这个" in page_words(item)) == ("留 7 天" in page_words(item)) == (days_ago < 200)
        assert (made.soap.name in page_words(browser.open("shop/"))) == (days_ago < 200)

    def test_what_ends_before_its_week_is_said_and_not_promised_back(self, made: Shop) -> None:
        decided = clock.now() - timedelta(days=120)
        close(made, decided, stop=decided + timedelta(days=31), last=decided + timedelta(days=122))
        browser = Browser().enter(made.lan)
        item = page_words(browser.open(f"shop/items/{made.soap.id}/"))
        assert "留到" in item and "留 7 天" not in item and "过期，换东西先用这些" in item
        kept = reserve(made, now=clock.now())
        page = page_words(browser.open(f"shop/reservations/{kept.id}/"))
        assert "其中 40 分到那时过期" in page and "自动退回" not in page
