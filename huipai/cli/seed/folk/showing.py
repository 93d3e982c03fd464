"""The accounts that the demo prints: one a role, those first that have something to show."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from huipai.cases.models import Case, Check, Confirmation, WorkOrder
from huipai.cases.models.case import IN_HAND
from huipai.cli.seed.folk.accounts import SHOWN, DemoAccount, fixed_code
from huipai.cli.seed.town.hetang import HETANG
from huipai.cli.seed.town.yunqiao import YUNQIAO
from huipai.grid.models import Assignment
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from huipai.streets.models import Street


def accounts() -> list[DemoAccount]:
    """One account a role in the first street: role, name, phone, code.

    Nobody stands for two roles as long as somebody else holds one of them.
    """
    return _accounts_in(YUNQIAO.slug, SHOWN)


def accounts_next_door() -> list[DemoAccount]:
    """A resident and a grid worker of the second street, which sees nothing of the first."""
    return _accounts_in(HETANG.slug, (Role.GRID_WORKER,))


def _accounts_in(slug: str, roles: tuple[Role, ...]) -> list[DemoAccount]:
    street = Street.objects.filter(slug=slug, is_demo=True).first()
    if street is None:
        return []
    with in_street(street.id):
        shown = {Role.RESIDENT: shown_resident()}
        for role in roles:
            taken = [person.pk for person in shown.values() if person is not None]
            shown[role] = _first(people.exclude(pk__in=taken) for people in _holders(role)) or _first(_holders(role))
        found = [_account(role, person) for role, person in shown.items()]
    return [account for account in found if account is not None]


def shown_resident() -> Person | None:
    """The resident whose account is printed."""
    return _first(_residents())


def _residents() -> Iterable[QuerySet[Person]]:
    """Somebody who is being asked and has points; else who reported something; else anybody."""
    plain = Person.objects.filter(is_staff=False, account__isnull=False, assignments=None)
    asked = plain.filter(pk__in=Confirmation.objects.filter(answer="").values("report__reporter"))
    yield asked.annotate(earned=Count("postings")).order_by("-earned", "created_at")
    yield plain.filter(pk__in=Case.objects.values("reporter")).order_by("created_at")
    yield plain.order_by("created_at")


def _holders(role: Role) -> Iterable[QuerySet[Person]]:
    """Whoever has most to do in this role; else the first who holds it."""
    held = Assignment.objects.filter(role=role, valid_until=None).values("person")
    holders = Person.objects.filter(account__isnull=False, pk__in=held)
    if role == Role.GRID_WORKER:
        busy = Case.objects.filter(state__in=IN_HAND).values("worker").annotate(count=Count("id")).order_by("-count")
        yield holders.filter(pk__in=[row["worker"] for row in busy[:1]])
    if role == Role.UNIT_HANDLER:
        busy_units = WorkOrder.objects.in_work().values("unit").annotate(count=Count("id")).order_by("-count", "unit")
        yield holders.filter(assignments__unit__in=[row["unit"] for row in busy_units[:1]]).order_by("created_at")
    if role == Role.CHECKER:
        yield holders.filter(pk__in=Check.objects.filter(result="").values("checker")).order_by("created_at")
    yield holders.order_by("created_at", "id")


def _first(choices: Iterable[QuerySet[Person]]) -> Person | None:
    found = (people.select_related("account").first() for people in choices)
    return next((person for person in found if person is not None), None)


def _account(role: Role, person: Person | None) -> DemoAccount | None:
    if person is None or person.account is None or not person.account.phone:
        return None
    return DemoAccount(str(role.label), person.name, person.account.phone.removeprefix("+86"), fixed_code())
