"""Sending DICOM instances to a peer by C-STORE, as they are stored, over several associations.

What each instance needs is negotiated before anything is sent; each has an outcome of its own afterwards.
Finding and reading the files is dicom_survey.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.models.store import InstanceOutcome, InstanceState, StoreProgress, StoreReport
from xnat_tui.transfers.dicom.contexts import context_of, needed_contexts, negotiate, verify_peer
from xnat_tui.transfers.dicom.header import DicomFile
from xnat_tui.transfers.dicom.ledger import Ledger, SendItem, SendQueue
from xnat_tui.transfers.dicom.negotiation import ContextKey, describe_context
from xnat_tui.transfers.dicom.peer import DicomPeer
from xnat_tui.transfers.dicom.sender import Crew, Sender
from xnat_tui.transfers.dicom.source import DicomSource
from xnat_tui.transfers.flow import Flow

_TELL_EVERY_S = 0.15

ProgressCallback = Callable[[StoreProgress], None]
OutcomeCallback = Callable[[InstanceOutcome], None]


def send_files(
    source: DicomSource,
    files: Sequence[DicomFile],
    peer: DicomPeer,
    *,
    workers: int = 4,
    flow: Flow | None = None,
    on_progress: ProgressCallback | None = None,
    on_outcome: OutcomeCallback | None = None,
) -> StoreReport:
    """Verify the peer by C-ECHO, then send `files`, and return what became of each.

    An instance whose association is lost is sent again on a fresh one, up to three times; one that the peer
    refuses is tried once more at the end. Both callbacks are called in the calling thread.

    Args:
        source: where the files lie.
        files: what to send, as surveyed.
        peer: where to send it.
        workers: how many associations at most; peers that take fewer get fewer.
        flow: cancels, pauses and limits; counts the bytes moved. An error, of a callback too, cancels it.
        on_progress: told several times a second how far it is, and at the end.
        on_outcome: told what became of each instance, soon after it is known.

    Raises:
        InvalidValueError: `workers` is less than 1 (a ValueError).
        PeerLostError, PeerRefusedError, UnspeakableError: the peer does not do C-ECHO with us, or takes no
            association (all are RuntimeErrors); nothing was sent. Later trouble is in the report instead.
        CancelledByUser: by `flow`; `on_outcome` has told what arrived.
    """
    if workers < 1:
        raise InvalidValueError(f"{workers} workers are not possible.")
    flow = flow or Flow()
    verify_peer(peer, flow.cancel)
    ledger = Ledger(files)
    crew = Crew(source, peer, flow, ledger)

    def tell() -> None:
        for outcome in ledger.news():
            if on_outcome is not None:
                on_outcome(outcome)
        if on_progress is not None:
            on_progress(ledger.progress(flow.moved_bytes))

    try:
        for keys, items in _plan(files, peer, ledger, flow):
            _send_group(crew, keys, items, workers, tell)
    finally:
        tell()
    return ledger.report(crew.trouble)


def write_store_log(report: StoreReport, folder: Path) -> Path:
    """Write one line per instance (state, status, name, UID, reason, split by tabs) and return the file."""
    log = folder / "c-store.tsv"
    with log.open("w", encoding="utf-8") as lines:
        lines.write("state\tstatus\tattempts\tname\tsop_instance_uid\treason\n")
        for one in report.outcomes:
            status = "" if one.status is None else f"0x{one.status:04X}"
            row = (one.state, status, str(one.attempts), one.name, one.sop_instance_uid, one.reason)
            lines.write("\t".join(text.replace("\t", " ").replace("\n", " ") for text in row) + "\n")
    return log


def _plan(
    files: Sequence[DicomFile], peer: DicomPeer, ledger: Ledger, flow: Flow
) -> list[tuple[tuple[ContextKey, ...], list[SendItem]]]:
    """Negotiate, settle what the peer does not take, and return the rest by association group."""
    negotiation = negotiate(peer, needed_contexts(files), flow.cancel)
    waiting: dict[ContextKey, list[SendItem]] = {}
    for at, file in enumerate(files):
        item, key = SendItem(at, file), context_of(file)
        if key in negotiation.refused:
            reason = f"{describe_context(key)}: {negotiation.refused[key]}"
            ledger.settle(item, InstanceState.NOT_ACCEPTED, reason=reason)
        else:
            waiting.setdefault(key, []).append(item)
    return [(keys, [item for key in keys for item in waiting[key]]) for keys in negotiation.accepted]


def _send_group(
    crew: Crew, keys: Sequence[ContextKey], items: Sequence[SendItem], workers: int, tell: Callable[[], None]
) -> None:
    """Send what shares one set of presentation contexts; every item has an outcome afterwards."""
    queue = SendQueue(items)
    # Senders may leave when others have associations; one more pass takes what these have left behind.
    for senders in (min(workers, len(items)), 1):
        if len(queue) and not crew.trouble:
            _run([Sender(crew, queue, keys) for _ in range(senders)], crew, tell)
    while (item := queue.take()) is not None:
        why = crew.trouble or f"{crew.peer} takes no more associations."
        crew.ledger.settle(item, InstanceState.LOST, reason=f"not sent: {why}" if not item.attempts else why)


def _run(senders: Sequence[Sender], crew: Crew, tell: Callable[[], None]) -> None:
    """Run the senders in threads and tell how far they are; the first error stops them all."""
    with ThreadPoolExecutor(len(senders), thread_name_prefix="c-store") as pool:
        pending: set[Future[None]] = {pool.submit(sender.run) for sender in senders}
        try:
            while pending:
                done, pending = wait(pending, _TELL_EVERY_S, FIRST_EXCEPTION)
                for future in done:
                    future.result()
                tell()
        except BaseException:
            crew.flow.cancel.set()
            raise
