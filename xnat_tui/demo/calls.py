"""What an endpoint is given: a request with the archive, the user, and XNAT's way to read parameters."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, cast
from urllib.parse import parse_qsl

from starlette.requests import Request

from xnat_tui.demo.archive import Archive, User
from xnat_tui.demo.ingest.settings import IngestSettings

if TYPE_CHECKING:
    from xnat_tui.demo.carts import Cart
    from xnat_tui.demo.faults import Faults
    from xnat_tui.demo.ingest.intake import Intake
    from xnat_tui.demo.scp import DicomAddress
    from xnat_tui.demo.sessions import Session, Sessions

_ESCAPES = str.maketrans({"&": "&amp;", "'": "&apos;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def escape(text: str) -> str:
    """Return a text as XNAT takes in every path segment and parameter: XML-escaped."""
    return text.translate(_ESCAPES)


@dataclass(frozen=True)
class Settings:
    """What kind of site the demo server plays.

    Attributes:
        session_timeout_s: idle time after which a session dies; every request starts it anew.
        open_site: guests may look at public projects; a closed site wants a log-in for nearly everything.
        context_path: path below which everything lies ("/xnat"), or empty.
        ingest: what it does with data that come in.
        clock: seconds that only grow, by which the idle time of sessions is told.
    """

    session_timeout_s: float = 900
    open_site: bool = False
    context_path: str = ""
    ingest: IngestSettings = field(default_factory=IngestSettings)
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class Demo:
    """The parts of one running demo server.

    Attributes:
        intake: takes data in.
        receivers: the DICOM receivers that listen.
        carts: what users chose to download, by number.
        started_s: its start on the monotonic clock.
    """

    archive: Archive
    sessions: Sessions
    faults: Faults
    settings: Settings
    intake: Intake
    receivers: list[DicomAddress] = field(default_factory=list)
    carts: dict[str, Cart] = field(default_factory=dict)
    started_s: float = field(default_factory=time.monotonic)


class Query:
    """The parameters of a call. Of a repeated key the first value counts; values arrive XML-escaped.

    Args:
        text: the raw query string, and perhaps a form body behind it.
    """

    def __init__(self, text: str) -> None:
        pairs = parse_qsl(text, keep_blank_values=True)
        self._values: dict[str, list[str]] = {}
        self._raw: dict[str, str] = {}
        for key, value in pairs:
            self._values.setdefault(key, []).append(escape(value))
            self._raw.setdefault(key, value)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((key, values[0]) for key, values in self._values.items())

    def add(self, key: str, value: str) -> None:
        """Add a parameter that was said in another way; one that is there already counts more."""
        self._values.setdefault(key, []).append(escape(value))
        self._raw.setdefault(key, value)

    def get(self, key: str, default: str = "") -> str:
        """Return the first value of a key."""
        return self._values.get(key, [default])[0]

    def all(self, key: str) -> list[str]:
        """Return all values of one of the few keys that may be repeated."""
        return self._values.get(key, [])

    def raw(self, key: str) -> str:
        """Return the first value as it was sent, without the escaping; empty when missing."""
        return self._raw.get(key, "")

    def flag(self, key: str) -> bool:
        """Read a truth value: true for any value but "false" and "0", even for an empty one."""
        return key in self and self.get(key).lower() not in ("false", "0")


class Call(Request):
    """A request as the endpoints see it; all is set before an endpoint runs."""

    @property
    def demo(self) -> Demo:
        """The server that answers."""
        return cast(Demo, self.app.state.demo)

    @property
    def archive(self) -> Archive:
        """What is stored."""
        return self.demo.archive

    @property
    def user(self) -> User:
        """Who asks; the guest when nobody is logged in."""
        return cast(User, self.state.user)

    @property
    def login_session(self) -> Session | None:
        """The session by which or in which the user is logged in, if any."""
        return cast("Session | None", self.state.login_session)

    @property
    def query(self) -> Query:
        """The parameters, including those of a form body."""
        return cast(Query, self.state.query)

    @property
    def rest(self) -> str:
        """The path behind the route's template, decoded: empty, "/", or "/more/of/it" (not escaped)."""
        return cast(str, self.state.rest)

    @property
    def payload(self) -> IO[bytes]:
        """The request's body, read whole into a spooled file that stands at its start."""
        return cast("IO[bytes]", self.state.payload)

    @property
    def payload_type(self) -> str:
        """The media type of the body in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def part(self, name: str) -> str:
        """Return the value of a template's name; empty when this template lacks it."""
        return str(self.path_params.get(name, ""))
