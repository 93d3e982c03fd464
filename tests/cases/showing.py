"""Making things public the way people do it, and every surface on which neighbours could see one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.test import Client

from huipai.cases.commands import releasing
from huipai.cases.models import Case, CasePhoto
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from tests.cases.conftest import Place
from tests.cast import MONDAY

WHOLE_WORLD = "bbox=119,30,122,33"


def developed(photo_id: UUID, now: datetime = MONDAY) -> Photo:
    photos.process(photo_id=photo_id, now=now)
    return Photo.objects.get(pk=photo_id)


def photo_ids_of(case: Case) -> list[UUID]:
    return list(CasePhoto.objects.filter(case=case).order_by("id").values_list("photo_id", flat=True))


def release(place: Place, case: Case, by: Person | None = None, now: datetime = MONDAY) -> Case:
    """The coordinator looks at every photo of the case and lets it go."""
    for photo_id in photo_ids_of(case):
        photo = developed(photo_id, now)
        releasing.release(
            photo_id=photo_id, actor=by or place.coordinator, copy_seen=photo.public_sha256, looked_at=now, now=now
        )
    return case


class Surfaces:
    """Everything that neighbours can open; each answers whether a thing with this code can be seen there."""

    def __init__(self, slug: str = "yunqiao", client: Client | None = None) -> None:
        self.street, self.client = f"/s/{slug}", client or Client()

    def text(self, path: str) -> str:
        return self.bytes_of(path).decode()

    def bytes_of(self, path: str) -> bytes:
        """What comes back, read to its end; nothing where it is refused."""
        answer = self.client.get(f"{self.street}/{path}", follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        return body if answer.status_code == 200 else b""

    def of(self, code: str, photo_id: UUID, community: str = "C") -> dict[str, bool]:
        """By the name of the surface: whether the thing is there."""
        lists = {
            "home": "",
            "feed page": "nearby/",
            "feed page, all time": "nearby/?span=all",
            "community page": f"nearby/?community={community}&span=all",
            "search by number": f"nearby/?q={code}&span=all",
            "atom": "feed/",
            "atom of a community": f"feed/{community}/",
            "map": f"nearby/heaps/?{WHOLE_WORLD}&zoom=18",
        }
        files = {
            "page": f"c/{code}/",
            "old page": f"nearby/{code}/",
            "photo": f"c/{code}/photos/{photo_id}/",
            "thumb": f"c/{code}/thumbs/{photo_id}/",
        }
        found = {name: f"/c/{code}/" in self.text(path) for name, path in lists.items()}
        found["near me"] = f"/c/{code}/" in self.near()
        found["map, far out"] = '"n"' in self.text(f"nearby/heaps/?{WHOLE_WORLD}&zoom=3&span=all")
        for name, path in files.items():
            found[name] = bool(self.bytes_of(path))
        return found

    def near(self) -> str:
        place = {"lng": "120.73", "lat": "31.28"}
        return self.client.post(f"{self.street}/nearby/here/", place).content.decode()
