"""A reporter who is called otherwise since, or has left, is as hidden from whoever handles it as before (ruling 11)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from huipai.cases import queries
from huipai.cases.commands import filing, forgetting, working
from huipai.cases.models import Case, Report
from huipai.cases.names_statement import names_to_hide
from huipai.cases.queries import orders, said
from huipai.kit import clock
from huipai.people import commands as people
from huipai.people.models import Person
from tests.cases.conftest import Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.cast import MONDAY
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db

A_MONTH = timedelta(days=31)
OLD = "蓝小河"
TEXT = f"请找{OLD}，东门垃圾没人收"


@pytest.fixture
def hub(here: Place) -> Hub:
    hub = Hub.with_a_case(here, now=clock.now() - HOUR, text=TEXT)
    working.sign(order_id=hub.sent(now=clock.now()).id, actor=here.shi, now=clock.now())
    return hub


def hidden(case: Case) -> list[set[str]]:
    """By every way in which names are asked for."""
    of_a_row = Case.objects.prefetch_related(*orders.reports_along("")).get(pk=case.pk)
    with connection.cursor() as cursor:
        asked = f"SELECT {names_to_hide('c')} FROM cases_case AS c WHERE c.street_id = %(street)s AND c.id = %(case)s"
        cursor.execute(asked, {"street": case.street_id, "case": case.pk})
        stated = cursor.fetchone()[0]
    found = (
        said.by_reporters(case).names, orders.names_to_hide(of_a_row), queries.reporters_names([case.code])[case.code],
        stated,
    )  # fmt: skip
    return [{name for name in names if name and not name.startswith("+")} for names in found]


def shown(here: Place, hub: Hub) -> str:
    order = hub.case.orders.get()
    pages = [as_(here.shi).get(f"/s/yunqiao/orders/{path}").content for path in ("", f"{order.id}/")]
    return b"".join([*pages, as_(here.wei).get(f"/s/yunqiao/cases/{hub.case.code}/").content]).decode()


def test_whoever_is_called_otherwise_since_is_as_hidden_as_before(here: Place, hub: Hub, folder: object) -> None:
    assert "垃圾没人收" in shown(here, hub) and OLD not in shown(here, hub)
    for name in ("兰兰", OLD, "兰兰", "小兰"):
        people.rename(person=here.lan, name=name, actor=here.lan, now=clock.now())
    assert "垃圾没人收" in shown(here, hub) and OLD not in shown(here, hub)
    assert hidden(hub.case) == [{OLD, "兰兰", "小兰"}] * 4


def test_whoever_has_left_too_until_nothing_of_it_is_kept(here: Place, hub: Hub, folder: object) -> None:
    now = clock.now()
    people.erase(person=here.lan, actor=here.lan, now=now)
    forgetting.forget(person=Person.objects.get(pk=here.lan.pk), now=now)
    assert Report.objects.get().text == TEXT, "what is still open is worked on"
    assert "垃圾没人收" in shown(here, hub) and OLD not in shown(here, hub)
    assert hidden(hub.case) == [{OLD}] * 4 and not forgetting.left_behind(now)
    filing.void(case_id=hub.case.id, actor=here.dispatcher, reason="test", text="试的", now=now)
    assert list(forgetting.left_behind(now + A_MONTH)) == [here.lan]
    forgetting.forget(person=Person.objects.get(pk=here.lan.pk), now=now + A_MONTH)
    assert Person.objects.get(pk=here.lan.pk).former_names == [] and not forgetting.left_behind(now + A_MONTH)


def test_who_helped_is_hidden_by_the_name_of_then(here: Place, folder: object) -> None:
    case = here.report()
    Report.objects.get(case=case).help.create(helper=here.hua, helped_at=MONDAY)
    before = here.hua.name
    people.rename(person=here.hua, name="老华", actor=here.hua, now=clock.now())
    assert hidden(case) == [{here.lan.name, before, "老华"}] * 4
