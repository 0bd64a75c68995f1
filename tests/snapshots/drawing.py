"""A screen as text that a person can compare: its letters, then the style of each letter, then the styles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import ascii_letters, digits

from rich.segment import Segment
from rich.style import Style
from textual.screen import Screen

_PORT = re.compile(r":\d{5}\b")  # a free one, another each time
_SIGNS = "." + ascii_letters + digits


def draw(screen: Screen[object]) -> str:
    """All of a screen; the same screen always gives the same text, on every machine."""
    strips = screen._compositor.render_strips()
    signs: dict[str, str] = {}
    text = [_PORT.sub(":48080", strip.text.rstrip()) for strip in strips]
    styles = ["".join(_signs_of(strip, signs)).rstrip(".") for strip in strips]
    legend = [f"{sign}  {style}" for style, sign in signs.items()]
    return "\n".join([*text, "", *styles, "", *legend, ""])


def _signs_of(segments: Iterable[Segment], signs: dict[str, str]) -> Iterator[str]:
    for segment in segments:
        name = _name_of(segment.style or Style())
        sign = signs.setdefault(name, _SIGNS[len(signs)])
        yield sign * segment.cell_length


def _name_of(style: Style) -> str:
    """The style without what belongs to the moment, such as where a click would lead."""
    words = [
        word for word in ("bold", "dim", "italic", "underline", "reverse", "strike") if getattr(style, word)
    ]
    colours = [colour.get_truecolor().hex for colour in (style.color, style.bgcolor) if colour is not None]
    return " ".join([*words, " on ".join(colours)])
