"""The few signs the interface draws, in Unicode and in plain ASCII."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Glyphs:
    """One set of signs, each one cell wide except `separator` and `ellipsis`."""

    ascii_only: bool
    opened: str
    closed: str
    online: str
    waiting: str
    offline: str
    failed: str
    assessor: str
    resource: str
    shared: str
    separator: str
    ellipsis: str


UNICODE = Glyphs(
    ascii_only=False,
    opened="▾",
    closed="▸",
    online="●",
    waiting="◌",
    offline="○",
    failed="✗",
    assessor="◆",
    resource="▪",
    shared="↗",
    separator="›",  # noqa: RUF001 - a breadcrumb, not a comparison
    ellipsis="…",
)

ASCII = Glyphs(
    ascii_only=True,
    opened="v",
    closed=">",
    online="*",
    waiting="~",
    offline="o",
    failed="x",
    assessor="+",
    resource="=",
    shared="^",
    separator=">",
    ellipsis="...",
)
