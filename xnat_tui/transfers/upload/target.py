"""Where DICOM goes on the server, in the words of XNAT's import service, and what its answers mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from urllib.parse import urlencode

from xnat_tui.core.exceptions import InvalidValueError

Overwrite = Literal["none", "append", "delete"]
OVERWRITES: tuple[Overwrite, ...] = ("none", "append", "delete")

_IMPORT = "/data/services/import"
_PLACE = re.compile(r"/data/(?:archive/)?projects/(?P<project>[^/]+)/.*?experiments/(?P<label>[^/]+)/?")
_WAITING = re.compile(r"/data/prearchive/projects/(?P<project>[^/]+)/[^/]+/(?P<label>[^/]+)/?")
_DIRECT = re.compile(r"/xapi/direct-archive/(?P<project>[^/]+)/(?P<study>[^/]+)/(?P<label>[^/]+)/?")


def archive_destination_params(project: str, direct_archive: bool) -> dict[str, str]:
    """Return the query parameters that route a POST to /data/services/import.

    `Direct-Archive=true` writes straight to the project's archive, where the server can (XNAT 1.8.3 and
    later); `dest=/prearchive/projects/{project}` names the prearchive. Neither can keep a project from
    archiving by itself what reaches its prearchive: that is the project's own setting, `prearchive_code` (0
    leaves sessions there, 4 and 5 archive them), and no upload can override it.
    """
    if direct_archive:
        return {"Direct-Archive": "true"}
    return {"dest": f"/prearchive/projects/{project}"}


class Stage(StrEnum):
    """How far the server has come with a session."""

    PREARCHIVE = "prearchive"
    DIRECT_ARCHIVE = "direct archive"
    """Its files are in the archive's folders, its record is still to be made."""
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Place:
    """A session as the import service names it.

    Attributes:
        uri: path below the context path, as the server wrote it.
        project: project in it, "Unassigned" where the server found none.
        label: label of the session in it.
        study_uid: its Study Instance UID, "" where the URI does not tell.
    """

    uri: str
    stage: Stage
    project: str
    label: str
    study_uid: str = ""


def parse_places(answer: str) -> list[Place]:
    """Return the sessions that an answer of the import service names; none means that nothing was kept.

    XNAT answers with one URI per line. An empty answer with status 200 says that filters of the site or the
    project rejected everything.
    """
    places = []
    for word in answer.split():
        for stage, pattern in (
            (Stage.PREARCHIVE, _WAITING),
            (Stage.DIRECT_ARCHIVE, _DIRECT),
            (Stage.ARCHIVE, _PLACE),
        ):
            if match := pattern.fullmatch(word):
                study = match.groupdict().get("study", "")
                places.append(Place(word, stage, match["project"], match["label"], study))
    return places


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """The session that an upload is for.

    Attributes:
        project: id of the project.
        subject: label of the subject; the server makes it when needed.
        session: label of the session.
        direct_archive: into the archive; else into the prearchive, from where the project's own setting may
            archive it.
        overwrite: what becomes of a session that exists: "none" refuses files that are there, "append" adds
            to it, "delete" replaces files.
        handler: XNAT's import handler for archives.
        ignore_unparsable: leave out what is not DICOM instead of refusing the archive.
    """

    project: str
    subject: str
    session: str
    direct_archive: bool = True
    overwrite: Overwrite = "none"
    handler: str = "DICOM-zip"
    ignore_unparsable: bool = True

    def __post_init__(self) -> None:
        """Refuse what no server takes.

        Raises:
            InvalidValueError: a name is empty, or `overwrite` is unknown.
        """
        if not (self.project and self.subject and self.session):
            raise InvalidValueError("An upload needs a project, a subject and a session.")
        if self.overwrite not in OVERWRITES:
            raise InvalidValueError(f"overwrite must be one of {', '.join(OVERWRITES)}.")

    @property
    def replaces(self) -> bool:
        """Whether it may change what is in the archive already."""
        return self.direct_archive and self.overwrite != "none"

    @property
    def takes_batches(self) -> bool:
        """Whether a session can come in several archives; other handlers make a session of each."""
        return self.handler == "DICOM-zip"

    def file_path(self) -> str:
        """Return the path to POST one DICOM file to.

        The server names the file by its content: files of one name cannot be sent at the same time.
        """
        params = {
            "import-handler": "gradual-DICOM",
            "inbody": "true",
            "rename": "true",
            **archive_destination_params(self.project, self.direct_archive),
        }
        return self._path(params)

    def archive_path(self) -> str:
        """Return the path to POST an archive to.

        For DICOM-zip a `dest` means that the session is complete, so it is left out: the session is committed
        when all of it has arrived.
        """
        route = archive_destination_params(self.project, self.direct_archive)
        if self.takes_batches:
            route.pop("dest", None)
        params = {
            "import-handler": self.handler,
            "inbody": "true",
            "Ignore-Unparsable": str(self.ignore_unparsable).lower(),
            "overwrite": self.overwrite,
            **route,
        }
        return self._path(params)

    def _path(self, params: dict[str, str]) -> str:
        names = {"PROJECT_ID": self.project, "SUBJECT_ID": self.subject, "EXPT_LABEL": self.session}
        if not self.takes_batches:
            names = {"project": self.project, "subject": self.subject, "session": self.session}
        # Without it the server builds, and maybe archives, a session that pauses for some minutes.
        return f"{_IMPORT}?{urlencode({**params, **names, 'prevent_auto_commit': 'true'})}"
