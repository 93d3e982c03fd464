"""What no linter says: the domain does not know the web, keys hold the street, nothing imports inside a function."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import ForeignKey, ManyToManyField, Model

from huipai.streets.keys import TenantKey
from huipai.streets.models import TenantModel
from huipai.streets.words import is_global
from huipai.web import errors

HOUSE = settings.BASE_DIR / "huipai"
DOMAIN_ROOMS = {"words", "rules", "models", "queries", "policies", "commands"}
WEB = ("django.http", "django.shortcuts", "django.urls", "django.views", "django.template", "django.contrib.messages")
LINES_OF_A_FILE = 500


def python_files() -> list[Path]:
    return [path for path in HOUSE.rglob("*.py") if "migrations" not in path.parts]


def room_of(path: Path) -> str:
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return parts[1] if len(parts) > 1 else parts[0]


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@cache
def trees() -> dict[Path, ast.Module]:
    """Every file of ours, read when first asked: whoever only collects the tests need not wait for it."""
    return {path: ast.parse(path.read_text()) for path in python_files()}


def domain() -> dict[Path, ast.Module]:
    return {path: tree for path, tree in trees().items() if room_of(path) in DOMAIN_ROOMS}


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(HOUSE)) for path in paths]


def test_the_domain_does_not_know_the_web() -> None:
    assert (
        names([path for path, tree in domain().items() if any(name.startswith(WEB) for name in imported(tree))]) == []
    )


def test_below_the_doors_nobody_reads_the_clock() -> None:
    clocks = ("timezone.now()", "clock.now()", "datetime.now(")
    assert names([path for path in domain() if any(clock in path.read_text() for clock in clocks)]) == []


def test_words_are_judged_by_what_others_see_of_them() -> None:
    """A sign of no width is not a blank: `strip` leaves it, and what is asked for would be said by it (`as_seen`)."""
    words = re.compile(
        r"\b(text|reason|words?|name|title|note|brief|address|ground|answer|label|place|matter|why|who)\.strip\(\)"
    )
    found = {path: words.search(path.read_text()) for path in domain() if room_of(path) in {"commands", "rules"}}
    assert names([path for path, hit in found.items() if hit]) == []


def test_a_form_that_asks_for_words_takes_them_as_others_see_them() -> None:
    """`forms.CharField` keeps a sign of no width: what has to be said is a NameField or a LinesField."""
    found = {path for path, tree in trees().items() for call in ast.walk(tree) if _has_to_be_typed(call)}
    assert names(sorted(found)) == []


def _has_to_be_typed(call: ast.AST) -> bool:
    """A plain text field that cannot stay empty; a number that is read as one (telephone, code) says so by its name."""
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != "forms.CharField":
        return False
    given = {one.arg: ast.unparse(one.value) for one in call.keywords}
    return given.get("required") != "False" and not re.search("编码|手机号", given.get("label", ""))


def test_only_the_story_of_a_demo_says_what_chance_will_bring() -> None:
    """A draw that somebody could foresee is no draw (ruling 9, decision 0068)."""
    foreseen = {path for path in trees() if "chance.following" in path.read_text()}
    assert {path.relative_to(HOUSE).parts[:2] for path in foreseen} == {("cli", "seed")}


def test_nothing_of_ours_is_imported_inside_a_function() -> None:
    found = [
        f"{path.relative_to(HOUSE)}: {node.name}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(name.startswith("huipai") for name in imported(node))
    ]
    assert found == []


def test_every_file_is_still_one_idea() -> None:
    assert names([path for path in trees() if len(path.read_text().splitlines()) > LINES_OF_A_FILE]) == []


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("huipai.")]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
class TestModel:
    def test_belongs_to_a_street_or_says_why_not(self, model: type[Model]) -> None:
        assert issubclass(model, TenantModel) != is_global(model._meta.db_table)

    def test_points_into_its_own_street_only(self, model: type[Model]) -> None:
        if not issubclass(model, TenantModel):
            return
        for field in model._meta.get_fields():
            assert not isinstance(field, ManyToManyField), field.name
            if isinstance(field, ForeignKey) and issubclass(field.related_model, TenantModel):
                assert isinstance(field, TenantKey), field.name


# A primary key is the id alone; `distribute` swaps it for (street_id, id).
KEYS_WITHOUT_THE_STREET = """
SELECT c.conrelid::regclass::text, c.conname
FROM pg_constraint c
WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('u', 'x', 'f')
  AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attname = 'street_id')
  AND NOT EXISTS (SELECT 1 FROM unnest(c.conkey) k JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k
                  WHERE a.attname = 'street_id')
