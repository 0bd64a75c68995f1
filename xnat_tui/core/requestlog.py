"""The last requests of one client, in memory, for people who want to see what was asked. Holds no secrets."""

from __future__ import annotations

import re
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

_KEPT = 500
_LONGEST_PATH = 2000
_MASK = "***"

_SECRET_PATHS = (
    # XNAT takes the secret of an alias token in the path.
    re.compile(r"(/services/tokens/(?:validate|invalidate|show)/)[^?]+"),
    re.compile(r"(;jsessionid=)[^/?;]+", re.IGNORECASE),
)
_SECRET_PARAMETER = re.compile(
    r"passw|secret|token|jsession|xnat_csrf|alias|credential|api_?key", re.IGNORECASE
)
_QUERY_PAIR = re.compile(r"([^?&=]+)=([^&]*)")


def mask_path(path: str) -> str:
    """Return `path` (with or without a query) without the secrets that XNAT lets callers put there."""
    path, mark, query = path.partition("?")
    for pattern in _SECRET_PATHS:
        path = pattern.sub(rf"\g<1>{_MASK}", path)
    masked = f"{path}{mark}{_QUERY_PAIR.sub(_mask_pair, query)}"
    return masked if len(masked) <= _LONGEST_PATH else masked[:_LONGEST_PATH] + "…"


def _mask_pair(match: re.Match[str]) -> str:
    name = match[1]
    return f"{name}={_MASK}" if _SECRET_PARAMETER.search(name) else match[0]


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One exchange with the server.

    Attributes:
        method: HTTP method.
        path: path and query, secrets masked.
        status: HTTP status, 0 when no answer came.
        duration_ms: from sending until the answer's body, or for streams its head, was there.
        size_bytes: length of the answer's body as far as known, 0 for streams.
        error: what went wrong when no answer came, else "".
        at: when the request was sent, UTC.
    """

    method: str
    path: str
    status: int = 0
    duration_ms: float = 0.0
    size_bytes: int = 0
    error: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class RequestLog:
    """The last 500 requests; shared by threads. Poll `version` to see whether there is something new."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._entries: deque[LoggedRequest] = deque(maxlen=kept)
        self._lock = threading.Lock()
        self._version = 0

    @property
    def version(self) -> int:
        """Number of requests ever recorded."""
        return self._version

    def record(
        self,
        method: str,
        path: str,
        *,
        status: int = 0,
        duration_ms: float = 0.0,
        size_bytes: int = 0,
        error: str = "",
    ) -> None:
        """Keep one exchange; `path` may hold secrets, they are masked here."""
        entry = LoggedRequest(method, mask_path(path), status, duration_ms, size_bytes, error)
        with self._lock:
            self._entries.append(entry)
            self._version += 1

    def entries(self) -> list[LoggedRequest]:
        """Return what is kept, oldest first."""
        with self._lock:
            return list(self._entries)
