"""Words of a case as its pages repeat them: nobody who may not know who reported it reads that in them (ruling 11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from huipai.cases import policies, queries
from huipai.cases.models import Addition, Attachment, Case, Note, Question, Report, Transition, WorkOrder
from huipai.cases.queries import attachments, orders, said, types
from huipai.cases.queries.said import Said
from huipai.cases.queries.types import Answered
from huipai.cases.telling_acting import Hands
from huipai.cases.words import Action, Actor
from huipai.kit.masking import masked, without_names
from huipai.people.models import Person


@dataclass(frozen=True)
class Reader:
    """Who reads about a case, and the names that are not for them."""

    person: Person
    names: Collection[str]
    questions: Mapping[datetime, Question] = field(default_factory=dict)
    hands: Hands | None = None

    def notes(self, transition: Transition, shown: Collection[Note]) -> list[dict[str, str]]:
        """What was written on a step."""
        own = transition.actor_id == self.person.id
        by_reporter = transition.part == Actor.REPORTER
        if by_reporter and self._is_kept_from_them(own):
            return []
        by = self._by(transition, own)
        return [{"by": by, "text": self._heard(note.text, own, by_reporter)} for note in shown]

    def beside(self, note: Note) -> list[dict[str, str]]:
        """What was written beside the steps; reporters do not write there."""
        own = note.author_id == self.person.id
        return [{"by": "you" if own else "them", "text": self._heard(note.text, own, by_reporter=False)}]

    def added(self, addition: Addition) -> list[dict[str, str]]:
        """What a reporter added."""
        own = addition.report.reporter_id == self.person.id
        if not addition.text or self._is_kept_from_them(own):
            return []
        by = "you" if own and (self.hands is None or self.hands.is_readers(addition.added_at)) else "them"
        return [{"by": by, "text": self._heard(addition.text, own, by_reporter=True)}]

    def of_the_question(self, transition: Transition) -> list[dict[str, str]]:
        """What was asked, or what was answered."""
        question = self.questions.get(transition.happened_at)
        if question is None or transition.action not in (Action.ASK, Action.ANSWER):
            return []
        asks = transition.action == Action.ASK
        own = transition.actor_id == self.person.id
        if not asks and self._is_kept_from_them(own):
            return []
        words = self._heard(question.text if asks else question.answer, own, by_reporter=not asks)
        return [{"by": self._by(transition, own), "text": words}] if words else []

    def _is_kept_from_them(self, own: bool) -> bool:
        """Of what another reporter says a reporter reads that they did, and no word of it."""
        return self.hands is not None and not own

    def _by(self, transition: Transition, own: bool) -> str:
        """Whether whoever reads wrote it: what stands in their name, unless it was by somebody else's hands."""
        hands = self.hands
        return "you" if own and (hands is None or hands.is_readers(transition.happened_at)) else "them"

    def _heard(self, text: str, own: bool, by_reporter: bool) -> str:
        if own:
            return text
        return masked(text, self.names) if by_reporter else without_names(text, self.names)


def reader_of(
    case: Case, person: Person, steps: Collection[Transition], hidden: Collection[str], hands: Hands | None = None
) -> Reader:
    """Besides the names of the reporters those of whoever spoke for one are hidden; one's own stays."""
    spoke = {step.actor.name for step in steps if step.part == Actor.REPORTER and step.actor is not None}
    names = {*hidden, *spoke} - {person.name}
    asked = orders.questions_of(case) if any(step.action == Action.ASK for step in steps) else []
    at = {one.closed_at: one for one in asked if one.closed_at is not None} | {one.asked_at: one for one in asked}
    return Reader(person, names, at, hands)


def for_staff(case: Case, heard: Said) -> dict[str, object]:
    """Where it is and what its reporters wrote and answered, for whoever handles it, looks after it or sends it."""
    return _heard_of(case, heard, types.answers_of(case))


def for_unit(order: WorkOrder, heard: Said) -> dict[str, object]:
    """The same for the unit that has an order, or had it."""
    return _heard_of(order.case, heard, types.answers_until(order.case, order.ended_at))


def _heard_of(case: Case, heard: Said, answers: Iterable[Answered]) -> dict[str, object]:
    return {
        "place": masked(whole_place(case), heard.names),
        "text": masked(heard.first, heard.names),
        "others_said": [masked(text, heard.names) for text in heard.others],
        "answers": [{"label": one.label, "words": masked(one.words, heard.names)} for one in answers],
    }


def what_it_was_about(case: Case, end: datetime | None) -> list[str]:
    """What its reporters wrote, or what a part was split off for: whoever looks at it alone knows what to look for.

    Of a look that is over, what had been written by then.
    """
    heard = said.by_reporters_until(case, end)
    return [masked(text, heard.names) for text in (queries.what_was_split_off(case), *heard.all) if text]


def own_papers(case: Case, person: Person) -> list[Attachment]:
    """What was addressed to somebody who reported it, by names in which nobody else who did occurs."""
    return _as_addressed(attachments.for_reporter(case, person), case, person)


def name_of_paper(one: Attachment, person: Person) -> str:
    """The name that the file itself goes out by, as the page has it for this person."""
    case = one.case.merged_into or one.case  # there lie the reports of both
    if policies.is_reporter_of(person, case):
        return _as_addressed([one], case, person)[0].name
    return masked(one.name, orders.names_to_hide(case))


def _as_addressed(rows: list[Attachment], case: Case, person: Person) -> list[Attachment]:
    """Whoever alone reported it reads each name as it is."""
    others = Report.objects.about(case).exclude(reporter=person)
    if not rows or (case.reporter_id == person.id and not others.exists()):
        return rows
    return papers(rows, set(orders.names_to_hide(case)) - set(person.every_name))


def papers(rows: list[Attachment], names: Collection[str]) -> list[Attachment]:
    """Attachments by names in which nobody who reported occurs."""
    for row in rows:
        row.name = masked(row.name, names)
    return rows


def place_of(case: Case) -> str:
    """Where it is; a reporter may have typed their name there."""
    return masked(whole_place(case), orders.names_to_hide(case))


def heard_by_staff(case: Case, text: str) -> str:
    """What a reporter of this case wrote."""
    return masked(text, orders.names_to_hide(case))


def whole_place(case: Case) -> str:
    """Address and micro-grid, as whoever reported it wrote it."""
    return " · ".join(part for part in (case.address, case.node.name) if part)
