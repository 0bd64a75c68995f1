"""The gradual importer: takes one DICOM object and files it in the prearchive."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import uuid4

from xnat_tui.demo.archive import (
    Archive,
    NewPrearchiveSession,
    PrearchiveFile,
    PrearchiveSession,
    User,
)
from xnat_tui.demo.ingest.instance import Instance, NotDicomError
from xnat_tui.demo.ingest.naming import file_safe, is_legal, scan_folder, template_name
from xnat_tui.demo.ingest.routing import Destination, destination_of
from xnat_tui.demo.ingest.settings import IngestSettings
from xnat_tui.demo.ingest.wishes import Wishes
from xnat_tui.demo.refusal import Refusal

_RESOURCE = "DICOM"
_CLOSED = ("ARCHIVING", "_ARCHIVING")
_BUSY = ("QUEUED_BUILDING", "BUILDING", "RECEIVING_INTERRUPT")


class UnparsableError(Refusal):
    """What was sent is no DICOM object."""

    def __init__(self, name: str) -> None:
        super().__init__(400, f"unable to read DICOM object {name}")


class Receiver:
    """Files objects; shared by threads.

    Args:
        archive: where to.
        settings: the site's habits.
    """

    def __init__(self, archive: Archive, settings: IngestSettings) -> None:
        self._archive = archive
        self._settings = settings
        self._lock = threading.Lock()
        self._under_way: set[Path] = set()

    def receive(self, source: IO[bytes], name: str, wishes: Wishes, user: User) -> PrearchiveSession | None:
        """File one object; return its session, or None when the site's filter drops it.

        Args:
            source: an open file that can seek, at its start.
            name: what the sender calls it; empty takes the template's name.
            wishes: what the sender asks for.
            user: who sends.

        Raises:
            UnparsableError: it is no DICOM object.
            Refusal: 400 when the same file is just being received from somebody else, when its session is
                being archived meanwhile, when a forced place belongs to another study, or the disk fails.
        """
        try:
            instance = Instance(source)
        except NotDicomError as error:
            raise UnparsableError(name) from error
        if self._is_dropped(instance):
            return None
        found = destination_of(self._archive, user, instance, wishes)
        try:
            session = self._session(instance, found, wishes)
            self._file(session, instance, found, name, wishes)
        except OSError as error:  # XNAT blames the object for a full disk, too
            raise Refusal(400, f"unable to read DICOM object {name}") from error
        return session

    def _is_dropped(self, instance: Instance) -> bool:
        pattern = self._settings.series_filter
        return bool(pattern and re.fullmatch(pattern, instance.fact("SeriesDescription")))

    def _session(self, instance: Instance, found: Destination, wishes: Wishes) -> PrearchiveSession:
        """Return the row of the object's study and session in its project, made when missing."""
        tag = instance.fact("StudyInstanceUID")
        with self._archive.bulk():
            direct = wishes.direct and self._may_go_direct(found)
            new = _new_session(found, tag, wishes, direct)
            if new.timestamp:
                known = self._archive.find_prearchive_session(new.project, new.timestamp, new.folder)
            else:
                known = self._archive.prearchive_session_of(new.project, tag, new.name, direct=direct)
            if known and known.tag != tag:
                raise Refusal(400, "Session already exists with a different study instance UID.")
            if known and known.status not in _CLOSED:
                return known
            return self._archive.add_prearchive_session(new)

    def _may_go_direct(self, found: Destination) -> bool:
        """Tell whether an object can go straight to the archive: into a project, and a session yet to be."""
        return bool(found.project) and self._archive.find_experiment(found.project, found.session) is None

    def _file(
        self, session: PrearchiveSession, instance: Instance, found: Destination, name: str, wishes: Wishes
    ) -> None:
        folder = scan_folder(instance)
        file_name = self._file_name(session, instance, folder, name, wishes)
        target = self._archive.prearchive_location(session.id, folder, _RESOURCE, file_name)
        edit = self._settings.edit_headers and not wishes.prevent_anon
        with self._claim(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            part = self._archive.prearchive_folder(session.id) / f"{uuid4().hex}.part"
            try:
                size = instance.write(part, _edits(found) if edit else {})
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
            file = PrearchiveFile(session.id, folder, file_name, _RESOURCE, "", size, instance.facts)
            self._note(session.id, file)

    def _note(self, session_id: int, file: PrearchiveFile) -> None:
        with self._archive.bulk():
            session = self._archive.prearchive_session(session_id)
            if session is None or session.status in _CLOSED:
                raise Refusal(400, f"unable to read DICOM object {file.name}")
            self._archive.add_prearchive_file(file)
            status = "RECEIVING"
            if session.is_locked:
                status = session.status
            elif session.status in _BUSY:
                status = "RECEIVING_INTERRUPT"
            self._archive.touch_prearchive_session(session, status)

    def _file_name(
        self, session: PrearchiveSession, instance: Instance, folder: str, name: str, wishes: Wishes
    ) -> str:
        """Return the sender's name if legal, and free or taken by the same object; else the template's."""
        own = file_safe(name)
        if wishes.rename or not name or not is_legal(own):
            return template_name(instance)
        other = self._archive.prearchive_file(session.id, folder, _RESOURCE, own)
        keys = ("SOPClassUID", "SOPInstanceUID")
        if other and any(other.facts.get(key) != instance.fact(key) for key in keys):
            return template_name(instance)
        return own

    @contextmanager
    def _claim(self, target: Path) -> Iterator[None]:
        """Keep everybody else from writing the same file."""
        with self._lock:
            if target in self._under_way:
                raise Refusal(400, "Concurrent file sends of the same data is not supported.")
            self._under_way.add(target)
        try:
            yield
        finally:
            with self._lock:
                self._under_way.discard(target)


def _new_session(found: Destination, tag: str, wishes: Wishes, direct: bool) -> NewPrearchiveSession:
    return NewPrearchiveSession(
        project=found.project,
        name=found.session,
        tag=tag,
        folder=wishes.folder or file_safe(found.session),
        subject=found.subject,
        timestamp=wishes.timestamp,
        autoarchive=found.autoarchive,
        source=wishes.source,
        visit=wishes.visit,
        protocol=wishes.protocol,
        timezone=wishes.timezone,
        prevent_anon=wishes.prevent_anon,
        prevent_auto_commit=wishes.prevent_auto_commit,
        direct=direct,
    )


def _edits(found: Destination) -> dict[str, str]:
    """Return what the site writes into headers."""
    edits = {"PatientName": found.subject, "PatientID": found.session}
    words = {"Project": found.project, "Subject": found.subject, "Session": found.session}
    if found.project:
        edits["StudyDescription"] = found.project
    edits["PatientComments"] = " ".join(f"{key}:{value}" for key, value in words.items() if value)
    return edits
