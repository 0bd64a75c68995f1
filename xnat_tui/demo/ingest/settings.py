"""What a site does with what it receives, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class IngestSettings:
    """The site's habits.

    Attributes:
        edit_headers: received objects get the labels of their subject and session as PatientName and
            PatientID, their project as StudyDescription, and all three in PatientComments; as on a real
            server, where a script of the site does so by default. Pixels and UIDs stay.
        rebuild_after_s: idle time after which a session that nobody commits is built. A real server waits
            five minutes and up to one more.
        building_s: how long a build takes at least.
        archiving_s: how long archiving takes at least.
        series_filter: pattern of series descriptions (a regular expression, matched whole) whose objects
            the site drops without an error; empty drops none.
    """

    edit_headers: bool = True
    rebuild_after_s: float = 10.0
    building_s: float = 0.0
    archiving_s: float = 0.0
    series_filter: str = ""
