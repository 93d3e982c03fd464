"""Getting a clone ready: what is missing on the machine is said in one sentence."""

import fcntl
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from huipai.cli.postgres import PROJECT

from .processes import eventually, is_alive, kill


@pytest.fixture
def prepare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, working in a folder that holds nothing yet."""
    spec = importlib.util.spec_from_file_location("prepare", PROJECT / "scripts" / "prepare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "SITE", tmp_path / ".venv" / "lib" / "python3.11" / "site-packages")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    for name, place in (("VAR", "var"), ("STAMPS", "var/stamps"), ("LOG", "var/log/prepare.log")):
        monkeypatch.setattr(module, name, tmp_path / place)
    shutil.copytree(PROJECT / "requirements", tmp_path / "requirements")
    return module


def sentence(prepare: ModuleType, capsys: pytest.CaptureFixture[str]) -> str:
    assert prepare.main(["run"]) == 1
    return capsys.readouterr().err.strip()


def test_another_python(
    prepare: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prepare, "sys", SimpleNamespace(version_info=(3, 9, 2), stderr=sys.stderr))
    assert sentence(prepare, capsys).startswith("Python 3.11 is needed and this is 3.9.2")


def test_no_venv_module(
    prepare: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prepare.importlib.util, "find_spec", lambda name: None)
    assert sentence(prepare, capsys) == (
        "This Python has no venv module: install it (Debian: apt install python3.11-venv)."
    )


def test_a_full_disk(prepare: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1 << 20))
    assert sentence(prepare, capsys).startswith("The disk is full: 0.0 GB are free and 1.5 GB are needed")


def test_a_folder_of_another_user(
    prepare: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path / "var"))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert "belongs to another user" in sentence(prepare, capsys)


def test_a_failing_program_is_told_with_its_reason(prepare: ModuleType, tmp_path: Path) -> None:
    prepare.LOG.parent.mkdir(parents=True)
    command = [sys.executable, "-c", "print('ERROR: no such package'); raise SystemExit(1)"]
    with pytest.raises(prepare.Trouble, match=r"^It failed: ERROR: no such package \(more in var/log/prepare.log\)$"):
        prepare.run(command, "It failed", tmp_path)


def test_whoever_stops_it_stops_what_it_started(prepare: ModuleType, tmp_path: Path) -> None:
    prepare.LOG.parent.mkdir(parents=True)
    started: list[int] = []

    def stop(line: str) -> None:
        started.extend(map(int, line.split()))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare.run(["sh", "-c", "sleep 100 & echo $$ $!; wait"], "It failed", tmp_path, on_line=stop)
    assert len(started) == 2 and eventually(lambda: not any(map(is_alive, started)))


def test_what_a_killed_one_has_left_running_is_waited_for(prepare: ModuleType, tmp_path: Path) -> None:
    prepare.LOG.parent.mkdir(parents=True)
    left: list[int] = []
    with (tmp_path / "lock").open("w") as lock:
        prepare.wait_for(lock.fileno())
        command = ["sh", "-c", "sleep 100 >/dev/null 2>&1 & echo $!"]
        prepare.run(command, "It failed", tmp_path, on_line=lambda line: left.append(int(line)))
    with (tmp_path / "lock").open("w") as lock:
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        kill(left[0])
        assert eventually(lambda: not is_alive(left[0]))
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_package_that_somebody_removed_is_noticed(prepare: ModuleType, tmp_path: Path) -> None:
    site = prepare.SITE
    site.mkdir(parents=True)
    lock = tmp_path / "lock.txt"
    lock.write_text("one==1.0 \\\ntwo-parts==2.0 \\\n")
    (site / "one-1.0.dist-info").mkdir()
    assert not prepare.all_present(lock)
    mark = site / "two_parts-2.0.dist-info"
    mark.mkdir()
    assert prepare.all_present(lock)
    (mark / "RECORD").write_text("../../bin/two,,\ntwo_parts-2.0.dist-info/METADATA,,\ntwo_parts/__init__.py,,\n")
    assert not prepare.all_present(lock)
    assert prepare.marks_without_files() == [mark]  # pip would believe it
    (site / "two_parts").mkdir()
    (site / "two_parts" / "__init__.py").touch()
    assert prepare.all_present(lock)


@pytest.fixture
def front_end(prepare: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A front end whose one package lies beside it and writes the manifest; npm and Node are the real ones."""
    folder = tmp_path / "frontend"
    tool = folder / "tool"
    tool.mkdir(parents=True)
    wanted = {"name": "front", "devDependencies": {"tool": "file:tool"}}
    made = {"name": "tool", "version": "1.0.0", "bin": {"tool": "tool.js"}}
    packages = {"": wanted, "node_modules/tool": {"resolved": "tool", "link": True}, "tool": {**made, "dev": True}}
    (folder / "package.json").write_text(json.dumps({**wanted, "scripts": {"build": "tool"}}))
    (folder / "package-lock.json").write_text(json.dumps({"name": "front", "lockfileVersion": 3, "packages": packages}))
    (tool / "package.json").write_text(json.dumps(made))
    (tool / "tool.js").write_text("#!/usr/bin/env node\nrequire('fs').writeFileSync('../manifest.json', '{}')\n")
    (tool / "tool.js").chmod(0o755)
    monkeypatch.setattr(prepare, "FRONTEND", folder)
    monkeypatch.setattr(prepare, "BUILT", tmp_path / "manifest.json")
    monkeypatch.setattr(prepare, "SITE", Path(sysconfig.get_path("purelib")))
    prepare.LOG.parent.mkdir(parents=True)
    prepare.STAMPS.mkdir()
    return folder


