"""One community lets its neighbours comment: some are shown, one waits, one was refused, one is pointed at."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from huipai.cases.commands import comments
from huipai.cases.comment_words import CommentReason
from huipai.cases.models import Case, Comment, Shown
from huipai.cases.policies import comments as may
from huipai.cases.queries import within
from huipai.cases.words import Kind
from huipai.cli.seed.folk.ids import derived
from huipai.cli.seed.plant.folk import Crowd
from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.grid.words import Level
from huipai.people.models import Person
from huipai.people.words import Role

WORDS = (
    "早上送孩子都要绕着走，谢谢来看的人", "昨天晚上又停了两辆，白天倒是好了", "建议边上画一条线，大家就知道停哪里",
    "我也看见了，下雨天更挤", "物业说这周会来人",
)  # fmt: skip
ENOUGH = 50  # neighbours to choose the writers from
REFUSED = "三楼那家天天这样，他家电话我有"


def plant_comments(crowd: Crowd, *, until: datetime, seed: int, slug: str) -> None:
    """In the first community that has a coordinator and something public going on."""
    for node in GridNode.objects.valid_at(until).of_level(Level.COMMUNITY).order_by("code"):
        coordinator_id = grid.acting_at(node, Role.COORDINATOR, until)
        coordinator = Person.objects.filter(pk=coordinator_id).first() if coordinator_id else None
        shown = list(Shown.objects.filter(within([node]), kind=Kind.PROBLEM).order_by("-id")[:2])
        if coordinator is not None and shown:
            comments.open_in(node_id=node.id, actor=coordinator, now=until - timedelta(days=12))
            _talk(crowd, coordinator, shown, until, seed, slug)
            return


def _talk(crowd: Crowd, coordinator: Person, shown: list[Shown], until: datetime, seed: int, slug: str) -> None:
    begins = max(one.happened_at for one in shown)
    step = (until - begins) / (len(WORDS) + 3)
    said: list[Comment] = []
    cases = list(Case.objects.filter(pk__in=[one.pk for one in shown]))
    able = (
        person
        for person in crowd.residents
        if person.id != coordinator.id and all(may.may_comment(person, case) for case in cases)
    )
    neighbours = list(islice(able, ENOUGH))
    for number, text in enumerate((*WORDS, REFUSED)):
        one, author, at = (
            shown[number % len(shown)],
            neighbours[(7 * number + 3) % len(neighbours)],
            begins + step * (number + 1),
        )
        said.append(
            comments.write(
                comment_id=derived(seed, at, slug, "comment", number), code=one.code, author=author, text=text, now=at
            )
        )
    for comment in said[:-2]:
        comments.show(comment_id=comment.id, actor=coordinator, now=comment.written_at + step / 2)
    comments.refuse(
        comment_id=said[-1].id, actor=coordinator, reason=CommentReason.PERSONAL, now=said[-1].written_at + step / 2
    )
    comments.report(comment_id=said[1].id, person=neighbours[2], reason=CommentReason.OFF_TOPIC, now=until - step / 2)
