"""Errands for xnatpy, run by the Python that has it: `xnatpy_errands.py NAME ARGUMENT...`.

Each function is one errand on a connection of its own; the last line printed is its answer as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import xnat


def _files(holder: Any) -> dict[str, list[str]]:
    return {
        resource.label: sorted(file.path for file in resource.files.values())
        for resource in holder.resources.values()
    }


def _scans(experiment: Any) -> dict[str, Any]:
    is_imaging = hasattr(experiment, "scans")
    return {scan.id: _files(scan) for scan in experiment.scans.values()} if is_imaging else {}


def tree(session: Any, project_id: str) -> dict[str, Any]:
    """Everything that subjects of a project hold, reached as a user walks: one level after the other."""
    return {
        subject.label: {found.label: _scans(found) for found in subject.experiments.values()}
        for subject in session.projects[project_id].subjects.values()
    }


def resources(session: Any, project_id: str, subject: str, label: str) -> dict[str, Any]:
    """Files of the resources above scans, and the classes of assessors."""
    project = session.projects[project_id]
    experiment = project.experiments[label]
    return {
        "project": _files(project),
        "subject": _files(project.subjects[subject]),
        "session": _files(experiment),
        "assessors": {found.label: type(found).__name__ for found in experiment.assessors.values()},
    }


def attributes(session: Any, project_id: str, label: str) -> dict[str, Any]:
    """Attributes of an imaging session, of its subject, and of a scan, with the types of the schema."""
    experiment = session.projects[project_id].experiments[label]
    subject, scan = experiment.subject, experiment.scans["2"]  # held: listings only refer weakly to owners
    return {
        "class": type(experiment).__name__,
        "id": experiment.id,
        "date": experiment.date.isoformat(),
        "modality": experiment.modality,
        "note": experiment.note,
        "visit": experiment.fields["visit"],
        "subject": subject.label,
        "gender": subject.demographics.gender,
        "yob": subject.demographics.yob,
        "apoe": subject.fields["apoe"],
        "scan": [type(scan).__name__, scan.id, scan.quality, scan.note],
    }


def awkward(session: Any, project_id: str, label: str) -> list[str]:
    """Texts that need care in every format."""
    project = session.projects[project_id]
    scan = project.experiments[label].scans["1"]
    return [scan.type, scan.series_description, scan.note, project.name, project.description]


def create(session: Any, project_id: str, subject_label: str, label: str) -> list[str]:
    """Make a subject with a session and a scan in it, and fill in some attributes."""
    project = session.projects[project_id]
    subject = session.classes.SubjectData(parent=project, label=subject_label)
    subject.demographics.gender = "female"
    subject.fields["cohort"] = "control"
    experiment = session.classes.MrSessionData(parent=subject, label=label)
    experiment.note = "written by xnatpy"
    experiment.fields["reader"] = "Who"
    scan = session.classes.MrScanData(parent=experiment, id="1", type="T1w", quality="usable")
    return [subject.id, experiment.id, scan.id]


def upload(session: Any, project_id: str, label: str, path: str) -> dict[str, Any]:
    """Upload a file and a text to a new resource of a session and read them back."""
    resource = session.projects[project_id].experiments[label].create_resource("NOTES")
    resource.upload(path, "notes/first file.bin")
    resource.upload_data("second\n", "second.txt")
    session.clearcache()
    resource = session.projects[project_id].experiments[label].resources["NOTES"]
    file = resource.files["notes/first file.bin"]
    file.download("back.bin", verbose=False)
    return {
        "files": sorted(resource.files.keys()),
        "count": resource.file_count,
        "size": int(file.size),
        "same": Path("back.bin").read_bytes() == Path(path).read_bytes(),
        "digest": file.verify_digest(),
        "second": resource.files["second.txt"].open().read().decode(),
    }


def upload_folder(session: Any, project_id: str, subject_label: str, folder: str) -> list[str]:
    """Upload a folder, which travels as one compressed archive that the server unpacks."""
    resource = session.projects[project_id].subjects[subject_label].create_resource("FOLDER")
    resource.upload_dir(folder)
    return sorted(resource.files.keys())


def download(session: Any, project_id: str, label: str, folder: str) -> None:
    """Download all scans of a session into a folder."""
    session.projects[project_id].experiments[label].download_dir(folder, verbose=False)


def import_zip(session: Any, project_id: str, label: str, path: str) -> list[str]:
    """Import a ZIP of DICOM files straight into the archive."""
    found = session.services.import_(
        path,
        project=project_id,
        destination=f"/archive/projects/{project_id}/subjects/IMP/experiments/{label}",
        import_handler="DICOM-zip",
    )
    return [type(found).__name__, found.label, *found.scans.keys()]


def import_waiting(session: Any, project_id: str, label: str, folder: str) -> list[str]:
    """Import a folder into the prearchive, look at it there, and archive it."""
    waiting = session.services.import_dir(
        folder,
        project=project_id,
        subject="IMP",
        experiment=label,
        destination=f"/prearchive/projects/{project_id}",
        import_handler="DICOM-zip",
    )
    seen = [waiting.status, waiting.subject, waiting.label, *(scan.id for scan in waiting.scans)]
    files = [name for scan in waiting.scans for name in sorted(file.name for file in scan.files)]
    archived = waiting.archive(overwrite="append")
    return [*seen, *files, archived.label]


def headers(session: Any, project_id: str, label: str) -> list[Any]:
    """Read a DICOM file through the library, and the server's dump of its header."""
    scan = session.projects[project_id].experiments[label].scans["1"]
    return [scan.read_dicom().Modality, [row["tag1"] for row in scan.dicom_dump()]]


