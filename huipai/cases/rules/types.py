"""What a kind of case says, as one value: compared, checked, written into a workbook and read back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from huipai.cases.order_words import Stage
from huipai.cases.type_words import ICONS, MOST_QUESTIONS, RESERVED, QuestionKind
from huipai.grid.words import UnitKind
from huipai.kit.lines import as_seen
from huipai.workdays.words import Span, Unit

CODE: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_NATIONAL: Final = re.compile(r"[0-9A-Za-z/.-]{0,16}")
_ITEM: Final = re.compile(r"(?:[a-z]+-[0-9]{2,4})?")
LONGEST_RULE: Final = 600
LONGEST_QUESTION: Final = 40
LONGEST_OPTION: Final = 40
# All of one question as they are written, on the form and in a cell of the workbook.
LONGEST_OPTIONS: Final = 2000
# What stands between two options, on the form and in the workbook; a comma belongs to the option.
BETWEEN_OPTIONS: Final = re.compile(r"[、\r\n]")


def options_in(typed: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in BETWEEN_OPTIONS.split(typed) if part.strip())


def options_out(options: Sequence[str]) -> str:
    return "、".join(options)


def name_read(name: str) -> str:
    """A type's name as somebody reads it: two that differ by a width, a case or a blank only are the same."""
    return "".join(unicodedata.normalize("NFKC", as_seen(name)).casefold().split())


@dataclass(frozen=True)
class Question:
    """One thing that is asked of a reporter besides."""

    key: str
    label: str
    kind: QuestionKind
    options: tuple[str, ...] = ()
    is_required: bool = False

    def plain(self) -> dict[str, object]:
        return {
            "key": self.key, "label": self.label, "kind": self.kind.value, "options": list(self.options),
            "required": self.is_required,
        }  # fmt: skip

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Question:
        return cls(
            plain["key"], plain["label"], QuestionKind(plain["kind"]), tuple(plain["options"]), plain["required"]
        )


