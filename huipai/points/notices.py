"""What people are told about a claim, in which words: its claimant and who acts for them at each turn, its objector of
the end.

Nobody is congratulated, and no refusal stands without its reason and the way on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse, reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.people import queries as people
from huipai.people.rules import local_date
from huipai.people.words import ProxyScope
from huipai.points.models import Claim
from huipai.points.queries.claims import own
from huipai.points.words import ClaimFact, ClaimSource, RefusalReason, Why

# A follower that comes to run later than this, after a long standstill, stays silent: the page says how it stands.
NEWS_FOR = timedelta(days=7)
# The objector is told by a kind of their own.
OBJECTION_DECIDED = "claim.objection_decided"
# So is whoever it was said for.
OBJECTED_FOR = "claim.objected_for"

TOLD = (
    ClaimFact.PUBLICISED, ClaimFact.REJECTED, ClaimFact.POSTED, ClaimFact.UNPAID, ClaimFact.OBJECTED,
    ClaimFact.UPHELD, ClaimFact.DISMISSED, ClaimFact.ENTERED, ClaimFact.HELPED, ClaimFact.CONTEST_GRANTED,
    ClaimFact.CONTEST_DISMISSED, ClaimFact.WITHDRAWN,
)  # fmt: skip


def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell whom an entry about a claim concerns, once however often this runs."""
    entry = Entry.objects.get(pk=entry_id)
    if now - entry.happened_at > NEWS_FOR:
        return
    claim = Claim.objects.select_related("item", "claimant").get(pk=UUID(entry.subject.removeprefix("claim:")))
    if entry.what == ClaimFact.WITHDRAWN and not _is_by_who_entered(claim, entry):
        return
    params: dict[str, object] = {"item": claim.item.title, "reason": str(entry.facts.get("reason", ""))}
    if claim.public_until:
        params["until"] = local_date(claim.public_until - timedelta(microseconds=1)).isoformat()
    if "points" in entry.facts:
        params["points"] = entry.facts["points"]
    cause = f"entry:{entry.id}"
    notices.tell(
        person_ids=[claim.claimant_id], kind=entry.what, subject=claim.subject_of_journal, cause=cause,
        now=entry.happened_at, params=params,
    )  # fmt: skip
    notices.tell(
        person_ids=_helpers(claim, entry, now), kind=entry.what, subject=claim.subject_of_journal, cause=cause,
        now=entry.happened_at, params={**params, "for": str(claim.claimant_id)},
    )  # fmt: skip
    if entry.what in (ClaimFact.UPHELD, ClaimFact.DISMISSED):
        notices.tell(
            person_ids=_objectors(claim, entry), kind=OBJECTION_DECIDED, subject=claim.subject_of_journal, cause=cause,
            now=entry.happened_at, params={**params, "result": entry.what},
        )  # fmt: skip
    elif "objector" in entry.facts:
        notices.tell(
            person_ids=[UUID(str(entry.facts["objector"]))], kind=OBJECTED_FOR, subject=claim.subject_of_journal,
            cause=cause, now=entry.happened_at, params=params,
        )  # fmt: skip


def _is_by_who_entered(claim: Claim, entry: Entry) -> bool:
    """Whether this was done by who entered it at the counter: its claimant heard of the entry, and hears of its end."""
    return claim.source == ClaimSource.STAFF and entry.actor_id == claim.entered_by_id


def _helpers(claim: Claim, entry: Entry, now: datetime) -> list[UUID]:
    """Who may appeal for them: of what a helper has sent, and of all that is of somebody whose inbox nobody opens."""
    is_theirs = claim.source == ClaimSource.HELPER or claim.claimant.account_id is None
    if not is_theirs or entry.what == ClaimFact.HELPED:
        return []
    return people.acting_for(ProxyScope.CLAIM, now).get(claim.claimant_id, [])


def _objectors(claim: Claim, entry: Entry) -> list[UUID]:
    """Who objected, and who did it for them while they still may."""
    objection = claim.objections.filter(pk=UUID(str(entry.facts["objection"]))).select_related("sent_by").first()
    if objection is None:
        return []
    helper = objection.sent_by
    hears = helper is not None and own.claimant_for(helper, objection.objector_id, entry.happened_at) is not None
    return [objection.objector_id, *([helper.id] if helper is not None and hears else [])]


