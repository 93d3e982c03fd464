from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from huipai.kit.verdict import NotVisible
from huipai.notices import commands, queries, rules
from huipai.notices.models import Notice
from huipai.notices.words import Wording
from huipai.people.models import Account, Person
from huipai.senders.models import Message
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import MONDAY, TUESDAY, resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return resident("兰", "13800000001")


@pytest.fixture
def mei(in_yunqiao: Street) -> Person:
    return resident("梅", "13800000002")


@pytest.fixture
def worded() -> Iterator[None]:
    before = rules._writers, rules._groups, rules._in_group

    def received(subject: str, params: Mapping[str, object]) -> Wording:
        return Wording("收到了，谢谢您", f"编号 {params['code']}", f"/cases/{subject.partition(':')[2]}/")

    rules.wire({"report.received": received}, {}, {})
    yield
    rules.wire(*before)


def tell(*people: Person, cause: str = "entry-1", now: datetime = MONDAY) -> list[Notice]:
    return commands.tell(
        person_ids=[person.id for person in people], kind="report.received", subject="report:7", cause=cause, now=now,
        params={"code": "K7QA"},
    )  # fmt: skip


class TestTell:
    def test_puts_a_notice_into_each_inbox_worded_when_it_is_read(self, lan: Person, mei: Person, worded: None) -> None:
        tell(lan, mei)
        [notice] = queries.visible_to(lan)
        assert notice.wording == Wording("收到了，谢谢您", "编号 K7QA", "/cases/7/")
        assert queries.unread_count(mei) == 1
        assert "谢谢" not in str(notice.params)

    def test_a_follower_that_runs_twice_tells_once(self, lan: Person, mei: Person) -> None:
        assert len(tell(lan)) == 1
        assert tell(lan, now=TUESDAY) == []
        assert [notice.person_id for notice in tell(lan, mei, now=TUESDAY)] == [mei.id]
        assert queries.unread_count(lan) == 1

    def test_a_person_named_twice_is_told_once(self, lan: Person) -> None:
        assert len(tell(lan, lan)) == 1

    def test_the_database_refuses_the_same_cause_twice(self, lan: Person) -> None:
        [notice] = tell(lan)
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.create(person=lan, kind="a.b", subject="c:1", cause=notice.cause, created_at=MONDAY)

    def test_refuses_what_is_no_kind_or_subject(self, lan: Person) -> None:
        with pytest.raises(ValueError, match="not a kind"):
            commands.tell(person_ids=[lan.id], kind="收到", subject="case:1", cause="x", now=MONDAY)

    def test_a_kind_that_nobody_words_any_more_still_says_something(self, lan: Person) -> None:
        commands.tell(person_ids=[lan.id], kind="gone.away", subject="case:1", cause="x", now=MONDAY)
        assert queries.visible_to(lan).get().wording.title

    def test_each_street_has_its_own_inbox(self, lan: Person, hetang: Street) -> None:
        tell(lan)
        with in_street(hetang.id):
            assert not Notice.objects.exists()
            with pytest.raises(IntegrityError), transaction.atomic():
                tell(lan)
                # A key into another street is refused when the transaction ends.
                transaction.get_connection().check_constraints()


class TestMarkRead:
    def test_keeps_the_first_time(self, lan: Person) -> None:
        [notice] = tell(lan)
        commands.mark_read(person=lan, notice_id=notice.id, now=MONDAY)
        commands.mark_read(person=lan, notice_id=notice.id, now=TUESDAY)
        assert queries.visible_to(lan).get().read_at == MONDAY
        assert queries.unread_count(lan) == 0

    def test_another_persons_notice_is_refused_like_none_at_all(self, lan: Person, mei: Person) -> None:
        [notice] = tell(lan)
        for notice_id in (notice.id, uuid4()):
            with pytest.raises(NotVisible):
                commands.mark_read(person=mei, notice_id=notice_id, now=MONDAY)
        assert queries.unread_count(lan) == 1

    def test_all_leaves_unread_what_came_after_the_page(self, lan: Person, mei: Person) -> None:
        tell(lan, mei)
        tell(lan, cause="entry-2", now=TUESDAY)
        assert commands.mark_all_read(person=lan, until=MONDAY, now=TUESDAY) == 1
        assert queries.unread_count(lan) == 1
        assert queries.unread_count(mei) == 1


