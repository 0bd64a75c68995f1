"""One worker of a download: takes work from the board and brings it to the disk over one connection."""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from xnat_tui.core.access import Access
from xnat_tui.core.exceptions import (
    AuthenticationError,
    ConnectionLostError,
    ServerBusyError,
    ServerError,
    XnatTuiError,
)
from xnat_tui.transfers.download.board import Board, Work
from xnat_tui.transfers.download.destination import Destination
from xnat_tui.transfers.download.landing import Landing
from xnat_tui.transfers.download.lane import Lane
from xnat_tui.transfers.download.matching import EntryNames, is_hostile
from xnat_tui.transfers.download.tally import Tally
from xnat_tui.transfers.download.zip_stream import BUFFER_BYTES, BrokenZipError, Entry, Source, ZipStream
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.items import Batch, Item, Outcome
from xnat_tui.transfers.limits import ServerLimit
from xnat_tui.transfers.line import Answer, Line

_KEPT_BYTES = 8 * 1024 * 1024
_MOST_TRIES = 6
_MOST_MISMATCHES = 2
_MOST_ZIP_TRIES = 3
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.25, 30.0
_RANGE = re.compile(r"bytes (\d+)-")


@dataclass(slots=True)
class Shop:
    """What the workers of one job share.

    Attributes:
        verify: compare digests.
        settle: takes what became of an item for good.
        tries: how often each item, and the ZIP of each resource, failed.
    """

    access: Access
    flow: Flow
    limit: ServerLimit
    destination: Destination
    board: Board
    tally: Tally
    settle: Callable[[Outcome], None]
    verify: bool
    tries: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count_try(self, key: str) -> int:
        """Return how often this one failed, this time included."""
        with self.lock:
            self.tries[key] += 1
            return self.tries[key]

    def report(self, outcome: Outcome) -> None:
        """Take what became of an item; one with wrong bytes gets another chance, alone."""
        item = outcome.item
        if outcome.proof is None and self.count_try(f"{item.target}?") < _MOST_MISMATCHES:
            self.board.put_back([item])
            return
        self.end(outcome)

    def end(self, outcome: Outcome) -> None:
        """Take what became of an item for good."""
        self.tally.count(outcome)
        self.settle(outcome)


