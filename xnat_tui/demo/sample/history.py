"""The past of the sample's things: who added them, and what a site runs on a new session."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from xnat_tui.demo.archive import Archive
from xnat_tui.demo.archive.types import TYPES

_REASONS = ("", "", "checked by the reading room", "as agreed with the PI")


def note_addition(
    archive: Archive, xsi_type: str, object_id: str, project: str, *, login: str, added: datetime
) -> None:
    """Note that somebody added a thing by the web form."""
    noun = TYPES[xsi_type].singular
    archive.add_workflow(
        xsi_type, object_id, project, f"Added {noun}", login=login, type="WEB_FORM", launched=added
    )


def note_session(archive: Archive, xsi_type: str, session_id: str, project: str, stored: datetime) -> None:
    """Note how a session came from the prearchive and what was run on it; the same for the same id."""
    chance = random.Random(session_id)
    steps = [
        ("Transfer", "admin", "Complete", "PROCESS", timedelta(0), ""),
        ("AutoRun", "admin", "Complete", "PROCESS", timedelta(minutes=2), ""),
        (
            "Modified Scan",
            "member",
            "Complete",
            "WEB_FORM",
            timedelta(days=3, hours=2),
            chance.choice(_REASONS),
        ),
    ]
    if chance.random() < 0.3:
        steps.append(
            ("dcm2niix", "owner", "Failed (Staging)", "PROCESS", timedelta(days=3, hours=4), "first try")
        )
        steps.append(("dcm2niix", "owner", "Complete", "PROCESS", timedelta(days=3, hours=5), "second try"))
    for name, login, status, way, later, reason in steps:
        archive.add_workflow(
            xsi_type,
            session_id,
            project,
            name,
            login=login,
            status=status,
            type=way,
            justification=reason,
            launched=stored + later,
        )
