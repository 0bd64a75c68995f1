"""Proposing an association and understanding the answer, with pynetdicom's protocol data units.

The one place that imports pynetdicom, on first use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from xnat_tui.transfers.dicom.peer import PeerRefusedError, UnspeakableError

if TYPE_CHECKING:
    from xnat_tui.transfers.dicom.peer import DicomPeer

VERIFICATION = "1.2.840.10008.1.1"

MOST_CONTEXTS = 128
"""Presentation contexts per association: their ids are the odd numbers of one byte (DICOM PS3.8, 9.3.2.2)."""

_APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
_OUR_LONGEST_PDU_BYTES = 16384
_PASSING = 2
_RESULTS = {
    1: "the peer's user refused it",
    2: "the peer gives no reason",
    3: "the peer does not know this SOP class",
    4: "the peer does not take this transfer syntax",
}
# DICOM PS3.8, table 9-21: by source and reason.
_REJECTIONS = {
    (1, 1): "it gives no reason",
    (1, 2): "it does not know the application context",
    (1, 3): "it does not know our AE title",
    (1, 7): "it is not called so",
    (2, 1): "it gives no reason",
    (2, 2): "it speaks another version of the protocol",
    (3, 1): "it is congested for the moment",
    (3, 2): "it has as many associations as it takes",
}


class ContextKey(NamedTuple):
    """What one presentation context stands for: a SOP class in one encoding."""

    sop_class_uid: str
    transfer_syntax_uid: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a peer takes.

    Attributes:
        context_ids: of the accepted contexts.
        refusals: of the others, with the reason.
        longest_pdu_bytes: the longest variable part of a P-DATA unit that the peer takes; 0 for any.
    """

    context_ids: dict[ContextKey, int]
    refusals: dict[ContextKey, str]
    longest_pdu_bytes: int


def encode_request(peer: DicomPeer, keys: Sequence[ContextKey]) -> bytes:
    """Return the A-ASSOCIATE-RQ that proposes one context per key, with the ids 1, 3, 5, ..."""
    from pynetdicom import PYNETDICOM_IMPLEMENTATION_UID, PYNETDICOM_IMPLEMENTATION_VERSION
    from pynetdicom.pdu import A_ASSOCIATE_RQ
    from pynetdicom.pdu_primitives import (
        A_ASSOCIATE,
        ImplementationClassUIDNotification,
        ImplementationVersionNameNotification,
        MaximumLengthNotification,
    )
    from pynetdicom.presentation import build_context

    contexts = [build_context(key.sop_class_uid, key.transfer_syntax_uid) for key in keys]
    for at, context in enumerate(contexts):
        context.context_id = _context_id(at)
    length = MaximumLengthNotification()
    length.maximum_length_received = _OUR_LONGEST_PDU_BYTES
    implementation = ImplementationClassUIDNotification()
    implementation.implementation_class_uid = PYNETDICOM_IMPLEMENTATION_UID
    version = ImplementationVersionNameNotification()
    version.implementation_version_name = PYNETDICOM_IMPLEMENTATION_VERSION
    request = A_ASSOCIATE()
    request.application_context_name = _APPLICATION_CONTEXT
    request.calling_ae_title = peer.calling_aet
    request.called_ae_title = peer.called_aet
    request.presentation_context_definition_list = contexts
    request.user_information = [length, implementation, version]
    unit = A_ASSOCIATE_RQ()
    unit.from_primitive(request)
    return unit.encode()


def decode_acceptance(unit: bytes, keys: Sequence[ContextKey]) -> Acceptance:
    """Read the A-ASSOCIATE-AC that answers to a request with the same `keys`.

    Raises:
        UnspeakableError: it is not readable.
    """
    from pynetdicom.pdu import A_ASSOCIATE_AC

    answer = A_ASSOCIATE_AC()
    try:
        answer.decode(unit)
        results = {item.presentation_context_id: item.result for item in answer.presentation_context}
        user = answer.user_information
        longest = (user.maximum_length or 0) if user else 0
    except Exception as error:  # whatever pynetdicom stumbles over, the answer is not readable
        raise UnspeakableError("The DICOM peer's acceptance is not readable.") from error
    accepted: dict[ContextKey, int] = {}
    refused: dict[ContextKey, str] = {}
    for at, key in enumerate(keys):
        result = results.get(_context_id(at))
        if result == 0:
            accepted[key] = _context_id(at)
        else:
            refused[key] = _RESULTS.get(result or 2, _RESULTS[2])
    return Acceptance(accepted, refused, longest)


def read_rejection(peer: DicomPeer, body: bytes) -> PeerRefusedError:
    """Return the error that says what an A-ASSOCIATE-RJ (without its first six bytes) says."""
    _, result, source, reason = body.ljust(4, b"\0")[:4]
    why = _REJECTIONS.get((source, reason), f"it gives reason {source}/{reason}")
    when = " for now" if result == _PASSING else ""
    error = PeerRefusedError(f"{peer} refuses the association{when}: {why}.")
    error.is_passing = result == _PASSING
    return error


def name_uid(uid: str) -> str:
    """Return what DICOM calls a SOP class or transfer syntax, the UID itself when it has no name."""
    from pydicom.uid import UID

    return UID(uid).name


def describe_context(key: ContextKey) -> str:
    """Return a context in words, as in "CT Image Storage as JPEG 2000"."""
    return f"{name_uid(key.sop_class_uid)} as {name_uid(key.transfer_syntax_uid)}"


def describe_status(status: int) -> str:
    """Return what a C-STORE status means (DICOM PS3.4, table B.2-1, and PS3.7, annex C)."""
    from pynetdicom.status import STORAGE_SERVICE_CLASS_STATUS

    _, meaning = STORAGE_SERVICE_CLASS_STATUS.get(status, ("", ""))
    return f"0x{status:04X} {meaning}".rstrip()


def _context_id(at: int) -> int:
    return 2 * at + 1
