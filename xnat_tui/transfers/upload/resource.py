"""An upload of files to a resource: one job from their names to the comparison with the server's list."""

from __future__ import annotations

import json
import tarfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.core.uri import data_path
from xnat_tui.models.rows import FileRow
from xnat_tui.models.upload import UploadedSession, UploadProof, UploadState, UploadSummary
from xnat_tui.transfers.dicom.files import walk_files
from xnat_tui.transfers.download.listing import digest_of, size_of
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.limits import ServerLimit
from xnat_tui.transfers.upload.crew import Crew, Post
from xnat_tui.transfers.upload.job import UploadOptions, UploadProgressCallback
from xnat_tui.transfers.upload.journal import UploadJournal
from xnat_tui.transfers.upload.line import Reply
from xnat_tui.transfers.upload.parcels import Parcel, Sendable
from xnat_tui.transfers.upload.resource_parcels import (
    PackedParcel,
    ResourceFileParcel,
    is_archive,
    packed_files,
)
from xnat_tui.transfers.upload.source import Member, md5_of
from xnat_tui.transfers.upload.tally import UploadTally


class ResourceUpload:
    """One job; `run` does it, and may be called once.

    Files go one after the other: each makes the server rewrite the resource's catalog, under a lock.
    """

    def __init__(
        self,
        client: XNATClient,
        place: tuple[str, ...],
        label: str,
        journal: UploadJournal,
        options: UploadOptions,
        *,
        overwrite: bool = False,
        extract: bool = False,
        flow: Flow | None = None,
        limit: ServerLimit | None = None,
        progress: UploadProgressCallback | None = None,
    ) -> None:
        """Prepare a job; nothing is sent yet.

        Args:
            client: the log-in to use.
            place: segments of the path of what the resource belongs to.
            label: of the resource; the server makes it when needed.
            journal: knows what earlier runs sent, and is told what this one sends.
            options: how to upload; with "archive" all files go in one ZIP, which the server unpacks.
            overwrite: replace files that are there.
            extract: have the server unpack the ZIP and tar files among them.
            flow: the job's tap: cancel, pause, bandwidth.
            limit: the server's slots, shared with other jobs.
            progress: told how far the job is.
        """
        self._client = client
        self._folder = (*place, "resources", label, "files")
        self._label = label
        self._journal = journal
        self._options = options
        self._query = {"inbody": "true"} | ({"overwrite": "true"} if overwrite else {})
        self._extract = extract
        self._flow = flow or Flow()
        self._limit = limit or ServerLimit(options.workers)
        self._progress = progress or (lambda _: None)
        self._tally = UploadTally()
        self._items: list[Sendable] = []

    def run(self, members: Sequence[Member]) -> UploadSummary:
        """Send files and return what the server holds of them.

        Raises:
            CancelledByUser: somebody stopped it; what the server took stays there.
            AuthenticationError: the log-in ended and could not be renewed.
        """
        started_at = time.monotonic()
        self._items = [Sendable(member, _version(member)) for member in members]
        pending = self._pending()
        post = Post(
            *(self._client.access, self._flow, self._limit, self._options.patience, self._options.answer_s),
            accept=self._accept,
            give_up=self._give_up,
            tell=lambda: self._tell("uploading"),
        )
        crew = Crew(post)
        crew.deliver(self._parcels(pending), 1)
        sessions = [self._compare()]
        summary = UploadSummary(
            outcomes=self._tally.outcomes(self._items),
            sessions=tuple(sessions),
            bytes_sent=self._flow.moved_bytes,
            duration_s=time.monotonic() - started_at,
            trouble=crew.trouble,
        )
        self._tell("complete" if summary.success else "error")
        return summary

    def _pending(self) -> list[Sendable]:
        if not self._options.resume:
            self._journal.clear()
        known = self._journal.acknowledged()
        pending = [item for item in self._items if known.get(item.name, ("", ""))[0] != item.version]
        names = {item.name for item in pending}
        self._tally.note((item for item in self._items if item.name not in names), UploadState.EARLIER)
        self._tally.to_send_bytes = sum(item.size_bytes for item in pending)
        return pending

    def _parcels(self, items: Sequence[Sendable]) -> list[Parcel]:
        if self._options.way == "archive" and items:
            return [PackedParcel(items, self._folder, self._query)]
        return [ResourceFileParcel(item, self._folder, self._query, extract=self._extract) for item in items]

    def _accept(self, parcel: Parcel, reply: Reply) -> None:
        """Take the answer to a parcel: a 200 may well mean that nothing was stored."""
        duplicates = _duplicates_in(reply.text)
        there = [item for item in parcel.items if self._was_there(item, duplicates)]
        stored = [item for item in parcel.items if item not in there] if there else parcel.items
        self._journal.acknowledge(stored, [])
        self._tally.note(stored, UploadState.ARRIVED)
        self._tally.note(there, UploadState.DUPLICATE, "files of this name exist, and are not overwritten")
        self._tally.answer()

    def _was_there(self, item: Sendable, duplicates: frozenset[str]) -> bool:
        is_unpacked = self._extract and is_archive(item.name)
        return bool(duplicates) if is_unpacked else item.member.entry in duplicates

    def _give_up(self, item: Sendable, error: str) -> None:
        self._journal.fail(item, error)
        self._tally.note([item], UploadState.FAILED, error)

    def _compare(self) -> UploadedSession:
        """Compare what was sent with the server's list."""
        self._tell("processing")
        rows = self._client.get_rows(data_path(*self._folder), FileRow)
        by_path = {row.path: row for row in rows}
        for item in self._items:
            if not self._tally.is_held(item):
                continue
            if self._extract and is_archive(item.name):
                self._compare_packed(item, by_path)
            else:
                self._compare_one(item, by_path.get(item.member.entry))
        uri = data_path(*self._folder[:-1])
        return UploadedSession(uri, "archive", self._label, _project_in(self._folder), len(rows))

    def _compare_one(self, item: Sendable, row: FileRow | None) -> None:
        if row is None:
            error = "the server took it without a word and stored nothing: may you edit here?"
            self._tally.note([item], UploadState.MISSING, error)
        elif size_of(row) not in (None, item.size_bytes):
            error = f"the server lists {row.size} bytes of it instead of {item.size_bytes}"
            self._tally.note([item], UploadState.FAILED, error)
        elif self._options.verify and digest_of(row):
            self._compare_digest(item, digest_of(row))
        elif size_of(row) is not None:
            self._tally.prove(item, UploadProof.INSTANCE_PRESENT)
        else:
            self._tally.prove(item, UploadProof.COUNT_ONLY)

    def _compare_packed(self, item: Sendable, by_path: Mapping[str, FileRow]) -> None:
        """Compare the files of an archive that the server has unpacked."""
        folder = item.member.entry.rpartition("/")[0]
        prefix = f"{folder}/" if folder else ""
        try:
            packed = packed_files(item.name)
        except (OSError, tarfile.TarError, zipfile.BadZipFile) as error:
            self._tally.note([item], UploadState.FAILED, f"it cannot be read here any more: {error}")
            return
        rows = {name: by_path.get(prefix + name) for name in packed}
        there = [name for name, row in rows.items() if row and size_of(row) in (None, packed[name])]
        if len(there) == len(packed):
            self._tally.prove(item, UploadProof.INSTANCE_PRESENT)
        else:
            error_text = f"the server lists {len(there)} of the {len(packed)} files in it"
            self._tally.note([item], UploadState.FAILED, error_text)

    def _compare_digest(self, item: Sendable, digest: str) -> None:
        own = md5_of(item.member)
        if own == digest:
            self._tally.prove(item, UploadProof.SAME_BYTES)
        else:
            error = "its digest on the server is another" if own else "it changed here after it was sent"
            self._tally.note([item], UploadState.FAILED, error)

    def _tell(self, phase: str) -> None:
        self._limit.observe(self._flow.moved_bytes)
        self._progress(self._tally.progress(phase, len(self._items), self._flow.moved_bytes))


