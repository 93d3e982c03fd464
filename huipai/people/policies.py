"""Who may do what to whom. Roles of the grid are asked upstairs; here only who somebody is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import YES, Verdict, no
from huipai.people import queries
from huipai.people.models import Identity, Person, Proxy
from huipai.people.rules import may_be_under_14, may_be_under_age
from huipai.people.words import ConsentPurpose, ProxyScope


class CounterRule(Protocol):
    """Whose post it is to serve at a counter; `person` is None for the question who may enter it at all."""

    def __call__(self, actor: Person, person: Person | None, at: datetime) -> Verdict: ...


# What packages above have against it that this actor writes down for somebody that they leave.
LeavingRule = Callable[[Person, Person, datetime], Verdict]

_rule_of_the_counter: CounterRule | None = None
_rules_of_leaving: tuple[LeavingRule, ...] = ()


def wire(rule: CounterRule) -> None:
    """Name, once at start-up, who knows the roles: they stand on a floor above this one. Without it nobody may."""
    global _rule_of_the_counter
    _rule_of_the_counter = rule


def wire_leaving(rules: tuple[LeavingRule, ...]) -> None:
    """Name, once at start-up, who knows what somebody has in hand here, and by whom."""
    global _rules_of_leaving
    _rules_of_leaving = rules


def may_change(actor: Person, person: Person, at: datetime) -> Verdict:
    """May this actor change what stands on somebody's page? Everybody their own; a guardian a minor's."""
    if actor.id == person.id or queries.is_guardian(actor, person, at):
        return YES
    return no("not_your_page", _("这是别人的资料，由本人来改"))


def may_enter_counter(actor: Person, at: datetime) -> Verdict:
    """May this actor serve anybody at a counter?"""
    if not actor.is_staff or _rule_of_the_counter is None:
        return no("not_at_the_counter", _("这一步由窗口的工作人员来办"))
    return _rule_of_the_counter(actor, None, at)


def may_serve_at_counter(actor: Person, person: Person, at: datetime) -> Verdict:
    """May this actor do something for somebody who stands at the counter?"""
    may_enter = may_enter_counter(actor, at)
    if not may_enter or _rule_of_the_counter is None:
        return may_enter
    if actor.id == person.id:
        return no("not_at_the_own_counter", _("自己的事请另一位同事来办"))
    return _rule_of_the_counter(actor, person, at)


def may_touch_account(actor: Person, person: Person, at: datetime) -> Verdict:
    """May this actor, at a counter, change how somebody comes in? Not of whom only the counter knows, nor of whom
    another street employs: the account opens that one's things, and its administrators have not agreed."""
    account = person.account
    if account is None:
        return no("known_at_the_counter_only", _("这位没有自己的账号，只在窗口登记过"))
    if account.employed_in > int(person.is_staff):
        return no("employed_by_another", _("这位在别的街道任职，号码由本人用新旧两个验证码换，或者到任职的街道办"))
    return may_serve_at_counter(actor, person, at)


def may_find_at_counter(actor: Person, person: Person | None, at: datetime) -> Verdict:
    """May this actor find somebody, and this very person, to serve them at a counter?"""
    return may_enter_counter(actor, at) if person is None else may_serve_at_counter(actor, person, at)


def may_erase_at_counter(actor: Person, person: Person, at: datetime) -> Verdict:
    """May this actor, at a counter, write down that somebody asks to be forgotten? Only of whoever has no page of their
    own for it; and not while something is held, nor who has a hand in what is kept of them."""
    serves = may_serve_at_counter(actor, person, at)
    if not serves:
        return serves
    if queries.has_own_page(person):
        return no("leaves_alone", _("这位有自己的账号，由本人登录以后注销"))
    verdicts = (rule(actor, person, at) for rule in _rules_of_leaving)
    return next((verdict for verdict in verdicts if not verdict), YES)


def may_confirm(actor: Person, identity: Identity, at: datetime) -> Verdict:
    """May this actor say that an identity was proven?"""
    return may_serve_at_counter(actor, identity.person, at)


def may_consent_alone(person: Person, today: date) -> Verdict:
    """May somebody say yes for themselves? A child under 14 may not (L2), by the year on paper or as they said."""
    if may_be_under_14(person.born_by, today):
        return no("guardian_needed", _("不满 14 岁，要监护人一起到社区窗口来同意"))
    return YES


def may_take_back(actor: Person, person: Person, purpose: ConsentPurpose, at: datetime) -> Verdict:
    """May this actor take a yes back? Nobody dismisses their own guardian; a guardian takes back their own paper."""
    if purpose == ConsentPurpose.GUARDIANSHIP and not queries.is_guardian(actor, person, at):
        return no("guardian_ended_at_counter", _("监护登记由监护人自己撤回，或者到社区窗口结束"))
    return YES


def may_invite_helper(elder: Person, today: date) -> Verdict:
    """May somebody let another do things for them? For a child under 14 the guardian does (L2)."""
    if may_be_under_14(elder.born_by, today):
        return no("helped_by_the_guardian", _("不满 14 岁，由监护人来办，不能请别人代办"))
    return YES


def may_help_elders(helper: Person, today: date) -> Verdict:
    """May somebody do things for another? Only a grown-up may."""
    if may_be_under_age(helper.born_by, today):
        return no("too_young_to_help", _("没满 18 岁，还不能替别人代办，请家里的大人来办"))
    return YES


def may_publish_texts(actor: Person) -> Verdict:
    """May this actor put a new version of the privacy notice?"""
    return YES if actor.is_staff else no("not_staff", _("告知文本由街道的工作人员发布"))


def may_end(actor: Person, proxy: Proxy) -> Verdict:
    """May this actor end a proxy? The elder and the helper both, at any time."""
    if actor.id in {proxy.elder_id, proxy.helper_id}:
        return YES
    return no("not_your_proxy", _("只有您本人或帮您的人可以结束代办"))


def may_act_for(helper: Person, elder: Person, scope: ProxyScope, at: datetime) -> Verdict:
    """May somebody do this for an elder now?"""
    if queries.proxies_at(at).filter(elder=elder, helper=helper, scopes__contains=[scope]).exists():
        return YES
    return no("no_proxy", _("对方没有请您代办这件事"))
