"""All ways in: importing, building, committing and archiving, with the states a session goes through."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO

from xnat_tui.demo.archive import Archive, PrearchiveSession, User
from xnat_tui.demo.archive.store import stamp, to_json
from xnat_tui.demo.ingest.archiving import ArchiveOrder, Archiver
from xnat_tui.demo.ingest.background import Background
from xnat_tui.demo.ingest.building import build_document, group_series
from xnat_tui.demo.ingest.receiving import Receiver, UnparsableError
from xnat_tui.demo.ingest.settings import IngestSettings
from xnat_tui.demo.ingest.unpacking import entries
from xnat_tui.demo.ingest.wishes import Overwrite, Wishes
from xnat_tui.demo.refusal import Refusal

LOCKED = "session document locked"
_AUTO = ("AutoArchive", "AutoArchiveOverwrite")
_FIRST_AUTO_CODE = 4
_SITE = User(1, "admin", admin=True)


def uri_of(session: PrearchiveSession) -> str:
    """Return the URI by which an import answers with a session."""
    if session.direct:
        return f"/xapi/direct-archive/{session.project}/{session.tag}/{session.name}"
    return f"/data{session.url}"


class Intake:
    """What a site does with data that come in; shared by threads.

    Args:
        archive: where they go.
        settings: the site's habits.
    """

    def __init__(self, archive: Archive, settings: IngestSettings) -> None:
        self._archive = archive
        self._settings = settings
        self._receiver = Receiver(archive, settings)
        self._archiver = Archiver(archive)
        self._background = Background(self._next_build)

    def start(self) -> None:
        """Begin to build in the background what lies idle; locks of a server that was killed are freed."""
        self._archive.free_prearchive_locks()
        self._background.start()

    def stop(self) -> None:
        """End what runs in the background."""
        self._background.stop()

    def later(self, task: Callable[[], object]) -> None:
        """Do something in the background; what it refuses stands in the logs of its session."""
        self._background.submit(task)

    def import_object(self, name: str, body: IO[bytes], wishes: Wishes, user: User) -> list[str]:
        """Take one DICOM object; return its session's URI, or nothing when the site drops it.

        Raises:
            Refusal: 400, see `Receiver.receive`.
        """
        session = self._receiver.receive(body, name, wishes, user)
        self._background.wake()
        return [uri_of(session)] if session else []

    def import_archive(self, name: str, body: IO[bytes], wishes: Wishes, user: User) -> list[str]:
        """Take all DICOM objects of a ZIP or tar file, and commit their sessions if wanted.

        What was taken before an error stays in the prearchive.

        Returns:
            The URIs of all sessions that got objects.

        Raises:
            Refusal: 400 for a broken archive, for the first entry that is no DICOM unless those are to be
                passed over and others are, and when a commit fails.
        """
        found: dict[int, PrearchiveSession] = {}
        failure: UnparsableError | None = None
        parsed = False
        for entry_name, entry in entries(name, body):
            try:
                session = self._receiver.receive(entry, entry_name, wishes, user)
            except UnparsableError as error:
                if not wishes.ignore_unparsable:
                    raise
                failure = error
                continue
            parsed = True
            if session:
                found[session.id] = session
        if failure and not parsed:
            raise failure
        self._background.wake()
        return [self._committed(session, wishes, user) for session in found.values()]

    def _committed(self, session: PrearchiveSession, wishes: Wishes, user: User) -> str:
        """Return the URI of an imported session, after a commit if one is wanted."""
        if not wishes.commit or session.direct:
            return uri_of(session)
        try:
            built = self.build(session)
            kept = wishes.dest is not None and not wishes.dest.is_archive
            if kept or not self.will_archive(built, wishes.auto_archive):
                return uri_of(built)
            return "/data" + self._auto_archive(built, wishes.overwrite, user)
        except Refusal as error:
            raise Refusal(400, "unable to archive for the Prearchive session") from error

    def will_archive(self, session: PrearchiveSession, asked: bool | None = None) -> bool:
        """Tell whether a commit goes on into the archive.

        A row that archives by itself does; another one if the caller says so; and if neither row nor caller
        have said a word the project's setting counts.
        """
        if not session.project:
            return False
        if session.autoarchive in _AUTO:
            return True
        if asked is not None:
            return asked
        project = self._archive.project(session.project)
        return bool(not session.autoarchive and project and project.prearchive_code >= _FIRST_AUTO_CODE)

    def build(self, session: PrearchiveSession) -> PrearchiveSession:
        """Build a session's document; return the session as it is then.

        It ends READY, or RECEIVING when objects came meanwhile, or ERROR.

        Raises:
            Refusal: 409 when it is locked, 500 when it cannot be built.
        """
        self._enter(session.id, "BUILDING", self._settings.building_s, Refusal(409, LOCKED))
        try:
            self._build_document(session.id)
        except Exception as error:
            self._fail(session.id, "ERROR", f"Unable to build the session: {error}")
            raise Refusal(500, "Unable to build the session.") from error
        status = "RECEIVING" if self._archive.has_unbuilt_files(session.id) else "READY"
        self._archive.set_prearchive_status(session.id, status, unless_locked=False)
        return self._fresh(session.id)

    def _build_document(self, session_id: int) -> None:
        scans = group_series(self._archive.prearchive_files(session_id))
        document = build_document(scans)
        with self._archive.bulk():
            for scan_id, files in scans.items():
                for file in files:
                    if file.scan != scan_id:
                        self._archive.assign_scan(file, scan_id)
            self._archive.update_prearchive_session(
                session_id,
                document=to_json(document),
                scan_date=document["date"],
                scan_time=document["time"],
                uploaded=stamp(),
            )

    def commit(self, session: PrearchiveSession, user: User, *, auto_archive: bool | None = None) -> str:
        """Build a session and archive it where that is its way; return its place, without `/data`.

        Raises:
            Refusal: 409 when it is locked, 500 when it could not be built or archived.
        """
        built = self.build(session)
        if not self.will_archive(built, auto_archive):
            return built.url
        try:
            return self._auto_archive(built, Overwrite(), user)
        except Refusal as error:
            raise Refusal(500, error.message) from error

    def _auto_archive(self, session: PrearchiveSession, said: Overwrite, user: User) -> str:
        """Archive with what the row's code allows, and with what the caller has said."""
        merge = said.merge or session.autoarchive in _AUTO
        files = said.files or session.autoarchive == "AutoArchiveOverwrite"
        return self.archive(session, ArchiveOrder(overwrite=Overwrite(merge, said.override, files)), user)

    def archive(self, session: PrearchiveSession, order: ArchiveOrder, user: User) -> str:
        """Archive a session, built before if it must be; return its place there, without `/data`.

        When that fails the session ends as CONFLICT or ERROR, with the reason in its log.

        Raises:
            Refusal: 403 when it is being worked on; 400, 409 or 500 for the failure.
        """
        busy = Refusal(403, "Operation already in progress on this prearchive entry.")
        session = self._fresh(session.id)
        if session.is_locked:
            raise busy
        if self._archive.has_unbuilt_files(session.id) or not session.document:
            self.build(session)
        self._enter(session.id, "ARCHIVING", self._settings.archiving_s, busy)
        if self._archive.has_unbuilt_files(session.id):  # they came between build and lock
            self._archive.set_prearchive_status(session.id, "RECEIVING", unless_locked=False)
            raise busy
        try:
            return self._archiver.archive_session(self._fresh(session.id), order, user)
        except Refusal as error:
            self._fail(session.id, "CONFLICT" if error.status == 409 else "ERROR", error.message)
            raise
        except Exception as error:
            self._fail(session.id, "ERROR", str(error))
            raise Refusal(500, "Unable to archive the session.") from error

    def archive_direct(self, session: PrearchiveSession, user: User) -> None:
        """Bring a session of the direct archive to its end; one that fails is moved to the prearchive."""
        try:
            self.archive(session, ArchiveOrder(), user)
        except Refusal as error:
            self._archive.log_prearchive(session.id, f"Attempt to direct-archive failed: {error.message}")
            moment = f"{session.timestamp}_DA"
            self._archive.update_prearchive_session(session.id, direct=0, timestamp=moment)

    def _enter(self, session_id: int, state: str, duration_s: float, busy: Refusal) -> None:
        """Go into a state and then into its lock, in half of the duration each."""
        for status in (state, f"_{state}"):
            if not self._archive.set_prearchive_status(session_id, status):
                raise busy
            time.sleep(duration_s / 2)

    def _fail(self, session_id: int, status: str, reason: str) -> None:
        self._archive.set_prearchive_status(session_id, status, unless_locked=False)
        if self._archive.prearchive_session(session_id):
            self._archive.log_prearchive(session_id, reason)

    def _fresh(self, session_id: int) -> PrearchiveSession:
        session = self._archive.prearchive_session(session_id)
        if session is None:
            raise Refusal(404)
        return session

    def _next_build(self) -> float | None:
        """Build what has been idle for long enough; return in how many seconds more falls due, or None."""
        patience_s = self._settings.rebuild_after_s
        for session_id, touched_s in self._archive.receiving_sessions():
            if touched_s + patience_s <= time.time():
                with suppress(Refusal):  # the session's status and log tell it
                    self._rebuild(session_id)
        waiting = [touched_s for _, touched_s in self._archive.receiving_sessions()]
        return max(min(waiting) + patience_s - time.time(), 0.01) if waiting else None

    def _rebuild(self, session_id: int) -> None:
        """Build and perhaps archive a session that nobody has committed."""
        if not self._archive.set_prearchive_status(session_id, "QUEUED_BUILDING"):
            return
        session = self._fresh(session_id)
        if session.direct:
            self.archive_direct(session, _SITE)
            return
        built = self.build(session)
        if built.status == "READY" and self.will_archive(built):
            self._archive.set_prearchive_status(session_id, "QUEUED_ARCHIVING")
            self._auto_archive(built, Overwrite(), _SITE)