def resource_members(source: Path, *, below: str = "") -> list[Member]:
    """Return what is to be sent of a file, or of a folder with its folders.

    Args:
        source: a file, or a folder.
        below: a folder of the resource that gets it.

    Raises:
        FileNotFoundError: nothing is there.
        InvalidValueError: it is neither a file nor a folder.
    """
    if not source.exists():
        raise FileNotFoundError(f"{source} does not exist.")
    prefix = f"{below.strip('/')}/" if below else ""
    if source.is_file():
        return [_member(source, prefix + source.name)]
    if not source.is_dir():
        raise InvalidValueError(f"{source} is neither a file nor a directory.")
    return [_member(path, prefix + path.relative_to(source).as_posix()) for path in walk_files(source)]


def _member(path: Path, entry: str) -> Member:
    return Member(str(path), entry, path.stat().st_size, lambda: path.open("rb", buffering=0))


def _version(member: Member) -> str:
    return f"{member.size_bytes} {Path(member.name).stat().st_mtime_ns}"


def _duplicates_in(answer: str) -> frozenset[str]:
    """Return the files that were there before, as XNAT names them in a JSON object that it calls HTML."""
    try:
        found = json.loads(answer) if answer.lstrip().startswith("{") else {}
    except ValueError:
        return frozenset()
    return frozenset(found.get("duplicates", ()))


def _project_in(folder: tuple[str, ...]) -> str:
    return folder[1] if folder[0] == "projects" else ""
