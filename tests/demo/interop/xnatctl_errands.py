"""Errands for the services of xnatctl that its command line lacks: `xnatctl_errands.py NAME ARGUMENT...`.

Each function is one errand on a connection of its own; the last line printed is its answer as JSON.
"""

from __future__ import annotations

import json
import os
import sys

from xnatctl.core.client import XNATClient


def create(client: XNATClient, project: str, subject: str, label: str) -> list[str]:
    """Make a subject and a session of it; return their ids."""
    made = client.subjects.create(project, subject, group="pilot", gender="female", yob=1971)
    session = client.sessions.create(project, subject, label, date="2024-03-03", time="10:20:30")
    client.resources.create(session.id, "NOTES", format="TXT")
    return [made.id, session.id]


def create_project(client: XNATClient, project: str, name: str, lastname: str) -> str:
    """Make a project; return the name by which the server then lists it."""
    return str(client.projects.create(project, name=name, pi_lastname=lastname).name)


def rename(client: XNATClient, project: str, subject: str, new_label: str) -> str:
    """Rename a subject; return the label by which the server then knows it."""
    return str(client.subjects.rename(subject, new_label, project=project).label)


def judge(client: XNATClient, session: str, project: str, scan: str) -> None:
    """Set the quality of a scan and a note on it."""
    client.scans.set_quality(session, scan, "unusable", project=project)
    client.scans.set_note(session, scan, "seen by xnatctl", project=project)


def delete(client: XNATClient, project: str, subject: str, label: str) -> list[bool]:
    """Delete a resource of a session, the session, and its subject."""
    session = client.sessions.get(label, project=project)
    resource = client.resources.list(session.id)[0]
    return [
        client.resources.delete(session.id, str(resource.label)),
        client.sessions.delete(label, project=project, remove_files=True),
        client.subjects.delete(subject, project=project),
    ]


def main() -> None:
    """Log in with what the environment tells, run one errand, log out."""
    errand, *args = sys.argv[1:]
    url, user, password = (os.environ[name] for name in ("XNAT_URL", "XNAT_USER", "XNAT_PASS"))
    with XNATClient(url, username=user, password=password) as client:
        answer = globals()[errand](client, *args)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
