"""Somebody is forgotten (ruling 26): their remarks on the rulebook go; that there was one, and its answer, stay."""

from __future__ import annotations

from huipai.people.models import Person
from huipai.people.words import WIPED
from huipai.rulebook.models import Remark


def forget(*, person: Person) -> int:
    """Wipe the words of their remarks; how many. Twice is once."""
    return Remark.objects.filter(person=person).exclude(text=WIPED).update(text=WIPED)
