"""What an item may say, decided without a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Invalid, Words
from huipai.rulebook.words import CODE, UNFIT_FOR_ASSESSMENT, Earner, Evidence, Port, Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """Everything that an item says: the part of it that is approved and frozen."""

    code: str
    port: Port
    title: str
    description: str
    points: int
    earners: tuple[Earner, ...] = (Earner.RESIDENT, Earner.PART_TIME_MEMBER)
    evidence: tuple[Evidence, ...] = (Evidence.PHOTO,)
    # The most points that it brings; None: as often as it happens.
    day_cap: int | None = None
    month_cap: int | None = None
    household_month_cap: int | None = None
    cooldown_minutes: int = 0
    # The points are good until the end of the month that is so many months away; None: for good.
    lot_months: int | None = 24
    under_14: bool = True
    owner: str = ""
    legal_ground: str = ""
    assessable: bool = False
    automatic: bool = False
    # Why this item is new or has changed, as residents read it.
    why: str = ""


class Unfit(Invalid):
    """An item that the rulebook may not hold. `ground` is the rule that says so."""

    code = "rulebook_item_unfit"
    default_reason = _("这个条目不能写进计分条目")

    def __init__(self, reason: Words, *, code: str, field: str, ground: str) -> None:
        super().__init__(reason, code=code, field=field)
        self.ground = ground


def lint(terms: Terms) -> Iterator[Unfit]:
    """Each reason why these terms may not stand, with the field and the ground."""
    yield from _unlawful(terms)
    yield from _unclear(terms)


def _unlawful(terms: Terms) -> Iterator[Unfit]:
    ground = "国办函〔2026〕12号"
    unfit = [kind for kind in terms.evidence if kind in UNFIT_FOR_ASSESSMENT]
    if terms.assessable and unfit:
        yield Unfit(
            _("点赞、转发、投票、学习时长、安装、登录、签到、轨迹都不能拿来考核工作人员"),
            code="rulebook_assessed_by_clicks", field="evidence", ground=ground,
        )  # fmt: skip
    if terms.assessable and terms.port == Port.SUNFLOWER:
        yield Unfit(
            _("向日葵条目全凭自愿，不能用来考核"),
            code="rulebook_sunflower_is_voluntary", field="assessable", ground=ground,
        )  # fmt: skip


def _unclear(terms: Terms) -> Iterator[Unfit]:
    ground = "docs/house.md"
    if not re.match(CODE, terms.code) or not terms.code.startswith(f"{terms.port.value}-"):
        yield Unfit(
            _("编号是端口加两位数字，例如 woodpecker-03"),
            code="rulebook_code", field="code", ground=ground,
        )  # fmt: skip
    if not terms.title.strip() or not terms.description.strip():
        yield Unfit(
            _("写上条目的名称，再用一句话说清怎样才算"),
            code="rulebook_title", field="title", ground=ground,
        )  # fmt: skip
    if not terms.earners or not terms.evidence:
        yield Unfit(
            _("写明谁可以挣、凭什么认定"),
            code="rulebook_earners", field="earners", ground=ground,
        )  # fmt: skip
    if not 1 <= terms.points <= 1000:
        yield Unfit(_("每次计 1 到 1000 分"), code="rulebook_points", field="points", ground=ground)
    caps = [cap for cap in (terms.day_cap, terms.month_cap, terms.household_month_cap) if cap is not None]
    if any(cap < terms.points for cap in caps) or terms.cooldown_minutes < 0 or terms.lot_months == 0:
        yield Unfit(
            _("上限不能比一次的分还少；不设上限就空着"),
            code="rulebook_caps", field="day_cap", ground=ground,
        )  # fmt: skip


def standing(*, effective_from: datetime | None, effective_until: datetime | None, at: datetime) -> Standing:
    """Where a version with these dates stands at `at`."""
    if effective_from is None:
        return Standing.DRAFT
    if at < effective_from:
        return Standing.COMING
    if effective_until is None or at < effective_until:
        return Standing.EFFECTIVE
    return Standing.RETIRED
