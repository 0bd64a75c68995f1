"""An upload of DICOM: one job from the source's headers to the proof of what the server holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import (
    AuthenticationError,
    ConnectionLostError,
    OperationError,
    ServerError,
    XnatTuiError,
)
from xnat_tui.models.upload import UploadedSession, UploadProgress, UploadState, UploadSummary
from xnat_tui.transfers.dicom.source import DicomSource
from xnat_tui.transfers.dicom.survey import DicomSurvey, survey
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.limits import ServerLimit
from xnat_tui.transfers.upload.archive_stream import ArchiveFormat
from xnat_tui.transfers.upload.batches import split_by_bytes
from xnat_tui.transfers.upload.commit import Committer
from xnat_tui.transfers.upload.crew import Crew, Post
from xnat_tui.transfers.upload.held import HeldFile, list_held
from xnat_tui.transfers.upload.journal import NOWHERE, UploadJournal
from xnat_tui.transfers.upload.line import Reply
from xnat_tui.transfers.upload.parcels import (
    ArchiveParcel,
    DicomFileParcel,
    Parcel,
    Sendable,
    dicom_sendables,
)
from xnat_tui.transfers.upload.proof import Prover
from xnat_tui.transfers.upload.retry import Patience
from xnat_tui.transfers.upload.tally import UploadTally
from xnat_tui.transfers.upload.target import Place, UploadTarget, parse_places
from xnat_tui.transfers.upload.whereabouts import Whereabouts

_HEARTBEAT_S = 60.0
_MOST_SCOUTS = 20

UploadProgressCallback = Callable[[UploadProgress], object]
"""Called with the state of an upload about five times a second, from the thread that waits for it."""


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """How to upload.

    Attributes:
        way: "files" sends each alone, "archive" many in one request.
        archive_format: of archives.
        workers: most connections at the same time.
        makers: most archives that are made at the same time; None for as many as there are workers.
        batch_files: most files in one archive; None for no limit but that of bytes.
        answer_s: how long the server may work on one request; None for the client's own limit.
        resume: send nothing that the server acknowledged in an earlier run of the same job.
        verify: look at what the server holds, file by file; otherwise its files are counted.
        patience: how often to try again.
        poll_s: wait before the server is asked again whether a session is ready.
    """

    way: Literal["files", "archive"] = "files"
    archive_format: ArchiveFormat = "tar"
    workers: int = 4
    makers: int | None = None
    batch_files: int | None = None
    answer_s: float | None = None
    resume: bool = False
    verify: bool = True
    patience: Patience = field(default_factory=Patience)
    poll_s: float = 1.0

    @property
    def connections(self) -> int:
        """Most requests at the same time; archives are made while they are sent."""
        return min(self.workers, self.makers or self.workers)


class Upload:
    """One job; `run` does it, and may be called once."""

    def __init__(
        self,
        client: XNATClient,
        target: UploadTarget,
        journal: UploadJournal,
        options: UploadOptions,
        *,
        flow: Flow | None = None,
        limit: ServerLimit | None = None,
        progress: UploadProgressCallback | None = None,
    ) -> None:
        """Prepare a job; nothing is sent yet.

        Args:
            client: the log-in to use.
            target: the session to upload to.
            journal: knows what earlier runs sent, and is told what this one sends.
            options: how to upload.
            flow: the job's tap: cancel, pause, bandwidth.
            limit: the server's slots, shared with other jobs.
            progress: told how far the job is.
        """
        self._client = client
        self._target = target
        self._journal = journal
        self._options = options
        self._flow = flow or Flow()
        self._limit = limit or ServerLimit(options.connections, start=options.connections)
        self._progress = progress or (lambda _: None)
        self._tally = UploadTally()
        self._items: list[Sendable] = []
        self._started_at = self._heard_at = time.monotonic()

    def run(self, source: DicomSource, *, surveyed: DicomSurvey | None = None) -> UploadSummary:
        """Send what a source holds, have sessions made of it, and return what the server holds of it.

        Args:
            source: stays open until the end.
            surveyed: what is known of the source already.

        Raises:
            OperationError: there is no DICOM in it, or the journal cannot be used.
            CancelledByUser: somebody stopped it; what the server took stays there.
            AuthenticationError: the log-in ended and could not be renewed.
        """
        self._tell("preparing")
        found = surveyed or survey(source, cancel=self._flow.cancel)
        if not found.files:
            raise OperationError("There are no DICOM files to upload.")
        self._items = dicom_sendables(source, found.files)
        trouble = self._send(self._pending())
        sessions, gap = self._finish()
        trouble = trouble or gap
        self._tell("complete" if not trouble and self._is_success(sessions) else "error")
        return UploadSummary(
            outcomes=self._tally.outcomes(self._items),
            sessions=tuple(sessions),
            ignored=tuple(f"{skipped.name} {skipped.reason}" for skipped in found.skipped),
            bytes_sent=self._flow.moved_bytes,
            duration_s=time.monotonic() - self._started_at,
            trouble=trouble,
        )

    def _pending(self) -> list[Sendable]:
        """Return what is still to be sent."""
        if not self._options.resume:
            self._journal.clear()
        known = self._journal.acknowledged()
        pending = []
        for item in self._items:
            version, place = known.get(item.name, ("", ""))
            if version != item.version:
                pending.append(item)
            else:
                state = UploadState.FILTERED if place == NOWHERE else UploadState.EARLIER
                self._tally.note([item], state)
        self._tally.to_send_bytes = sum(item.size_bytes for item in pending)
        return pending

    def _send(self, pending: Sequence[Sendable]) -> str:
        """Send everything that is pending; return why that ended early, "" when it did not."""
        if not pending:
            return ""
        options = self._options
        post = Post(
            *(self._client.access, self._flow, self._limit, options.patience, options.answer_s),
            accept=self._accept,
            give_up=self._give_up,
            tell=self._tick,
        )
        crew = Crew(post)
        scouts, rest = self._scouts(pending)
        crew.deliver(self._parcels(rest), options.connections, scouts=scouts)
        return crew.trouble

    def _scouts(self, pending: Sequence[Sendable]) -> tuple[list[Parcel], list[Sendable]]:
        """Set the first file of each study apart: a server that just makes a session refuses more of it."""
        if self._options.connections == 1 or not self._target.takes_batches:
            return [], list(pending)
        first: dict[str, Sendable] = {}
        for item in pending:
            if item.file is not None and len(first) < _MOST_SCOUTS:
                first.setdefault(item.study_uid, item)
        names = {item.name for item in first.values()}
        rest = [item for item in pending if item.name not in names]
        return [self._parcel([item]) for item in first.values()], rest

    def _parcels(self, items: Sequence[Sendable]) -> list[Parcel]:
        if self._options.way == "files":
            return [self._parcel([item]) for item in items]
        if not self._target.takes_batches:
            return [self._parcel(items)]
        batches = split_by_bytes(
            items,
            lambda item: item.size_bytes,
            self._options.workers,
            most_files=self._options.batch_files,
        )
        return [self._parcel(batch) for batch in batches]

    def _parcel(self, items: Sequence[Sendable]) -> Parcel:
        if self._options.way == "files":
            return DicomFileParcel(items[0], self._target)
        return ArchiveParcel(items, self._target, self._options.archive_format)

    def _accept(self, parcel: Parcel, reply: Reply) -> None:
        """Take what the server answered to a parcel."""
        places = parse_places(reply.text)
        self._journal.acknowledge(parcel.items, [place.uri for place in places])
        self._tally.note(parcel.items, UploadState.ARRIVED if places else UploadState.FILTERED)
        self._tally.answer()

    def _give_up(self, item: Sendable, error: str) -> None:
        self._journal.fail(item, error)
        self._tally.note([item], UploadState.FAILED, error)

    def _finish(self) -> tuple[list[UploadedSession], str]:
        """Have sessions made of what arrived, and prove what they hold; tell of a gap that has no name."""
        begun = [place for uri in self._journal.places() for place in parse_places(uri)]
        committer = Committer(
            *(self._client, self._flow, self._target),
            answer_s=self._options.answer_s,
            wait_s=self._options.poll_s,
            tell=lambda message: self._tell("processing", message),
        )
        sessions: list[UploadedSession] = []
        held: dict[str, HeldFile] = {}
        ends = committer.commit(begun)
        for ended in ends:
            files, more = self._list(ended.place) if ended.is_found else (None, "")
            held.update((file.path, file) for file in files or ())
            sessions.append(_session(ended, files, ended.problem or more))
        prover = Prover(self._client.access, self._flow, self._tally, workers=self._options.workers)
        lost = {ended.place.study_uid for ended in ends if not ended.is_found}
        sought = [item for item in self._items if item.study_uid not in lost]
        gap = prover.prove(sought, list(held.values()), looks=self._options.verify)
        # Where the server does not list its files the session says so.
        gap = "" if any(session.files is None for session in sessions) else gap
        return sessions, " ".join(filter(None, [*map(self._explain, ends), gap]))

    def _explain(self, ended: Whereabouts) -> str:
        """Tell the files of a study why they are not where they should be; return what to do about it."""
        if not (ended.problem and ended.place.study_uid):
            return ""
        stranded = [item for item in self._items if item.study_uid == ended.place.study_uid]
        return ended.trouble(self._tally.explain(stranded, ended.problem))

    def _list(self, place: Place) -> tuple[list[HeldFile] | None, str]:
        """Return what the server lists of a session, or why it lists nothing."""
        self._tell("processing", f"What the server holds of {place.label} is compared.")
        try:
            return list_held(self._client, place, self._flow), ""
        except AuthenticationError:
            raise
        except (ServerError, ConnectionLostError) as error:
            return None, f"What the server holds could not be listed: {error.message}"

    def _is_success(self, sessions: Sequence[UploadedSession]) -> bool:
        outcomes = self._tally.outcomes(self._items)
        return UploadSummary(outcomes=outcomes, sessions=tuple(sessions)).success

    def _tick(self) -> None:
        self._limit.observe(self._flow.moved_bytes)
        self._tell("uploading")
        now = time.monotonic()
        if now - self._heard_at > _HEARTBEAT_S:
            # A session's idle time may run out while one long body is on its way.
            self._heard_at = now
            with suppress(XnatTuiError):
                self._client.keep_alive()

    def _tell(self, phase: str, message: str = "") -> None:
        state = self._tally.progress(phase, len(self._items), self._flow.moved_bytes, message)
        self._progress(state)


def _session(ended: Whereabouts, files: Sequence[HeldFile] | None, problem: str) -> UploadedSession:
    place = ended.place
    return UploadedSession(
        place.uri,
        str(place.stage),
        place.label,
        place.project,
        len(files) if files is not None else None,
        problem,
        ended.status,
    )
