"""Which presentation contexts the files need, which of them a peer takes, and how they share associations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xnat_tui.core.cancel import CancelToken
from xnat_tui.transfers.dicom.association import ECHO_CONTEXT, associate
from xnat_tui.transfers.dicom.batches import split_into_batches
from xnat_tui.transfers.dicom.header import DicomFile
from xnat_tui.transfers.dicom.negotiation import MOST_CONTEXTS, ContextKey, describe_status
from xnat_tui.transfers.dicom.peer import DicomPeer, PeerRefusedError


def context_of(file: DicomFile) -> ContextKey:
    """Return what must be negotiated to send `file` as it is stored."""
    return ContextKey(file.sop_class_uid, file.transfer_syntax_uid)


def needed_contexts(files: Iterable[DicomFile]) -> tuple[ContextKey, ...]:
    """Return the different contexts of `files`, in the order of their first use."""
    return tuple(dict.fromkeys(context_of(file) for file in files))


def verify_peer(peer: DicomPeer, cancel: CancelToken | None = None) -> None:
    """Ask the peer for a sign of life (C-ECHO).

    Raises:
        PeerLostError: it cannot be reached, or is silent.
        PeerRefusedError: it rejects the association or the verification.
        UnspeakableError: it does not speak DICOM.
    """
    with associate(peer, [ECHO_CONTEXT], cancel or CancelToken()) as association:
        if ECHO_CONTEXT not in association.acceptance.context_ids:
            raise PeerRefusedError(f"{peer} does not accept verification (C-ECHO).")
        answer = association.echo()
    if answer.status:
        raise PeerRefusedError(f"{peer} answers C-ECHO with {describe_status(answer.status)}.")


@dataclass(frozen=True, slots=True)
class Negotiation:
    """What came of proposing contexts.

    Attributes:
        accepted: in groups that fit into one association each.
        refused: with the reason.
    """

    accepted: tuple[tuple[ContextKey, ...], ...]
    refused: dict[ContextKey, str]


def negotiate(peer: DicomPeer, keys: Sequence[ContextKey], cancel: CancelToken | None = None) -> Negotiation:
    """Find out which contexts the peer takes; nothing is sent. More than 128 need several associations.

    Raises:
        PeerLostError, PeerRefusedError, UnspeakableError: as `verify_peer` does.
    """
    accepted: list[ContextKey] = []
    refused: dict[ContextKey, str] = {}
    for proposed in split_into_batches(keys, MOST_CONTEXTS):
        with associate(peer, proposed, cancel or CancelToken()) as association:
            accepted += association.acceptance.context_ids
            refused |= association.acceptance.refusals
    return Negotiation(tuple(tuple(group) for group in split_into_batches(accepted, MOST_CONTEXTS)), refused)
