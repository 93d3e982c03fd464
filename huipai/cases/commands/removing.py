"""What is unlawful is not kept: after the time for a review, and by a second person's decision."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import attaching, stepping
from huipai.cases.commands.retention import holding
from huipai.cases.comment_words import CommentState
from huipai.cases.fact_words import Fact
from huipai.cases.models import (
    Addition,
    Case,
    CasePhoto,
    Comment,
    Finding,
    Note,
    Question,
    Removal,
    Report,
    ReportAnswers,
)
from huipai.cases.order_words import DAYS_TO_REVIEW
from huipai.cases.queries import removals
from huipai.journal import commands as journal
from huipai.journal.models import Entry
from huipai.kit.verdict import Moved, NotAllowed
from huipai.people.models import Person
from huipai.people.words import WIPED
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.photos.words import ErasingReason


class NotUnlawful(Moved):
    code = "not_voided_as_unlawful"
    default_reason = _("只有按“内容违法，不能留”作废的才清除；这一件不是，或者已经复核恢复了")


class TooSoonToRemove(Moved):
    code = "too_soon_to_remove"
    default_reason = _("还在 30 天复核期里，或者申诉还没有看完，过了再清除")


class AnotherRemoves(NotAllowed):
    code = "another_removes"
    default_reason = _("作废是您定的，清除要换一位同事来点")


@transaction.atomic
def remove(*, case_id: UUID, actor: Person, now: datetime) -> Removal:
    """Erase words and pictures of what was voided as unlawful; number, type, grid and steps stay. Twice is once.

    Not before its time for a review is over, not while an appeal is open or it is held, and not by whoever voided it.
    """
    case = stepping.locked(case_id)
    policies.may_dispatch(actor, case, now).require()
    done = Removal.objects.filter(case=case).first()
    if done is not None:
        return done
    voided = removals.voided_as_unlawful(case)
    if voided is None:
        raise NotUnlawful
    if not removals.is_due(case, now):
        raise TooSoonToRemove
    holding.require_free(case, now)
    if voided.actor is None or voided.actor_id == actor.id:
        raise AnotherRemoves
    return _remove(case, voided.actor, actor, now)


def _remove(case: Case, voided_by: Person, actor: Person, now: datetime) -> Removal:
    gone = list(Photo.objects.kept().filter(pk__in=CasePhoto.objects.filter(case=case).values("photo")).order_by("pk"))
    for photo in gone:
        photos.erase(photo=photo, by=actor, reason=ErasingReason.UNLAWFUL, now=now)
    reports = Report.objects.filter(case=case)
    ReportAnswers.objects.filter(report__in=reports).delete()
    Addition.objects.filter(report__in=reports).exclude(text="").update(text=WIPED, content_hash="")
    Comment.objects.filter(case=case).update(state=CommentState.WITHDRAWN, text="")
    Finding.objects.filter(case=case).exclude(appeal="").update(appeal="")
    attaching.remove_all_of(case, actor=actor, now=now)
    Question.objects.filter(case=case).exclude(answer="").update(answer="")
    # The reason that the voiding gave stays: it is the street's own word, and the reporter's to read.
    Note.objects.filter(case=case, author__in=reports.values("reporter")).delete()
    reports.update(text="", address="")
    case.address = ""
    case.save(update_fields=["address"])
    done = Removal.objects.create(
        case=case, voided_by=voided_by, removed_by=actor, photos=len(gone), removed_at=now
    )  # fmt: skip
    journal.record(
        what=Fact.UNLAWFUL_REMOVED, subject=case.subject, actor_id=actor.id, now=now,
        facts={"voided_by": str(voided_by.id), "photos": len(gone)},
    )  # fmt: skip
    return done


@transaction.atomic
def remind(*, case_id: UUID, now: datetime) -> bool:
    """Tell the hub, once, that the time for a review is over and somebody has to remove it."""
    case = stepping.locked(case_id)
    was_told = Entry.objects.filter(subject=case.subject, what=Fact.REMOVAL_DUE).exists()
    if was_told or removals.voided_as_unlawful(case) is None or not removals.is_due(case, now):
        return False
    journal.record(what=Fact.REMOVAL_DUE, subject=case.subject, actor_id=None, now=now)
    return True


def remind_of_all(*, now: datetime) -> int:
    """Every night; how many were told of."""
    long_ago = now - timedelta(days=DAYS_TO_REVIEW)
    return sum(remind(case_id=id, now=now) for id in list(removals.waiting(long_ago)))
