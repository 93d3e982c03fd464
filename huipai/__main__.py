"""`python -m huipai`: the one command line."""

import os
import signal
import sys

from huipai.cli.main import main
from huipai.kit.apart import die_with_parent

if __name__ == "__main__":
    # When make is killed, what it ran ends too; what that runs has been told by its own parent how to end.
    if os.environ.pop("MAKELEVEL", None):
        die_with_parent(signal.SIGTERM, os.getppid())
    sys.exit(main(sys.argv[1:]))
