"""Moves a built session from the prearchive into the archive."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xnat_tui.demo.archive import Archive, Owner, PrearchiveFile, PrearchiveSession, Scan, User
from xnat_tui.demo.archive.files import md5_of
from xnat_tui.demo.ingest.merging import Target, check_files, check_merge, scan_ids
from xnat_tui.demo.ingest.naming import label_safe
from xnat_tui.demo.ingest.wishes import Overwrite
from xnat_tui.demo.refusal import Refusal


@dataclass(frozen=True)
class ArchiveOrder:
    """How a session is to be archived; empty texts keep what the session says itself.

    Attributes:
        project: id of the project to archive into.
        subject: subject label.
        label: session label.
    """

    project: str = ""
    subject: str = ""
    label: str = ""
    overwrite: Overwrite = field(default_factory=Overwrite)


@dataclass(frozen=True)
class _Move:
    """One scan on its way: as it was built, its id in the archive, the scan it joins there, its files."""

    scan: Mapping[str, Any]
    scan_id: str
    there: Scan | None
    files: Sequence[PrearchiveFile]


class Archiver:
    """Archives sessions, one at a time; the prearchive's row and folder are gone afterwards."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = threading.Lock()

    def archive_session(self, session: PrearchiveSession, order: ArchiveOrder, user: User) -> str:
        """Archive a session; return its new place by labels, without `/data` in front.

        Subject and session are made when they are missing; the subject is looked for in whatever case.

        Raises:
            Refusal: 400 when it has no label or no document, 409 when it may not join what is there.
        """
        if not session.document:
            raise Refusal(400, "The session has not been built.")
        with self._lock:
            target = self._target(session, order)
            check_merge(self._archive, target, session.document, order.overwrite)
            moves = self._moves(session, target)
            for move in moves:
                if move.there:
                    check_files(self._archive, move.there, move.files, order.overwrite)
            subject_label = self._move(session, target, moves, user)
        return f"/archive/projects/{target.project}/subjects/{subject_label}/experiments/{target.label}"

    def _moves(self, session: PrearchiveSession, target: Target) -> list[_Move]:
        by_scan: dict[str, list[PrearchiveFile]] = {}
        for file in self._archive.prearchive_files(session.id):
            by_scan.setdefault(file.scan, []).append(file)
        scans = session.document["scans"]
        ids = scan_ids(self._archive, target, scans)
        return [
            _Move(scan, scan_id, there, by_scan.get(scan["id"], []))
            for scan, (scan_id, there) in zip(scans, ids, strict=True)
        ]

    def _move(self, session: PrearchiveSession, target: Target, moves: Sequence[_Move], user: User) -> str:
        """Move all that was received into the archive; return the subject's label there."""
        places = [self._archive.location_of(file) for move in moves for file in move.files]
        digests = {place: md5_of(place) for place in places}
        with self._archive.bulk():
            session_id, subject_label = self._experiment(target, session.document, user)
            for move in moves:
                if move.there is None:
                    self._add_scan(session_id, move.scan_id, move.scan, user)
                self._take_files(Owner.scan(session_id, move.scan_id), move.files, digests)
                if move.there:
                    self._count_frames(move.there)
            self._archive.delete_prearchive_session(session.id)
        return subject_label

    def _target(self, session: PrearchiveSession, order: ArchiveOrder) -> Target:
        project = order.project or session.project
        label = label_safe(order.label or session.name)
        subject_label = label_safe(order.subject or session.subject)
        if not (project and label and subject_label):
            raise Refusal(400, "Unable to identify project, subject or label of the session.")
        subject = self._archive.subject_ignoring_case(project, subject_label)
        there = self._archive.find_experiment(project, label)
        return Target(project, subject_label, subject.id if subject else "", label, there)

    def _experiment(self, target: Target, document: Mapping[str, Any], user: User) -> tuple[str, str]:
        """Return the session's accession id and its subject's label, both made when missing."""
        archive = self._archive
        subject_id = target.subject_id or archive.add_subject(
            target.project, target.subject_label, insert_user=user.login
        )
        subject = archive.subject(subject_id)
        label = subject.label if subject else target.subject_label
        if target.experiment:
            archive.update_experiment(target.experiment.id)
            return target.experiment.id, label
        made = archive.add_experiment(
            target.project,
            subject_id,
            target.label,
            document["xsi_type"],
            date=document["date"],
            time=document["time"],
            values=document["values"],
            insert_user=user.login,
        )
        return made, label

    def _add_scan(self, session_id: str, scan_id: str, scan: Mapping[str, Any], user: User) -> None:
        """Add a scan; as on a real server its type is its series description at first, its quality usable."""
        self._archive.add_scan(
            session_id,
            scan_id,
            scan["xsi_type"],
            type=scan["series_description"],
            quality="usable",
            series_description=scan["series_description"],
            values=scan["values"],
            insert_user=user.login,
        )

    def _take_files(self, owner: Owner, files: Sequence[PrearchiveFile], digests: Mapping[Path, str]) -> None:
        resources = {resource.label: resource.id for resource in self._archive.resources(owner)}
        for file in files:
            if file.resource not in resources:
                resources[file.resource] = self._archive.add_resource(
                    owner, file.resource, format="DICOM", content="RAW"
                )
            place = self._archive.location_of(file)
            self._archive.adopt_file(resources[file.resource], file.name, place, digests[place])

    def _count_frames(self, scan: Scan) -> None:
        """Correct the number of frames of a scan that other files have joined."""
        resources = self._archive.resources(Owner.scan(scan.session_id, scan.id))
        frames = sum(resource.file_count for resource in resources if resource.format == "DICOM")
        self._archive.update_scan(scan.pk, {"frames": frames})
