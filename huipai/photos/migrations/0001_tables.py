import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import huipai.kit.ids
import huipai.streets.keys
from huipai.photos.migrations._before import BEFORE
from huipai.streets.operations import AddConstraint, AddIndex, CreateModel


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [("people", "0001_tables"), ("streets", "0001_tables")]

    operations = [
        CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("length", models.PositiveIntegerField()),
                ("received", models.PositiveIntegerField(default=0)),
                ("expires_at", models.DateTimeField()),
                (
                    "street",
                    huipai.streets.keys.StreetKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="streets.street",
                    ),
                ),
                (
                    "uploader",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        CreateModel(
            name="Piece",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("start", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "street",
                    huipai.streets.keys.StreetKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="streets.street",
                    ),
                ),
                (
                    "upload",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pieces",
                        to="photos.upload",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        ),
        CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("received_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "照片已收到，正在整理"),
                            ("ready", "照片已就绪"),
                            ("unreadable", "照片打不开，请另选一张"),
                        ],
                        default="received",
                        max_length=12,
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("jpeg", "JPEG"), ("png", "PNG"), ("webp", "WebP"), ("heic", "HEIC")], max_length=8
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("opening_cost", models.BigIntegerField()),
                ("claimed_lat", models.FloatField(null=True)),
                ("claimed_lng", models.FloatField(null=True)),
                ("claimed_taken_at", models.DateTimeField(null=True)),
                (
                    "claim_source",
                    models.CharField(
                        choices=[("exif", "照片里记的"), ("device", "手机定位"), ("none", "没有")],
                        default="none",
                        max_length=8,
                    ),
                ),
                ("exif_lat", models.FloatField(null=True)),
                ("exif_lng", models.FloatField(null=True)),
                ("exif_taken_at", models.DateTimeField(null=True)),
                ("original_key", models.CharField(blank=True, max_length=160)),
                ("public_key", models.CharField(blank=True, max_length=160)),
                ("thumb_key", models.CharField(blank=True, max_length=160)),
                ("tiny_key", models.CharField(blank=True, max_length=160)),
                ("public_sha256", models.CharField(blank=True, max_length=64)),
                ("fingerprint", models.BigIntegerField(null=True)),
                ("marks", models.BinaryField(null=True)),
                ("developed_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "released_by",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "street",
                    huipai.streets.keys.StreetKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="streets.street",
                    ),
                ),
                (
                    "uploader",
                    huipai.streets.keys.TenantKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["street", "uploader", "-received_at"], name="photos_of_an_uploader"),
                    models.Index(fields=["street", "fingerprint"], name="photos_by_fingerprint"),
                    models.Index(
                        condition=models.Q(("erased_at__isnull", True), ("state", "received")),
                        fields=["street", "received_at"],
                        name="photos_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("street", "id"), name="photos_photo_in_street"),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="photos_a_digest_is_hex"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", False), models.Q(("original_key", ""), _negated=True), _connector="OR"
                        ),
                        name="photos_a_kept_photo_has_its_original",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            ("erased_at__isnull", False),
                            models.Q(
                                models.Q(("public_key", ""), _negated=True),
                                models.Q(("thumb_key", ""), _negated=True),
                                models.Q(("tiny_key", ""), _negated=True),
                                models.Q(("public_sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="photos_ready_means_every_copy",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at__isnull", True), ("released_by__isnull", True)),
                            models.Q(
                                ("erased_at__isnull", True),
                                ("released_at__isnull", False),
                                ("released_by__isnull", False),
                                ("state", "ready"),
                            ),
                            _connector="OR",
                        ),
                        name="photos_only_a_ready_copy_is_released_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", True),
                            models.Q(
                                ("claimed_lat__isnull", True),
                                ("claimed_lng__isnull", True),
                                ("claimed_taken_at__isnull", True),
                                ("exif_lat__isnull", True),
                                ("exif_lng__isnull", True),
                                ("exif_taken_at__isnull", True),
                                ("original_key", ""),
                                ("public_key", ""),
                                ("public_sha256", ""),
                                ("thumb_key", ""),
                                ("tiny_key", ""),
                            ),
                            _connector="OR",
                        ),
                        name="photos_a_tombstone_keeps_no_claim",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", True),
                            models.Q(("fingerprint__isnull", True), ("marks__isnull", True)),
                            (
                                "erased_at__lt",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("received_at"), "+", models.Value(datetime.timedelta(days=400))
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="photos_a_likeness_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_lat__isnull", True), ("claimed_lng__isnull", True)),
                            models.Q(
                                ("claimed_lat__isnull", False),
                                ("claimed_lat__range", (-90, 90)),
                                ("claimed_lng__isnull", False),
                                ("claimed_lng__range", (-180, 180)),
                            ),
                            _connector="OR",
                        ),
                        name="photos_a_claimed_place_is_on_earth",
                    ),
                ],
            },
        ),
        AddIndex(
            model_name="upload",
            index=models.Index(fields=["street", "uploader"], name="photos_uploads_of_a_person"),
        ),
        AddIndex(
            model_name="upload",
            index=models.Index(fields=["street", "expires_at"], name="photos_uploads_to_expire"),
        ),
        AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="photos_upload_in_street"),
        ),
        AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("length__gt", 0), ("received__lte", models.F("length"))),
                name="photos_an_upload_never_overflows",
            ),
        ),
        AddConstraint(
            model_name="piece",
            constraint=models.UniqueConstraint(fields=("street", "id"), name="photos_piece_in_street"),
        ),
        AddConstraint(
            model_name="piece",
            constraint=models.UniqueConstraint(fields=("street", "upload", "start"), name="photos_one_piece_a_start"),
        ),
    ]
