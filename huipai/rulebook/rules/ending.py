"""What happens to points if the scheme stops (ruling 24): a rule of the version, as its items are."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huipai.kit.verdict import Invalid
from huipai.rulebook.words import END_NOTICE, END_REDEEM


class EndRuleUnfit(Invalid):
    code = "rulebook_end_rule_unfit"
    default_reason = gettext_lazy("提前 30 到 180 天告诉大家；停止记分以后，90 到 365 天里照常能换")


@dataclass(frozen=True, slots=True)
class EndRule:
    """How many days ahead it is said, and how many days points can still be exchanged after the last is earned."""

    notice_days: int = END_NOTICE[0]
    redeem_days: int = END_REDEEM[0]

    def require(self) -> None:
        """Refuse less than anybody can live with, and an end that never comes."""
        if not END_NOTICE[0] <= self.notice_days <= END_NOTICE[1]:
            raise EndRuleUnfit(field="notice_days")
        if not END_REDEEM[0] <= self.redeem_days <= END_REDEEM[1]:
            raise EndRuleUnfit(field="redeem_days")

    def sentences(self) -> list[str]:
        """The rule as residents read it."""
        return [
            _("这项办法要停，至少提前 %(days)s 天告诉大家。") % {"days": self.notice_days},
            _("停止记分以后，没用的分至少还有 %(days)s 天照常能换；本来在这期间到期的，也能用到最后一天。")
            % {"days": self.redeem_days},
            _("停止记分以前报上来的照常审、照常记，那以后不再收；那以前过完的季度，联户激励在那以后还能提、照常记。"),
            _("过了兑换的日子，没换的分作废，不折成钱。"),
        ]
