"""`python -m huipai`: the one command line."""

import sys

from huipai.cli.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
