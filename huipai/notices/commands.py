"""Telling people, and taking note that they have read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app

from huipai.kit import subjects
from huipai.kit.verdict import NotVisible
from huipai.notices import queries, rules, stopping
from huipai.notices.models import Digest, Muted, Notice, Preference
from huipai.notices.words import KIND, PREFIX, SUBJECT
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.senders import sms
from huipai.senders.words import Kind
from huipai.streets.current import street_in_force


@transaction.atomic
def tell(
    *,
    person_ids: Iterable[UUID],
    kind: str,
    subject: str,
    cause: str,
    now: datetime,
    params: Mapping[str, object] | None = None,
) -> list[Notice]:
    """Put a notice into each person's inbox, once a `cause`: a second call makes none and returns none.

    `params` holds ids, codes and numbers; the text is made when it is read. Nobody is rung for what they have muted.
    """
    return _tell(person_ids, kind, subject, cause, now, params or {}, rings_at=now)


@transaction.atomic
def tell_the_latest(
    *,
    person_ids: Iterable[UUID],
    kind: str,
    subject: str,
    cause: str,
    now: datetime,
    within: timedelta,
    instead_of: Iterable[str],
    told_of: Iterable[str] = (),
    params: Mapping[str, object] | None = None,
) -> list[Notice]:
    """Tell each person, in place of what they were told of the same thing, or of those `told_of`, `within` so long
    before.

    Only what is of one of the kinds `instead_of`, and neither read nor sent, gives way; so it rings when that time is
    over. Once a `cause`, as `tell`.
    """
    people = list(dict.fromkeys(person_ids))
    known = set(Notice.objects.filter(person__in=people, cause=cause).values_list("person_id", flat=True))
    just_told = Notice.objects.select_for_update(of=("self",), no_key=True).filter(
        person__in=people, subject__in={subject, *told_of}, kind__in=list(instead_of), read_at=None, sent_at=None,
        created_at__gt=now - within, created_at__lte=now,
    )  # fmt: skip
    latest = {notice.person_id: notice for notice in just_told.order_by("created_at", "id")}
    gives_way = [notice for person_id, notice in latest.items() if person_id not in known]
    for notice in gives_way:
        notice.kind, notice.subject, notice.cause = kind, subject, cause
        notice.params, notice.created_at = dict(params or {}), now
    Notice.objects.bulk_update(gives_way, ["kind", "subject", "cause", "params", "created_at"])
    others = [person_id for person_id in people if person_id not in latest]
    return _tell(others, kind, subject, cause, now, params or {}, rings_at=now + within)


@transaction.atomic
def tell_together(
    *, person_ids: Iterable[UUID], kind: str, subject: str, cause: str, now: datetime, within: timedelta, code: str
) -> None:
    """Tell each person of many things in one notice: `codes` in its params names each that has the same `cause`.

    It rings when `within` is over, by the number that it has then; what comes after it was read makes it new again.
    """
    people = list(dict.fromkeys(person_ids))
    _tell(people, kind, subject, cause, now, {"codes": []}, rings_at=now + within)
    told = (
        Notice.objects.select_for_update(of=("self",), no_key=True)
        .filter(person__in=people, cause=cause)
        .order_by("id")
    )
    for notice in told:
        codes = notice.params["codes"]
        if code not in codes:
            notice.params, notice.read_at = {"codes": [*codes, code]}, None
            notice.save(update_fields=["params", "read_at"])


@transaction.atomic
def overtake(*, subject: str, kinds: Iterable[str], now: datetime, person_ids: Iterable[UUID] | None = None) -> None:
    """What was told of a thing before `now` by one of these kinds rings nobody any more: what it asked for is over.

    The inbox still says it. `person_ids`: for whom; None is everybody.
    """
    asked = Notice.objects.filter(subject=subject, kind__in=list(kinds), created_at__lt=now, overtaken_at=None)
    if person_ids is not None:
        asked = asked.filter(person__in=list(person_ids))
    asked.filter(sent_at=None, read_at=None).update(overtaken_at=now)


@transaction.atomic
def tell_inside(
    *, person_id: UUID, kind: str, subject: str, cause: str, now: datetime, params: Mapping[str, object]
) -> None:
    """Put a notice into an inbox that leaves it by no other way, once a `cause`: what it tells of may be that the ways
    out do not work, and then each message would be one more thing to tell of."""
    notice = Notice(
        person_id=person_id, kind=kind, subject=subject, params=dict(params), cause=cause, created_at=now,
        overtaken_at=now,
    )  # fmt: skip
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


def _tell(
    person_ids: Iterable[UUID],
    kind: str,
    subject: str,
    cause: str,
    now: datetime,
    params: Mapping[str, object],
    *,
    rings_at: datetime,
) -> list[Notice]:
    if not KIND.match(kind) or not SUBJECT.match(subject):
        raise ValueError(f"not a kind about a subject: {kind!r}, {subject!r}")
    notices = [
        Notice(person_id=person_id, kind=kind, subject=subject, params=dict(params), cause=cause, created_at=now)
        for person_id in dict.fromkeys(person_ids)
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    made = list(Notice.objects.filter(id__in=[notice.id for notice in notices]))
    _defer_delivery(made, rings_at)
    return made


def _defer_delivery(notices: list[Notice], at: datetime) -> None:
    """Each by itself for those who want that; a digest finds what it gathers when its hour comes."""
    one_by_one = Preference.objects.filter(
        person__in=[notice.person_id for notice in notices], by_sms=True, digest_at=None
    )
    wishes = {wish.person_id: wish for wish in one_by_one}
    for notice in notices:
        if (wish := wishes.get(notice.person_id)) is not None:
            _put_off(notice, rules.may_ring_at(at, wish.quiet_from, wish.quiet_until))


def _put_off(notice: Notice, until: datetime) -> None:
    deliver_later = app.configure_task("notices.deliver", queue="notices", schedule_at=until)
    deliver_later.defer(street=str(street_in_force()), notice=str(notice.id))


@transaction.atomic
def deliver(*, notice_id: UUID, now: datetime) -> None:
    """Hand a notice to the senders, once.

    Not if it was read, overtaken or muted, if the person has thought better of it, or while the number may be
    another's.
    A job that comes late, or hours that were changed meanwhile, ring nobody in their quiet hours: it is put off again.
    """
    notice = (
        Notice.objects.select_for_update(of=("self",), no_key=True).select_related("person__account").get(id=notice_id)
    )
    wish = queries.preference_of(notice.person_id)
    account = notice.person.account
    if notice.sent_at or notice.read_at or notice.overtaken_at:
        return
    if not (wish and wish.rings_for_each and account and account.phone):
        return
    if queries.is_muted(notice) or not people.is_theirs_today(account, now):
        return
    may_ring = rules.may_ring_at(now, wish.quiet_from, wish.quiet_until)
    if may_ring > now:
        _put_off(notice, may_ring)
        return
    text = _with_a_way_out(str(notice.wording.title), stopping.link(notice.person_id, notice.group))
    sms.send(phone=account.phone, text=text, kind=Kind.NOTICE, now=now)
    notice.sent_at = now
    notice.save(update_fields=["sent_at"])


@transaction.atomic
def gather(*, person_id: UUID, day: date, now: datetime) -> int:
    """One message a day for all that was neither read nor sent nor muted; how many it stands for.

    In quiet hours none, nor before the hour that is wished by now; and where nothing waits. The day's is not used up by
    that: it is put off to their end, or to that hour.
    """
    wish = Preference.objects.select_for_update(of=("self",), no_key=True).select_related("person__account").filter(
        person=person_id, by_sms=True, digest_at__isnull=False
    ).first()  # fmt: skip
    account = wish.person.account if wish else None
    if wish is None or account is None or not account.phone or not people.is_theirs_today(account, now):
        return 0
    may_ring = rules.may_ring_at(_not_before(wish, day, now), wish.quiet_from, wish.quiet_until)
    if may_ring > now:
        gather_later = app.configure_task("notices.gather", queue="notices", schedule_at=may_ring)
        gather_later.defer(street=str(street_in_force()), person=str(person_id), day=day.isoformat())
        return 0
    waiting = [notice for notice in queries.unsent(wish.person, now) if not queries.is_muted(notice)]
    if not waiting:
        return 0
    made = Digest.objects.bulk_create([Digest(person=wish.person, day=day, gathered_at=now)], ignore_conflicts=True)
    if not Digest.objects.filter(pk=made[0].pk).exists():
        return 0
    sms.send(phone=account.phone, text=_all_in_one(waiting), kind=Kind.NOTICE, now=now)
    Notice.objects.filter(pk__in=[notice.pk for notice in waiting]).update(sent_at=now)
    return len(waiting)


def _not_before(wish: Preference, day: date, now: datetime) -> datetime:
    """Now, or the hour that was moved to a later one of the day since this was to ring."""
    if wish.digest_at is None or rules.local(now).date() != day:
        return now
    return max(now, rules.today_at(now, wish.digest_at))


def _all_in_one(notices: list[Notice]) -> str:
    """The latest line, and how many more there are."""
    latest, more = notices[0], len(notices) - 1
    said = str(latest.wording.title)
    if more:
        said = ngettext("%(title)s；还有 %(num)s 条", "%(title)s；还有 %(num)s 条", more) % {"title": said, "num": more}
    return _with_a_way_out(said, stopping.link(latest.person_id, stopping.DIGEST))


def _with_a_way_out(text: str, link: str) -> str:
    return _("%(text)s（不想收：%(link)s）") % {"text": text, "link": link} if link else text


def mark_read(*, person: Person, notice_id: UUID, now: datetime) -> Notice:
    """The notice has been read, since the first time it was; another person's is not visible."""
    notice = queries.visible_to(person).filter(id=notice_id).first()
    if notice is None:
        raise NotVisible
    if notice.read_at is None:
        queries.visible_to(person).filter(id=notice_id, read_at__isnull=True).update(read_at=now)
        notice.read_at = now
    return notice


