"""A link by which a screen on a wall shows the street without anybody's session."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.streets.models import TenantKey, TenantModel


class WallLink(TenantModel):
    """May read the wall's page and nothing else, until a day or until it is taken back. The link itself is not kept."""

    # Where the screen hangs.
    name = models.CharField(max_length=40)
    # SHA-256 of what stands in the address.
    digest = models.CharField(max_length=64)
    made_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    revoked_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    revoked_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_wall_a_digest", fields=["street", "digest"]),
            models.UniqueConstraint(
                name="cases_one_link_a_screen", fields=["street", "name"], condition=Q(revoked_at__isnull=True)
            ),
            models.CheckConstraint(name="cases_a_wall_link_is_named", condition=~Q(name="")),
            models.CheckConstraint(name="cases_a_wall_link_ends", condition=Q(valid_until__gt=F("made_at"))),
            models.CheckConstraint(
                name="cases_who_revoked_a_wall_link",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    @property
    def subject(self) -> str:
        return f"wall:{self.id}"
