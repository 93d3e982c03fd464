"""Operations for migrations.

Django builds every model that stands beside a changed one anew; beside a street stand all of them. A constraint or an
index changes nothing that the others see, and a new model only what leads back to it: they were most of what a first
start waited for. Here only the model itself learns of it, and those that a new one points at.
"""

from django.db.migrations import operations
from django.db.migrations.operations import RunSQL
from django.db.migrations.state import ProjectState
from django.db.models import BaseConstraint, Index


class CreateModel(operations.CreateModel):
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        built = state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)
        if built is not None:  # the other models are built already
            built.render_multiple([state.models[app_label, self.name_lower]])
            state.apps = built


class AddConstraint(operations.AddConstraint):
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        _learn(state, app_label, self.model_name_lower, "constraints", self.constraint)


class AddIndex(operations.AddIndex):
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        _learn(state, app_label, self.model_name_lower, "indexes", self.index)


def _learn(state: ProjectState, app_label: str, model: str, kind: str, new: BaseConstraint | Index) -> None:
    options = state.models[app_label, model].options
    options[kind] = [*options.get(kind, []), new]
    if "apps" in state.__dict__:  # the models are built already
        meta = state.apps.get_model(app_label, model)._meta
        setattr(meta, kind, [*getattr(meta, kind), new])


def append_only(table: str) -> RunSQL:
    """Rows of `table` are only ever added: the database refuses UPDATE, DELETE and TRUNCATE (SQLSTATE 23514)."""
    return RunSQL(
        f"""
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION streets_refuse_change();
        {_NO_TRUNCATE.format(table=table)}
        """,
        f"DROP TRIGGER {table}_append_only ON {table}; {_NO_TRUNCATE_BACK.format(table=table)}",
    )


def never_emptied(table: str) -> RunSQL:
    """The database refuses TRUNCATE of `table`, whose other triggers it would pass by (SQLSTATE 23514)."""
    return RunSQL(_NO_TRUNCATE.format(table=table), _NO_TRUNCATE_BACK.format(table=table))


_NO_TRUNCATE = """CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();"""
_NO_TRUNCATE_BACK = "DROP TRIGGER {table}_no_truncate ON {table};"
