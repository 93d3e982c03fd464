"""Being told less: muted kinds and things, one message a day, and a link that stops a kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from huipai.kit.verdict import NotVisible
from huipai.notices import commands, jobs, queries, rules, stopping
from huipai.notices.models import Muted, Notice
from huipai.notices.words import Wording
from huipai.people.models import Person
from huipai.senders.models import Message
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import MONDAY, TUESDAY, WEDNESDAY, resident

pytestmark = pytest.mark.django_db
CASE = "case:0190aaaa-0000-7000-8000-000000000001"
OTHER_CASE = "case:0190aaaa-0000-7000-8000-000000000002"
STOP = "/s/yunqiao/notices/stop/"


@pytest.fixture(autouse=True)
def _words(settings: Settings) -> Iterator[None]:
    settings.PUBLIC_URL = "https://huipai.test"
    before = rules._writers, rules._groups, rules._in_group
    rules.wire({"case.closed": lambda subject, params: Wording(f"办好了 {params['n']}")}, {"case": "报的事"}, {})
    yield
    rules.wire(*before)


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return resident("兰", "13800000001")


def wishes(person: Person, *, digest_at: time | None = None, muted: tuple[str, ...] = ()) -> None:
    commands.prefer(
        person=person, by_sms=True, quiet_from=time(21, 30), quiet_until=time(7, 30), now=MONDAY, digest_at=digest_at,
        muted_groups=muted,
    )  # fmt: skip


def tell(
    person: Person, n: int = 1, *, subject: str = CASE, kind: str = "case.closed", now: datetime = MONDAY
) -> Notice:
    [notice] = commands.tell(
        person_ids=[person.id], kind=kind, subject=subject, cause=f"entry:{n}:{subject}", now=now, params={"n": n}
    )
    commands.deliver(notice_id=notice.id, now=now)
    return notice


class TestMuting:
    def test_a_muted_thing_rings_no_more_and_others_do(self, lan: Person) -> None:
        wishes(lan)
        for _twice in range(2):
            commands.mute(person=lan, subject=CASE, now=MONDAY)
        tell(lan, 1)
        tell(lan, 2, subject=OTHER_CASE)
        assert [message.text[:5] for message in Message.objects.all()] == ["办好了 2"]
        assert queries.unread_count(lan) == 2
        commands.unmute(person=lan, subject=CASE)
        tell(lan, 3)
        assert Message.objects.count() == 2

    def test_a_muted_group_rings_no_more(self, lan: Person) -> None:
        wishes(lan, muted=("case",))
        tell(lan)
        assert not Message.objects.exists() and queries.unread_count(lan) == 1

    def test_unchecking_a_group_leaves_single_things_muted(self, lan: Person) -> None:
        wishes(lan, muted=("case",))
        commands.mute(person=lan, subject=CASE, now=MONDAY)
        wishes(lan)
        assert queries.muted_by(lan.id) == {CASE}


class TestTheDigest:
    def test_one_message_a_day_for_everything_once(self, lan: Person) -> None:
        wishes(lan, digest_at=time(18, 0))
        for n in (1, 2, 3):
            tell(lan, n, now=MONDAY + timedelta(minutes=n))
        commands.mute(person=lan, subject=OTHER_CASE, now=MONDAY)
        tell(lan, 4, subject=OTHER_CASE, now=MONDAY + timedelta(minutes=4))
        assert (
            not Message.objects.exists() and not ProcrastinateJob.objects.filter(task_name="notices.deliver").exists()
        )
        day = rules.local(MONDAY).date()
        assert commands.gather(person_id=lan.id, day=day, now=MONDAY + timedelta(hours=8)) == 3
        assert commands.gather(person_id=lan.id, day=day, now=MONDAY + timedelta(hours=8)) == 0
        text = Message.objects.get().text
        assert text.startswith("办好了 3；还有 2 条") and STOP in text

    def test_late_it_waits_for_the_end_of_quiet_hours_and_is_still_the_days(self, lan: Person) -> None:
        wishes(lan, digest_at=time(18, 0))
        tell(lan)
        day = rules.local(MONDAY).date()
        late, morning = datetime(2026, 11, 23, 15, 30, tzinfo=UTC), datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
        assert commands.gather(person_id=lan.id, day=day, now=late) == 0 and not Message.objects.exists()
        job = ProcrastinateJob.objects.get(task_name="notices.gather")
        assert (job.scheduled_at, job.args["day"]) == (morning, day.isoformat())
        assert commands.gather(person_id=lan.id, day=day, now=morning) == 1

    def test_nothing_new_is_no_message(self, lan: Person) -> None:
        wishes(lan, digest_at=time(18, 0))
        commands.mark_read(person=lan, notice_id=tell(lan).id, now=MONDAY)
        assert commands.gather(person_id=lan.id, day=rules.local(MONDAY).date(), now=TUESDAY) == 0
        assert not Message.objects.exists()

    def test_an_hour_with_nothing_new_does_not_use_up_the_day(self, lan: Person) -> None:
        wishes(lan, digest_at=time(10, 0))
        day = rules.local(MONDAY).date()
        assert commands.gather(person_id=lan.id, day=day, now=MONDAY) == 0
        wishes(lan, digest_at=time(17, 0))
        tell(lan, now=MONDAY + timedelta(hours=2))
        assert commands.gather(person_id=lan.id, day=day, now=MONDAY + timedelta(hours=7)) == 1

    def test_one_whose_hour_was_moved_rings_at_the_new_one(self, lan: Person) -> None:
        wishes(lan, digest_at=time(19, 0))  # moved after the job of ten o'clock was made
        tell(lan, now=MONDAY - timedelta(hours=1))
        day, at_19 = rules.local(MONDAY).date(), MONDAY + timedelta(hours=9)
        assert commands.gather(person_id=lan.id, day=day, now=MONDAY) == 0
        assert ProcrastinateJob.objects.get(task_name="notices.gather").scheduled_at == at_19
        assert [commands.gather(person_id=lan.id, day=day, now=at_19) for _twice in range(2)] == [1, 0]

    def test_who_wants_each_by_itself_gets_no_digest(self, lan: Person) -> None:
        wishes(lan)
        tell(lan)
        assert commands.gather(person_id=lan.id, day=rules.local(MONDAY).date(), now=TUESDAY) == 0

    def test_comes_at_its_hour_and_not_in_quiet_ones(self, lan: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        at_22 = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
        monkeypatch.setattr("huipai.kit.clock.now", lambda: at_22)
        wishes(lan, digest_at=time(18, 0))
        jobs.gather_all(timestamp=0)
        assert not ProcrastinateJob.objects.filter(task_name="notices.gather").exists()
        wishes(lan, digest_at=time(22, 15))
        jobs.gather_all(timestamp=0)
        job = ProcrastinateJob.objects.get(task_name="notices.gather")
        assert job.scheduled_at == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
        assert job.args["day"] == "2026-11-23"


class TestTheLinkOfTheDay:
    """The day's message is one message, of whatever groups: its link stops it, not one group a day."""

    def gathered(self, lan: Person, n: int, now: datetime) -> int:
        for group, _words in rules.groups():
            commands.tell(
                person_ids=[lan.id],
                kind=f"{group}.closed",
                subject=CASE,
                cause=f"{group}:{n}",
                now=now,
                params={"n": n},
            )
        return commands.gather(person_id=lan.id, day=rules.local(now).date(), now=now)

    def test_stops_the_whole_of_it_and_takes_that_back(self, lan: Person) -> None:
        wishes(lan, digest_at=time(10, 0))
        assert self.gathered(lan, 1, MONDAY) == 2
        path, visitor = "/s/yunqiao/" + Message.objects.get().text.split("/s/yunqiao/")[1].rstrip("）"), Client()
        assert "一天一条" in visitor.get(path).content.decode()
        assert "停了" in visitor.post(path).content.decode()
        assert self.gathered(lan, 2, TUESDAY) == 0 and Message.objects.count() == 1
        assert "接着发给您" in visitor.post(path, {"go_on": "1"}).content.decode()
        assert self.gathered(lan, 3, WEDNESDAY) == 4 and Message.objects.count() == 2


