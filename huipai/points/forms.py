"""What people type about claims; every value comes back as it was typed."""

from __future__ import annotations

from uuid import UUID

from django.http import QueryDict

from huipai.kit.ids import new_id
from huipai.points.rules.sending import ClaimSending
from huipai.rulebook.words import Measure
from huipai.stations.rules import OnSite


def claim_id(data: QueryDict) -> UUID:
    """The id that the page or the phone has made; a new one where there is none."""
    try:
        return UUID(data.get("claim_id", ""))
    except ValueError:
        return new_id()


def photo_ids(data: QueryDict, name: str = "photo") -> tuple[UUID, ...]:
    """The photos that the page has sent already, in their order; what is no id is passed over."""
    found = []
    for text in data.getlist(f"{name}_id"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


def measured(data: QueryDict) -> dict[str, str]:
    """The amounts that were typed, by measure."""
    typed = {measure: data.get(measure, "").strip() for measure in Measure.values}
    return {measure: amount for measure, amount in typed.items() if amount}


def sending(
    data: QueryDict, *, item_code: str, photos: tuple[UUID, ...], screenshots: tuple[UUID, ...] = (),
    on_site: OnSite | None = None,
) -> ClaimSending:  # fmt: skip
    """What the command takes."""
    return ClaimSending(
        claim_id=claim_id(data), item_code=item_code, photo_ids=tuple(dict.fromkeys([*photos, *screenshots])),
        screenshot_ids=frozenset(screenshots), note=data.get("note", ""), on_site=on_site, measured=measured(data),
    )  # fmt: skip
