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
    marked: str
    favourite: str
    ascending: str
    descending: str
    dash: str
    separator: str
    rule: str
    ellipsis: str

    def sorted(self, is_reversed: bool) -> str:
        """The sign for an order."""
        return self.descending if is_reversed else self.ascending


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
    marked="●",
    favourite="★",
    ascending="↑",
    descending="↓",
    dash="·",
    separator="›",  # noqa: RUF001 - a breadcrumb, not a comparison
    rule="─",
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
    marked="*",
    favourite="!",
    ascending="^",
    descending="v",
    dash="-",
    separator=">",
    rule="-",
    ellipsis="...",
)