UNION
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text
FROM pg_index i
WHERE i.indisunique AND NOT i.indisprimary AND i.indrelid::regclass::text NOT LIKE 'pg_%'
  AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attname = 'street_id')
  AND NOT EXISTS (SELECT 1 FROM unnest(i.indkey::int2[]) k
                  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k WHERE a.attname = 'street_id')
ORDER BY 1, 2
"""
# Keys to tables that no street owns.
TO_GLOBAL = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND confrelid::regclass::text = ANY(%s)"


@pytest.mark.no_guard
def test_every_key_of_a_tenant_table_holds_the_street(db: None) -> None:
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if is_global(table)]
        cursor.execute(TO_GLOBAL, [tables])
        allowed = {name for (name,) in cursor.fetchall()}
        cursor.execute(KEYS_WITHOUT_THE_STREET)
        assert [(table, name) for table, name in cursor.fetchall() if name not in allowed] == []


@pytest.mark.no_guard
def test_every_tenant_key_is_composite_in_the_database(db: None) -> None:
    with connection.cursor() as cursor:
        for model in our_models():
            keys = [field for field in model._meta.local_fields if isinstance(field, TenantKey)]
            constraints = connection.introspection.get_constraints(cursor, model._meta.db_table)
            composite = {tuple(c["columns"]) for c in constraints.values() if c["foreign_key"]}
            assert {("street_id", field.column) for field in keys} <= composite, model.__name__


def test_whoever_holds_a_row_leaves_its_key_free() -> None:
    """A lock of the key too makes whoever writes of a row wait at their commit for whoever works on it (0108)."""
    found = [
        f"{path.relative_to(HOUSE)}:{node.lineno}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
        and not any(word.arg == "no_key" and ast.unparse(word.value) == "True" for word in node.keywords)
    ]
    assert found == []


def test_what_is_decided_was_asked_before() -> None:
    """Who may decide is asked at the date that the row tells: one from before would be another home's."""
    asked, decided = ("proposed_at", "filed_at", "raised_at"), ("decided_at", "approved_at")
    for model in apps.get_models():
        names = {field.name for field in model._meta.fields}
        for begun in names.intersection(asked):
            for end in names.intersection(decided):
                ordered = f"('{end}__gte', F({begun}))"
                held = {each.name for each in model._meta.constraints if ordered in str(each)}
                assert held, f"{model.__name__}.{end}"
                # Of two machines' clocks one may be behind: that is said in words.
                assert held <= errors.AHEAD_OF_ITS_CLOCK, held


def test_whoever_is_no_stranger_any_more_is_told_so() -> None:
    """Each guard that two who decide be strangers has a name that the pages know."""
    sources = "".join(path.read_text(encoding="utf-8") for path in HOUSE.glob("*/migrations/*.py"))
    named = set(re.findall(r"CONSTRAINT = '(\w*stranger\w*)'", sources))
    assert named | {"points_contest_by_other_eyes"} == errors.BETWEEN_STRANGERS


def test_nobody_else_reads_the_thanks_of_neighbours() -> None:
    """Likes feed nothing: no order, no points, no assessment (ruling 25 and the rules on what staff are judged by)."""
    may = {"models/good_deed.py", "models/__init__.py", "commands/liking.py", "queries/likes.py"}
    reads = re.compile(r"import [^\n]*\bLike\b|\bLike\.objects|cases_like\b")
    sources = (path for path in HOUSE.rglob("*.py") if "migrations" not in path.parts)
    readers = {path for path in sources if reads.search(path.read_text(encoding="utf-8"))}
    assert {path.relative_to(HOUSE / "cases").as_posix() for path in readers} <= may
