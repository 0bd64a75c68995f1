"""Downloads of many sessions as XNAT's pages make them: chosen first, then fetched as one stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from xnat_tui.demo.archive import Archive, Experiment, Owner, Resource, StoredFile
from xnat_tui.demo.layouts import members_of
from xnat_tui.demo.packing import Member


class Choice(msgspec.Struct):
    """The body of `POST /xapi/archive/download`.

    Attributes:
        sessions: each "PROJECT:SUBJECT_LABEL:SESSION_LABEL:SESSION_ID".
        projectIds: the projects from which they are; `projectId` is the same for one.
        scan_types: types of the scans wanted; when there is none, nothing is sent at all.
        scan_formats: labels of the scans' resources; when there is none, nothing is sent at all.
        resources: labels of the sessions' own resources.
        assessors: types of the image assessors.
        options: any of "projectIncludedInPath", "subjectIncludedInPath", "simplified".
    """

    sessions: list[str] = []
    projectIds: list[str] = []
    projectId: list[str] = []
    scan_types: list[str] = []
    scan_formats: list[str] = []
    resources: list[str] = []
    assessors: list[str] = []
    options: list[str] = []


@dataclass(frozen=True)
class Cart:
    """What a user chose.

    Attributes:
        login: whose it is; nobody else can fetch it.
        choice: resources and formats.
        sessions: the sessions.
    """

    login: str
    choice: Choice
    sessions: list[Experiment]

    def files(self, archive: Archive) -> list[StoredFile]:
        """Return all chosen files."""
        return [file for each in self._resources(archive) for file in archive.files(each.id)]

    def members(self, archive: Archive) -> list[Member]:
        """Return all chosen files under their names in the archive that is sent."""
        structure = "simplified" if "simplified" in self.choice.options else ""
        found = []
        for session in self.sessions:
            chosen = self._of_session(archive, session)
            files = [(resource, file.path) for resource in chosen for file in archive.files(resource.id)]
            found += members_of(archive, files, structure, self._prefix(archive, session))
        return found

    def _prefix(self, archive: Archive, session: Experiment) -> str:
        subject = archive.subject(session.subject_id)
        folders = {
            "projectIncludedInPath": session.project,
            "subjectIncludedInPath": subject.label if subject else "",
        }
        return "".join(
            f"{name}/" for option, name in folders.items() if option in self.choice.options and name
        )

    def _resources(self, archive: Archive) -> Iterator[Resource]:
        for session in self.sessions:
            yield from self._of_session(archive, session)

    def _of_session(self, archive: Archive, session: Experiment) -> Iterator[Resource]:
        """Yield the chosen resources of a session, of its scans and of its assessors."""
        choice = self.choice
        if not (choice.scan_types and choice.scan_formats):
            return
        scans = {scan.pk for scan in archive.scans(session.id) if scan.type in choice.scan_types}
        for resource in archive.scan_resources(session.id):
            if resource.scan_pk in scans and resource.label in choice.scan_formats:
                yield resource
        for resource in archive.resources(Owner.experiment(session.id)):
            if resource.label in choice.resources:
                yield resource
        for assessor in archive.assessors(session.id):
            if assessor.xsi_type in choice.assessors:
                yield from archive.resources(Owner.experiment(assessor.id))
