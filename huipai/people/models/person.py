"""Who somebody is in one street."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from huipai.people.models.account import Account
from huipai.people.rules import local_date, mask_phone
from huipai.people.words import LONGEST_NAME, IdentityKind
from huipai.streets.models import TenantKey, TenantModel


class Person(TenantModel):
    """Somebody in this street: one per account; without an account if only the counter knows them."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    # By what they went before: whoever handles their reports reads those names as little as the one of today. When
    # somebody has left, they go as soon as nothing that they reported goes on.
    former_names = ArrayField(models.CharField(max_length=LONGEST_NAME), default=list)
    birth_year = models.SmallIntegerField(null=True)
    # Asked at first use, while no document has shown the year: an answer that is not asked again (L2).
    said_under_14_at = models.DateTimeField(null=True)
    # Employed by this street (ruling 3).
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="people_one_person_an_account", fields=["street", "account"]),
            models.CheckConstraint(
                name="people_an_erased_person_is_empty",
                condition=Q(erased_at__isnull=True)
                | Q(account__isnull=True, name="", birth_year__isnull=True, is_staff=False, said_under_14_at=None),
            ),
        ]
        indexes: ClassVar = [models.Index(name="people_of_an_account", fields=["account", "street"])]

    @property
    def born_by(self) -> int | None:
        """The latest year in which they may have been born: the one on paper; else, of somebody who has said to be
        under 14, the year in which they said it. None where nothing is known."""
        if self.birth_year is None and self.said_under_14_at is not None:
            return local_date(self.said_under_14_at).year
        return self.birth_year

    @property
    def every_name(self) -> list[str]:
        return [name for name in (self.name, *self.former_names) if name]

    def give_up_name(self) -> None:
        """The name of today is one of before, once."""
        if self.name and self.name not in self.former_names:
            self.former_names = [*self.former_names, self.name]
        self.name = ""

    @property
    def called(self) -> str:
        """By what whoever acts for them tells them from others: the name, else what may be seen of the number."""
        return self.name or mask_phone(self.account.phone if self.account else None)


class Identity(TenantModel):
    """Something somebody is, for a time: student, teacher, courier … A person may be several things at once."""

    person = TenantKey(Person, on_delete=models.PROTECT, related_name="identities", db_index=False)
    kind = models.CharField(max_length=20, choices=IdentityKind.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    # Said by the person alone until somebody employed has seen a proof.
    confirmed_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        # An exclusion constraint in 0002: never twice the same kind at one time.
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="people_an_identity_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="people_nobody_confirms_themselves",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("person")),
            ),
        ]
        indexes: ClassVar = [models.Index(name="people_identities_of", fields=["street", "person", "kind"])]
