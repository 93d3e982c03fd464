"""What granian serves. Its workers end with their master, even when that one is killed."""

import os
import signal

from huipai.cli.children import die_with_parent
from huipai.config.wsgi import application

__all__ = ["application"]

die_with_parent(signal.SIGTERM, os.getppid())