def share(session: Any, project_id: str, label: str, target: str) -> str:
    """Share a session, with its subject first, into another project; return its id there."""
    experiment = session.projects[project_id].experiments[label]
    experiment.subject.share(target)
    experiment.share(target, label="shared_here")
    session.clearcache()
    return str(session.projects[target].experiments["shared_here"].id)


def rename(session: Any, project_id: str, subject_label: str, new_label: str) -> str:
    """Rename a subject; return the label by which it is then found."""
    session.projects[project_id].subjects[subject_label].label = new_label
    session.clearcache()
    return str(session.projects[project_id].subjects[new_label].label)


def delete(session: Any, project_id: str, subject_label: str, label: str) -> list[list[str]]:
    """Delete a session, then its subject; return the labels of the sessions and subjects that are left."""
    project = session.projects[project_id]
    project.experiments[label].delete()
    project.subjects[subject_label].delete()
    session.clearcache()
    project = session.projects[project_id]
    experiments, subjects = project.experiments.values(), project.subjects.values()
    return [sorted(found.label for found in listing) for listing in (experiments, subjects)]


def people(session: Any, project_id: str) -> dict[str, Any]:
    """Who may log in, who is in a project, and what the connection says about the server."""
    project = session.projects[project_id]
    return {
        "users": sorted(session.users),
        "members": {user.login: user.access_level for user in project.users.values()},
        "access": project.access_level,
        "version": session.xnat_version,
        "build": session.xnat_build_info["version"],
        "uptime": sorted(session.xnat_uptime),
        "plugins": sorted(session.plugins),
        "scan types": session.scan_types,
        "timeout_s": session.session_expiration_time[1],
    }


def logins(session: Any) -> list[str]:
    """Log in by an alias token, then by a wrong password; who that is, and what the second is told."""
    url, token = os.environ["XNAT_HOST"], session.services.issue_token()
    with xnat.connect(url, user=token.alias, password=token.secret, loglevel="ERROR") as other:
        found = other.logged_in_user
    try:
        xnat.connect(url, user="admin", password="wrong", loglevel="CRITICAL")
    except xnat.exceptions.XNATLoginFailedError as error:
        return [found, type(error).__name__]
    return [found, "logged in"]


def query(session: Any, project_id: str) -> list[str]:
    """Find the MR sessions of a project by a search."""
    kind = session.classes.MrSessionData
    return sorted(found.label for found in kind.query().filter(kind.project == project_id).all())


def main() -> None:
    """Connect with what the environment tells, run one errand, disconnect."""
    errand, *args = sys.argv[1:]
    with xnat.connect(os.environ["XNAT_HOST"], loglevel="ERROR") as session:
        answer = globals()[errand](session, *args)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
