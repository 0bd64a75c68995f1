"""What the sender of data asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from xnat_tui.demo.ingest.places import Place

_OVERRIDES = ("delete", "override")


class Overwrite(NamedTuple):
    """How data that are there already are met.

    Attributes:
        merge: new data may join a session that is there.
        override: clashes that XNAT allows to override are overridden.
        files: files of the same names are replaced.
    """

    merge: bool = False
    override: bool = False
    files: bool = False


def parse_overwrite(word: str | None, files: bool) -> Overwrite:
    """Read the importer's `overwrite`: absent forbids merging, and every value, even `none`, allows it."""
    return Overwrite(word is not None, word in _OVERRIDES, files)


@dataclass(frozen=True)
class Wishes:
    """The parameters of an import; what was not said is empty.

    Attributes:
        project: id or alias.
        dest: forced place; its project counts like `project`.
        timestamp: forced first coordinate in the prearchive.
        folder: forced second coordinate.
        rename: file names by the template, whatever the sender calls them.
        direct: straight to the archive.
        prevent_anon: the sender has edited the headers; the site does not.
        prevent_auto_commit: only a commit builds the session.
        ignore_unparsable: pass over what is no DICOM.
        commit: build at once.
        auto_archive: archive after the commit; None leaves it to row and project.
    """

    project: str = ""
    subject: str = ""
    session: str = ""
    dest: Place | None = None
    timestamp: str = ""
    folder: str = ""
    visit: str = ""
    protocol: str = ""
    timezone: str = ""
    source: str = ""
    rename: bool = False
    direct: bool = False
    prevent_anon: bool = False
    prevent_auto_commit: bool = False
    ignore_unparsable: bool = False
    commit: bool = False
    auto_archive: bool | None = None
    overwrite: Overwrite = field(default_factory=Overwrite)
