"""What of incentives no reviewer may decide, for the leader (decision 0092)."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from huipai.households import queries
from huipai.points.last_resort import Matter, Pile

_PAGE = reverse_lazy("households:incentives")


def _proposed(at: datetime) -> Pile:
    waiting = dict.fromkeys(queries.proposed().values_list("pk", flat=True), "")
    return Pile(waiting, lambda eyes: queries.proposed_open_to(eyes, at).values_list("pk", flat=True))


def _objected(at: datetime) -> Pile:
    waiting = dict.fromkeys(queries.objected().values_list("pk", flat=True), "")
    return Pile(waiting, lambda eyes: queries.objected_open_to(eyes, at).values_list("pk", flat=True))


MATTERS = (
    Matter("assessment", _("联户激励"), _PAGE, _proposed),
    Matter("incentive_objection", _("对联户激励的异议"), _PAGE, _objected),
)
