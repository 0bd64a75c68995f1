"""After the last byte: has the server make sessions of what it got, instead of waiting until it thinks of it.

Left alone, XNAT builds a session some minutes after its last file, and one that is not to be committed by
itself never.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import (
    AuthenticationError,
    ConflictError,
    ConnectionLostError,
    ResourceNotFoundError,
    ServerError,
    XnatTuiError,
)
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.upload.line import Reply, UploadLine
from xnat_tui.transfers.upload.target import Place, Stage, UploadTarget, parse_places
from xnat_tui.transfers.upload.whereabouts import Tracer, Whereabouts, in_archive

_ARCHIVE = "/data/services/archive"
_TRIES = 6


class Committer:
    """Brings sessions to where an upload wants them; used by one thread."""

    def __init__(
        self,
        client: XNATClient,
        flow: Flow,
        target: UploadTarget,
        *,
        answer_s: float | None = None,
        wait_s: float = 1.0,
        patience_s: float = 600.0,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Prepare.

        Args:
            client: the log-in to use.
            flow: stops it.
            target: where the upload wants its sessions.
            answer_s: how long the server may work on one request.
            wait_s: wait before asking again whether the server is ready; doubled each time, up to 5 s.
            patience_s: how long a session may take from the archive's folders into the archive.
            tell: told what is being done.
        """
        self._line = UploadLine(client.access, flow, answer_s=answer_s)
        self._tracer = Tracer(client, flow)
        self._flow = flow
        self._target = target
        self._wait_s = wait_s
        self._patience_s = patience_s
        self._tell = tell

    def commit(self, places: Sequence[Place]) -> list[Whereabouts]:
        """Have each session made; return where each is now, and what is wrong with it."""
        try:
            return [self._commit(place) for place in places]
        finally:
            self._line.close()

    def _commit(self, place: Place) -> Whereabouts:
        self._tell(f"The server makes a session of {place.label}.")
        try:
            if place.stage is Stage.DIRECT_ARCHIVE:
                ended = self._finish_direct(place)
            elif place.stage is Stage.PREARCHIVE:
                ended = Whereabouts(self._build(place))
            else:
                ended = Whereabouts(place)
        except AuthenticationError:
            raise
        except (ServerError, ConnectionLostError) as error:
            return self._tracer.look(place, error.message)
        return ended if ended.problem else replace(ended, problem=self._misplacement(ended.place))

    def _misplacement(self, place: Place) -> str:
        if place.project != self._target.project:
            return f"The server put it into {place.project}, not into {self._target.project}."
        if place.stage is Stage.DIRECT_ARCHIVE:
            return "The server has not made a session of it yet."
        return ""

    def _build(self, place: Place) -> Place:
        """Have a session in the prearchive built, and archived if that is wanted."""
        try:
            committed = self._result(self._ask("POST", f"{place.uri}?action=commit"), place)
        except ResourceNotFoundError:
            # An earlier run committed it; whether it is in the archive, the listing will tell.
            return in_archive(place)
        except ServerError as error:
            # A project that archives by itself tried to, and met files of the same names.
            if error.status < 500 or not self._target.replaces:
                raise
            return self._archive(place)
        is_done = committed.stage is Stage.ARCHIVE or not self._target.direct_archive
        if is_done or committed.project != self._target.project:
            return committed
        return self._archive(committed)

    def _archive(self, place: Place) -> Place:
        params = {"src": place.uri.removeprefix("/data"), "overwrite": self._target.overwrite}
        if self._target.overwrite == "delete":
            params["overwrite_files"] = "true"
        return self._result(self._ask("POST", f"{_ARCHIVE}?{urlencode(params)}"), place)

    def _finish_direct(self, place: Place) -> Whereabouts:
        """Have the record made of a session whose files are in the archive already."""
        try:
            self._ask("POST", place.uri)
            deadline = time.monotonic() + self._patience_s
            for wait_s in self._waits():
                self._line.send("GET", place.uri)
                if time.monotonic() > deadline:
                    break
                self._flow.cancel.wait(wait_s)
        except ResourceNotFoundError:
            return self._settle(self._tracer.trace(place))
        return Whereabouts(place, is_found=False)

    def _settle(self, ended: Whereabouts) -> Whereabouts:
        """Have a session built that came back from the direct archive unbuilt; nobody else would do it."""
        if not ended.is_unbuilt:
            return ended
        try:
            place = self._result(self._ask("POST", f"{ended.place.uri}?action=commit"), ended.place)
        except AuthenticationError:
            raise
        except ServerError:
            # A project that archives by itself meets the same conflict; the session's state tells it.
            return self._tracer.look(ended.place, ended.problem)
        return self._tracer.look(place, "" if place.stage is Stage.ARCHIVE else ended.problem)

    def _ask(self, method: str, path: str) -> Reply:
        """Send a request, again for some time while the server is busy with the session itself."""
        for wait_s in self._waits()[: _TRIES - 1]:
            try:
                return self._line.send(method, path)
            except XnatTuiError as error:
                if not _is_passing(error):
                    raise
            self._flow.cancel.wait(wait_s)
        return self._line.send(method, path)

    def _waits(self) -> Sequence[float]:
        steps = int(self._patience_s / min(5.0, self._wait_s)) + _TRIES
        return [min(5.0, self._wait_s * 2.0 ** min(step, 8)) for step in range(steps)]

    def _result(self, reply: Reply, place: Place) -> Place:
        """Return where a session is now: XNAT says it in the body, or in the target of a redirect."""
        for text in (reply.text, reply.location):
            found = parse_places(text)
            if found:
                return found[0]
        return place


def _is_passing(error: XnatTuiError) -> bool:
    """Tell whether the server may be ready in a moment: it locks sessions while it works on them."""
    if isinstance(error, ConflictError):
        return "locked" in error.message.lower() or "progress" in error.message.lower()
    return isinstance(error, ServerError) and error.status in (423, 429, 502, 503, 504)
