"""A photo in pieces: whole at the end, whatever broke in between, and never more than may lie about."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.photos import commands, storage
from huipai.photos.commands.piecing import Arrived
from huipai.photos.models import Photo, Piece, Upload
from huipai.photos.rules.claims import Claims
from huipai.photos.rules.refusals import BadPhoto, NotAPicture, TooLarge
from huipai.photos.words import BYTES_AT_ONCE, LARGEST_PIECE, MAX_BYTES, UPLOADS_AT_ONCE, Fact, Source
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import MONDAY, TUESDAY
from tests.photos.makers import JAM, files_in, receive
from tests.points.ledger import at_once

HALF = len(JAM) // 2
CLAIMS = Claims(lat=31.28, lng=120.73, source=Source.EXIF)


def append(photo_id: UUID, by: Person, start: int, content: bytes, *, length: int = len(JAM), now=MONDAY) -> Arrived:
    return commands.append(
        photo_id=photo_id, uploader=by, length=length, start=start, content=content, claims=CLAIMS, now=now
    )


class TestPieces:
    def test_make_the_photo_byte_for_byte_and_leave_nothing_behind(self, lan: Person) -> None:
        id = new_id()
        assert append(id, lan, 0, JAM[:HALF]) == Arrived(HALF)
        photo = append(id, lan, HALF, JAM[HALF:]).photo
        assert photo is not None and photo.claims.source == Source.EXIF
        with storage.photos().open(photo.original_key) as file:
            assert file.read() == JAM
        assert not Upload.objects.exists() and not Piece.objects.exists()
        assert Entry.objects.filter(what=Fact.RECEIVED).count() == 1

    def test_a_piece_that_leaves_a_gap_or_comes_twice_is_told_where_to_go_on(self, lan: Person) -> None:
        id = new_id()
        append(id, lan, 0, JAM[:HALF])
        for start in (0, HALF + 1, len(JAM)):
            with pytest.raises(commands.OffsetMoved) as moved:
                append(id, lan, start, JAM[:100])
            assert moved.value.offset == HALF
        with pytest.raises(commands.OffsetMoved):
            append(id, lan, HALF, JAM)  # more than was announced
        assert Upload.objects.get().received == HALF

    def test_the_last_piece_again_is_the_same_photo(self, lan: Person) -> None:
        id = new_id()
        first = append(id, lan, 0, JAM)
        assert append(id, lan, 0, JAM) == Arrived(len(JAM), first.photo) and Photo.objects.count() == 1

    def test_one_whose_sealing_was_cut_off_is_sealed_by_an_empty_piece(self, lan: Person) -> None:
        id = new_id()
        append(id, lan, 0, JAM[:-1])
        Piece.objects.create(upload_id=id, start=len(JAM) - 1, content=JAM[-1:])
        Upload.objects.filter(pk=id).update(received=len(JAM))
        assert append(id, lan, len(JAM), b"").photo is not None

    def test_what_is_no_photo_leaves_nothing_behind(self, lan: Person, folder) -> None:
        with pytest.raises(NotAPicture):
            append(new_id(), lan, 0, b"Dear street", length=11)
        assert not Upload.objects.exists() and not Piece.objects.exists() and not files_in(folder)

    def test_an_id_is_its_senders_alone(self, lan: Person, he: Person, qiu: Person, hetang: Street) -> None:
        begun, sealed = new_id(), receive(new_id(), lan).id
        append(begun, lan, 0, JAM[:HALF])
        for id in (begun, sealed):
            with pytest.raises(commands.NotThisId):
                append(id, he, HALF, JAM[HALF:])
            with in_street(hetang.id), pytest.raises((commands.NotThisId, BadPhoto)):
                append(id, qiu, 0, JAM)
        with pytest.raises(commands.NotThisId):
            append(begun, lan, HALF, b"x", length=HALF + 1)

    def test_never_too_much_at_once(self, lan: Person) -> None:
        with pytest.raises(TooLarge):
            append(new_id(), lan, 0, b"x", length=MAX_BYTES + 1)
        with pytest.raises(commands.PieceTooLarge):
            append(new_id(), lan, 0, b"x" * (LARGEST_PIECE + 1), length=MAX_BYTES)
        for _ in range(BYTES_AT_ONCE // MAX_BYTES):
            append(new_id(), lan, 0, b"x", length=MAX_BYTES)
        with pytest.raises(commands.TooManyUploads):
            append(new_id(), lan, 0, b"x", length=MAX_BYTES)
        Upload.objects.all().update(length=2)
        for _ in range(UPLOADS_AT_ONCE - Upload.objects.count()):
            append(new_id(), lan, 0, b"x", length=2)
        with pytest.raises(commands.TooManyUploads):
            append(new_id(), lan, 0, b"x", length=2)

    def test_what_is_not_gone_on_with_is_let_go(self, lan: Person) -> None:
        old, young = new_id(), new_id()
        append(old, lan, 0, JAM[:HALF])
        append(young, lan, 0, JAM[:HALF], now=TUESDAY)
        assert commands.sweep_uploads(now=MONDAY + timedelta(days=3)) == 1
        assert Upload.objects.get().id == young and Piece.objects.get().upload_id == young
        with pytest.raises(commands.OffsetMoved) as moved:
            append(old, lan, HALF, JAM[HALF:])
        assert moved.value.offset == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_last_piece_three_times_at_once_is_one_photo(lan: Person, yunqiao: Street) -> None:
    id = new_id()
    append(id, lan, 0, JAM[:HALF])
    outcomes = at_once(yunqiao, *[lambda: append(id, lan, HALF, JAM[HALF:])] * 3)
    photos = {outcome.photo for outcome in outcomes if isinstance(outcome, Arrived)}
    assert photos == {Photo.objects.get()}
    assert all(isinstance(outcome, Arrived | commands.OffsetMoved) for outcome in outcomes)
    assert not Upload.objects.exists() and not Piece.objects.exists()


class TestDoor:
    def patch(self, person: Person | None, id: UUID, start: int, content: bytes, **headers: str) -> object:
        client = Client()
        if person is not None:
            client.force_login(person.account)
        said = {
            "Accept": "application/json", "Upload-Offset": str(start), "Upload-Length": str(len(JAM)),
            "Upload-Metadata": f"position_source {b64encode(b'exif').decode()},lng {b64encode(b'120.73').decode()}"
            f",lat {b64encode(b'31.28').decode()},nonsense !", **headers,
        }  # fmt: skip
        return client.patch(
            f"/s/yunqiao/photos/{id}/pieces/", content, content_type="application/offset+octet-stream", headers=said
        )

    def test_takes_pieces_and_says_where_to_go_on(self, lan: Person) -> None:
        id = new_id()
        assert self.patch(lan, id, 0, JAM[:HALF]).json() == {"offset": HALF, "sealed": False, "claims": None}
        again = self.patch(lan, id, 0, JAM[:HALF])
        assert (again.status_code, again.json()["error"], again.json()["offset"]) == (409, "offset_moved", HALF)
        done = self.patch(lan, id, HALF, JAM[HALF:]).json()
        assert (done["offset"], done["sealed"], done["claims"]["source"]) == (len(JAM), True, "exif")

    def test_refuses_strangers_others_and_nonsense_in_words(self, lan: Person, he: Person, yunqiao: Street) -> None:
        assert self.patch(None, uuid4(), 0, JAM).status_code == 401
        other = self.patch(lan, uuid4(), 0, JAM, **{"X-Person-Id": str(he.id)})
        assert (other.status_code, other.json()["error"]) == (409, "other_person")
        assert self.patch(lan, uuid4(), 0, JAM, **{"X-Street-Id": str(uuid4())}).status_code == 404
        for wrong in (
            {"Upload-Length": "many"},
            {"Upload-Length": "-1"},
            {"Upload-Length": "²"},
            {"Upload-Offset": "x"},
        ):
            assert self.patch(lan, uuid4(), 0, JAM, **wrong).status_code == 422
        large = self.patch(lan, uuid4(), 0, b"x" * (LARGEST_PIECE + 1))
        assert (large.status_code, large.json()["error"]) == (422, "piece_too_large")
        assert not Upload.objects.exists()
