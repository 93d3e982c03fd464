"""A year of the rulebook: written by the editor, laid open, tried out, approved by two sides, shown, and in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from huipai.cli.seed.plant.admission import Admissions, terms_of
from huipai.cli.seed.plant.folk import Crowd
from huipai.cli.seed.texts.admission import COMMENTS, NEXT, OBJECTION, OPEN_COMMENTS
from huipai.cli.seed.texts.revisions import ADDED, NEXT_CHANGED, NEXT_NOTE, editions
from huipai.cli.seed.texts.words import Item, Revision
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.rulebook import commands as rulebook
from huipai.rulebook import queries
from huipai.rulebook.models import RulebookVersion
from huipai.rulebook.words import CONSULTATION, PUBLICITY, Outcome

DAY = timedelta(days=1)


@dataclass
class Book:
    """Who writes and decides, and where the year stands."""

    crowd: Crowd
    editor: Person
    board: list[Person]
    admissions: Admissions
    before: dict[str, Item]

    def edit(self, revision: Revision, items: tuple[Item, ...], effective: datetime, comments: int) -> RulebookVersion:
        """One edition from its first word to publicity; in force at `effective`."""
        drafted = effective - CONSULTATION - PUBLICITY - 2 * DAY
        version = rulebook.draft(author=self.editor, note=revision.note, now=drafted)
        content = {item.code: item for item in items}
        reasons = {item.code: why for item, why in (*revision.changed, *revision.struck)}
        self._write(version, content, {**ADDED, **reasons}, drafted)
        rulebook.consult(version_id=version.id, actor=self.editor, until=drafted + CONSULTATION, now=drafted)
        self.hear(version, COMMENTS[:comments], drafted + DAY)
        self.before = content
        return self._decide(version, effective, drafted + CONSULTATION + timedelta(hours=1))

    def _write(self, version: RulebookVersion, content: dict[str, Item], reasons: dict[str, str], at: datetime) -> None:
        for code in sorted(self.before.keys() - content.keys()):
            why = reasons.get(code, "")
            rulebook.strike_item(version_id=version.id, actor=self.editor, code=code, why=why, now=at)
        for code, item in content.items():
            if self.before.get(code) == item:
                continue
            if (proposal := self.admissions.of(item, at)) is not None:
                why = reasons.get(code, "")
                rulebook.enter(version_id=version.id, proposal_id=proposal.id, actor=self.editor, why=why, now=at)
            else:
                terms = terms_of(item, reasons.get(code, ""))
                rulebook.put_item(version_id=version.id, actor=self.editor, terms=terms, now=at)

    def hear(self, version: RulebookVersion, comments: tuple[tuple[str, str, str], ...], at: datetime) -> None:
        """Neighbours say something, and the editor answers what has an answer."""
        residents = self.crowd.residents
        for n, (text, outcome, answer) in enumerate(comments):
            person = residents[(version.number * 7 + n * 3) % len(residents)]
            said = rulebook.comment(version_id=version.id, person=person, code="", text=text, now=at + n * DAY / 4)
            if outcome:
                rulebook.answer(
                    remark_id=said.id, actor=self.editor, outcome=Outcome(outcome), answer=answer,
                    now=at + (n + 1) * DAY / 3,
                )  # fmt: skip

    def _decide(self, version: RulebookVersion, effective: datetime, at: datetime) -> RulebookVersion:
        run = rulebook.ask_dry_run(version_id=version.id, actor=self.editor, now=at)
        points.run_dry(run_id=run.id, now=at)
        for member in two_sides(self.board, at):
            rulebook.approve(version_id=version.id, approver=member, content_hash=run.content_hash, now=at)
        return rulebook.publish(
            version_id=version.id, actor=self.editor, publicity_until=at + PUBLICITY, effective_from=effective, now=at
        )


def plant_rulebook(crowd: Crowd, *, until: datetime) -> Book:
    """Every edition that is in force before `until`, on its day."""
    editor, board = crowd.holding(Role.RULEBOOK_EDITOR)[0], crowd.holding(Role.BOARD_MEMBER)
    book = Book(crowd, editor, board, Admissions(board, until), {})
    for number, (revision, items) in enumerate(editions()[:-1]):
        book.edit(revision, items, until - timedelta(days=revision.days_ago, hours=1), comments=number % 3)
    return book


def plant_coming_rulebook(book: Book, *, until: datetime) -> None:
    """What lies ahead, tried out on the year that was: one edition in publicity, one draft out for comments."""
    revision, items = editions()[-1]
    shown = book.edit(revision, items, until - timedelta(days=revision.days_ago, hours=1), comments=2)
    objector = book.crowd.residents[5]
    rulebook.object_to(version_id=shown.id, person=objector, code="ox-16", text=OBJECTION[0], now=until - DAY)
    at = until - 2 * DAY
    version = rulebook.draft(author=book.editor, note=NEXT_NOTE, now=at)
    item, why = NEXT_CHANGED
    rulebook.put_item(version_id=version.id, actor=book.editor, terms=terms_of(item, why), now=at)
    if (proposal := book.admissions.wish(NEXT)) is not None:
        rulebook.enter(version_id=version.id, proposal_id=proposal.id, actor=book.editor, why=NEXT.why, now=at)
    rulebook.consult(version_id=version.id, actor=book.editor, until=at + CONSULTATION + DAY, now=at)
    book.hear(version, OPEN_COMMENTS, at + DAY / 4)
    run = rulebook.ask_dry_run(version_id=version.id, actor=book.editor, now=until - DAY / 4)
    points.run_dry(run_id=run.id, now=until - DAY / 4)
    book.admissions.wish_all()


def two_sides(board: list[Person], at: datetime) -> list[Person]:
    """The first of the board, and the first who sits there for somebody else."""
    first = board[0]
    seat = queries.seat_of(first, at)
    return [first, next(member for member in board if queries.seat_of(member, at) != seat)]