def mark_all_read(*, person: Person, until: datetime, now: datetime) -> int:
    """Everything told up to `until` has been read; how many had not. What came after the page was made stays unread."""
    unread = Notice.objects.filter(person=person, read_at__isnull=True, created_at__lte=until)
    return unread.update(read_at=now)


@transaction.atomic
def prefer(
    *,
    person: Person,
    by_sms: bool,
    quiet_from: time,
    quiet_until: time,
    now: datetime,
    digest_at: time | None = None,
    muted_groups: Iterable[str] | None = None,
) -> Preference:
    """From now on the person is told this way. `muted_groups`: all that are muted from now on; None leaves them."""
    preference, _made = Preference.objects.update_or_create(
        person=person,
        defaults={
            "by_sms": by_sms, "quiet_from": quiet_from, "quiet_until": quiet_until, "digest_at": digest_at,
            "changed_at": now,
        },
    )  # fmt: skip
    if muted_groups is not None:
        wanted = {queries.group_word(group) for group in muted_groups if PREFIX.match(group)}
        Muted.objects.filter(person=person, what__startswith=queries.GROUP).exclude(what__in=wanted).delete()
        for what in sorted(wanted):
            _mute(person.id, what, now)
    return preference


@transaction.atomic
def mute(*, person: Person, subject: str, now: datetime) -> None:
    """Do not ring for one thing any more; twice is once."""
    if not SUBJECT.match(subject):
        raise NotVisible
    _mute(person.id, subject, now)


