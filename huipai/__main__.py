"""`python -m huipai`: the one command line."""

import os
import signal
import sys

from huipai.cli.main import main
from huipai.kit.apart import die_with_parent

if __name__ == "__main__":
    if "MAKELEVEL" in os.environ:  # when make is killed, what it ran ends too
        die_with_parent(signal.SIGTERM, os.getppid())
    sys.exit(main(sys.argv[1:]))
