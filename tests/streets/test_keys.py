"""A key inside a street: every join compares the streets, and the database refuses a row that points across."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.test.utils import CaptureQueriesContext

from huipai.cases.models import Case, Note, Report, Transition
from huipai.journal import commands as journal
from huipai.journal.models import Entry, Seal
from huipai.kit.ids import new_id
from huipai.streets.current import NoStreet, in_street, street_in_force
from huipai.streets.guard import guard
from huipai.streets.models import Street
from tests.cast import MONDAY


def an_entry() -> Entry:
    return journal.record(what="case.filed", subject=f"case:{new_id()}", actor_id=None, now=MONDAY)


class TestStreetInForce:
    def test_no_rows_without_a_street(self, db: None) -> None:
        with pytest.raises(NoStreet):
            list(Entry.objects.all())

    def test_a_new_row_is_of_the_street_in_force(self, in_yunqiao: Street) -> None:
        assert an_entry().street_id == in_yunqiao.id

    def test_the_one_before_comes_back(self, yunqiao: Street, hetang: Street) -> None:
        with in_street(yunqiao.id):
            with in_street(hetang.id):
                assert street_in_force() == hetang.id
            assert street_in_force() == yunqiao.id

    def test_rows_of_the_other_street_do_not_exist(self, yunqiao: Street, hetang: Street) -> None:
        with in_street(yunqiao.id):
            entry = an_entry()
        with in_street(hetang.id):
            assert not Entry.objects.filter(pk=entry.pk).exists()
            with pytest.raises(Entry.DoesNotExist):
                entry.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_points_into_another_street_is_refused_at_commit(yunqiao: Street, hetang: Street) -> None:
    with in_street(yunqiao.id):
        entry = an_entry()
    with in_street(hetang.id), pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Seal.objects.create(position=1, entry_id=entry.id, digest="0" * 64, sealed_at=MONDAY, version=2)
    assert getattr(refusal.value.__cause__, "sqlstate", "") == "23503"


JOINS = {
    "forward": lambda: Seal.objects.filter(entry__what="case.filed"),
    "select_related": lambda: Seal.objects.select_related("entry"),
    "two hops": lambda: Note.objects.filter(transition__case__code="x"),
    "reverse": lambda: Case.objects.filter(reports__text="x"),
    "reverse isnull": lambda: Case.objects.filter(reports__isnull=True),
    "exclude over a relation": lambda: Case.objects.exclude(reports__text="x"),
    "exclude forward": lambda: Transition.objects.exclude(case__code="x"),
    "aggregate": lambda: Case.objects.annotate(n=Count("reports", distinct=True)).filter(n__gt=1),
    "exists": lambda: Case.objects.filter(Exists(Report.objects.filter(case=OuterRef("pk")))),
    "or of two relations": lambda: Case.objects.filter(Q(reports__text="x") | Q(notes__text="y")),
    "nullable join": lambda: Case.objects.filter(merged_into__code="x"),
    "prefetch": lambda: Case.objects.prefetch_related("reports"),
}


@pytest.mark.parametrize("name", JOINS)
def test_every_way_to_join_compares_the_streets(in_yunqiao: Street, name: str) -> None:
    """The guard, which is on in every test, would refuse a statement that did not."""
    with CaptureQueriesContext(connection) as seen:
        list(JOINS[name]())
    sql = seen.captured_queries[0]["sql"]
    assert sql.count("street_id") >= 1
    assert guard(lambda *_: True, sql, None, False, {}) is True


def test_deleting_names_the_street(in_yunqiao: Street) -> None:
    with CaptureQueriesContext(connection) as seen:
        Note.objects.filter(text="nothing").delete()
    assert len(seen) == 1 and "street_id" in seen.captured_queries[0]["sql"]


@pytest.mark.no_guard
@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("default_transaction_isolation=repeatable\\ read", "read committed"),
        ("session_replication_role=replica", "no trigger would run"),
    ],
)
def test_a_connection_that_begins_otherwise_is_refused(db: None, setting: str, sentence: str) -> None:
    wrapper = connections["default"].copy("other")
    wrapper.settings_dict = {**wrapper.settings_dict, "OPTIONS": {"options": f"-c {setting}"}}
    with pytest.raises(ImproperlyConfigured, match=sentence):
        wrapper.connect()
