"""One association as a sender: proposed, used for one message at a time, released or aborted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from xnat_tui.transfers.dicom.header import DEFLATED_LITTLE, IMPLICIT_LITTLE
from xnat_tui.transfers.dicom.negotiation import (
    VERIFICATION,
    Acceptance,
    ContextKey,
    decode_acceptance,
    describe_context,
    encode_request,
    read_rejection,
)
from xnat_tui.transfers.dicom.pdata import (
    C_ECHO_REQUEST,
    C_STORE_REQUEST,
    P_DATA,
    data_blocks,
    echo_command,
    fragment_length,
    read_fragments,
    read_response,
    store_command,
)
from xnat_tui.transfers.dicom.peer import DicomPeer, PeerLostError, PeerRefusedError, UnspeakableError
from xnat_tui.transfers.dicom.wire import Check, Wire

if TYPE_CHECKING:
    from xnat_tui.core.cancel import CancelToken
    from xnat_tui.transfers.dicom.header import DicomFile

ECHO_CONTEXT = ContextKey(VERIFICATION, IMPLICIT_LITTLE)
"""What to propose for C-ECHO: every DICOM program takes implicit little endian."""

_ACCEPT = 0x02
_REJECT = 0x03
_RELEASE_REQUEST = 0x05
_ABORT = 0x07
_RELEASE = b"\x05\0\0\0\0\x04\0\0\0\0"
_ABORT_BY_USER = b"\x07\0\0\0\0\x04\0\0\0\0"
_HEAD_BYTES = 6
_LONGEST_UNIT_BYTES = 1 << 20
_MESSAGE_IDS = 65535
_PARTING_S = 0.1
_PASSING_WAITS_S = (0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0)


@dataclass(frozen=True, slots=True)
class StoreAnswer:
    """A peer's DIMSE status, and its comment if it gave one."""

    status: int
    comment: str


