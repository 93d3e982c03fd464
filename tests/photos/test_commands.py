"""Receiving, developing, releasing, opening, erasing, sweeping."""

import hashlib
import os
import resource
import signal
import stat
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from huipai.audit.commands import Why
from huipai.audit.words import Ground
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotVisible, Refused
from huipai.photos import commands, jobs, queries, storage
from huipai.photos.models import Photo
from huipai.photos.rules import naming
from huipai.photos.rules.claims import Claims
from huipai.photos.rules.refusals import CutShort, EmptyFile, NotAPicture, TooLarge, TooManyPixels
from huipai.photos.words import MAX_BYTES, PER_DAY, PER_DAY_STAFF, ErasingReason, Source
from huipai.streets.current import in_street
from tests.cast import MONDAY, TUESDAY, WEDNESDAY
from tests.photos import samples
from tests.photos.makers import JAM, files_in, receive, sent


def facts(photo: Photo) -> list[str]:
    return list(Entry.objects.filter(subject=photo.subject).order_by("id").values_list("what", flat=True))


def ready(uploader, content: bytes = JAM) -> Photo:
    photo = commands.process(photo_id=receive(new_id(), uploader, content).id, now=MONDAY)
    assert photo is not None
    return photo


class TestReceive:
    def test_seals_the_bytes_as_they_came(self, lan, folder):
        content = samples.jpeg()
        photo = receive(new_id(), lan, content)
        (original,) = files_in(folder)
        assert original.read_bytes() == content
        assert photo.sha256 == hashlib.sha256(content).hexdigest()
        assert stat.S_IMODE(original.stat().st_mode) == 0o400
        assert stat.S_IMODE(original.parent.stat().st_mode) == 0o700
        assert (photo.kind, photo.width, photo.height, photo.size) == ("jpeg", 1600, 1200, len(content))

    def test_defers_its_job_and_its_fact_in_the_same_transaction(self, lan):
        photo = receive(new_id(), lan)
        entry = Entry.objects.get(subject=photo.subject)
        assert entry.what == "photo.received" and entry.actor_id == lan.id
        job = ProcrastinateJob.objects.get(task_name="photos.process")
        assert job.args == {"street": str(photo.street_id), "entry": str(entry.id)}
        jobs.process(**job.args)
        assert Photo.objects.get(pk=photo.pk).is_ready

    def test_the_same_again_is_the_same_photo(self, lan, folder):
        first = receive(photo_id := new_id(), lan)
        again = receive(photo_id, lan, now=TUESDAY)
        assert again == first and again.received_at == MONDAY
        assert len(files_in(folder)) == 1 and facts(first) == ["photo.received"]

    def test_a_known_id_is_refused_to_everybody_else_in_the_same_words(self, lan, he, qiu, hetang, folder):
        photo_id = new_id()
        receive(photo_id, lan)
        refusals = []
        for uploader, content, street in (
            (he, JAM, None),
            (lan, samples.screenshot(), None),
            (qiu, JAM, hetang),
            (qiu, samples.screenshot(), hetang),
        ):
            with in_street(street.id) if street else in_street(lan.street_id), pytest.raises(Refused) as refused:
                receive(photo_id, uploader, content)
            refusals.append((type(refused.value), refused.value.code, refused.value.status, refused.value.reason))
        assert len(set(refusals)) == 1 and refusals[0][0] is commands.NotThisId
        assert len(files_in(folder)) == 1 and Photo.objects.count() == 1

    @pytest.mark.parametrize(
        ("content", "refusal"),
        [
            (b"", EmptyFile),
            ("文字".encode() * 100, NotAPicture),
            (JAM[:-4000], CutShort),
            (samples.png_header(20_000, 10_000), TooManyPixels),
            (b"\xff\xd8\xff" + bytes(MAX_BYTES), TooLarge),
        ],
    )
    def test_bad_input_leaves_nothing_behind(self, lan, folder, content, refusal):
        with pytest.raises(refusal):
            receive(new_id(), lan, content)
        assert not files_in(folder) and not Photo.objects.exists() and not Entry.objects.filter(what="photo.received")

    def test_keeps_the_phones_claim_beside_the_photos_own(self, lan):
        claims = Claims(lat=31.281, lng=120.731, taken_at=MONDAY, source=Source.DEVICE)
        photo = receive(new_id(), lan, samples.jpeg(taken="2026:11:20 08:00:00"), claims=claims)
        assert (photo.claimed_lat, photo.claim_source, photo.claims) == (31.281, "device", claims)
        assert photo.exif_lat == pytest.approx(samples.PLACE[0]) and photo.exif_taken_at is not None

    def test_offers_the_photos_own_claim_when_the_phone_has_none(self, lan):
        for content in (samples.jpeg(), samples.heic()):
            offered = receive(new_id(), lan, content).claims
            assert offered.source == Source.EXIF and offered.lat == pytest.approx(samples.PLACE[0], abs=1e-6)
        assert receive(new_id(), lan).claims == Claims()

    @pytest.mark.parametrize(
        "claims",
        [
            Claims(lat=95.0, lng=10.0, source=Source.DEVICE),
            Claims(lat=float("nan"), lng=10.0, source=Source.EXIF),
            Claims(lat=31.0, lng=None, source=Source.EXIF),
            Claims(taken_at=WEDNESDAY.replace(year=2150), source=Source.EXIF),
            Claims(lat=31.0, lng=120.0, source=Source.NONE),
        ],
    )
    def test_an_impossible_claim_is_left_out(self, lan, claims):
        assert receive(new_id(), lan, claims=claims).claims == Claims()

    def test_a_time_stands_without_a_place(self, lan):
        photo = receive(new_id(), lan, samples.jpeg(), claims=Claims(taken_at=MONDAY))
        assert photo.claims.taken_at == MONDAY and photo.claims.source == Source.EXIF
        stripped = receive(new_id(), lan, claims=Claims(taken_at=MONDAY))
        assert stripped.claims == Claims(taken_at=MONDAY) and stripped.claim_source == "none"

    def test_a_person_sends_a_limited_number_a_day(self, lan, he, wei):
        rows = [
            Photo(
                uploader=person, received_at=MONDAY, sha256="0" * 64, kind="jpeg", size=1, width=1, height=1,
                opening_cost=1, original_key="x",
            )
            for person, number in ((lan, PER_DAY), (wei, PER_DAY_STAFF - 1))
            for _ in range(number)
        ]  # fmt: skip
        Photo.objects.bulk_create(rows)
        with pytest.raises(commands.TooManyPhotos):
            receive(new_id(), lan)
        assert receive(new_id(), he) and receive(new_id(), wei)
        assert receive(new_id(), lan, now=MONDAY + timedelta(hours=25))

    def test_takes_a_fixed_number_of_statements(self, lan, django_assert_num_queries):
        content = samples.jpeg()
        # id known? · sent today · savepoint · photo · entry · job · release
        with django_assert_num_queries(7):
            receive(new_id(), lan, content)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("IMG_0042.HEIC", "IMG_0042.HEIC"), (" 东门 2.jpg ", "东门 2.jpg"), ("e\u0301.jpg", "é.jpg"), ("", ""),
        ("长" * 41, ""), ("\u202egpj.exe", ""), ("a\u200bb.jpg", ""), ("a\nb.jpg", ""), ("e\u0301\u0302\u0303.jpg", ""),
    ],
)  # fmt: skip
def test_a_file_is_called_as_its_phone_does_where_that_can_be_read(given: str, said: str) -> None:
    assert naming.called(given) == said


