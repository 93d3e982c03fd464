"""Whose names are struck out is looked up by key, however many people live in the street."""

from __future__ import annotations

from django.db import connection

from huipai.cases.names_statement import names_to_hide
from huipai.kit.ids import new_id
from huipai.people.models import Person
from tests.cases.conftest import Place
from tests.cast import A_MONTH_AGO

ASKED = f"SELECT {names_to_hide('c')} FROM cases_case AS c WHERE c.street_id = %(street)s AND c.id = %(case)s"


def test_nobody_but_those_of_the_case_is_read(here: Place) -> None:
    Person.objects.bulk_create(
        Person(pk=new_id(), street_id=here.street.id, name=f"住户{n}", is_staff=False, created_at=A_MONTH_AGO)
        for n in range(3000)
    )
    asked = {"street": here.street.id, "case": here.report().pk}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_person")
        cursor.execute("EXPLAIN " + ASKED, asked)
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute(ASKED, asked)
        assert cursor.fetchone() == ([here.lan.name],)
    assert "Seq Scan on people_person" not in plan, plan
