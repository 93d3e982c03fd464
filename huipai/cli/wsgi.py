"""What granian serves. Its workers end with their master, even when that one is killed."""

import multiprocessing
import os
import signal

from huipai.config.wsgi import application
from huipai.kit.apart import die_with_parent
from huipai.web import assets

__all__ = ["application"]

# Asked for by the master's own number: one that was killed while this was read is nobody's parent any more.
# At once: a worker has its master's handlers until it sets its own, and a request to stop would be lost between.
_master = multiprocessing.parent_process()
die_with_parent(signal.SIGKILL, os.getppid() if _master is None or _master.pid is None else _master.pid)

# Of this build are the files that this process serves: a newer one is shown by the next process.
assets.manifest()