class Fetcher:
    """A worker; `run` is the body of its thread."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._line = Line(shop.access, shop.flow)
        self._lane = Lane(threaded=shop.verify)
        self._buffer = bytearray(BUFFER_BYTES)

    def run(self) -> None:
        """Work until there is nothing left.

        Raises:
            CancelledByUser: the job was stopped.
            AuthenticationError: the log-in is over.
            OSError: the disk takes no more.
        """
        try:
            while (work := self._shop.board.take()) is not None:
                self._do(work)
        finally:
            self._lane.close()
            self._line.close()

    def _do(self, work: Work) -> None:
        may_zip_again = True
        try:
            if work.batch is not None:
                may_zip_again = self._fetch_zip(work, work.batch)
            else:
                while (item := self._shop.board.claim_next(work)) is not None:
                    self._fetch_file(item)
            self._lane.settle()
        finally:
            self._shop.board.finish(work, zips=may_zip_again)

    def _fetch_zip(self, work: Work, batch: Batch) -> bool:
        """Bring what a ZIP holds; return whether another ZIP is worth trying for what it did not bring."""
        shop = self._shop
        try:
            with (
                shop.limit.slot(shop.flow.cancel),
                self._line.get(batch.request_path, media_types=("application/zip",)) as answer,
            ):
                self._unpack(answer, work, EntryNames.of_batch(batch))
        except AuthenticationError:
            raise
        except (BrokenZipError, ConnectionLostError, ServerError) as error:
            tries = shop.count_try(",".join(batch.resource_ids))
            self._calm_down(error, tries)
            is_passing = isinstance(error, ConnectionLostError | ServerBusyError)
            return is_passing and tries < _MOST_ZIP_TRIES
        return False

    def unpack_file(self, file: Path, work: Work, names: EntryNames) -> None:
        """Bring what a ZIP on the disk holds; the caller's work keeps the rest.

        Raises:
            BrokenZipError: it is damaged.
            OSError: the disk takes no more.
        """
        try:
            with file.open("rb", buffering=0) as source:
                self._unpack(source, work, names)
            self._lane.settle()
        finally:
            self._lane.close()

    def _unpack(self, source: Source, work: Work, names: EntryNames) -> None:
        for entry in ZipStream(source, next_buffer=self._lane.swap).entries():
            self._shop.flow.check()
            key = names.read(entry.name)
            item = self._shop.board.claim(work, *key) if key else None
            if item is not None:
                self._land_entry(entry, item)
            elif is_hostile(entry.name):
                self._shop.tally.hostile.append(entry.name)
            if work.is_empty:
                return

    def _land_entry(self, entry: Entry, item: Item) -> None:
        landing = self._landing(item)
        try:
            for piece in entry.pieces():
                landing.write(piece)
        except BaseException:
            landing.abandon()
            self._shop.board.put_back([item])
            raise
        landing.finish()

    def _fetch_file(self, item: Item) -> None:
        shop = self._shop
        keep = (item.size_bytes or 0) >= _KEPT_BYTES
        landing = self._landing(item, keep=keep)
        had_bytes = landing.size_bytes
        try:
            with (
                shop.limit.slot(shop.flow.cancel),
                self._line.get(item.request_path, start=landing.size_bytes) as answer,
            ):
                self._read(answer, landing)
        except (ConnectionLostError, ServerError) as error:
            landing.abandon()
            self._try_again(item, error, has_gained=keep and landing.size_bytes > had_bytes)
        except BaseException:
            landing.abandon()
            raise
        else:
            landing.finish()

    def _read(self, answer: Answer, landing: Landing) -> None:
        if landing.size_bytes and not _continues(answer, landing.size_bytes):
            landing.start_over()
        while True:
            self._buffer = self._lane.swap(self._buffer)
            view = memoryview(self._buffer)
            count = answer.readinto(view)
            if not count:
                return
            landing.write(view[:count])
            if answer.is_complete:
                return

    def _try_again(self, item: Item, error: XnatTuiError, *, has_gained: bool) -> None:
        """Put an item back for another try, unless that is hopeless; one that gained bytes never is."""
        if isinstance(error, AuthenticationError):
            raise error
        if has_gained:
            self._shop.board.put_back([item])
            return
        status = error.status if isinstance(error, ServerError) else 0
        is_passing = isinstance(error, ConnectionLostError | ServerBusyError)
        tries = self._shop.count_try(item.target)
        if tries < (_MOST_TRIES if is_passing else _MOST_MISMATCHES) and (is_passing or status >= 500):
            self._calm_down(error, tries)
            self._shop.board.put_back([item])
        else:
            self._shop.end(Outcome(item, None, error.message))

    def _calm_down(self, error: XnatTuiError, tries: int) -> None:
        """Wait before the next try, and be content with fewer connections where the server is busy."""
        asked_s = error.retry_after_s if isinstance(error, ServerBusyError) else None
        if isinstance(error, ServerBusyError) or isinstance(error.__cause__, TimeoutError):
            self._shop.limit.complain(asked_s)
        wait_s = min(_FIRST_WAIT_S * 2.0 ** (tries - 1), _LONGEST_WAIT_S) * (0.75 + 0.5 * random.random())
        self._shop.flow.cancel.wait(wait_s)

    def _landing(self, item: Item, *, keep: bool = False) -> Landing:
        shop = self._shop
        return Landing(item, shop.destination, self._lane, shop.report, verify=shop.verify, keep=keep)


def _continues(answer: Answer, size_bytes: int) -> bool:
    """Tell whether an answer goes on where an earlier one ended."""
    match = _RANGE.match(answer.header("Content-Range"))
    return answer.status == 206 and match is not None and int(match[1]) == size_bytes