class TestReceiveAll:
    def test_keeps_the_good_ones_and_says_why_not_the_others(self, lan):
        files = [
            sent(JAM, "一.jpg"),
            sent(b"text", "二.jpg"),
            sent(samples.screenshot(), "三.png"),
            sent(JAM, "四.jpg"),
        ]
        batch = commands.receive_all(form_id=new_id(), uploader=lan, files=files, now=MONDAY)
        assert [photo.kind for photo in batch.photos] == ["jpeg", "png"], "the same photo twice is one"
        assert [(one.called, one.refusal.code) for one in batch.refused] == [("二.jpg", "not_a_picture")]

    def test_the_same_form_again_makes_no_second_photo(self, lan):
        form_id = new_id()
        first, again = (
            commands.receive_all(form_id=form_id, uploader=lan, files=[sent(JAM)], now=MONDAY) for _ in range(2)
        )
        assert first.photos == again.photos and first.photos[0].id.version == 7


class TestFullDisk:
    def test_says_so_and_keeps_nothing(self, lan, folder):
        """The kernel refuses to write past the limit, in the middle of the file, as a full disk does."""
        content = samples.jpeg()
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        file = SimpleUploadedFile("photo.jpg", content)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
        try:
            with pytest.raises(commands.NotStored) as refused:
                commands.receive(photo_id=new_id(), uploader=lan, file=file, claims=Claims(), now=MONDAY)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert refused.value.status == 503 and "存不下" in refused.value.reason
        assert not files_in(folder) and not Photo.objects.exists()
        assert receive(new_id(), lan, content)