class TestDelivery:
    def prefer_sms(self, person: Person) -> None:
        commands.prefer(person=person, by_sms=True, quiet_from=time(21, 30), quiet_until=time(7, 30), now=MONDAY)

    def jobs(self) -> list[ProcrastinateJob]:
        return list(ProcrastinateJob.objects.filter(task_name="notices.deliver"))

    def test_stays_in_the_inbox_unless_asked_for(self, lan: Person) -> None:
        tell(lan)
        assert self.jobs() == []

    def test_goes_out_by_sms_once_however_often_the_job_runs(self, lan: Person, worded: None) -> None:
        self.prefer_sms(lan)
        [notice] = tell(lan)
        [job] = self.jobs()
        assert job.args["notice"] == str(notice.id)
        commands.deliver(notice_id=notice.id, now=MONDAY)
        commands.deliver(notice_id=notice.id, now=TUESDAY)
        message = Message.objects.get()
        assert message.text == "收到了，谢谢您"
        assert message.address.endswith("13800000001")

    def test_waits_for_the_morning(self, lan: Person) -> None:
        self.prefer_sms(lan)
        tell(lan, now=datetime(2026, 11, 23, 14, 0, tzinfo=UTC))  # 22:00 in China
        assert self.jobs()[0].scheduled_at == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    def test_a_job_that_comes_late_waits_for_the_morning_too(self, lan: Person, worded: None) -> None:
        """A worker that was down, a retry, hours that were changed: nobody is rung in the night."""
        self.prefer_sms(lan)
        [notice] = tell(lan)
        late, morning = datetime(2026, 11, 23, 15, 30, tzinfo=UTC), datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
        commands.deliver(notice_id=notice.id, now=late)
        assert not Message.objects.exists() and self.jobs()[-1].scheduled_at == morning
        commands.deliver(notice_id=notice.id, now=morning)
        assert Message.objects.count() == 1

    def test_what_was_read_meanwhile_is_not_sent(self, lan: Person) -> None:
        self.prefer_sms(lan)
        [notice] = tell(lan)
        commands.mark_read(person=lan, notice_id=notice.id, now=MONDAY)
        commands.deliver(notice_id=notice.id, now=MONDAY)
        assert not Message.objects.exists()

    def test_who_has_thought_better_of_it_gets_none(self, lan: Person) -> None:
        self.prefer_sms(lan)
        [notice] = tell(lan)
        commands.prefer(person=lan, by_sms=False, quiet_from=time(0), quiet_until=time(0), now=MONDAY)
        commands.deliver(notice_id=notice.id, now=MONDAY)
        assert not Message.objects.exists()

    @pytest.mark.parametrize("change", [{"doubted_at": MONDAY}, {"is_active": False}])
    def test_nothing_is_told_to_a_number_that_may_be_anothers(
        self, lan: Person, worded: None, change: dict[str, object]
    ) -> None:
        self.prefer_sms(lan)
        [notice] = tell(lan)
        Account.objects.filter(pk=lan.account_id).update(**change)
        commands.deliver(notice_id=notice.id, now=MONDAY)
        assert not Message.objects.exists()


class TestQuietHours:
    @pytest.mark.parametrize(
        ("hour", "until"),
        [(22, 7 + 24), (0, 7), (6, 7), (7, 7), (12, 12), (21, 21)],
    )
    def test_over_midnight(self, hour: int, until: int) -> None:
        midnight = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
        rings = rules.may_ring_at(midnight + timedelta(hours=hour), time(22), time(7))
        assert rings == midnight + timedelta(hours=until)

    def test_within_a_day_and_none_at_all(self) -> None:
        noon = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
        assert rules.may_ring_at(noon, time(12), time(14)) == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
        assert rules.may_ring_at(noon, time(0), time(0)) == noon
