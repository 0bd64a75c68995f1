"""Watches the connection: asks again while the server is silent, keeps a session alive while it is used.

It costs nothing while all is well: there is one timer, and none while nothing is planned.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from xnat_tui.app.link import Link, LinkState

_TICK_S = 1.0
_LONGEST_MARGIN_S = 60.0


class Timer(Protocol):
    """Something planned that can be given up."""

    def stop(self) -> None:
        """Do not do it."""


class Watched(Protocol):
    """The server as the watchdog sees it."""

    @property
    def session_ends_in_s(self) -> float | None:
        """Seconds until the session ends when nothing more is asked; None when that is not known."""


class Watchdog:
    """The present state of the connection and the timer that serves it. Lives on the app's thread.

    Attributes:
        state: what is known now.
    """

    def __init__(
        self,
        plan: Callable[[float, Callable[[], None]], Timer],
        probe: Callable[[], None],
        keep_alive: Callable[[], None],
        show: Callable[[LinkState, str], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare it; nothing is planned yet.

        Args:
            plan: calls something after so many seconds.
            probe: starts a cheap question to the server; the outcome comes by `answered` or `unanswered`.
            keep_alive: starts a request that begins the session's idle time anew.
            show: gets the state and its words whenever one of them changes.
            clock: seconds that never run backwards.
        """
        self.state = LinkState()
        self._plan = plan
        self._probe = probe
        self._keep_alive = keep_alive
        self._show = show
        self._clock = clock
        self._site: Watched | None = None
        self._timer: Timer | None = None
        self._used_at_s = clock()
        self._answered_at_s = clock()

    def watch(self, site: Watched | None) -> None:
        """Watch this server from now on."""
        self._site = site
        self._become(LinkState())

    def answered(self) -> bool:
        """The server gave an answer; return whether it had been silent before."""
        was_broken = self.state.is_broken
        self._answered_at_s = self._clock()
        if self.state.link is not Link.ONLINE or self._timer is None:
            self._become(self.state.answered())
        return was_broken

    def lost(self) -> None:
        """No answer came to a read."""
        self._become(self.state.lost(self._clock()))

    def unanswered(self) -> None:
        """No answer came to a probe."""
        self._become(self.state.failed_to_answer(self._clock()))

    def without_session(self, link: Link) -> None:
        """Nobody is logged in any more."""
        self._become(self.state.without_session(link))

    def used(self) -> None:
        """Somebody is at the keyboard."""
        was_resting = self._timer is None and self._used_at_s < self._answered_at_s
        self._used_at_s = self._clock()
        if was_resting and self.state.link is Link.ONLINE:
            self._arm()

    def stop(self) -> None:
        """Give up what is planned."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _become(self, state: LinkState) -> None:
        self.state = state
        self._show(state, state.words(self._clock()))
        self._arm()

    def _arm(self) -> None:
        self.stop()
        pause_s = self._pause_s()
        if pause_s is not None:
            self._timer = self._plan(max(0.01, pause_s), self._wake)

    def _pause_s(self) -> float | None:
        """Seconds until there is something to do; None for nothing."""
        state = self.state
        if state.probe_at_s is not None:
            left_s = state.probe_at_s - self._clock()
            return min(left_s, _TICK_S) if state.link is Link.RETRYING else left_s
        return self._heartbeat_in_s() if state.link is Link.ONLINE else None

    def _heartbeat_in_s(self) -> float | None:
        """Seconds until the session needs a request to stay; None when it needs none or is over."""
        ends_in_s = self._site.session_ends_in_s if self._site else None
        if ends_in_s is None or ends_in_s <= 0:
            return None
        idle_limit_s = ends_in_s + self._clock() - self._answered_at_s
        return ends_in_s - min(_LONGEST_MARGIN_S, idle_limit_s / 4)

    def _wake(self) -> None:
        self._timer = None
        if self.state.is_due(self._clock()):
            self._begin_probe()
        elif self.state.probe_at_s is not None:
            self._become(self.state)
        else:
            self._refresh_session()

    def _begin_probe(self) -> None:
        self._become(self.state.probing())
        self._probe()

    def _refresh_session(self) -> None:
        """Keep the session only for somebody who did something since the server last answered."""
        left_s = self._heartbeat_in_s()
        if left_s is not None and left_s > _TICK_S:
            self._arm()
        elif left_s is not None and self._used_at_s >= self._answered_at_s:
            self._keep_alive()
