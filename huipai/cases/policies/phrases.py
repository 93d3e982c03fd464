"""Who may change what everybody at the desk says."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.cases.models import Phrase
from huipai.cases.policies import entering
from huipai.grid import queries as grid
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role


def may_change(person: Person, phrase: Phrase, at: datetime) -> Verdict:
    """May this person change the answer, or drop it? It serves the whole street: the hub may, and who wrote it."""
    if not (enters := entering.may_enter_desk(person, at)):
        return enters
    if phrase.written_by_id == person.id or grid.has_role(person, Role.DISPATCHER, at):
        return YES
    return no("phrase_of_another", _("这一句全街道都在用，要改要删请写它的人或者联动中心来做"))
