"""One file on its way to the disk: under a temporary name until it is whole and right."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from xnat_tui.transfers.download.destination import Destination
from xnat_tui.transfers.download.lane import Lane
from xnat_tui.transfers.download.verify import Digest, MismatchError, digest_file, new_digest, prove
from xnat_tui.transfers.items import Item, Outcome

# What is in the way under this one name; everything else is wrong with the whole disk.
_NAME_TROUBLE = frozenset(
    {
        *(errno.EEXIST, errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY, errno.EACCES, errno.EPERM),
        *(errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, errno.EILSEQ),
    }
)


def write_some(file: int, data: memoryview) -> int:
    """Write as much as the disk takes at once; return how much."""
    return os.write(file, data)


class Landing:
    """Takes the bytes of one item; ends with `finish` or `abandon`.

    Attributes:
        size_bytes: how many bytes it has.
    """

    def __init__(
        self,
        item: Item,
        destination: Destination,
        lane: Lane,
        report: Callable[[Outcome], None],
        *,
        verify: bool,
        keep: bool = False,
    ) -> None:
        """Open the temporary file.

        Args:
            item: what comes.
            destination: where it goes.
            lane: hashes, compares and renames, in the order of what came.
            report: told what became of it, maybe in another thread.
            verify: compute the digest if the server lists one to compare with.
            keep: go on with what an earlier try left, and leave what there is to a later one.

        Raises:
            OSError: it cannot be opened.
        """
        self._item = item
        self._destination = destination
        self._lane = lane
        self._report = report
        self._keep = keep
        self._path = destination.part(item, keep=keep)
        self._digest: Digest | None = new_digest() if verify and item.digest else None
        self.size_bytes = 0
        if keep and self._path.exists():
            self._go_on()
        flags = os.O_WRONLY | os.O_CREAT | (0 if self.size_bytes else os.O_TRUNC)
        self._file = os.open(self._path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        os.lseek(self._file, self.size_bytes, os.SEEK_SET)

    def _go_on(self) -> None:
        size_bytes = self._path.stat().st_size
        if self._item.size_bytes is not None and size_bytes < self._item.size_bytes:
            self.size_bytes = size_bytes
            self._digest = digest_file(self._path) if self._digest is not None else None

    def start_over(self) -> None:
        """Forget what came so far: the server sends everything again."""
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        self.size_bytes = 0
        self._digest = new_digest() if self._digest is not None else None

    def write(self, piece: memoryview) -> None:
        """Add bytes.

        Raises:
            OSError: the disk does not take them.
        """
        rest = piece
        while len(rest):
            rest = rest[write_some(self._file, rest) :]
        self.size_bytes += len(piece)
        if self._digest is not None:
            self._lane.submit(self._digest.update, piece)

    def finish(self) -> None:
        """Have the file checked and given its final name, behind everything else in the lane."""
        self._lane.submit(self._settle)

    def abandon(self) -> None:
        """Give up; what came stays only if it is worth going on with."""
        os.close(self._file)
        if not (self._keep and self.size_bytes):
            self._remove()

    def _settle(self) -> None:
        os.close(self._file)
        try:
            proof = prove(self._item, self.size_bytes, self._digest)
            final = self._destination.path(self._item)
            self._destination.make_room_for(final)
            os.replace(self._path, final)
        except MismatchError as error:
            self._fail(error.message)
        except OSError as error:
            if error.errno not in _NAME_TROUBLE:
                raise
            self._fail(f"It cannot be stored as {self._item.target}: {error.strerror}.")
        else:
            self._report(Outcome(self._item, proof))

    def _fail(self, reason: str) -> None:
        self._remove()
        self._report(Outcome(self._item, None, reason))

    def _remove(self) -> None:
        with suppress(OSError):
            Path(self._path).unlink()