class TestTheLink:
    def link(self, lan: Person) -> str:
        wishes(lan)
        tell(lan)
        text = Message.objects.get().text
        return "/s/yunqiao/" + text.split("/s/yunqiao/")[1].rstrip("）")

    def test_stops_its_kind_without_signing_in_and_says_the_way_back(self, lan: Person) -> None:
        path, visitor = self.link(lan), Client(enforce_csrf_checks=True)
        assert "报的事" in visitor.get(path).content.decode() and not Muted.objects.exists()
        for _twice in range(2):
            page = visitor.post(path).content.decode()
        assert "停了" in page and "怎么告诉我" in page
        tell(lan, 2)
        assert Message.objects.count() == 1 and queries.unread_count(lan) == 2
        assert "接着发给您" in visitor.post(path, {"go_on": "1"}).content.decode()
        tell(lan, 3)
        assert Message.objects.count() == 2

    def test_is_good_for_one_person_in_one_street(self, lan: Person, hetang: Street) -> None:
        path = self.link(lan)
        assert Client().get(path.replace("yunqiao", "hetang")).status_code == 404
        forged = signing.dumps([str(lan.street_id), str(uuid4()), "case"], salt="huipai.notices.stop")
        for token in (path.rsplit("/", 2)[1] + "x", "nonsense", forged):
            assert Client().post(f"{STOP}{token}/").status_code == 404
        assert not Muted.objects.exists()

    def test_of_somebody_who_left_is_good_for_nothing(self, lan: Person) -> None:
        token = stopping.token(lan.id, "case")
        Person.objects.filter(pk=lan.pk).update(erased_at=MONDAY, account=None, name="")
        with pytest.raises(NotVisible):
            commands.stop(token=token, now=MONDAY)

    def test_is_left_out_where_nobody_said_how_we_are_reached(self, lan: Person, settings: Settings) -> None:
        settings.PUBLIC_URL = ""
        wishes(lan)
        tell(lan)
        assert Message.objects.get().text == "办好了 1"


class TestPages:
    def test_the_wishes_are_kept_and_shown_again(self, lan: Person) -> None:
        client = Client()
        assert lan.account is not None
        client.force_login(lan.account)
        commands.mute(person=lan, subject=CASE, now=MONDAY)
        form = {"by_sms": "on", "digest": "on", "digest_at": "17:45", "quiet_from": "21:00", "quiet_until": "08:00",
                "groups": ["other"]}  # fmt: skip
        assert client.post("/s/yunqiao/notices/preference/", form).status_code == 302
        page = client.get("/s/yunqiao/notices/preference/").content.decode()
        assert "17:45" in page and "单独静音的事" in page
        assert queries.muted_by(lan.id) == {CASE, "group:case"}
        client.post("/s/yunqiao/notices/muting/", {"subject": CASE})
        assert queries.muted_by(lan.id) == {"group:case"}
        client.post("/s/yunqiao/notices/muting/", {"subject": CASE, "want": "on"})
        assert client.post("/s/yunqiao/notices/muting/", {"subject": "'; --", "want": "on"}).status_code == 404
        assert CASE in queries.muted_by(lan.id)

    def test_another_streets_wishes_are_others(self, lan: Person, hetang: Street) -> None:
        wishes(lan, muted=("case",))
        with in_street(hetang.id):
            assert queries.muted_by(lan.id) == set()
