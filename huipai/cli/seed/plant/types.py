"""The forty kinds of cases as a street sets them up."""

from decimal import Decimal

from huipai.cases.models import CaseType
from huipai.cli.seed.plant.ground import UNIT_KINDS
from huipai.cli.seed.texts.items.woodpecker import ITEM_OF_FAMILY, ITEM_OF_KIND
from huipai.cli.seed.texts.kinds import FAMILIES
from huipai.cli.seed.texts.words import ANSWER, Kind, Limit

# What people of the fictional town photograph most stands on the form itself; the rest is one press further.
FIRST = ("parking_jam", "litter", "flyposting")


def plant_types() -> None:
    every = [(family, kind) for family, kinds in FAMILIES.items() for kind in kinds]
    every.sort(key=lambda one: FIRST.index(one[1].code) if one[1].code in FIRST else len(FIRST))
    CaseType.objects.bulk_create(_row(family, kind, position) for position, (family, kind) in enumerate(every, start=1))


def handling_limit(kind: Kind) -> Limit:
    """The stage that a handler is held to: the last before the answer."""
    return [limit for limit in kind.limits if limit != ANSWER][-1]


def _row(family: str, kind: Kind, position: int) -> CaseType:
    limit = handling_limit(kind)
    return CaseType(
        code=kind.code,
        name=kind.name,
        hint=kind.hint,
        icon=kind.icon,
        group=family,
        national_code=kind.national,
        filing_condition=kind.filing,
        closing_standard=kind.closing,
        limit_amount=limit.amount,
        limit_unit=limit.unit,
        needs_after_photo=kind.after_photo,
        radius_m=kind.radius,
        is_public=kind.public,
        check_share=Decimal(str(kind.check_share)),
        point_item=ITEM_OF_KIND.get(kind.code, ITEM_OF_FAMILY[family]),
        unit_kind=UNIT_KINDS[kind.owner].value,
        position=position,
    )
