"""A good deed (好人好事): something well done that a neighbour tells of; no handler, no checker (ruling 16)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.cases.deed_words import LONGEST_SAID, DeedAction, DeedPart, DeedState, ThirdParty
from huipai.people.words import Channel
from huipai.streets.models import TenantKey, TenantModel


class GoodDeed(TenantModel):
    """As it was told, and what a coordinator has made of it. Its id is made by the sender's form (ruling 6).

    Its state changes only along the machine in `rules.deeds`.
    """

    # One character longer than the code of a case, so that no address can mean both.
    code = models.CharField(max_length=12, editable=False)
    state = models.CharField(max_length=12, choices=DeedState)
    reporter = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    # Who did it, as the reporter says: for the coordinator's eyes only.
    who = models.CharField(max_length=60, blank=True)
    # The house or the corner, as the reporter wrote it: for the same eyes.
    address = models.CharField(max_length=200, blank=True, db_default="")
    # The person who did it, once that is known; the reporter themselves, where they say so.
    doer = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    title = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    node = TenantKey("grid.GridNode", on_delete=models.PROTECT, related_name="+", db_index=False)
    lng = models.FloatField()
    lat = models.FloatField()
    content_hash = models.CharField(max_length=64)
    reported_at = models.DateTimeField()
    # What neighbours read: the coordinator's wording, without names.
    public_title = models.CharField(max_length=40, blank=True)
    public_text = models.TextField(blank=True)
    third_party = models.CharField(max_length=12, choices=ThirdParty, blank=True)
    consent_channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    decided_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    published_at = models.DateTimeField(null=True)
    point_item = models.CharField(max_length=13, blank=True)
    # What the coordinator says to both about why it is not public; not of its step, which could never go.
    said = models.CharField(max_length=LONGEST_SAID, blank=True, db_default="")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_deed_a_code", fields=["street", "code"]),
            models.CheckConstraint(name="cases_a_deed_stands_somewhere", condition=Q(state__in=DeedState.values)),
            models.CheckConstraint(name="cases_a_deed_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="cases_nobody_decides_on_their_own_deed",
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("reporter")) & (Q(doer__isnull=True) | ~Q(decided_by=F("doer"))),
            ),
            models.CheckConstraint(
                name="cases_a_published_deed_was_verified",
                condition=~Q(state=DeedState.PUBLISHED)
                | Q(decided_by__isnull=False, published_at__isnull=False) & ~Q(third_party="") & ~Q(public_title=""),
            ),
            models.CheckConstraint(
                name="cases_a_consent_says_how",
                condition=Q(third_party=ThirdParty.CONSENTED) & ~Q(consent_channel="")
                | ~Q(third_party=ThirdParty.CONSENTED) & Q(consent_channel=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_deeds_waiting", fields=["street", "node", "id"], condition=Q(state="reported")),
            # What was told about the same days, whatever has become of it.
            models.Index(name="cases_deeds_by_day", fields=["street", "reported_at"]),
            models.Index(name="cases_deeds_of_a_reporter", fields=["street", "reporter", "-id"]),
            models.Index(
                name="cases_deeds_of_a_doer", fields=["street", "doer", "-id"], condition=Q(doer__isnull=False)
            ),
        ]

    @property
    def subject(self) -> str:
        return f"deed:{self.id}"


class DeedPhoto(TenantModel):
    """A photo of a deed, under the photo's own id: it belongs to nothing else."""

    deed = TenantKey(GoodDeed, on_delete=models.PROTECT, related_name="photos", db_index=False)
    photo = TenantKey("photos.Photo", on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_a_photo_belongs_to_one_deed", fields=["street", "photo"]),
        ]
        indexes: ClassVar = [models.Index(name="cases_photos_of_a_deed", fields=["street", "deed"])]


class DeedStep(TenantModel):
    """One step of a deed. Rows are only added; the database refuses to change one."""

    deed = TenantKey(GoodDeed, on_delete=models.PROTECT, related_name="steps", db_index=False)
    position = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=12, choices=DeedAction)
    from_state = models.CharField(max_length=12, choices=DeedState, blank=True)
    to_state = models.CharField(max_length=12, choices=DeedState)
    part = models.CharField(max_length=12, choices=DeedPart)
    actor = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=20, blank=True)
    happened_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_step_of_a_deed_a_position", fields=["street", "deed", "position"]),
        ]


class Like(TenantModel):
    """A neighbour's thank-you for something public: once a person, can be taken back. It feeds nothing else."""

    # The id of the case or deed; what is not shown cannot be liked, and likes outlive a spell of not being shown.
    thing = models.UUIDField()
    person = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    liked_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_like_a_person", fields=["street", "thing", "person"]),
        ]
