"""The state of the connection as a value: what is known, and when to ask the server again. No Textual."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
_OFFLINE_AFTER = 4


class Link(Enum):
    """What the server does for us; the value is the word that is shown."""

    CONNECTING = "connecting"
    ONLINE = "online"
    RETRYING = "retrying"
    OFFLINE = "offline"
    EXPIRED = "session expired"
    LOGGED_OUT = "logged out"


@dataclass(frozen=True)
class LinkState:
    """The link and the plan to mend it.

    Attributes:
        link: what the server does for us.
        failures: how often in a row no answer came.
        probe_at_s: when to ask the server again, on a clock that never runs backwards; None for never.
    """

    link: Link = Link.CONNECTING
    failures: int = 0
    probe_at_s: float | None = None

    @property
    def is_broken(self) -> bool:
        """Whether the server does not answer."""
        return self.link in (Link.RETRYING, Link.OFFLINE)

    def answered(self) -> LinkState:
        """The server gave an answer, whatever it said."""
        return LinkState(Link.ONLINE)

    def lost(self, now_s: float) -> LinkState:
        """No answer came to a read. While a probe is planned that says nothing new."""
        return self if self.is_broken else self.failed_to_answer(now_s)

    def failed_to_answer(self, now_s: float) -> LinkState:
        """No answer came to a probe either: ask again, later each time; after some time call it offline."""
        failures = self.failures + 1
        link = Link.RETRYING if failures <= _OFFLINE_AFTER else Link.OFFLINE
        pause_s = _PAUSES_S[min(failures, len(_PAUSES_S)) - 1]
        return LinkState(link, failures, now_s + pause_s)

    def without_session(self, link: Link) -> LinkState:
        """Nobody is logged in: a person has to act, so nothing is planned."""
        return LinkState(link)

    def seconds_left(self, now_s: float) -> int:
        """Whole seconds until the next probe, at least 0."""
        return 0 if self.probe_at_s is None else max(0, round(self.probe_at_s - now_s))

    def words(self, now_s: float) -> str:
        """What the header says."""
        if self.link is Link.RETRYING and (seconds := self.seconds_left(now_s)):
            return f"retrying in {seconds} s"
        return self.link.value

    def probing(self) -> LinkState:
        """The state while the probe that was planned is under way."""
        return replace(self, probe_at_s=None)

    def is_due(self, now_s: float) -> bool:
        """Whether it is time for the planned probe."""
        return self.probe_at_s is not None and now_s >= self.probe_at_s