def addresses(claim_ids: Collection[UUID]) -> dict[UUID, str]:
    """The page of each of these claims; it opens for its claimant, and for who may claim for them."""
    return {claim_id: reverse("points:claim", args=[claim_id]) for claim_id in claim_ids}


# --- In which words.
def _page(subject: str) -> str | Promise:
    return reverse_lazy("points:claim", args=[subject.removeprefix("claim:")])


def _day(params: Mapping[str, object]) -> str:
    day = datetime.fromisoformat(str(params["until"]))
    return _now("公示到 %(month)s 月 %(day)s 日，没人提异议就记分") % {"month": day.month, "day": day.day}


def why(reason: str) -> str | Promise:
    """Why a claim brought no points, in a sentence."""
    if reason in RefusalReason.values:
        return RefusalReason(reason).label
    return Why(reason).label if reason in Why.values else ""


def _told(title: str | Promise, text: Callable[[Mapping[str, object]], str | Promise]) -> Writer:
    def write(subject: str, params: Mapping[str, object]) -> Wording:
        told = str(title) % {"item": params.get("item", "")}
        told = _now("您代办的：%(told)s") % {"told": told} if params.get("for") else told
        return Wording(told, text(params), _page(subject))

    return write


def _objection_decided(subject: str, params: Mapping[str, object]) -> Wording:
    upheld = params.get("result") == ClaimFact.UPHELD
    title = _("您提的异议成立，谢谢您指出来") if upheld else _("您提的异议看过了，没有成立")
    return Wording(title, str(params.get("item", "")), reverse_lazy("points:publicity"))


def _objected_for(_subject: str, params: Mapping[str, object]) -> Wording:
    title = _now("您请的人替您对「%(item)s」提了异议") % {"item": params.get("item", "")}
    return Wording(title, _("由没有经手的人来定，定了告诉您"), reverse_lazy("points:publicity"))


WORDINGS: dict[str, Writer] = {
    ClaimFact.PUBLICISED: _told(
        _("「%(item)s」审过了，正在公示"), lambda params: _day(params) if "until" in params else ""
    ),
    ClaimFact.REJECTED: _told(_("「%(item)s」这次没有通过"), lambda params: why(str(params.get("reason", "")))),
    ClaimFact.UNPAID: _told(_("「%(item)s」审过了，但没有记分"), lambda params: why(str(params.get("reason", "")))),
    ClaimFact.POSTED: _told(
        _("「%(item)s」记分了"), lambda params: _now("+%(points)s 分") % {"points": params.get("points", "")}
    ),
    ClaimFact.OBJECTED: _told(_("有人对「%(item)s」提出异议"), lambda _params: _("由没有经手的人来定，定了告诉您")),
    ClaimFact.UPHELD: _told(
        _("「%(item)s」的异议成立，不记分"), lambda _params: _("记过的分已退回；觉得不对，7 天里可以申诉一次")
    ),
    ClaimFact.CONTEST_GRANTED: _told(
        _("「%(item)s」的申诉成立"),
        lambda _params: _("退回的分补回来了，先补上欠的；没记过的，再公示一次就记分。积分已经结束的，没有可用的了"),
    ),
    ClaimFact.CONTEST_DISMISSED: _told(
        _("「%(item)s」的申诉看过了，异议照旧成立"), lambda _params: _("还有话说可以打给社区")
    ),
    ClaimFact.DISMISSED: _told(_("「%(item)s」的异议没有成立"), lambda _params: _("照常公示，照常记分")),
    ClaimFact.ENTERED: _told(
        _("工作人员替您登记了「%(item)s」"), lambda _params: _("要另外两位看过才记分；不是您做的，请打给社区")
    ),
    ClaimFact.WITHDRAWN: _told(
        _("替您登记的「%(item)s」撤回了"), lambda _params: _("登记的人撤回的，没有记分；是您做的，请打给社区")
    ),
    ClaimFact.HELPED: _told(
        _("您请的人替您报了「%(item)s」"), lambda _params: _("记分记在您名下；不是您做的，点开就能撤回")
    ),
    OBJECTION_DECIDED: _objection_decided,
    OBJECTED_FOR: _objected_for,
}
