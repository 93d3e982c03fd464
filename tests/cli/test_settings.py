"""Every setting of docs/settings.md with values that cannot be meant: the start is refused, in one sentence."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from huipai.cli import keeping
from huipai.cli.postgres import PROJECT
from huipai.cli.words import Trouble
from scripts import reference

from .processes import huipai

PRODUCTION = {
    "HUIPAI_MODE": "production",
    "HUIPAI_SECRET_KEY": "s" * 50,
    "HUIPAI_HOSTS": "huipai.example",
    "DATABASE_URL": "postgresql://huipai@127.0.0.1/huipai",
}
WRONG: dict[str, list[str]] = {
    "HUIPAI_MODE": ["prod", "Demo", "production ", ""],
    "DATABASE_URL": [
        "foo", "mysql://h/x", "postgresql://h:notaport/x", "postgresql://[::1/x", "postgresql://h", "postgresql://h/",
    ],
    "HUIPAI_SECRET_KEY": ["short", "only-for-demo-and-tests-" + "x" * 40],
    "HUIPAI_HOSTS": ["*", ",", "https://huipai.example", "huipai.example:8000", "huipai.example/x", "a b"],
    "HUIPAI_ORIGINS": ["huipai.example", "http://huipai.example", "https://huipai.example/x", "https://", "*"],
    "HUIPAI_PUBLIC_URL": ["huipai.example", "http://huipai.example", "https://*.huipai.example", "https://a b"],
    "HUIPAI_TRUSTED_PROXIES": ["-1", "one", "1.5", "10", "²"],
    "HUIPAI_REPORTS_AN_HOUR": ["-1", "many"],
    "HUIPAI_REPORTS_A_DAY": ["1.5"],
    "HUIPAI_REPORTS_AT_A_PLACE": ["-1"],
    "HUIPAI_COUNTER_REPORTS_A_DAY": ["3 a day"],
    "HUIPAI_STATEMENT_TIMEOUT_MS": ["-5", "0", "99", "15s", str(2**31)],
    "HUIPAI_LOG_LEVEL": ["loud", "warning"],
    "HUIPAI_MEDIA_ROOT": ["/dev/null/x", "/etc/hostname", "x" * 300],
    "HUIPAI_STATIC_ROOT": ["/dev/null/x", "/etc/hostname"],
    "HUIPAI_PHOTO_STORAGE_OPTIONS": ["{bad", "[1]", "7"],
    "HUIPAI_ATTACHMENT_STORAGE_OPTIONS": ["{bad", "[1]", "7"],
    "HUIPAI_SMS_GATEWAY_URL": [
        "ftp://x", "sms.example", "https://", "http://sms.example", "http://localhost.sms.example", "http://127.0.0.1.x/",
    ],
    "HUIPAI_TLS_AUTHORITY": ["/nowhere/ca.crt", "/", __file__],
    "HUIPAI_SMS_GATEWAY_TOKEN": ["two\nlines", "秘密"],
    "HUIPAI_MAIL_HOST": ["smtp://mail.example", "mail.example:25", "two words", "-"],
    "HUIPAI_MAIL_PORT": ["0", "65536", "-25", "smtp"],
    "HUIPAI_MAIL_FROM": ["huipai", "huipai@", "@mail.example", "a@b\nBcc: c@d"],
    "HUIPAI_MAP_TILES_URL": [
        "ftp://x", "ftp://x/{z}/{x}/{y}", "https://t0.example/", "https:///{z}/{x}/{y}", "tiles/{z}/{x}/{y}",
        "//t0.example/{z}/{x}/{y}", "https://t0.example; script-src *;/{z}/{x}/{y}", "https://t0.example,b/{z}/{x}/{y}",
        "https://t{s}.example/{z}/{x}/{y}", "http://t0.example/{z}/{x}/{y}", "https://t0.example/{z}/{x}/{y}{r}.png",
        "https://t0.example/{z}/{x}/{y}?a={", "https://{z}.example/{x}/{y}",
    ],
}  # fmt: skip
# These name a class, which is looked for when the settings have been read.
CLASSES = {"HUIPAI_PHOTO_STORAGE": "photos", "HUIPAI_ATTACHMENT_STORAGE": "attachments"}
MEANT: dict[str, list[str]] = {
    "DATABASE_URL": ["postgresql:///huipai?host=/run/postgresql", "postgres://u:p%40@[::1]:5432/x?sslmode=require"],
    "HUIPAI_HOSTS": ["huipai.example, www.huipai.example", ".huipai.example", "10.0.0.7,[::1]"],
    "HUIPAI_ORIGINS": ["https://huipai.example:8443", "https://*.huipai.example", "http://127.0.0.1:8000"],
    "HUIPAI_PUBLIC_URL": ["https://huipai.example/", "http://127.0.0.1:8000/"],
    "HUIPAI_MEDIA_ROOT": ["/srv/not/there/yet", "media"],
    "HUIPAI_SMS_GATEWAY_URL": ["https://sms.example/send?to=", "http://127.0.0.1:9000/", "http://[::1]:9000/"],
    "HUIPAI_MAIL_HOST": ["mail.example", "10.0.0.25", "localhost"],
    "HUIPAI_MAIL_FROM": ["慧拍 <huipai@huipai.example>", "huipai@localhost"],
    "HUIPAI_MAP_TILES_URL": ["https://t0.example/w?R={y}&C={x}&Z={z}&tk=k", "/tiles/{z}/{x}/{y}.png"],
}


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in (*WRONG, *CLASSES):
        monkeypatch.delenv(name, raising=False)
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def read() -> dict[str, Any]:
    return runpy.run_path(str(PROJECT / "huipai" / "config" / "settings.py"))


def test_no_setting_is_left_out() -> None:
    assert {*WRONG, *CLASSES} == reference.documented("settings.md")


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_value_that_cannot_be_meant_is_refused_by_its_name(
    production: pytest.MonkeyPatch, name: str, value: str
) -> None:
    production.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=rf"^{re.escape(name)}\b") as refused:
        read()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in MEANT.items() for value in values])
def test_a_value_that_is_meant_is_taken(production: pytest.MonkeyPatch, name: str, value: str) -> None:
    production.setenv(name, value)
    read()


def test_what_follows_from_several_settings(production: pytest.MonkeyPatch) -> None:
    production.setenv("HUIPAI_ORIGINS", "https://*.huipai.example,https://huipai.example")
    production.setenv("HUIPAI_MAP_TILES_URL", "/tiles/{z}/{x}/{y}")
    production.setenv("DATABASE_URL", "postgresql://h/x?sslmode=require&options=-c%20work_mem%3D8MB")
    found = read()
    assert (found["PUBLIC_URL"], found["MAP_TILES_ORIGIN"]) == ("https://huipai.example", "")
    options = found["DATABASES"]["default"]["OPTIONS"]
    assert options["sslmode"] == "require" and options["options"].startswith("-c work_mem=8MB -c statement_timeout=")


@pytest.mark.parametrize(
    ("backend", "options"),
    [
        ("a.b.C", {}),
        ("huipai.photos.storage.NoSuchClass", {}),
        ("notdotted", {}),
        ("huipai.kit.verdict.Refused", {}),
        ("huipai.photos.storage.SealedFolder", {"bucket": "x"}),
        ("huipai.photos.storage.SealedFolder", {"location": 7}),
    ],
)
def test_a_storage_that_cannot_be_made_is_refused(backend: str, options: dict[str, object]) -> None:
    whole = {"BACKEND": "huipai.photos.storage.SealedFolder", "OPTIONS": {"location": "/tmp/x"}}
    for name, alias in CLASSES.items():
        other = next(one for one in CLASSES.values() if one != alias)
        with (
            override_settings(STORAGES={alias: {"BACKEND": backend, "OPTIONS": options}, other: whole}),
            pytest.raises(Trouble, match=name),
        ):
            keeping.require_storages()


def test_the_start_says_it_in_one_sentence() -> None:
    """Through the command line, as an operator meets it."""
    for command, name, value in (
        ("serve", "HUIPAI_PHOTO_STORAGE", "a.b.C"),
        ("work", "HUIPAI_ATTACHMENT_STORAGE", "a.b.C"),
        ("serve", "HUIPAI_MAP_TILES_URL", "ftp://x"),
        ("doctor", "HUIPAI_MAP_TILES_URL", "ftp://x"),
    ):
        done = huipai(command, **{name: value})
        said = [line for line in (done.stdout + done.stderr).splitlines() if name in line]
        assert done.returncode == 1 and len(said) == 1, done.stdout + done.stderr


class TestFolders:
    def test_one_that_can_be_made_is_tried_and_left_as_it_was(self, tmp_path: Path) -> None:
        keeping.try_folder(tmp_path / "a" / "b")
        assert not list(tmp_path.iterdir())
        (tmp_path / "a").mkdir()
        keeping.try_folder(tmp_path / "a")
        assert [one.name for one in tmp_path.rglob("*")] == ["a"]

    @pytest.mark.parametrize("place", ["/dev/null/x", "/proc/x", "/sys/x/y"])
    def test_one_in_which_nothing_can_be_written_is_said(self, place: str) -> None:
        with pytest.raises(Trouble, match=f"Nothing can be kept in {place}"):
            keeping.try_folder(Path(place))

    def test_a_storage_elsewhere_is_tried_through_its_interface(self) -> None:
        memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
        with override_settings(STORAGES={"photos": memory, "attachments": memory}):
            assert keeping.try_storage("photos") == "the storage of HUIPAI_PHOTO_STORAGE"
            assert keeping.storage_of("photos").listdir("doctor") == ([], [])
