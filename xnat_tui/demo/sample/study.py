"""What the series of one session have in common, and the UIDs that follow from it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from xnat_tui.demo.sample.artist import Person
from xnat_tui.demo.sample.protocols import Scanner

_UID_NAMESPACE = uuid.UUID("6d1f4f2e-5a0c-4d5e-9a53-0f6f0c1d7e42")


@dataclass(frozen=True, slots=True)
class Study:
    """What the series of one session have in common."""

    project_id: str
    subject_label: str
    session_label: str
    scanner: Scanner
    begin: datetime
    sex: str = "O"
    birth_date: str = ""
    age_years: int = 0
    weight_kg: float = 70.0
    person: Person = field(default_factory=Person)

    @property
    def uid(self) -> str:
        """StudyInstanceUID."""
        return make_uid(self.project_id, self.session_label)


def make_uid(*names: str) -> str:
    """A UID that is the same for the same names, derived from a UUID (PS3.5 B.2: "2.25." and its number)."""
    return f"2.25.{uuid.uuid5(_UID_NAMESPACE, '/'.join(names)).int}"


def series_uid(study: Study, scan_id: str) -> str:
    """SeriesInstanceUID of a scan."""
    return make_uid(study.uid, scan_id)
