"""Residents by the thousand: one that was registered by the commands, stamped out with other names and phones."""

from dataclasses import dataclass
from random import Random
from uuid import UUID

from huipai.cli.seed.bulk.rows import Blanks, copy_in, form, fresh, in_turn, written
from huipai.cli.seed.folk.names import name_for
from huipai.journal.models import Entry
from huipai.kit.planning import count_rows_of
from huipai.people.models import Account as SignIn
from huipai.people.models import Consent, Person

FIRST_PHONE = 19_901_000_000  # beyond the phones of the demo's own people, and nobody's


@dataclass
class Stamped:
    """A resident with the account their points would go to, and the sum of what went there."""

    person: str
    purse: str
    balance: int = 0


def stamp_people(*, count: int, first: int, chance: Random) -> list[Stamped]:
    """So many residents, the `first` of all streets' numbering the phones."""
    model = Person.objects.filter(is_staff=False, account__isnull=False, assignments=None, residences=None).first()
    model = model or Person.objects.filter(is_staff=False, account__isnull=False, assignments=None).earliest("id")
    assert model.account_id is not None
    consents = list(Consent.objects.filter(person=model).values_list("id", flat=True))
    subjects = [f"person:{model.id}", f"account:{model.account_id}"]
    entries = list(Entry.objects.filter(subject__in=subjects, actor_id=model.id).values_list("id", flat=True))
    blanks = Blanks()
    own = [(blanks.word(id), str(id)) for id in (model.id, model.account_id, *consents, *entries)]
    name, phone, mark = blanks.new(), blanks.new(), blanks.new()
    blanks.columns = {
        ("people_person", "name"): name,
        ("people_account", "phone"): phone,
        ("people_account", "session_mark"): mark,
    }
    rows: list[tuple[type[SignIn] | type[Person] | type[Consent] | type[Entry], list[UUID]]] = [
        (SignIn, [model.account_id]), (Person, [model.id]), (Consent, consents), (Entry, entries),
    ]  # fmt: skip
    forms = [form(kind, written(kind, ids), blanks) for kind, ids in rows]
    lines: list[list[str]] = [[] for _ in forms]
    stamped = []
    for n in range(count):
        values = [""] * blanks.count
        for blank, like in own:
            values[blank] = fresh(like, in_turn(n, chance))
        for spelling, blank in blanks.moments.items():
            values[blank] = spelling
        values[name] = name_for(chance.randint(1945, 2005), chance)
        values[phone] = f"+86{FIRST_PHONE + first + n}"
        values[mark] = f"{chance.getrandbits(64):016x}"
        for place, each in enumerate(forms):
            lines[place].append(each.text % tuple(values[blank] for blank in each.blanks))
        stamped.append(Stamped(values[own[0][0]], fresh(str(model.id), in_turn(n, chance))))
    for (kind, _ids), each, text in zip(rows, forms, lines, strict=True):
        copy_in(each.table, each.columns, "".join(text))
        # The keys of what comes next look here, row by row: planned for a few, they read all that there are each time.
        count_rows_of(kind)
    return stamped
