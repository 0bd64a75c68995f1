"""Turns what a server says into text that is safe and pleasant to show. Knows nothing of widgets."""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size

LIMIT = 500
"""Characters of one server string that are ever shown on one line."""

# C0, DEL, C1, soft hyphen, Arabic letter mark, Mongolian vowel separator, zero-width and direction marks,
# line and paragraph separators, embeddings and overrides, word joiners and isolates, byte order mark, lone
# surrogates (a terminal cannot encode them), tag characters.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def visible(value: str, limit: int = LIMIT, *, ascii_only: bool = False) -> str:
    """The string on one line, with every character that would act instead of show made visible.

    Control characters become their pictures (ESC is shown as ␛), other invisible ones their code.

    Args:
        value: any text, such as a label that a server sent.
        limit: characters to keep; a longer text ends in an ellipsis.
        ascii_only: write escapes for everything outside ASCII.
    """
    if len(value) > limit:
        value = value[: limit - 1] + "…"
    if ascii_only:
        value = value.replace("…", "...")
        return value if value.isascii() and value.isprintable() else _ascii(value)
    return _HIDDEN.sub(_show, value)


def _show(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else _escape(code)


def _ascii(value: str) -> str:
    return "".join(char if " " <= char <= "~" else _escape(ord(char)) for char in value)


def _escape(code: int) -> str:
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def fit(value: str, width: int, *, right: bool = False, ellipsis: str = "…") -> str:
    """The text in exactly `width` terminal cells: padded, or cut with an ellipsis.

    Args:
        value: text that is already safe.
        width: cells; 0 or less gives "".
        right: pad on the left, as numbers want it.
        ellipsis: what marks a cut.
    """
    if width <= 0:
        return ""
    cells = cell_len(value)
    if cells > width:
        return set_cell_size(value, max(0, width - len(ellipsis))) + ellipsis[:width]
    padding = " " * (width - cells)
    return padding + value if right else value + padding


def thousands(number: int) -> str:
    """The number with a blank between thousands: `1 204`."""
    return f"{number:,}".replace(",", " ")


def plural(number: int, noun: str, nouns: str = "") -> str:
    """The number with its noun: `1 scan`, `1 204 scans`."""
    return f"{thousands(number)} {noun if number == 1 else nouns or noun + 's'}"


def human_size(size_bytes: int | None) -> str:
    """The size in decimal units with three figures at most: `756 B`, `1.5 MB`, `611 MB`; "" when unknown."""
    if size_bytes is None:
        return ""
    value = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 999.5:
            return f"{value:.1f} {unit}" if value < 9.95 and unit != "B" else f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} PB"


def date(stamp: str) -> str:
    """The day of an XNAT date or timestamp, `2018-05-14`; other text as it came."""
    return stamp[:10] if re.match(r"\d{4}-\d\d-\d\d", stamp) else stamp


def number(value: str) -> int | None:
    """A table cell as a number; None when it is empty or no number."""
    return int(value) if value.isdecimal() else None