class TestProcess:
    def test_makes_copies_without_a_word_of_the_original(self, lan, folder):
        photo = ready(lan, samples.jpeg())
        assert facts(photo) == ["photo.received", "photo.ready"]
        assert photo.fingerprint is not None and len(files_in(folder)) == 4
        for key in (photo.public_key, photo.thumb_key, photo.tiny_key):
            copy = (folder / key).read_bytes()
            assert b"Exif" not in copy and b"SECRET" not in copy
        with Image.open(folder / photo.thumb_key) as thumb:
            assert thumb.size == (480, 360)

    def test_twice_is_once(self, lan, folder):
        photo = ready(lan)
        files = files_in(folder)
        assert commands.process(photo_id=photo.id, now=TUESDAY) is None
        assert files_in(folder) == files and facts(photo) == ["photo.received", "photo.ready"]

    def test_what_cannot_be_opened_is_unreadable_and_says_so(self, lan, folder):
        photo = receive(new_id(), lan, samples.png_header(400, 300, body=b"nothing compressed"))
        assert commands.process(photo_id=photo.id, now=MONDAY).is_unreadable
        assert facts(photo) == ["photo.received", "photo.unreadable"]
        assert Photo.objects.get(pk=photo.pk).missing_words == "照片打不开，请另选一张"
        assert len(files_in(folder)) == 1, "the original stays sealed"

    def test_a_changed_original_is_never_developed(self, lan, folder):
        photo = receive(new_id(), lan)
        (original,) = files_in(folder)
        original.chmod(0o600)
        original.write_bytes(samples.screenshot())
        with pytest.raises(Exception, match=str(photo.id)):
            commands.process(photo_id=photo.id, now=MONDAY)
        assert not Photo.objects.get(pk=photo.pk).is_ready

    def test_another_streets_photo_does_not_exist(self, lan, hetang):
        photo = receive(new_id(), lan)
        with in_street(hetang.id):
            assert commands.process(photo_id=photo.id, now=MONDAY) is None

    def test_erased_in_the_meantime_leaves_no_copy(self, lan, folder, monkeypatch, django_capture_on_commit_callbacks):
        photo = receive(new_id(), lan)
        develop = commands.developing.darkroom.develop

        def erased_while_developing(**arguments):
            with django_capture_on_commit_callbacks(execute=True):
                commands.erase(photo=photo, by=lan, reason=ErasingReason.REQUEST, now=MONDAY)
            return develop(**arguments)

        monkeypatch.setattr(commands.developing.darkroom, "develop", erased_while_developing)
        assert commands.process(photo_id=photo.id, now=MONDAY) is None
        assert not files_in(folder)


