"""Who pressed: the words for what a helper did in an elder's name, to the elder and to whoever helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Transition
from huipai.cases.queries import acting
from huipai.cases.queries.acting import Act
from huipai.cases.words import Action
from huipai.people.models import Person

_STEPS: Mapping[str, str | Promise] = {
    Action.REPORT: gettext_lazy("%(who)s报的，收到了"),
    Action.AGREE: gettext_lazy("%(who)s说解决了，还在等另一位邻居看"),
    Action.CONFIRM: gettext_lazy("%(who)s说解决了，已办结"),
    Action.DISPUTE: gettext_lazy("%(who)s说还没有，重新办"),
    Action.WITHDRAW: gettext_lazy("%(who)s撤回了"),
    Action.ASK_REVIEW: gettext_lazy("%(who)s申请了复核，换一个人重新看"),
    Action.ANSWER: gettext_lazy("%(who)s回答了"),
}
# What a helper did that is no step of the case: a line of its own.
_BESIDE: Mapping[str, tuple[str | Promise, str]] = {
    Fact.CORRECTED: (gettext_lazy("%(who)s补充、改过内容"), "pencil"),
    Fact.JOINED: (gettext_lazy("%(who)s也报了这一件"), "inbox"),
}
_ADDED = gettext_lazy("%(who)s补充了")
_APPEAL = gettext_lazy("%(who)s申诉了，换一个人看")


@dataclass(frozen=True)
class Hands:
    """In whose name the steps of a page stand, who reads it, and what helpers did."""

    whose: Person
    reader: Person
    acts: Mapping[datetime, Act] = field(default_factory=dict)
    ratings: Mapping[datetime, int] = field(default_factory=dict)

    def title(self, transition: Transition) -> str | None:
        """What the step is called; nothing where one reads of what one pressed oneself."""
        who = self._who(transition.happened_at)
        words = _STEPS.get(transition.action)
        return words % {"who": who} if words is not None and who else None

    def is_readers(self, at: datetime) -> bool:
        """Whether whoever reads wrote what stands in this name."""
        act = self.acts.get(at)
        return (act.helper_id if act else self.whose.id) == self.reader.id

    def appeal(self, at: datetime) -> str | None:
        """The same for the appeal against a finding."""
        who = self._who(at)
        return _APPEAL % {"who": who} if who else None

    def added(self, at: datetime) -> str | None:
        """The same for what was added to the report."""
        who = self._who(at)
        return _ADDED % {"who": who} if who else None

    def rated(self, transition: Transition) -> str:
        """The stars that were given with it."""
        stars = self.ratings.get(transition.happened_at)
        return ngettext("打了 %(num)s 颗星", "打了 %(num)s 颗星", stars) % {"num": stars} if stars else ""

    def beside(self) -> list[dict[str, object]]:
        """What a helper did that is no step."""
        lines: list[dict[str, object]] = []
        for at, act in self.acts.items():
            if act.fact in _BESIDE:
                words, icon = _BESIDE[act.fact]
                title = words % {"who": self._who(at)}
                lines.append({"title": title, "at": at, "icon": icon, "kind": "done", "text": "", "said": []})
        return lines

    def _who(self, at: datetime) -> str:
        """Who pressed; nothing where it was the reader for themselves. One helper reads no other helper's name."""
        act, elder = self.acts.get(at), self.whose.called or _("长辈")
        if act is None:
            return "" if self.reader.id == self.whose.id else elder
        if act.helper_id == self.reader.id:
            return _("您替%(elder)s") % {"elder": elder}
        if self.reader.id == self.whose.id:
            return _("%(helper)s替您") % {"helper": act.helper or _("您的帮手")}
        return _("别的帮手替%(elder)s") % {"elder": elder}


def hands_of(case: Case, whose: Person, reader: Person) -> Hands:
    """Who pressed what in this name on this case."""
    acts = {act.at: act for act in acting.acts_for(case, whose)}
    return Hands(whose, reader, acts, acting.ratings_of(case, whose))
