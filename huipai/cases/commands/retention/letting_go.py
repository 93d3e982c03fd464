"""The time of a class is over: words, pictures and papers of one thing go; number, type, grid and steps stay.

With them goes the name of whoever reported it without an account, unless something else is kept of them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from huipai.cases.commands import attaching, stepping
from huipai.cases.comment_words import CommentState
from huipai.cases.fact_words import RetentionFact
from huipai.cases.models import (
    Addition,
    Attachment,
    Case,
    CasePhoto,
    Comment,
    DeedPhoto,
    Finding,
    FindPhoto,
    GoodDeed,
    JointCase,
    JointTask,
    LetGo,
    Note,
    OwnFind,
    Question,
    Report,
    ReportAnswers,
    UnitCall,
    UnitRating,
    UnitRequest,
    WorkOrder,
)
from huipai.cases.queries import retention
from huipai.cases.retention_words import Kept
from huipai.journal import commands as journal
from huipai.kit.verdict import NotVisible
from huipai.people import commands as people
from huipai.people.words import WIPED
from huipai.photos import commands as photos
from huipai.photos.models import Photo


@transaction.atomic
def let_go_of_case(*, case_id: UUID, now: datetime) -> LetGo | None:
    """Let go of a case whose time is over and that nobody holds; nothing where that is not so. Twice is once."""
    # Whoever is just holding it back, or asks for a review, is waited for.
    case = stepping.locked_with_its_matter(case_id)
    kept = retention.class_of(case)
    term = retention.term_of(kept, now) if kept is not None else None
    if kept is None or term is None or not retention.cases_due(kept, now, term.days).filter(pk=case.pk).exists():
        return None
    pictures = _expire(CasePhoto.objects.filter(case=case).values("photo"), now)
    papers = Attachment.objects.filter(case=case, removed_at=None).count()
    attaching.remove_all_of(case, actor=None, now=now)
    _wipe_reports(case)
    _wipe_work(case)
    case.address = ""
    case.save(update_fields=["address"])
    ended_at = max(one.ended_at for one in (case, retention.matter_of(case)) if one.ended_at is not None)
    done = LetGo.objects.create(
        kept=kept, case=case, days=term.days, ended_at=ended_at, photos=pictures, papers=papers, gone_at=now
    )  # fmt: skip
    _wipe_joint(case)
    _told(done, case.subject, now)
    # Whoever has an account leaves when they like; of the others only what was kept kept the name.
    told = Report.objects.filter(case=case).values_list("reporter", flat=True)
    people.forget_unkept(among=list(told), now=now)
    return done


@transaction.atomic
def let_go_of_find(*, find_id: UUID, now: datetime) -> LetGo | None:
    """The same for a record of a worker's own find."""
    find = OwnFind.objects.select_for_update(of=("self",), no_key=True).filter(pk=find_id).first()
    if find is None:
        raise NotVisible
    days = retention.term_of(Kept.FOUND, now).days
    if not retention.finds_due(now, days).filter(pk=find.pk).exists():
        return None
    pictures = _expire(FindPhoto.objects.filter(find=find).values("photo"), now)
    find.text = find.address = ""
    find.save(update_fields=["text", "address"])
    done = LetGo.objects.create(
        kept=Kept.FOUND, find=find, days=days, ended_at=find.found_at, photos=pictures, gone_at=now
    )
    return _told(done, find.subject, now)


@transaction.atomic
def let_go_of_deed(*, deed_id: UUID, now: datetime) -> LetGo | None:
    """The same for a good deed that neighbours do not read."""
    deed = GoodDeed.objects.select_for_update(of=("self",), no_key=True).filter(pk=deed_id).first()
    if deed is None:
        raise NotVisible
    days = retention.term_of(Kept.DEED, now).days
    if not retention.deeds_due(now, days).filter(pk=deed.pk).exists():
        return None
    over_at = deed.steps.order_by("-position").values_list("happened_at", flat=True).first() or deed.reported_at
    pictures = _expire(DeedPhoto.objects.filter(deed=deed).values("photo"), now)
    deed.who, deed.address, deed.text, deed.said, deed.title = "", "", "", "", WIPED
    deed.public_title, deed.public_text = WIPED if deed.public_title else "", ""
    deed.save(update_fields=["who", "address", "text", "said", "title", "public_title", "public_text"])
    done = LetGo.objects.create(kept=Kept.DEED, deed=deed, days=days, ended_at=over_at, photos=pictures, gone_at=now)
    return _told(done, deed.subject, now)


def _told(done: LetGo, subject: str, now: datetime) -> LetGo:
    journal.record(
        what=RetentionFact.LET_GO, subject=subject, actor_id=None, now=now,
        facts={"kept": done.kept, "days": done.days, "photos": done.photos, "papers": done.papers},
    )  # fmt: skip
    return done


def _expire(wanted: QuerySet[Any, Any], now: datetime) -> int:
    """Erase these pictures, but for a likeness that is looked for longer; how many."""
    gone = list(Photo.objects.kept().filter(pk__in=wanted).order_by("pk"))
    for photo in gone:
        photos.expire(photo=photo, now=now)
    return len(gone)


def _wipe_reports(case: Case) -> None:
    reports = Report.objects.filter(case=case)
    ReportAnswers.objects.filter(report__in=reports).delete()
    Addition.objects.filter(report__in=reports).exclude(text__in=("", WIPED)).update(text=WIPED, content_hash="")
    reports.update(text="", address="")
    Comment.objects.filter(case=case).update(state=CommentState.WITHDRAWN, text="")


def _wipe_work(case: Case) -> None:
    """What was written while it was worked on: asked, answered, noted, briefed, found."""
    Note.objects.filter(case=case).delete()
    Question.objects.filter(case=case).update(text=WIPED)
    Question.objects.filter(case=case).exclude(answer="").update(answer="")
    WorkOrder.objects.filter(case=case).exclude(brief="").update(brief="")
    UnitRequest.objects.filter(case=case).exclude(text="").update(text="")
    Finding.objects.filter(case=case).update(grounds=WIPED, appeal="", answer="")


def _wipe_joint(case: Case) -> None:
    """Of what several units did together, once every case that it was about has gone."""
    remaining = JointCase.objects.exclude(case__in=LetGo.objects.filter(case__isnull=False).values("case"))
    tasks = JointTask.objects.filter(cases__case=case).exclude(pk__in=remaining.values("task"))
    for task in tasks.select_for_update(of=("self",), no_key=True).order_by("id"):
        task.matter, task.visit_note, task.ending = WIPED, "", ""
        task.visit_place = WIPED if task.visit_place else ""
        task.result = WIPED if task.result else ""
        task.save(update_fields=["matter", "visit_note", "ending", "visit_place", "result"])
        UnitCall.objects.filter(task=task).exclude(part="").update(part=WIPED)
        UnitCall.objects.filter(task=task).exclude(excuse="").update(excuse=WIPED)
        UnitRating.objects.filter(call__task=task).exclude(text__in=("", WIPED)).update(text=WIPED)
