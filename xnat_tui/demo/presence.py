"""Who uses a demo server's data folder: advisory file locks, which the kernel lets go when a process dies.

`server.lock` is held by the one server of the folder. `users.lock` is shared by everybody who uses that
server, and a server that can take it for itself alone is used by nobody.
"""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO


class FolderLock:
    """One advisory lock in a folder, held until `release` or the end of the process."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / name
        self._file: IO[bytes] | None = None

    def acquire(self, *, shared: bool = False) -> bool:
        """Take the lock without waiting; False when somebody else's stands in the way."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("ab")
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Let go; harmless when nothing is held."""
        if self._file is not None:
            self._file.close()
            self._file = None


def server_lock(folder: Path) -> FolderLock:
    """The lock of the one server that runs on a data folder."""
    return FolderLock(folder, "server.lock")


def users_lock(folder: Path) -> FolderLock:
    """The lock that users share, and that the server takes alone before it ends."""
    return FolderLock(folder, "users.lock")


def use(folder: Path, timeout_s: float = 10.0) -> FolderLock:
    """Say that this process uses the folder's server, which stays while anybody does.

    Waits while a server is ending.

    Returns:
        The held lock; releasing it, or the end of the process, ends the use.

    Raises:
        TimeoutError: an ending server did not end in time.
    """
    lock = users_lock(folder)
    deadline = time.monotonic() + timeout_s
    while not lock.acquire(shared=True):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the demo server of {folder} does not end")
        time.sleep(0.05)
    return lock
