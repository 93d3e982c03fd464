"""A year of the rulebook: written by the editor, approved by the board, published, and revised in the open."""

from datetime import datetime, timedelta

from huipai.cli.seed.plant.folk import Crowd
from huipai.cli.seed.texts.revisions import editions
from huipai.cli.seed.texts.words import Item
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook import commands as rulebook
from huipai.rulebook.models import RulebookVersion
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import Evidence, Port


def plant_rulebook(crowd: Crowd, *, until: datetime) -> None:
    """Every edition on its day; the last one is left as a draft."""
    editor, board = crowd.holding(Role.RULEBOOK_EDITOR)[0], crowd.holding(Role.BOARD_MEMBER)
    before: dict[str, Item] = {}
    all_editions = editions()
    for revision, items in all_editions:
        at = until - timedelta(days=revision.days_ago, hours=3)
        version = rulebook.draft(author=editor, note=revision.note, now=at)
        content = {item.code: item for item in items}
        reasons = {item.code: why for item, why in (*revision.changed, *revision.struck)}
        _write(version, editor, before, content, reasons, at)
        if (revision, items) != all_editions[-1]:
            for member in board[:2]:
                rulebook.approve(version_id=version.id, approver=member, now=at + timedelta(hours=1))
            effective = at + timedelta(hours=2)
            rulebook.publish(version_id=version.id, actor=editor, effective_from=effective, now=effective)
        before = content


def _write(
    version: RulebookVersion,
    editor: Person,
    before: dict[str, Item],
    content: dict[str, Item],
    reasons: dict[str, str],
    at: datetime,
) -> None:
    for code, item in content.items():
        if before.get(code) != item:
            terms = terms_of(item, reasons.get(code, ""))
            rulebook.put_item(version_id=version.id, actor=editor, terms=terms, now=at)
    for code in before.keys() - content.keys():
        rulebook.strike_item(version_id=version.id, actor=editor, code=code, now=at)


def terms_of(item: Item, why: str) -> Terms:
    """An item in the rulebook's own shape; never a ground on which anybody is assessed."""
    return Terms(
        code=item.code,
        port=Port(item.code.rsplit("-", 1)[0]),
        title=item.name,
        description=item.text,
        points=item.points,
        evidence=tuple(Evidence(kind) for kind in item.evidence),
        day_cap=item.cap_day,
        month_cap=item.cap_month,
        cooldown_minutes=item.cooldown_days * 24 * 60,
        under_14=item.minors,
        owner=item.owner,
        legal_ground=item.ground,
        automatic=item.automatic,
        why=why,
    )
