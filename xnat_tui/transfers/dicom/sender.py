"""Senders: each has one association at a time and sends what waits in the queue they share."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import BinaryIO

from xnat_tui.core.exceptions import XnatTuiError
from xnat_tui.models.store import InstanceState
from xnat_tui.transfers.dicom.association import Association, StoreAnswer, associate
from xnat_tui.transfers.dicom.header import DicomFile
from xnat_tui.transfers.dicom.ledger import Ledger, SendItem, SendQueue
from xnat_tui.transfers.dicom.negotiation import ContextKey, describe_status
from xnat_tui.transfers.dicom.pdata import SourceChangedError
from xnat_tui.transfers.dicom.peer import DicomPeer, PeerLostError, PeerRefusedError, UnspeakableError
from xnat_tui.transfers.dicom.source import DicomSource
from xnat_tui.transfers.flow import Flow

PEER_ERRORS = (PeerLostError, PeerRefusedError, UnspeakableError)

_PATIENCE = 12
"""How much a sender puts up with between two answers: 3 failures to associate, 3 silences or 12 cut lines.

A peer that ends associations over single instances is there; one that is silent costs a minute each time.
"""

_PATIENCE_FOR_CUTS = 1
_PATIENCE_FOR_SILENCE = 4

_MOST_ATTEMPTS_LOST = 3
_MOST_ATTEMPTS_REFUSED = 2
_MOST_REFUSALS = 20
"""Refusals without a single instance stored: the rest would be refused too."""

_RECONNECT_WAIT_S = 0.25
_LONGEST_RECONNECT_WAIT_S = 2.0
_WARNINGS = frozenset({0x0001, 0x0107, 0x0116})
_WARNING_CLASS = 0xB


class _NothingLeftError(Exception):
    """The other senders have done it all while this one waited for an association."""


class Crew:
    """What the senders of one job share.

    Attributes:
        trouble: why sending ended early, "" while it has not.
    """

    def __init__(self, source: DicomSource, peer: DicomPeer, flow: Flow, ledger: Ledger) -> None:
        self.source = source
        self.peer = peer
        self.flow = flow
        self.ledger = ledger
        self.trouble = ""
        self._lock = threading.Lock()
        self._door = threading.Lock()
        self._associations = 0
        self._refusals = 0

    def give_up(self, why: str) -> None:
        """Say why sending ends early; the first reason counts."""
        with self._lock:
            self.trouble = self.trouble or why

    def count_association(self, change: int) -> None:
        """Count an association that begins (1) or ends (-1)."""
        with self._lock:
            self._associations += change

    @contextmanager
    def entering(self) -> Iterator[None]:
        """Let one sender associate at a time while none has an association.

        A peer that takes few associations counts those that it is refusing: senders that ask all at once can
        keep each other out.
        """
        with nullcontext() if self.has_associations() else self._door:
            yield

    def has_associations(self) -> bool:
        """Whether any sender has an association now."""
        return self._associations > 0

    def count_refusal(self, why: str) -> None:
        """Count an answer that refuses an instance; too many in the beginning end the job."""
        with self._lock:
            self._refusals += 1
            hopeless = self._refusals >= _MOST_REFUSALS and not self.ledger.sent
        if hopeless:
            self.give_up(f"{self.peer} refuses everything: {why}.")


class Sender:
    """One thread's work: associate, send, and associate again when the association is lost."""

    def __init__(self, crew: Crew, queue: SendQueue, keys: Sequence[ContextKey]) -> None:
        self._crew = crew
        self._queue = queue
        self._keys = keys
        self._association: Association | None = None
        self._patience = _PATIENCE
        self._wait_s = 0.0
        self._is_associating = False
        self._is_second_round = False

    def run(self) -> None:
        """Send until nothing waits, or until the peer is given up; raises CancelledByUser."""
        try:
            while len(self._queue) and not self._crew.trouble:
                association = self._associate()
                item = self._queue.take() if association else None
                if association is None or item is None:
                    return
                self._send(association, item)
        except _NothingLeftError:
            return
        except BaseException:
            self._drop()
            raise
        finally:
            self._leave()

    def _associate(self) -> Association | None:
        """Return the association, a new one if there is none; None when this sender shall end."""
        crew = self._crew
        while self._association is None:
            if self._wait_s and self._patience > 0:
                crew.flow.cancel.wait(self._wait_s)
            with crew.entering():
                if self._patience <= 0 or crew.trouble:
                    return None
                try:
                    self._association = self._open()
                    crew.count_association(1)
                    self._wait_s = 0.0
                except PEER_ERRORS as error:
                    if crew.has_associations():
                        # Some peers take one association at a time, or few: those who have one do the work.
                        return None
                    self._count_loss(error, _PATIENCE_FOR_SILENCE)
        return self._association

    def _open(self) -> Association:
        self._is_associating = True
        try:
            return associate(
                self._crew.peer,
                self._keys,
                self._crew.flow.cancel,
                check=self._check,
                is_wanted=lambda: not self._crew.has_associations(),
            )
        finally:
            self._is_associating = False

    def _check(self) -> None:
        self._crew.flow.cancel.check()
        if self._is_associating and not len(self._queue):
            raise _NothingLeftError

    def _send(self, association: Association, item: SendItem) -> None:
        if item.attempts and not self._is_second_round:
            # What failed may fail because of what the peer remembers of this association.
            self._is_second_round = True
            self._queue.give_back(item)
            self._leave()
            return
        self._crew.flow.check()
        try:
            with self._crew.source.open(item.file.name) as stream:
                _skip_meta(stream, item.file)
                self._store(association, item, stream)
        except (OSError, SourceChangedError) as error:
            self._crew.ledger.settle(item, InstanceState.UNREADABLE, reason=_why_unreadable(error))

    def _store(self, association: Association, item: SendItem, stream: BinaryIO) -> None:
        item.attempts += 1
        try:
            answer = association.store(item.file, stream, self._crew.flow.passed)
        except PEER_ERRORS as error:
            self._drop()
            self._settle_lost(item, error)
            is_silence = isinstance(error, PeerLostError) and error.is_silence
            self._count_loss(error, _PATIENCE_FOR_SILENCE if is_silence else _PATIENCE_FOR_CUTS)
        except (OSError, SourceChangedError):
            # Half an instance is sent, and there is no way to take it back but this.
            self._drop()
            raise
        else:
            self._patience = _PATIENCE
            self._settle_answer(item, answer)

    def _settle_answer(self, item: SendItem, answer: StoreAnswer) -> None:
        ledger, status = self._crew.ledger, answer.status
        if status == 0:
            ledger.settle(item, InstanceState.STORED, status=status)
            return
        reason = f"{describe_status(status)} {answer.comment}".rstrip()
        if status in _WARNINGS or status >> 12 == _WARNING_CLASS:
            ledger.settle(item, InstanceState.STORED_WITH_WARNING, status=status, reason=reason)
            return
        self._crew.count_refusal(reason)
        if item.attempts < _MOST_ATTEMPTS_REFUSED and not self._crew.trouble:
            self._queue.give_back(item)
        else:
            ledger.settle(item, InstanceState.REFUSED, status=status, reason=reason)

    def _settle_lost(self, item: SendItem, error: XnatTuiError) -> None:
        if item.attempts < _MOST_ATTEMPTS_LOST:
            self._queue.give_back(item)
        else:
            self._crew.ledger.settle(item, InstanceState.LOST, reason=error.message)

    def _count_loss(self, error: XnatTuiError, patience: int) -> None:
        self._patience -= patience
        self._wait_s = min(self._wait_s * 2 or _RECONNECT_WAIT_S, _LONGEST_RECONNECT_WAIT_S)
        if self._patience <= 0 and not self._crew.has_associations():
            self._crew.give_up(error.message)

    def _leave(self) -> None:
        """End the association, if there is one, in peace."""
        association, self._association = self._association, None
        if association is not None:
            self._crew.count_association(-1)
            association.release()

    def _drop(self) -> None:
        """End the association, if there is one, without waiting for the peer."""
        association, self._association = self._association, None
        if association is not None:
            self._crew.count_association(-1)
            with suppress(XnatTuiError):
                association.abort()


def _why_unreadable(error: OSError | SourceChangedError) -> str:
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return "has changed since it was looked at"


def _skip_meta(stream: BinaryIO, file: DicomFile) -> None:
    """Move to the data set of a file that is still as long as it was."""
    if isinstance(stream, io.FileIO) and os.fstat(stream.fileno()).st_size != file.size_bytes:
        raise SourceChangedError
    left = file.data_offset
    while left:
        skipped = stream.read(left)
        if not skipped:
            raise SourceChangedError
        left -= len(skipped)
