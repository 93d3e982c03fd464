"""What a worker's phone kept until there was a network: each deed is done once, however often it arrives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import queries
from huipai.cases.commands import asking, handling, stepping
from huipai.cases.commands.intake import NotThisId
from huipai.cases.models import Case, KeptDeed
from huipai.cases.rules import machine
from huipai.cases.rules.contents import content_hash
from huipai.cases.words import Action, KeptDeedKind
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Moved, NotAllowed, NotVisible
from huipai.people.models import Person


class MovedMeanwhile(Moved):
    """It was theirs when the phone noted it, and is not any more."""

    code = "moved_meanwhile"
    default_reason = _("没有网的时候，这件事已经换人办或者办完了；您拍的和写的还在手机里")


@dataclass(frozen=True)
class Kept:
    """A deed as it was noted on the phone."""

    id: UUID
    code: str
    kind: str
    text: str
    photo_ids: tuple[UUID, ...]
    # The round in which it was noted: what came back since was not done by it.
    round: int

    def content(self) -> dict[str, object]:
        """What makes it this deed and no other."""
        return {"kind": self.kind, "text": as_seen(self.text), "photos": [str(id) for id in self.photo_ids]}


@transaction.atomic
def do_kept(*, kept: Kept, actor: Person, now: datetime) -> Case:
    """Accept, answer or ask as it was noted. Known under this id with this content from the same person, it is done."""
    known = KeptDeed.objects.select_related("case").filter(pk=kept.id).first()
    if known is not None:
        return _done_before(known, kept, actor)
    try:
        case = stepping.locked(queries.by_code(actor, kept.code, now).id)
    except NotVisible as gone:
        raise MovedMeanwhile from gone
    try:
        with transaction.atomic():
            KeptDeed.objects.create(
                id=kept.id, person=actor, case=case, kind=kept.kind, arrived_at=now,
                content_hash=content_hash(kept.content()),
            )  # fmt: skip
    except IntegrityError as error:
        known = KeptDeed.objects.select_related("case").filter(pk=kept.id).first()
        if known is None:
            raise NotThisId from error
        return _done_before(known, kept, actor)
    try:
        _do(case, kept, actor, now)
    except (NotAllowed, handling.AnotherRound) as refusal:
        raise MovedMeanwhile(refusal.reason) from refusal
    return case


def _done_before(known: KeptDeed, kept: Kept, actor: Person) -> Case:
    if (known.person_id, known.kind, known.case.code) != (actor.id, kept.kind, kept.code):
        raise NotThisId
    if known.content_hash and known.content_hash != content_hash(kept.content()):
        raise NotThisId
    return known.case


def _do(case: Case, kept: Kept, actor: Person, now: datetime) -> None:
    if kept.kind == KeptDeedKind.ACCEPT:
        handling.accept(case_id=case.id, actor=actor, now=now)
    elif kept.kind == KeptDeedKind.ASK:
        asking.ask(case_id=case.id, actor=actor, text=kept.text, now=now)
    else:
        here = machine.allows(case.state, Action.HANDLE_ON_THE_SPOT)
        act = handling.handle_on_the_spot if here else handling.respond
        act(case_id=case.id, actor=actor, text=kept.text, photo_ids=kept.photo_ids, seen=kept.round, now=now)
