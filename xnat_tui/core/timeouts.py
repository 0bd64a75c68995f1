"""How long one request may be silent in each of its phases."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds of silence after which a request is given up, by phase; None waits for ever.

    These are limits on silence, not on the whole answer: a long stream that keeps moving never meets them.

    Attributes:
        connect_s: until the connection, with its TLS handshake, stands.
        read_s: until the next bytes of the answer come. Servers need minutes for documents of big sessions.
        write_s: until the next bytes of the request are taken.
        pool_s: until one of the client's own connections is free.
    """

    connect_s: float | None = 10.0
    read_s: float | None = 120.0
    write_s: float | None = 60.0
    pool_s: float | None = None
