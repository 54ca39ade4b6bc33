"""What keeps a process that works on foreign input within bounds: kernel limits and a network of its own.

Both kinds of workers call this on themselves: the readers of files (``reading/worker.py``) and the processes that
answer queries (``storage/query_worker.py``). Everything here is inherited by the programs that a process starts, so
this module is also a command that bounds itself and turns into another program: ``MEMORY CPU WALL FILE PROGRAM …``.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import shutil
import signal
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType


def limit(*, memory: int, cpu: float, wall: float, file: int, files: int = 64) -> None:
    """Bound this process for good. Does nothing where the system has no such limit.

    memory: bytes of address space. cpu, wall: seconds. file: bytes of a file that it writes. files: open at a time.
    A process that works too long dies by SIGXCPU or SIGALRM, which nothing in it can catch unless it asks to; too
    large a file ends it by SIGXFSZ. It leaves no core.
    """
    seconds = max(1, round(cpu))
    bounds = (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, seconds, seconds + 1),  # the second is for whoever does catch SIGXCPU
        (resource.RLIMIT_FSIZE, file, file),
        (resource.RLIMIT_NOFILE, files, files),
        (resource.RLIMIT_CORE, 0, 0),
    )
    for kind, soft, hard in bounds:
        with contextlib.suppress(OSError, ValueError):  # a stricter limit is there already, or the kind is unknown
            resource.setrlimit(kind, (soft, hard))
    for number in (signal.SIGXCPU, signal.SIGXFSZ, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)  # Python ignores SIGXFSZ by itself
    signal.setitimer(signal.ITIMER_REAL, wall)


class Scratch:
    """A temporary folder that is gone when its owner is, however that ended.

    The owner holds a lock on it, which the system takes away with the process: a folder of ours without one was left
    behind by a process that was killed, and the next that makes one removes it.
    """

    PREFIX = "nianbao-scratch-"  # nobody would name a folder of value so
    YOUNG = 60  # seconds in which a folder may not have its lock yet

    def __init__(self) -> None:
        for left in Path(tempfile.gettempdir()).glob(f"{self.PREFIX}????????"):
            with contextlib.suppress(OSError):
                found = left.lstat()
                if (
                    stat.S_ISDIR(found.st_mode)
                    and found.st_uid == os.geteuid()
                    and found.st_mtime < time.time() - self.YOUNG
                ):
                    self._locked(left)
                    shutil.rmtree(left, ignore_errors=True)
                    os.close(self.lock)
        self.path = Path(tempfile.mkdtemp(prefix=self.PREFIX))
        self._locked(self.path)

    def _locked(self, folder: Path) -> None:
        """Hold the lock of a folder. Raises OSError where another process has it."""
        self.lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self.lock)
            raise

    def remove(self) -> None:
        """Remove the folder, once or again."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self.lock >= 0:
            os.close(self.lock)
        self.lock = -1

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.remove()


@contextlib.contextmanager
def cpu_time(seconds: float, error: Exception) -> Iterator[None]:
    """Raise `error` in the work within, when it has taken this much CPU time of this process. Main thread only:
    elsewhere there is no such bound, because signals are for the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_: int, __: FrameType | None) -> None:
        raise error

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def leave_network() -> bool:
    """Give this process an empty network of its own, if the system lets it (Linux); whether it did."""
    new_user, new_network = 0x10000000, 0x40000000
    try:
        # As root a new user namespace would take away the right to read files of others: only the network then.
        flags = new_network if os.geteuid() == 0 else new_user | new_network
        return bool(ctypes.CDLL(None).unshare(flags) == 0)
    except (OSError, AttributeError):
        return False


if __name__ == "__main__":
    memory, cpu, wall, file = map(int, sys.argv[1:5])
    leave_network()
    limit(memory=memory, cpu=cpu, wall=wall, file=file, files=1024)
    os.execvp(sys.argv[5], sys.argv[5:])