@pytest.mark.parametrize("left_out", [("NODE_ENV", "production"), ("npm_config_omit", "dev")])
def test_what_npm_is_told_to_leave_out_is_installed_all_the_same(
    prepare: ModuleType, front_end: Path, monkeypatch: pytest.MonkeyPatch, left_out: tuple[str, str]
) -> None:
    monkeypatch.setenv(*left_out)
    prepare.front_end()
    assert prepare.BUILT.exists()


def test_a_front_end_package_that_somebody_removed_is_noticed(prepare: ModuleType, front_end: Path) -> None:
    prepare.front_end()
    (front_end / "node_modules" / "tool").unlink()
    prepare.BUILT.unlink()
    prepare.front_end()
    assert prepare.BUILT.exists()


def test_the_locks_name_no_host() -> None:
    for lock in [*PROJECT.glob("requirements/*.txt"), *PROJECT.glob("**/package-lock.json")]:
        if "node_modules" not in lock.parts and ".venv" not in lock.parts:
            words = lock.read_text()
            assert "--index-url" not in words
            assert '"resolved"' not in words


def test_make_knows_its_targets() -> None:
    for target in ("demo", "test", "test-long", "check", "bench", "fmt", "install", "lock"):
        done = subprocess.run(["make", "-n", target], cwd=PROJECT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_what_servers_and_open_pages_still_name_outlives_the_next_builds_for_a_month(
    prepare: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    monkeypatch.setattr(prepare, "BUILT", web / "manifest.json")

    def build(number: int) -> set[str]:
        prepare.touch_up(prepare.built_files())
        for name in (f"main-{number}.js", f"theme-{number}.css", "font-same.woff2"):
            (web / "assets" / name).write_text(name)
            (web / "assets" / f"{name}.gz").write_text(name)
        chunk = {"file": f"assets/main-{number}.js", "css": [f"assets/theme-{number}.css"]}
        prepare.BUILT.write_text(json.dumps({"main.ts": {**chunk, "assets": ["assets/font-same.woff2"]}}))
        prepare.clear_up(prepare.built_files())
        return {path.name for path in (web / "assets").glob("*") if path.suffix != ".gz"}

    def ages(days: int) -> None:
        for path in (web / "assets").glob("*"):
            then = path.stat().st_mtime - days * 86_400
            os.utime(path, (then, then))

    first, second = {"main-1.js", "theme-1.css"}, {"main-2.js", "theme-2.css"}
    same, third = {"font-same.woff2"}, {"main-3.js", "theme-3.css"}
    assert build(1) == first | same
    ages(400)  # it is shown for a year, and what comes next does not take it away from who shows it still
    assert build(2) == first | second | same
    assert build(3) == first | second | third | same
    ages(31)
    assert build(4) == {"main-4.js", "theme-4.css"} | third | same


def test_a_user_without_a_home_has_caches_of_their_own(prepare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(prepare.ROOT))
    assert prepare.caches() == {}
    monkeypatch.setenv("HOME", "/nonexistent")
    assert prepare.environment()["npm_config_cache"] == str(prepare.VAR / "npm")