@dataclass(frozen=True)
class Terms:
    """Everything that a street says of one kind of case."""

    code: str
    name: str
    handle: Span
    hint: str = ""
    everyday: str = ""
    icon: str = "dots"
    group: str = ""
    national_code: str = ""
    filing_condition: str = ""
    closing_standard: str = ""
    # Every other stage with a limit of its own; what is not here has the usual one.
    stages: tuple[tuple[Stage, Span], ...] = ()
    needs_after_photo: bool = False
    radius_m: int = 50
    is_public: bool = True
    check_share: Decimal = Decimal(1)
    point_item: str = ""
    unit: str = ""
    unit_kind: str = ""
    max_returns: int = 2
    position: int = 0
    is_active: bool = True
    questions: tuple[Question, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        found: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        found["handle"] = _plain(self.handle)
        found["stages"] = [[stage.value, *_plain(span)] for stage, span in self.stages]
        found["check_share"] = str(self.check_share.quantize(Decimal("0.01")))
        found["questions"] = [question.plain() for question in self.questions]
        return found

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Terms:
        """From JSON; a field that an older edition did not know has its usual value."""
        known = {one.name for one in fields(cls)}
        found: dict[str, Any] = {name: value for name, value in plain.items() if name in known}
        found["handle"] = Span(plain["handle"][0], Unit(plain["handle"][1]))
        found["stages"] = tuple(
            (Stage(stage), Span(amount, Unit(unit))) for stage, amount, unit in plain.get("stages", ())
        )
        found["check_share"] = Decimal(plain.get("check_share", "1"))
        found["questions"] = tuple(Question.of(one) for one in plain.get("questions", ()))
        return cls(**found)


def _plain(span: Span) -> list[Any]:
    return [int(span.amount), span.unit.value]


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field; the words are for the person who wrote it."""

    field: str
    reason: str
    # Of a question: which of them, and what of it.
    question: int | None = None
    part: str = ""


@dataclass
class Taken:
    """What types in use have that no other may: national code → code of the type, name as it is read → code."""

    national_codes: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def by(cls, types: Iterable[Terms]) -> Taken:
        """What these types have; of two that want the same it is the first's."""
        found = cls()
        for terms in types:
            found.keep(terms)
        return found

    def keep(self, terms: Terms) -> None:
        """Also what this type has; what is another's stays so."""
        if terms.is_active:
            self.names.setdefault(name_read(terms.name), terms.code)
            if terms.national_code:
                self.national_codes.setdefault(terms.national_code, terms.code)


def faults(terms: Terms, *, units: Mapping[str, str], items: frozenset[str], taken: Taken) -> list[Fault]:
    """What cannot be put in force, field by field; `units`: code → name of those in service."""
    others = _faults_of_others(terms, units, items)
    return [*_own_faults(terms), *_faults_of_doubles(terms, taken), *others, *_faults_of_questions(terms.questions)]


def out_of_use(terms: Terms, *, units: Collection[str], items: Collection[str]) -> Terms:
    """The type that nobody can choose any more, and what it names without what is out of use itself."""
    unit, item = (terms.unit if terms.unit in units else ""), (terms.point_item if terms.point_item in items else "")
    return replace(terms, is_active=False, unit=unit, point_item=item)


def _own_faults(terms: Terms) -> Iterator[Fault]:
    yield from _faults_of_words(terms)
    if not 0 < terms.handle.amount <= 400:
        yield Fault("handle", _("办完的时限写 1 到 400"))
    for stage, span in terms.stages:
        if not 0 < span.amount <= 400:
            yield Fault(stage.value, _("每一段时限写 1 到 400"))
    yield from _faults_of_stages(terms)
    if not 5 <= terms.radius_m <= 500:
        yield Fault("radius_m", _("半径在 5 到 500 米之间"))
    if not 0 <= terms.check_share <= 1:
        yield Fault("check_share", _("每百件核查 0 到 100 件"))


# They run from the same moment as the whole; the desk's own come before it, the answer may come after it.
_WITHIN_THE_WHOLE = (Stage.SIGN, Stage.ARRIVE)
# The hours of an office differ from street to street: certain is what holds for a short day and for a long one.
_SHORT_DAY, _LONG_DAY, _DAY = 6, 10, 24


def _faults_of_stages(terms: Terms) -> Iterator[Fault]:
    for stage, span in terms.stages:
        if stage in _WITHIN_THE_WHOLE and ends_later(span, terms.handle):
            yield Fault(
                stage.value, _("「%(stage)s」比「办完」还长，改短一点，或者把办完的时限写长") % {"stage": stage.label}
            )


def ends_later(stage: Span, whole: Span) -> bool:
    """Whether a span is over after the other whenever both begin; False where the calendar decides."""
    if stage.unit == whole.unit:
        return stage.amount > whole.amount
    longest = _LONGEST_WHOLE.get((stage.unit, whole.unit))
    return longest is not None and whole.amount < longest(int(stage.amount))


# Below how much the whole is over for certain before a stage of so much; other pairs hang on weekends and feasts.
_LONGEST_WHOLE: Final[Mapping[tuple[Unit, Unit], Callable[[int], float]]] = {
    (Unit.WORKDAYS, Unit.WORK_HOURS): lambda stage: stage * _SHORT_DAY,
    (Unit.WORKDAYS, Unit.URGENT_HOURS): lambda stage: (stage - 1) * _DAY + _SHORT_DAY,
    (Unit.WORKDAYS, Unit.CALENDAR_DAYS): lambda stage: stage,
    (Unit.WORK_HOURS, Unit.URGENT_HOURS): lambda stage: stage,
    (Unit.WORK_HOURS, Unit.WORKDAYS): lambda stage: stage / _LONG_DAY - 1,
    (Unit.CALENDAR_DAYS, Unit.URGENT_HOURS): lambda stage: stage * _DAY,
    (Unit.URGENT_HOURS, Unit.CALENDAR_DAYS): lambda stage: stage / _DAY - 1,
}


def _faults_of_words(terms: Terms) -> Iterator[Fault]:
    if not CODE.fullmatch(terms.code):
        yield Fault("code", _("编码用小写字母开头，只写小写字母、数字、短横和下划线"))
    elif terms.code in RESERVED:
        yield Fault("code", _("「%(code)s」是系统自己要用的网址，换一个编码") % {"code": terms.code})
    if not as_seen(terms.name):
        yield Fault("name", _("写上名称"))
    if not _NATIONAL.fullmatch(terms.national_code):
        yield Fault("national_code", _("国标代码只写数字、字母、斜线、点和短横，最多 16 位"))
    if terms.icon not in ICONS:
        yield Fault("icon", _("没有这个图标"))


def _faults_of_doubles(terms: Terms, taken: Taken) -> Iterator[Fault]:
    if not terms.is_active:
        return
    named = taken.names.get(name_read(terms.name), terms.code)
    if named != terms.code:
        reason = _("在用的 %(code)s 已经叫「%(name)s」，换一个名称，大家选的时候才分得清")
        yield Fault("name", reason % {"code": named, "name": as_seen(terms.name)})
    numbered = taken.national_codes.get(terms.national_code, terms.code)
    if numbered != terms.code:
        yield Fault("national_code", _("这个国标代码已经是 %(code)s 的") % {"code": numbered})


def _faults_of_others(terms: Terms, units: Mapping[str, str], items: frozenset[str]) -> Iterator[Fault]:
    if terms.unit and terms.unit not in units:
        yield Fault("unit", _("没有在用的单位 %(code)s") % {"code": terms.unit})
    if terms.unit_kind and terms.unit_kind not in UnitKind.values:
        yield Fault("unit_kind", _("没有这一类单位"))
    if terms.point_item and (not _ITEM.fullmatch(terms.point_item) or terms.point_item not in items):
        yield Fault("point_item", _("现在的条款库里没有 %(code)s") % {"code": terms.point_item})


def _faults_of_questions(questions: Sequence[Question]) -> Iterator[Fault]:
    keys = [question.key for question in questions]
    if len(questions) > MOST_QUESTIONS:
        reason = _("最多问 %(count)s 个，问多了没有人填") % {"count": MOST_QUESTIONS}
        yield Fault("questions", reason, MOST_QUESTIONS, "code")
    for place, one in enumerate(questions):
        if one.key in keys[:place]:
            yield Fault("questions", _("两个问题的标识不能一样"), place, "key")
        if one.options and not as_seen(one.label):
            options = options_out(one.options)
            yield Fault(
                "questions", _("写了选项「%(options)s」，还没有写问什么") % {"options": options}, place, "label"
            )
            continue
        if not CODE.fullmatch(one.key) or not as_seen(one.label):
            yield Fault("questions", _("每个问题都要有小写字母的标识和一句问话"), place, "key")
        if len(one.label) > LONGEST_QUESTION:
            reason = _("「%(label)s」太长，一个问题最多 %(most)s 个字")
            yield Fault("questions", reason % {"label": one.label, "most": LONGEST_QUESTION}, place, "label")
        for reason in _wrong_with_options(one):
            yield Fault("questions", reason % {"label": one.label}, place, "options")


def _wrong_with_options(one: Question) -> Iterator[str]:
    """Sentences with the question's own words still to be put in."""
    if one.kind == QuestionKind.CHOICE and len(set(one.options)) < 2:
        yield _("「%(label)s」是选择，至少写两个选项")
    if any(option != as_seen(option) or not option or BETWEEN_OPTIONS.search(option) for option in one.options):
        yield _("「%(label)s」的选项里不能有顿号，顿号是用来隔开的")
    if any(len(option) > LONGEST_OPTION for option in one.options):
        yield _("「%(label)s」的选项一个最多 40 个字")
    if len(options_out(one.options)) > LONGEST_OPTIONS:
        yield _("「%(label)s」的选项加起来最多 2000 个字")


@dataclass(frozen=True)
class Difference:
    """One field that a change touches, before and after, as JSON keeps them."""

    field: str
    before: Any
    after: Any


def differences(before: Terms | None, after: Terms) -> list[Difference]:
    """Which fields another edition says differently; every one that is not empty, where there was none before."""
    new, old = after.plain(), before.plain() if before else {}
    return [
        Difference(name, old.get(name), value)
        for name, value in new.items()
        if name != "code" and value != old.get(name, None if before else "")
    ]


class NotAnAnswer(Exception):
    """An answer that the question does not take; the words are for the reporter."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key, self.reason = key, reason


def answered(questions: Sequence[Question], given: Mapping[str, str], *, must_all: bool = True) -> dict[str, str]:
    """What was answered, by key; questions that the edition does not ask are passed over. Raises `NotAnAnswer`."""
    found = {}
    for question in questions:
        words = as_seen(given.get(question.key, ""))
        if words:
            found[question.key] = _checked(question, words)
        elif question.is_required and must_all:
            raise NotAnAnswer(question.key, _("还要答一句：%(label)s") % {"label": question.label})
    return found


LONGEST_ANSWER: Final = 200


def _checked(question: Question, words: str) -> str:
    if question.kind == QuestionKind.CHOICE and words not in question.options:
        raise NotAnAnswer(question.key, _("「%(label)s」要从里面选一个") % {"label": question.label})
    if question.kind == QuestionKind.NUMBER and not re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,3})?", words):
        raise NotAnAnswer(question.key, _("「%(label)s」要写数字") % {"label": question.label})
    if len(words) > LONGEST_ANSWER:
        raise NotAnAnswer(question.key, _("「%(label)s」最多 200 个字") % {"label": question.label})
    return words
