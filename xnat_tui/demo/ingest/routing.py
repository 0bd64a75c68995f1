"""Where a received object belongs: its project, subject and session.

What the sender says comes first, then assignments such as `Project:DEMO Subject:S1 Session:S1_MR1` in the
object's comments, then whole elements of its header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xnat_tui.demo.archive import Archive, Project, User
from xnat_tui.demo.ingest.instance import Instance
from xnat_tui.demo.ingest.naming import label_safe
from xnat_tui.demo.ingest.wishes import Wishes

DEFAULT_LABEL = "dicom_upload"
_COMMENTS = ("PatientComments", "StudyComments", "AdditionalPatientHistory")
_AUTO_ARCHIVE = {0: "Manual", 4: "AutoArchive", 5: "AutoArchiveOverwrite"}


class Destination(NamedTuple):
    """Where an object goes; `project` is empty for the Unassigned, `autoarchive` for no decision."""

    project: str
    subject: str
    session: str
    autoarchive: str


def destination_of(archive: Archive, user: User, instance: Instance, wishes: Wishes) -> Destination:
    """Return where an object belongs.

    A project that the sender names but may not create data in is passed over, as on a real server: the
    object then goes where its header says, or to the Unassigned.
    """
    project = _project(archive, user, instance, wishes)
    subject = wishes.subject or label_safe(_assigned(instance, "Subject") or instance.fact("PatientName"))
    session = wishes.session or label_safe(_assigned(instance, "Session") or instance.fact("PatientID"))
    auto = _auto_archive(instance, project)
    return Destination(project.id if project else "", subject, session or DEFAULT_LABEL, auto)


def _project(archive: Archive, user: User, instance: Instance, wishes: Wishes) -> Project | None:
    names = [wishes.project, *_assignments(instance, "Project")]
    names += [instance.fact("StudyDescription"), instance.fact("AccessionNumber")]
    for name in names:
        found = archive.project(name) if name else None
        if found and archive.may(user, "create", found.id):
            return found
    return None


def _assignments(instance: Instance, word: str) -> Iterator[str]:
    pattern = re.compile(rf"(?:^|[\s,;]){word}\s*:\s*([A-Za-z0-9_-]*)(?=[\s,;]|$)", re.IGNORECASE)
    for keyword in _COMMENTS:
        found = pattern.search(instance.fact(keyword))
        if found and found[1]:
            yield found[1]


def _assigned(instance: Instance, word: str) -> str:
    return next(_assignments(instance, word), "")


def _auto_archive(instance: Instance, project: Project | None) -> str:
    """Return the row's code: `AA:true` or `AA:false` in the comments beats the project's setting."""
    said = _assigned(instance, "AA").lower()
    if said in ("true", "t"):
        return "AutoArchive"
    if said in ("false", "f"):
        return "Manual"
    return _AUTO_ARCHIVE.get(project.prearchive_code, "") if project else ""
