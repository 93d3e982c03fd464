"""What granian serves. Its workers end with their master, even when that one is killed."""

import os
import signal

from huipai.config.wsgi import application
from huipai.kit.apart import die_with_parent

__all__ = ["application"]

die_with_parent(signal.SIGTERM, os.getppid())