class TestRelease:
    def test_makes_public_exactly_the_copy_that_was_looked_at(self, lan, wei):
        photo = ready(lan)
        with pytest.raises(Refused) as refused:
            commands.release(photo=photo, by=wei, copy_seen="0" * 64, now=MONDAY)
        assert refused.value.code == "other_copy_seen"
        released = commands.release(photo=photo, by=wei, copy_seen=photo.public_sha256, now=MONDAY)
        assert released.is_public and released.released_by == wei
        again = commands.release(photo=photo, by=lan, copy_seen=photo.public_sha256, now=TUESDAY)
        assert again.released_by == wei and again.released_at == MONDAY
        assert facts(photo)[2:] == ["photo.released"]

    def test_waits_for_the_copy(self, lan, wei):
        photo = receive(new_id(), lan)
        with pytest.raises(Refused) as refused:
            commands.release(photo=photo, by=wei, copy_seen="", now=MONDAY)
        assert refused.value.code == "not_releasable"

    def test_can_be_taken_back_once(self, lan, wei):
        photo = ready(lan)
        commands.release(photo=photo, by=wei, copy_seen=photo.public_sha256, now=MONDAY)
        for _ in range(2):
            assert not commands.withdraw_release(photo=photo, by=wei, now=TUESDAY).is_public
        assert facts(photo)[2:] == ["photo.released", "photo.release_withdrawn"]

    def test_another_streets_photo_does_not_exist(self, lan, qiu, hetang):
        photo = ready(lan)
        with in_street(hetang.id), pytest.raises(NotVisible):
            commands.release(photo=photo, by=qiu, copy_seen=photo.public_sha256, now=MONDAY)
        with in_street(hetang.id), pytest.raises(NotVisible):
            commands.open_original(photo=photo, by=qiu, why=Why(Ground.REVIEW, "看清车牌"), now=MONDAY)


class TestOpenOriginal:
    def test_each_opening_is_in_the_journal_with_its_reason(self, lan, wei):
        photo = receive(new_id(), lan)
        for now in (MONDAY, TUESDAY):
            commands.open_original(photo=photo, by=wei, why=Why(Ground.DISPUTE, "看清车牌"), now=now)
        openings = Entry.objects.filter(subject=photo.subject, what="photo.original_opened")
        assert [(entry.actor_id, entry.facts) for entry in openings] == [(wei.id, {"reason": "dispute"})] * 2


class TestErase:
    def test_leaves_a_tombstone_and_no_file(self, lan, wei, folder, django_capture_on_commit_callbacks):
        photo = ready(lan, samples.jpeg())
        commands.release(photo=photo, by=wei, copy_seen=photo.public_sha256, now=MONDAY)
        with django_capture_on_commit_callbacks(execute=True):
            commands.erase(photo=photo, by=None, reason=ErasingReason.RETENTION, now=TUESDAY)
        stone = Photo.objects.get(pk=photo.pk)
        assert stone.sha256 == photo.sha256 and stone.erased_at == TUESDAY and stone.uploader == lan
        assert stone.claims == Claims() and stone.exif_lat is None and stone.fingerprint is None
        assert not stone.is_public and not stone.is_ready and not files_in(folder)
        assert commands.erase(photo=photo, by=lan, reason=ErasingReason.REQUEST, now=WEDNESDAY).erased_at == TUESDAY
        assert facts(photo)[-1] == "photo.erased" and facts(photo).count("photo.erased") == 1

    def test_its_id_is_spent(self, lan, django_capture_on_commit_callbacks):
        photo = receive(photo_id := new_id(), lan)
        with django_capture_on_commit_callbacks(execute=True):
            commands.erase(photo=photo, by=lan, reason=ErasingReason.REQUEST, now=MONDAY)
        with pytest.raises(commands.NotThisId):
            receive(photo_id, lan)
        assert not queries.own(lan).exists() and queries.attachable(lan, [photo_id]) == []

    def test_rolled_back_the_files_are_still_there(self, lan, folder):
        photo = receive(new_id(), lan)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            commands.erase(photo=photo, by=lan, reason=ErasingReason.REQUEST, now=MONDAY)
            _ = 1 / 0
        assert len(files_in(folder)) == 1 and Photo.objects.get(pk=photo.pk).is_kept


class TestSweep:
    def test_removes_old_files_that_no_photo_names_and_nothing_else(self, lan, qiu, hetang, folder):
        photo = ready(lan)
        with in_street(hetang.id):
            other = receive(new_id(), qiu)
        home = folder / photo.original_key
        orphans = [
            home.parent / f"{new_id()}.ABCDEFGHJK",
            home.parent / f"{photo.id}.OTHERTRY",
            home.parent / ".part-x",
        ]
        young = home.parent / f"{new_id()}.YOUNG"
        for path in (*orphans, young):
            path.write_bytes(b"left behind")
        for path in folder.rglob("*"):
            if path.is_file() and path != young:
                os.utime(path, (MONDAY.timestamp(),) * 2)
        os.utime(young, ((TUESDAY - timedelta(hours=1)).timestamp(),) * 2)
        assert commands.sweep(now=TUESDAY + timedelta(minutes=1)) == 3
        assert {path.name for path in files_in(folder)} == {
            *(key.rsplit("/", 1)[-1] for key in photo.keys),
            other.original_key.rsplit("/", 1)[-1],
            young.name,
        }


