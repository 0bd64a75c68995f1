"""How well a line of the palette fits what was typed, and which of its letters show it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text
from textual.style import Style

from xnat_tui.app.archive.haystack import scattered_pattern

Fit = tuple[float, tuple[int, ...]]
"""A score from 0 to 1, and the positions of the letters that fit."""


def rank(typed: str, text: str) -> Fit:
    """How well `text` fits: best the beginning of a word, then any part of it, then letters with gaps."""
    wanted, folded = typed.casefold(), text.casefold()
    if not wanted or len(folded) != len(text):
        return 0.0, ()
    start = folded.find(wanted)
    if start >= 0:
        begins_word = start == 0 or not folded[start - 1].isalnum()
        return (0.95 if start == 0 else 0.85 if begins_word else 0.65), (*range(start, start + len(wanted)),)
    if match := scattered_pattern(wanted).search(folded):
        spots = tuple(match.start(group) for group in range(1, len(wanted) + 1))
        return 0.5 * len(wanted) / (spots[-1] - spots[0] + 1), spots
    return 0.0, ()


def lit(text: Text, spots: Iterable[int], style: Style | None, *, shift: int = 0) -> Text:
    """The text with the letters at these positions, all moved by `shift`, in a style."""
    if style is not None:
        for spot in spots:
            text.stylize(style.rich_style, spot + shift, spot + shift + 1)
    return text
