"""The cookies of one log-in: the session's, its life time, and those of load balancers. Shared by threads."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import httpx

_SESSION_COOKIE = "JSESSIONID"
_EXPIRY_COOKIE = "SESSION_EXPIRATION_TIME"
# "<server's clock in ms>,<idle time-out in ms>", with quotes from the servlet container because of the comma.
_EXPIRY = re.compile(r'"?(\d+),(\d+)"?')


class SessionCookies:
    """What the server wants to be sent back with every request.

    The session's own cookie is taken from a log-in only (`start`). An answer that sets another one tells that
    the server did not know ours: `is_replaced_by`.
    """

    def __init__(self, clock: Callable[[], float], session_id: str = "") -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._session_id = session_id
        self._others: dict[str, str] = {}
        self._idle_limit_s: float | None = None
        self._last_answer_at = clock()

    @property
    def session_id(self) -> str:
        """The server's id of the session, "" when there is none."""
        return self._session_id

    def start(self, session_id: str) -> None:
        """Take the id that a log-in gave; "" ends the session."""
        with self._lock:
            self._session_id = session_id
            self._last_answer_at = self._clock()

    def headers(self, session_id: str | None = None) -> dict[str, str]:
        """Return the Cookie header, or nothing when there are no cookies.

        Args:
            session_id: the session to name instead of the present one; "" for none.
        """
        with self._lock:
            pairs = dict(self._others)
            chosen = self._session_id if session_id is None else session_id
        if chosen:
            pairs[_SESSION_COOKIE] = chosen
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in pairs.items())} if pairs else {}

    def observe(self, response: httpx.Response) -> None:
        """Take note of what an answer sets; an answer also starts the session's idle time anew."""
        with self._lock:
            self._last_answer_at = self._clock()
            for name, value in _set_cookies(response):
                if name == _EXPIRY_COOKIE:
                    self._note_expiry(value)
                elif name != _SESSION_COOKIE:
                    self._others[name] = value

    def is_replaced_by(self, response: httpx.Response) -> bool:
        """Tell whether an answer opens another session than the one that the request belonged to."""
        ids = [value for name, value in _set_cookies(response) if name == _SESSION_COOKIE]
        return bool(ids) and ids[-1] != self._session_id

    @property
    def expires_in_s(self) -> float | None:
        """Seconds until the session ends if nothing more is asked; None while the server has not told.

        The server's clock may be wrong, so only the length of the idle time is taken from it.
        """
        with self._lock:
            if self._idle_limit_s is None or not self._session_id:
                return None
            return self._last_answer_at + self._idle_limit_s - self._clock()

    def _note_expiry(self, value: str) -> None:
        match = _EXPIRY.fullmatch(value)
        if match:
            self._idle_limit_s = int(match[2]) / 1000


def _set_cookies(response: httpx.Response) -> list[tuple[str, str]]:
    pairs = []
    for header in response.headers.get_list("set-cookie"):
        name, _, value = header.split(";", 1)[0].partition("=")
        pairs.append((name.strip(), value.strip()))
    return pairs