class TestDatabase:
    """What the database refuses by itself, whoever asks."""

    @pytest.mark.parametrize(
        "change",
        [
            {"original_key": ""},
            {"sha256": "not a digest"},
            {"state": "ready"},
            {"released_at": MONDAY},
            {"erased_at": MONDAY},
            {"claimed_lat": 91.0, "claimed_lng": 0.0},
            {"claimed_lat": 31.0},
        ],
    )
    def test_refuses(self, lan, change):
        photo = receive(new_id(), lan)
        with pytest.raises(IntegrityError), transaction.atomic():
            Photo.objects.filter(pk=photo.pk).update(**change)

    def test_refuses_an_uploader_of_another_street(self, lan, qiu):
        photo = receive(new_id(), lan)
        photo.pk, photo.uploader_id = new_id(), qiu.pk
        with pytest.raises(IntegrityError), transaction.atomic():
            photo.save(force_insert=True)
            connection.check_constraints()

    @pytest.mark.parametrize("is_developed", [False, True])
    @pytest.mark.parametrize(
        "change",
        [
            {"sha256": "0" * 64},
            {"kind": "png"},
            {"size": 1},
            {"width": 1},
            {"height": 1},
            {"opening_cost": 1},
            {"received_at": TUESDAY},
            {"original_key": "elsewhere"},
            {"claimed_lat": 31.0, "claimed_lng": 121.0},
            {"claimed_taken_at": MONDAY},
            {"claim_source": Source.DEVICE},
            {"exif_lat": 31.0},
            {"exif_taken_at": MONDAY},
            {"public_sha256": "0" * 64},
            {"public_key": "elsewhere"},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_what_a_photo_is_does_not_change(self, lan, change, is_developed):
        photo = ready(lan) if is_developed else receive(new_id(), lan)
        with pytest.raises(IntegrityError, match="stands as it was received"), transaction.atomic():
            Photo.objects.filter(pk=photo.pk).update(**change)

    def test_nor_whose_it_is_and_it_is_never_deleted(self, lan, he):
        photo = receive(new_id(), lan)
        with pytest.raises(IntegrityError, match="stands as it was received"), transaction.atomic():
            Photo.objects.filter(pk=photo.pk).update(uploader=he)
        with pytest.raises(IntegrityError, match="stands as it was received"), transaction.atomic():
            Photo.objects.filter(pk=photo.pk).delete()

    def test_is_developed_once_and_erased_for_good(self, lan):
        photo = ready(lan)
        for change in ({"state": "received"}, {"state": "unreadable"}, {"developed_at": TUESDAY}):
            with pytest.raises(IntegrityError, match="stands as it was received"), transaction.atomic():
                Photo.objects.filter(pk=photo.pk).update(**change)
        commands.erase(photo=photo, by=None, reason=ErasingReason.RETENTION, now=TUESDAY)
        for change in ({"erased_at": WEDNESDAY}, {"erased_at": None, "original_key": photo.original_key}):
            with pytest.raises(IntegrityError, match="stands as it was received"), transaction.atomic():
                Photo.objects.filter(pk=photo.pk).update(**change)


class TestStorage:
    def test_a_name_is_written_once(self, folder):
        place = storage.photos()
        place.save("a/b", sent(b"one"))
        with pytest.raises(FileExistsError):
            place.save("a/b", sent(b"two"))
        assert (folder / "a/b").read_bytes() == b"one" and len(files_in(folder)) == 1


class TestQueries:
    def test_only_ones_own_photos_can_be_attached(self, lan, he):
        mine, other = receive(new_id(), lan), receive(new_id(), he, samples.screenshot())
        assert queries.attachable(lan, [other.id, mine.id, UUID(int=7)]) == [mine]
        assert list(queries.own(he)) == [other]
