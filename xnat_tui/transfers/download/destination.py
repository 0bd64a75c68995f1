"""The folder that a job fills: final names, temporary ones, what is there already, how much room is left."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from xnat_tui.core.exceptions import OperationError
from xnat_tui.transfers.items import Item

_PARTS = ".xnat-tui-parts"


class Destination:
    """A folder on the disk, used by one job at a time for one purpose.

    Unfinished files have names of their own in a hidden folder beside the final ones, so that nothing
    unfinished is ever found under a final name, and what is left of a big file can be gone on with.
    """

    def __init__(self, root: Path, scope: str) -> None:
        """Make the folder where needed, and claim it for a purpose.

        Args:
            root: the folder.
            scope: what is put into it, such as "experiments/XNAT_E1"; others may fill it with other things.

        Raises:
            OperationError: another process is doing the same at the moment, or the folder cannot be written.
        """
        self.root = root
        name = hashlib.sha256(scope.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self._parts = root / _PARTS / name
        self._folders: set[Path] = set()
        self._lock = threading.Lock()
        try:
            self._parts.mkdir(parents=True, exist_ok=True)
            self._claim = os.open(self._parts / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise OperationError(f"The folder {root} cannot be written: {error.strerror}.") from error
        self._claim_it()

    def _claim_it(self) -> None:
        try:
            fcntl.flock(self._claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._claim)
            raise OperationError(
                f"The same is being downloaded into {self.root} at the moment.",
                advice="Wait until that is done, or choose another folder.",
            ) from None
        except OSError:
            return  # a file system without locks

    def close(self) -> None:
        """Give the folder free, and remove temporary files that nobody can go on with."""
        with suppress(OSError):
            for part in self._parts.iterdir():
                if part.suffix != ".kept":
                    part.unlink()
            self._parts.rmdir()
            self._parts.parent.rmdir()
        os.close(self._claim)

    def __enter__(self) -> Destination:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def path(self, item: Item) -> Path:
        """Return the final place of an item."""
        return self.root / item.target

    def part(self, item: Item, *, keep: bool) -> Path:
        """Return the temporary place of an item; of this very version of it.

        Args:
            item: which.
            keep: it is worth going on with after an interruption.
        """
        version = f"{item.resource_id}/{item.path}\n{item.size_bytes}\n{item.digest}"
        name = hashlib.sha256(version.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        return self._parts / f"{name}.{'kept' if keep else 'part'}"

    def size_of(self, target: str) -> int | None:
        """Return the size of a file, None when there is none; a link is none."""
        try:
            facts = os.lstat(self.root / target)
        except (OSError, ValueError):
            return None
        return facts.st_size if stat.S_ISREG(facts.st_mode) else None

    def make_room_for(self, path: Path) -> None:
        """Make the folders that a final name needs."""
        folder = path.parent
        with self._lock:
            if folder in self._folders:
                return
            folder.mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)

    def check_free_space(self, needed_bytes: int) -> None:
        """Return if there is room for so many more bytes.

        Raises:
            OperationError: there is not.
        """
        free_bytes = shutil.disk_usage(self.root).free
        if needed_bytes > free_bytes:
            raise OperationError(
                f"{needed_bytes:,} bytes are to be downloaded, and the disk of {self.root} has room for"
                f" {free_bytes:,} only.",
                advice="Free some space or choose another folder.",
            )
