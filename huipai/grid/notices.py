"""What colleagues are told when somebody else has changed how they come in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.people.models import Person
from huipai.people.words import Fact
from huipai.senders import sms
from huipai.senders.words import Kind

_NOT_YOU = _("不是您要求的，马上打街道电话")
_SAID: dict[str, str | Promise] = {
    Fact.ACCOUNT_SECOND_FACTOR_REMOVED.value: _("管理员解除了您的动态口令，下次登录重新绑"),
    Fact.ACCOUNT_PASSWORD_SET_BY_STAFF.value: _("管理员重设了您的密码，登录后马上换成自己的"),
    Fact.ACCOUNT_NEW_PASSWORD_REQUIRED.value: _("管理员请您下次登录换密码"),
    Fact.ACCOUNT_UNLOCKED.value: _("管理员解除了您的登录锁定"),
}
TOLD = tuple(_SAID)
# Done on the command line nobody is named. A first password is put there, too, and handed over with it.
_BY_THE_OPERATOR = {Fact.ACCOUNT_SECOND_FACTOR_REMOVED.value}


@transaction.atomic
def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell the owner of an account what an administrator did to it: in the inbox, and at once by message."""
    entry = Entry.objects.get(pk=entry_id)
    account_id = UUID(entry.subject.removeprefix("account:"))
    person = Person.objects.filter(account_id=account_id).select_related("account").first()
    by_nobody_named = entry.actor_id is None and entry.what not in _BY_THE_OPERATOR
    if person is None or by_nobody_named or entry.actor_id == person.pk:
        return
    told = notices.tell(
        person_ids=[person.pk], kind=entry.what, subject=entry.subject, cause=f"entry:{entry.id}", now=entry.happened_at
    )
    if told and person.account is not None and person.account.phone:
        words = _("%(what)s。%(not_you)s") % {"what": _SAID[entry.what], "not_you": _NOT_YOU}
        sms.send(phone=person.account.phone, text=str(words), kind=Kind.WARNING, now=now)


def _wording(what: str) -> Writer:
    def words(subject: str, params: Mapping[str, object]) -> Wording:
        return Wording(_SAID[what], _NOT_YOU, reverse_lazy("people:me"))

    return words


WORDINGS: dict[str, Writer] = {what: _wording(what) for what in TOLD}
