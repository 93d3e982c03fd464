"""Who decides what others did: a reviewer; what no reviewer may, the sub-district's leader (decision 0092)."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import YES, Verdict, no
from huipai.points.queries import Eyes


def decides(eyes: Eyes, is_stranger: Callable[[Eyes], Verdict], others: Verdict) -> Verdict:
    """May these eyes decide, as strangers to it? The leader only what nobody may who is asked before; who judges
    nothing at all is told `others`."""
    verdict = is_stranger(eyes)
    if not verdict:
        return verdict
    if eyes.first is None:
        return others
    if any(is_stranger(other) for other in eyes.first):
        return no("points_left_to_reviewers", _("这一件有审核员能定；街道负责人只定没有审核员能定的"))
    return YES
