"""Log-in sessions in memory, which die when nobody uses them for a while."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Session:
    """One session; `login` is "guest" when it was opened without credentials."""

    id: str
    login: str
    csrf: str = field(default_factory=lambda: secrets.token_hex(16))
    deadline_s: float = 0.0


class Sessions:
    """The live sessions of a server, shared by threads.

    Args:
        timeout_s: idle time after which a session dies.
        clock: seconds that only grow, by which idle time is told.
    """

    def __init__(self, timeout_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.timeout_s = timeout_s
        self._clock = clock
        self._lock = threading.Lock()
        self._live: dict[str, Session] = {}

    def open(self, login: str) -> Session:
        """Open a session for a user."""
        session = Session(secrets.token_hex(16).upper(), login)
        session.deadline_s = self._clock() + self.timeout_s
        with self._lock:
            self._drop_dead()
            self._live[session.id] = session
        return session

    def find(self, session_id: str) -> Session | None:
        """Return a live session and start its idle time anew; None when it is dead or unknown."""
        with self._lock:
            self._drop_dead()
            session = self._live.get(session_id)
            if session:
                session.deadline_s = self._clock() + self.timeout_s
            return session

    def of_user(self, login: str) -> list[str]:
        """Return the ids of a user's live sessions."""
        with self._lock:
            self._drop_dead()
            return [session.id for session in self._live.values() if session.login == login]

    def end(self, session_id: str) -> None:
        """End one session; harmless when it is dead."""
        with self._lock:
            self._live.pop(session_id, None)

    def end_all(self) -> None:
        """End all sessions, as a restart of the server does."""
        with self._lock:
            self._live.clear()

    def _drop_dead(self) -> None:
        now = self._clock()
        for session in [found for found in self._live.values() if found.deadline_s < now]:
            del self._live[session.id]
