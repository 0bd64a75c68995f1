"""Natural order of labels and ids: "2" before "10", "S9" before "S10", whatever the letters' case."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"([0-9]+)")

SortKey = tuple[tuple[str | int, ...], str]


def natural_key(text: str) -> SortKey:
    """Return what to sort `text` by; texts that differ only in case or leading zeros keep a fixed order."""
    parts = _DIGITS.split(text.casefold())
    # Split by one group, texts and digits take turns, so that a text is never compared with a number.
    return tuple(int(part) if at % 2 else part for at, part in enumerate(parts)), text
