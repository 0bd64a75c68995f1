"""URIs by which callers name places in prearchive and archive."""

from __future__ import annotations

import re
from typing import NamedTuple

from xnat_tui.demo.archive.prearchive import UNASSIGNED

_PLACE = re.compile(
    r"(?:/data|/REST)?/(?P<area>prearchive|archive)"
    r"(?:/projects/(?P<project>[^/]+)"
    r"(?:(?:/subjects/(?P<subject>[^/]+)(?:/experiments/(?P<session>[^/]+))?)"
    r"|(?:/(?P<timestamp>[^/]+)(?:/(?P<folder>[^/]+))?))?)?/?"
)


class Place(NamedTuple):
    """A place in the prearchive or in the archive; parts that were not given are empty."""

    area: str
    project: str = ""
    subject: str = ""
    session: str = ""
    timestamp: str = ""
    folder: str = ""

    @property
    def is_archive(self) -> bool:
        """Whether it lies in the archive."""
        return self.area == "archive"


def parse_place(uri: str) -> Place | None:
    """Return the place that a URI names, with or without `/data` or `/REST` in front; None for none.

    The project of the Unassigned is empty.
    """
    found = _PLACE.fullmatch(uri)
    if found is None:
        return None
    parts = {name: text or "" for name, text in found.groupdict().items()}
    if parts["timestamp" if parts["area"] == "archive" else "subject"]:
        return None
    place = Place(**parts)
    return place._replace(project="") if place.project.lower() == UNASSIGNED.lower() else place
