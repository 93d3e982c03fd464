"""What a worker ticked together where there was no network: each done for itself, all of it once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies, queries
from huipai.cases.bundle_words import Became, BundleKind
from huipai.cases.commands import together
from huipai.cases.commands.handling import TakenByAnother
from huipai.cases.commands.intake import NotThisId
from huipai.cases.commands.together import Came
from huipai.cases.models import BundleResult, Case, KeptBundle
from huipai.cases.rules.contents import content_hash
from huipai.kit.verdict import Invalid, NotAllowed, NotVisible
from huipai.people.models import Person

MOST_AT_ONCE = 50


class NothingTicked(Invalid):
    code = "nothing_ticked"
    default_reason = _("先勾几件")


class TooManyTicked(Invalid):
    code = "too_many_ticked"
    default_reason = _("一次最多勾 50 件，分两次办")


@dataclass(frozen=True)
class Bundle:
    """Cases by their codes, in the order in which they stood, and what is to be done with each."""

    id: UUID
    kind: str
    codes: tuple[str, ...]
    text: str = ""

    def content(self) -> dict[str, object]:
        return {"kind": self.kind, "codes": self.codes, "text": self.text}


@transaction.atomic
def do_bundle(*, bundle: Bundle, actor: Person, now: datetime) -> KeptBundle:
    """Take on or hand up each, and keep what came of it. Known under this id from the same person, it has been done."""
    known = KeptBundle.objects.filter(pk=bundle.id).first()
    if known is not None:
        return _require_same(known, bundle, actor)
    _look_over(bundle, actor, now)
    found = queries.visible_to(actor, now).filter(code__in=bundle.codes)
    ids: dict[str, UUID] = dict(found.values_list("code", "pk"))
    try:
        with transaction.atomic():
            kept = KeptBundle.objects.create(
                id=bundle.id, person=actor, kind=bundle.kind, content_hash=content_hash(bundle.content()),
                left=len(bundle.codes) - len(ids), arrived_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        known = KeptBundle.objects.filter(pk=bundle.id).first()
        if known is None:
            raise NotThisId from error
        return _require_same(known, bundle, actor)
    came = {one.case_id: one for one in _do(bundle, _locked(ids.values()), actor, now)}
    places = [came[ids[code]] for code in bundle.codes if code in ids]
    BundleResult.objects.bulk_create(_result(kept, place, one) for place, one in enumerate(places))
    return kept


def _look_over(bundle: Bundle, actor: Person, now: datetime) -> None:
    if not policies.is_worker(actor, now):
        raise NotAllowed
    if not bundle.codes:
        raise NothingTicked
    if len(bundle.codes) > MOST_AT_ONCE:
        raise TooManyTicked


def _require_same(known: KeptBundle, bundle: Bundle, actor: Person) -> KeptBundle:
    if known.person_id != actor.id or known.content_hash != content_hash(bundle.content()):
        raise NotThisId
    return known


def _locked(case_ids: Iterable[UUID]) -> list[UUID]:
    """In one order whoever ticks: two who tick the same wait for each other, and the second knows what was so."""
    rows = Case.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(case_ids)).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _do(bundle: Bundle, case_ids: list[UUID], actor: Person, now: datetime) -> list[Came]:
    if bundle.kind == BundleKind.HAND_UP:
        return together.hand_up_each(case_ids=case_ids, actor=actor, text=bundle.text, now=now)
    return together.accept_each(case_ids=case_ids, actor=actor, now=now)


def _result(kept: KeptBundle, position: int, came: Came) -> BundleResult:
    became = Became.REFUSED if came.refused else Became.WAS_SO if came.was_so else Became.DONE
    result = BundleResult(bundle=kept, case_id=came.case_id, position=position, became=became)
    if came.refused is not None:
        result.refusal = came.refused.code
        # Who was faster is said when it is read, by whoever has the case then.
        words = TakenByAnother.default_reason if isinstance(came.refused, TakenByAnother) else came.refused.reason
        result.words = str(words)[:200]
    return result


@transaction.atomic
def see(*, bundle_id: UUID, actor: Person, now: datetime) -> KeptBundle:
    """Whoever ticked reads what came of it; the first time is kept."""
    kept = KeptBundle.objects.select_for_update(of=("self",), no_key=True).filter(pk=bundle_id, person=actor).first()
    if kept is None:
        raise NotVisible
    if kept.seen_at is None:
        kept.seen_at = now
        kept.save(update_fields=["seen_at"])
    return kept
