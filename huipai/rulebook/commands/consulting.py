"""Asking everybody before anything is decided, and answering each of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from huipai.kit.ids import new_id
from huipai.kit.lines import as_seen
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.rulebook import policies, queries, rules
from huipai.rulebook.commands.lasting import require_lasting
from huipai.rulebook.commands.refusals import (
    AnsweredAlready,
    CarriedOver,
    ConsultedAlready,
    ContentMoved,
    Empty,
    NothingSaid,
    NotOpenForComments,
    SaidAlready,
    TooMuchSaid,
    TooShort,
    Unchanged,
    Unexplained,
    WithoutReason,
)
from huipai.rulebook.commands.telling import draft_to_change, record, remark_of
from huipai.rulebook.models import PointItem, Remark, RulebookVersion
from huipai.rulebook.words import ANSWERS, CONSULTATION, MOST_REMARKS, Fact, Outcome, Said, Standing


@transaction.atomic
def consult(
    *, version_id: UUID, actor: Person, until: datetime, now: datetime, seen: str | None = None
) -> RulebookVersion:
    """Lay a draft open for comments until a day, seven days off at least; once more when it has been edited since.

    Refuses a draft that breaks a rule of the linter, changes nothing, does not say why, or holds what is over by then.
    `seen`: the hash of the content that was shown; None: none was. Refused where it is another by now.
    """
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)
    content_hash = queries.content_hash(version.id)
    if version.consulted_hash == content_hash:
        raise ConsultedAlready
    if seen not in (None, content_hash):
        raise ContentMoved
    if until < now + CONSULTATION:
        raise TooShort(field="until")
    check_content(version)
    for item in PointItem.objects.filter(version=version).order_by("code"):
        require_lasting(item.terms(), until)
    version.consulted_from, version.consulted_until, version.touched_at = now, until, now
    version.consulted_hash, version.closing_told_at = content_hash, None
    version.save(update_fields=["consulted_from", "consulted_until", "consulted_hash", "closing_told_at", "touched_at"])
    record(Fact.CONSULTED, version, actor, now, content=version.consulted_hash, until=int(until.timestamp()))
    return version


def check_content(version: RulebookVersion) -> None:
    """Refuse a content that cannot stand: nothing in it, nothing new, a rule broken, a change without its why.

    What happens when the scheme stops is content as well; why that changes is said by the note of the version.

    Neither can what came along from a version that was withdrawn since.
    """
    items = list(PointItem.objects.filter(version=version).order_by("code"))
    if not items:
        raise Empty
    for item in items:
        for finding in rules.lint(item.terms()):
            raise finding
    if queries.version_before(version) is not None:
        _require_own(version)
        _require_reasons(version)


def _require_reasons(version: RulebookVersion) -> None:
    changes = queries.changes(version)
    held, _ending = queries.end_change(version) or (None, None)
    if not changes and held is None and not any(change.why for change in changes.reasoned):
        raise Unchanged
    if held is not None and not as_seen(version.note):
        raise Unexplained(_("积分要停时的办法改了，在草稿的说明里写一句为什么"), field="note")
    for change in changes.all:
        if not as_seen(change.why):
            raise Unexplained(field=change.code)


def _require_own(version: RulebookVersion) -> None:
    for code, withdrawn in sorted(queries.carried(version).items()):
        said = {"code": code, "number": withdrawn.number}
        raise CarriedOver(_("%(code)s 是从撤回了的第 %(number)s 版带过来的，先把它拿出来，再往下走") % said, field=code)


@transaction.atomic
def comment(
    *, version_id: UUID, person: Person, code: str, text: str, now: datetime, remark_id: UUID | None = None
) -> Remark:
    """Say something about a draft that is laid open. The same id again gives back what was said the first time."""
    version = version_spoken_of(version_id)
    text = remark_of(text, field="text")
    stored = said_before(remark_id, person, Said.COMMENT, version, code, text)
    if stored is not None:
        return stored
    if version is None or version.consulted_from is None:
        raise NotVisible
    if version.standing(now) != Standing.CONSULTING:
        raise NotOpenForComments
    remark = say(version, Said.COMMENT, person, code, text, now, remark_id)
    record(Fact.COMMENTED, version, person, now, remark=str(remark.id), item=remark.code)
    return remark


def version_spoken_of(version_id: UUID) -> RulebookVersion | None:
    """The version, locked: what is said of it comes one after the other, so that the same twice is seen as that."""
    return RulebookVersion.objects.select_for_update(of=("self",), no_key=True).filter(pk=version_id).first()


def said_before(
    remark_id: UUID | None, person: Person, kind: Said, version: RulebookVersion | None, code: str, text: str
) -> Remark | None:  # fmt: skip
    """This very thing, said under this id before. Somebody else's id is taken, without a word about it.

    Refuses other words under an id of one's own: they would be lost.
    """
    stored = Remark.objects.filter(pk=remark_id).first() if remark_id else None
    if stored is None:
        return None
    if stored.person_id != person.id:
        raise NotVisible
    same = version is not None and (kind, version.pk, _about(version, code), text)
    if (stored.kind, stored.version_id, stored.code, stored.text) != same:
        raise SaidAlready(field="text")
    return stored


def _about(version: RulebookVersion, code: str) -> str:
    """The item that is meant; nothing where the version knows none of that code."""
    known = PointItem.objects.filter(version=version, code=code).exists() or code in version.struck
    return code if known else ""


def say(
    version: RulebookVersion, kind: Said, person: Person, code: str, text: str, now: datetime, remark_id: UUID | None
) -> Remark:
    """Write down a remark. Part of the caller's transaction."""
    if not text:
        raise NothingSaid(field="text")
    waiting = Remark.objects.filter(version=version, person=person, answered_at__isnull=True).count()
    if waiting >= MOST_REMARKS:
        raise TooMuchSaid(field="text")
    return Remark.objects.create(
        id=remark_id or new_id(), version=version, kind=kind, person=person, code=_about(version, code), text=text,
        said_at=now,
    )  # fmt: skip


@transaction.atomic
def answer(*, remark_id: UUID, actor: Person, outcome: Outcome, answer: str, now: datetime) -> Remark:
    """Answer a comment: taken up, in part, or not, and why. Once."""
    policies.may_write(actor, now).require()
    remark = take_remark(remark_id, Said.COMMENT)
    reply(remark, actor, outcome, answer, now)
    record(Fact.ANSWERED, remark.version, actor, now, remark=str(remark.id), outcome=outcome.value)
    return remark


def take_remark(remark_id: UUID, kind: Said) -> Remark:
    found = (
        Remark.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version")
        .filter(pk=remark_id, kind=kind)
    )
    remark = found.first()
    if remark is None:
        raise NotVisible
    if remark.answered_at is not None:
        raise AnsweredAlready
    return remark


def reply(remark: Remark, actor: Person, outcome: Outcome, answer: str, now: datetime) -> None:
    if outcome not in ANSWERS[Said(remark.kind)] or not as_seen(answer):
        raise WithoutReason(field="answer")
    remark.outcome, remark.answer = outcome, remark_of(answer, field="answer")
    remark.answered_by, remark.answered_at = actor, now
    remark.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