class Association:
    """An association with `peer`; a context manager that releases it, or aborts it after an error.

    Attributes:
        acceptance: what the peer takes.
    """

    def __init__(self, peer: DicomPeer, keys: Sequence[ContextKey], check: Check = lambda: None) -> None:
        """Connect, propose one presentation context per key, and wait for the answer.

        Args:
            peer: the other end.
            keys: at most 128.
            check: raises when nobody wants the association any more; asked ten times a second in every wait.

        Raises:
            PeerLostError: no answer.
            PeerRefusedError: the peer rejects the association.
            UnspeakableError: it does not speak DICOM.
        """
        self._peer = peer
        self._timeouts = peer.timeouts
        self._last_message = 0
        self._wire = Wire(peer.host, peer.port, self._timeouts.connect_s, check)
        try:
            self._wire.send(encode_request(peer, keys), self._timeouts.network_s)
            self.acceptance = self._read_acceptance(keys)
            self._fragment_bytes = fragment_length(self.acceptance.longest_pdu_bytes)
        except PeerRefusedError:
            self._wire.close()
            raise
        except BaseException:
            self.abort()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.release()
        else:
            self.abort()

    def echo(self) -> StoreAnswer:
        """Ask the peer for a sign of life (C-ECHO); `ECHO_CONTEXT` must be among the accepted contexts."""
        context_id = self.acceptance.context_ids[ECHO_CONTEXT]
        message_id = self._next_message()
        self._wire.send(echo_command(context_id, message_id, VERIFICATION), self._timeouts.network_s)
        return self._read_answer(C_ECHO_REQUEST, message_id)

    def store(
        self, file: DicomFile, stream: BinaryIO, passed: Callable[[int], None] = lambda size: None
    ) -> StoreAnswer:
        """Send one instance and return the peer's answer.

        Args:
            file: the instance.
            stream: stands at the first byte of the data set.
            passed: told how many bytes were sent, after each block; may wait, or raise to stop.

        Raises:
            PeerLostError: no answer; whether the peer has the instance is unknown.
            PeerRefusedError: its SOP class and transfer syntax are not among those accepted.
            SourceChangedError: the file is shorter than it was; the association is of no use any more.
        """
        key = ContextKey(file.sop_class_uid, file.transfer_syntax_uid)
        if key not in self.acceptance.context_ids:
            raise PeerRefusedError(f"{self._peer} does not accept {describe_context(key)} any more.")
        context_id = self.acceptance.context_ids[key]
        message_id = self._next_message()
        command = store_command(context_id, message_id, file.sop_class_uid, file.sop_instance_uid)
        blocks = data_blocks(
            command,
            stream,
            file.size_bytes - file.data_offset,
            context_id,
            self._fragment_bytes,
            pad=file.transfer_syntax_uid == DEFLATED_LITTLE,
        )
        for block in blocks:
            self._wire.send(block, self._timeouts.network_s)
            passed(len(block))
        return self._read_answer(C_STORE_REQUEST, message_id)

    def release(self) -> None:
        """End the association as DICOM wants it; that the peer is gone already is no error."""
        try:
            self._wire.send(_RELEASE, self._timeouts.network_s)
            self._read_unit(self._timeouts.acse_s)
        except (PeerLostError, UnspeakableError):
            pass
        finally:
            self._wire.close()

    def abort(self) -> None:
        """End the association at once."""
        try:
            self._wire.send(_ABORT_BY_USER, _PARTING_S)
        except Exception:  # a courtesy to a peer that may be gone; cancelling must not stop it either
            pass
        finally:
            self._wire.close()

    def _next_message(self) -> int:
        self._last_message = self._last_message % _MESSAGE_IDS + 1
        return self._last_message

    def _read_acceptance(self, keys: Sequence[ContextKey]) -> Acceptance:
        kind, head, body = self._read_unit(self._timeouts.acse_s)
        if kind == _REJECT:
            raise read_rejection(self._peer, body)
        if kind != _ACCEPT:
            raise UnspeakableError(f"{self._peer} answers with something that is no DICOM acceptance.")
        return decode_acceptance(head + body, keys)

    def _read_answer(self, field: int, message_id: int) -> StoreAnswer:
        command = b""
        while True:
            kind, _, body = self._read_unit(self._timeouts.dimse_s)
            if kind == _RELEASE_REQUEST:
                raise PeerLostError(f"{self._peer} ended the association in the middle.")
            if kind != P_DATA:
                raise UnspeakableError(f"{self._peer} answers with a unit of type {kind}, not with data.")
            for _, is_last, fragment in read_fragments(body):
                command += fragment
                if is_last:
                    return StoreAnswer(*read_response(command, field, message_id))

    def _read_unit(self, timeout_s: float) -> tuple[int, bytes, bytes]:
        """Type, first six bytes, and the rest of the next protocol data unit."""
        head = self._wire.receive(_HEAD_BYTES, timeout_s)
        kind, length = head[0], int.from_bytes(head[2:], "big")
        if not 1 <= kind <= _ABORT or length > _LONGEST_UNIT_BYTES:
            raise UnspeakableError(f"{self._peer} does not speak DICOM.")
        body = self._wire.receive(length, timeout_s)
        if kind == _ABORT:
            raise PeerLostError(f"{self._peer} aborted the association.")
        return kind, head, body


def associate(
    peer: DicomPeer,
    keys: Sequence[ContextKey],
    cancel: CancelToken,
    *,
    check: Check | None = None,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Association:
    """Open an association, and ask again, for about 15 s, while the peer refuses it only for now.

    Args:
        peer: the other end.
        keys: what to propose.
        cancel: ends every wait.
        check: as `Association` takes it; looks at `cancel` if not given.
        is_wanted: whether it is worth while to ask again.

    Raises:
        CancelledByUser: by `cancel`.
        PeerLostError, PeerRefusedError, UnspeakableError: as `Association` does.
    """
    for wait_s in _PASSING_WAITS_S:
        try:
            return Association(peer, keys, check or cancel.check)
        except PeerRefusedError as error:
            if not error.is_passing or not is_wanted():
                raise
        cancel.wait(wait_s)
    return Association(peer, keys, check or cancel.check)
