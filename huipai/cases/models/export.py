"""A table that somebody takes along: what was asked, how far it is, and for a day its bytes."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.audit.models import Disclosure
from huipai.cases.export_words import TableKind, TableState
from huipai.streets.models import TenantKey, TenantModel


class Export(TenantModel):
    """One table, asked for with a reason that stands in the record of disclosures."""

    kind = models.CharField(max_length=8, choices=TableKind)
    person = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    disclosure = TenantKey(Disclosure, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=12)
    # Words of the address: view, community, text.
    asked = models.JSONField()
    state = models.CharField(max_length=8, choices=TableState, default=TableState.WAITING)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_export_a_number", fields=["street", "number"]),
            models.UniqueConstraint(name="cases_one_export_a_disclosure", fields=["street", "disclosure"]),
            models.CheckConstraint(name="cases_an_export_is_done_by_parts", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="cases_a_ready_export_is_dated",
                condition=Q(state=TableState.WAITING, ready_at__isnull=True)
                | ~Q(state=TableState.WAITING) & Q(ready_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_exports_of_a_person", fields=["street", "person", "-asked_at"]),
            models.Index(
                name="cases_exports_to_let_go", fields=["street", "ready_at"], condition=Q(state=TableState.READY)
            ),
        ]

    @property
    def subject(self) -> str:
        return f"export:{self.id}"


class ExportFile(TenantModel):
    """The bytes of a table, in the database so that any server can hand them out; let go after a day."""

    export = TenantKey(Export, on_delete=models.PROTECT, related_name="files", db_index=False)
    content = models.BinaryField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_file_an_export", fields=["street", "export"]),
        ]