@transaction.atomic
def unmute(*, person: Person, subject: str) -> None:
    """Ring for it again, whatever it was that was muted: itself or what it belongs to. Twice is once."""
    if not SUBJECT.match(subject):
        raise NotVisible
    Muted.objects.filter(person=person, what__in=subjects.with_kin(subject)).delete()


@transaction.atomic
def stop(*, token: str, now: datetime) -> stopping.Stop:
    """Stop a group of kinds by the link in a message, or by that of the day's one message all of them; twice is once.

    A token of nobody's does not exist.
    """
    found = _of(token)
    if found.group == stopping.DIGEST:
        Preference.objects.filter(person=found.person_id, by_sms=True).update(by_sms=False, changed_at=now)
        return found
    _mute(found.person_id, queries.group_word(found.group), now)
    return found


@transaction.atomic
def go_on(*, token: str, now: datetime) -> stopping.Stop:
    """Take a stop back by the same link."""
    found = _of(token)
    if found.group == stopping.DIGEST:
        Preference.objects.filter(person=found.person_id, by_sms=False).update(by_sms=True, changed_at=now)
        return found
    Muted.objects.filter(person=found.person_id, what=queries.group_word(found.group)).delete()
    return found


def _of(token: str) -> stopping.Stop:
    found = stopping.read(token)
    if found is None or not Person.objects.filter(pk=found.person_id, erased_at=None).exists():
        raise NotVisible
    return found


def _mute(person_id: UUID, what: str, now: datetime) -> None:
    Muted.objects.bulk_create([Muted(person_id=person_id, what=what, muted_at=now)], ignore_conflicts=True)
