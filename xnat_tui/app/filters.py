"""The last look at every line before it reaches the terminal: nothing but ASCII, no colour at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter, Monochrome, NoColor

_LOOK_ALIKES = {
    "-": "─━╌╍┄┅╴╶╼╾—–‒―−▔▁▂▃",  # noqa: RUF001 - these look alike, which is what they are here for
    "|": "│┃╎╏┆┇╵╷▏▎▍▌▐▕❘",
    "+": "┌┐└┘├┤┬┴┼╭╮╰╯┏┓┗┛┣┫┳┻╋╸╺╹╻◆",
    "=": "═▪▤▥■□▬",
    "#": "█▉▊▋▇▆▅▄▀▓▒░",
    ".": "…·•∙⋯",
    ">": "›▸▶→❯»",  # noqa: RUF001
    "<": "‹◂◀←«",  # noqa: RUF001
    "v": "▾▼↓",
    "^": "▴▲↑↗",
    "*": "●★✓✔",
    "o": "○◌◯☆",
    "x": "✗✘×",  # noqa: RUF001
    "'": "‘’ʼ",  # noqa: RUF001
    '"': "“”",
    " ": "\u00a0\u2007\u202f",
}
_TABLE = {ord(sign): plain for plain, signs in _LOOK_ALIKES.items() for sign in signs}


class PlainAscii(LineFilter):
    """Puts an ASCII character for every other one, cell for cell: borders, arrows, bars, everything."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in ASCII."""
        return [Segment(_plain(text), style, control) for text, style, control in segments]


def line_filters(filters: Iterable[LineFilter], *, ascii_only: bool, no_color: bool) -> Iterator[LineFilter]:
    """Give Textual's filters with ours among them.

    Args:
        filters: those of Textual.
        ascii_only: let nothing but ASCII through.
        no_color: the user wants no colour, which Textual takes for shades of grey.
    """
    for present in filters:
        yield NoColor() if no_color and isinstance(present, Monochrome) else present
    if ascii_only:
        yield PlainAscii()


@lru_cache(4096)
def _plain(text: str) -> str:
    return text if text.isascii() else "".join(_plain_character(char) for char in text)


def _plain_character(char: str) -> str:
    if char.isascii():
        return char
    return _TABLE.get(ord(char)) or "?" * get_character_cell_size(char)
