"""The forty kinds of cases as a street sets them up."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from huipai.cases.commands import types as commands
from huipai.cases.models import CaseType
from huipai.cases.queries import types
from huipai.cases.rules.types import Question
from huipai.cases.type_words import QuestionKind
from huipai.cli.seed.plant.ground import UNIT_KINDS
from huipai.cli.seed.texts.items.woodpecker import ITEM_OF_FAMILY, ITEM_OF_KIND
from huipai.cli.seed.texts.kinds import FAMILIES
from huipai.cli.seed.texts.words import ANSWER, Kind, Limit
from huipai.people.models import Person

# What people of the fictional town photograph most stands on the form itself; the rest is one press further.
FIRST = ("parking_jam", "litter", "flyposting")
# What some kinds ask besides, if somebody likes to answer.
ASKED: dict[str, tuple[Question, ...]] = {
    "litter": (
        Question("smell", "有没有味道", QuestionKind.CHOICE, ("没有", "有一点", "很大")),
        Question("since", "堆了几天", QuestionKind.NUMBER),
    ),
    "parking_jam": (Question("exit", "救护车、消防车过得去吗", QuestionKind.CHOICE, ("过得去", "过不去", "说不准")),),
    "street_lamp": (Question("pole", "灯杆上的编号", QuestionKind.TEXT),),
}
# A lift that stands still asks first; asked since today.
LIFT = (
    Question("inside", "里面现在有没有人", QuestionKind.CHOICE, ("没有", "有，已打 119"), is_required=True),
    Question("floor", "停在第几层", QuestionKind.NUMBER),
)


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
        everyday=kind.everyday,
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
        questions=[question.plain() for question in ASKED.get(kind.code, ())],
    )


def besides(code: str, number: int) -> tuple[tuple[str, str], ...]:
    """What the n-th reporter answered besides: every other one does."""
    asked = ASKED.get(code, ()) if number % 2 == 0 else ()
    return tuple((one.key, one.options[number // 2 % len(one.options)]) for one in asked if one.options)


def improve_types(keeper: Person, *, until: datetime) -> None:
    """Two kinds as they were changed today: their history shows how."""
    book = types.book()
    commands.change(
        terms=replace(book["lift"], questions=LIFT), seen=1, reason="先问有没有人困在里面，好分轻重。", actor=keeper,
        now=until,
    )  # fmt: skip
    terms = book["litter"]
    wanted = replace(terms, closing_standard=f"{terms.closing_standard}夏天加一遍冲洗。", radius_m=60)
    commands.change(
        terms=wanted, seen=1, reason="夏天味道重，居民代表会提的；同一堆常从两头报上来，半径放宽到 60 米。",
        actor=keeper, now=until,
    )  # fmt: skip
    dearer = next(code for code in sorted(types.items_at(until)) if code != terms.point_item)
    commands.change(
        terms=replace(wanted, point_item=dearer), seen=2, reason="和别的环卫问题按同一条记，等另一位定。", actor=keeper,
        now=until,
    )  # fmt: skip
