"""Papers of two cases that units have: a plan for the unit, a sign for the reporter, and one of the unit's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from huipai.cases.attachment_words import Eyes
from huipai.cases.commands import attaching
from huipai.cases.commands.attaching import Paper
from huipai.cases.models import WorkOrder
from huipai.cases.order_words import OrderState
from huipai.cli.seed import scenes
from huipai.cli.seed.plant.folk import Crowd
from huipai.people.words import Role


def plant_attachments(crowd: Crowd, *, until: datetime) -> None:
    """On the first orders that a unit has signed; in a street without a hub there are none."""
    dispatchers = crowd.holding(Role.DISPATCHER)
    signed = WorkOrder.objects.filter(state=OrderState.SIGNED, handler__isnull=False).select_related("case", "handler")
    for order in signed.order_by("sent_at", "id")[: 2 if dispatchers else 0]:
        case, hub = order.case, dispatchers[0]
        attaching.attach(
            case_id=case.id, actor=hub, paper=_plan("现场平面图.pdf"), eyes=Eyes.UNIT, now=until - timedelta(hours=6)
        )
        attaching.attach(
            case_id=case.id, actor=hub, paper=_sign("新立的牌子.jpg", until), eyes=Eyes.REPORTER,
            now=until - timedelta(hours=5),
        )  # fmt: skip
        assert order.handler is not None
        attaching.attach_to_order(
            order_id=order.id, actor=order.handler, paper=_plan("施工方案.pdf", marks=3), now=until - timedelta(hours=4)
        )


def _plan(name: str, marks: int = 1) -> Paper:
    """A drawing with its measures; the same bytes whenever it is drawn."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=(420, 300), invariant=1)
    canvas.rect(40, 40, 340, 200)
    for number in range(marks):
        canvas.rect(70 + 90 * number, 90, 60, 80)
        canvas.drawString(80 + 90 * number, 75, f"{2.4 + number:.1f} m")
    canvas.save()
    return Paper(file, name, file.getbuffer().nbytes)


def _sign(name: str, at: datetime) -> Paper:
    content = scenes.photo("gate_broken", 1, done=True, at=None, taken_at=at)
    return Paper(BytesIO(content), name, len(content))
