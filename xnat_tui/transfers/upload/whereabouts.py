"""Where a session really ended: in the archive, or held in the prearchive with the server's reason.

XNAT takes a session off the list of direct archivings when it is archived and when it cannot be; the answers
are the same. Which it was is told by the study that the archive holds under the label, and by the prearchive,
to which XNAT moves what it could not archive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import AuthenticationError, ConnectionLostError, ServerError
from xnat_tui.core.uri import data_path
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.upload.target import Place, Stage

_VISIBLE_AFTER_S = (0.0, 0.2, 0.5, 1.0, 2.0)
_CONFLICT = "CONFLICT"
_UNBUILT = "RECEIVING"
_EXPLAINED = (_CONFLICT, "ERROR", _UNBUILT)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a session is, and what keeps it from where it should be.

    Attributes:
        problem: in the server's words where it has any; "" for nothing.
        status: what the prearchive calls its state, such as "CONFLICT"; "" where that was not asked.
        other_study: Study Instance UID of the archive's session of this label, if it is another study's.
        is_found: False when the server does not tell where it is; `place` is then where it should be.
    """

    place: Place
    problem: str = ""
    status: str = ""
    other_study: str = ""
    is_found: bool = True

    @property
    def is_unbuilt(self) -> bool:
        """Whether the prearchive holds what was received, and no session has been made of it."""
        return self.status == _UNBUILT

    def trouble(self, files: int) -> str:
        """Return what is wrong with a session that the prearchive holds back, and what to do; else "".

        Args:
            files: how many files of the upload are in it.
        """
        if not self.status:
            return ""
        count = "1 file" if files == 1 else f"{files} files"
        held = f"The prearchive holds {count} of study {self.place.study_uid} as {self.status}"
        if self.other_study:
            return (
                f"{held}, because {self.place.label} is the session of study {self.other_study}: archive them"
                " from there under another label, or delete them there and upload each study to a session of"
                " its own."
            )
        if self.status == _CONFLICT:
            return f"{held}: delete them there if the archive has them, or upload them again with overwrite."
        return f"{held}: archive them from there when the cause is removed, or delete them there."


class Tracer:
    """Finds out where sessions ended; used by one thread."""

    def __init__(self, client: XNATClient, flow: Flow) -> None:
        self._client = client
        self._flow = flow

    def trace(self, place: Place) -> Whereabouts:
        """Return where a session is that has left the direct archive.

        After a success it may take a second until the session is visible.

        Raises:
            ServerError: the server does not let it be seen.
            CancelledByUser: somebody stopped the job.
        """
        there: str | None = None
        for wait_s in _VISIBLE_AFTER_S:
            self._flow.cancel.wait(wait_s)
            self._flow.check()
            there = self._archived_study(place)
            if there in ("", place.study_uid):
                return Whereabouts(in_archive(place))
            if there and (bounced := self._bounced(place)):
                return bounced
        return self._bounced(place) or _lost(place, there)

    def look(self, place: Place, problem: str) -> Whereabouts:
        """Return a session that the prearchive may hold back, with its state there.

        Args:
            place: where it was seen last.
            problem: what is known to be wrong; the log of a session that failed says it better.
        """
        if place.stage is not Stage.PREARCHIVE:
            return Whereabouts(place, problem, is_found=place.stage is Stage.ARCHIVE)
        try:
            rows = self._client.get_table(place.uri)
            return self._held(place, rows[0], problem) if rows else Whereabouts(place, problem)
        except AuthenticationError:
            raise
        except (ServerError, ConnectionLostError):
            return Whereabouts(place, problem)

    def _bounced(self, place: Place) -> Whereabouts | None:
        """Return the newest session of the prearchive of this study and label, None when there is none."""
        rows = self._client.get_table(data_path("prearchive", "projects", place.project))
        same = [row for row in rows if (row.get("tag"), row.get("name")) == (place.study_uid, place.label)]
        if not same:
            return None
        row = max(same, key=lambda row: row.get("timestamp", ""))
        waiting = replace(place, uri=f"/data{row['url']}", stage=Stage.PREARCHIVE)
        return self._held(waiting, row, "The server could not archive it.")

    def _held(self, place: Place, row: Mapping[str, str], problem: str) -> Whereabouts:
        place = replace(place, study_uid=row.get("tag", ""))
        status = row.get("status", "")
        if status in _EXPLAINED:
            problem = self._last_words(place) or problem
        there = self._archived_study(place) or ""
        return Whereabouts(place, problem, status, there if there != place.study_uid else "")

    def _last_words(self, place: Place) -> str:
        """Return the newest entry of a session's log, where XNAT explains a failure."""
        try:
            return " ".join(self._client.get_text(f"{place.uri}/logs/last").split())
        except AuthenticationError:
            raise
        except ServerError:
            return ""

    def _archived_study(self, place: Place) -> str | None:
        """Return the study of the archive's session of this label: "" when untold, None for no session."""
        params = {"columns": "ID,label,project,UID", "label": place.label, "limit": "*"}
        rows = self._client.get_table(data_path("projects", place.project, "experiments"), params)
        # The filter takes "*" and "," for patterns.
        return next((row.get("UID", "") for row in rows if row.get("label") == place.label), None)


def in_archive(place: Place) -> Place:
    """Return a session's place in the archive, by its label."""
    uri = f"/data/projects/{place.project}/experiments/{place.label}"
    return replace(place, uri=uri, stage=Stage.ARCHIVE)


def _lost(place: Place, there: str | None) -> Whereabouts:
    problem = "The server lists it neither in the archive nor in the prearchive."
    if there:
        problem = f"The archive holds study {there} under this label, and the prearchive does not list it."
    return Whereabouts(in_archive(place), problem, other_study=there or "", is_found=False)
