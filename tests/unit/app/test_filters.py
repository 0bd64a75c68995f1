"""The last look at a line: ASCII for everything, cell for cell."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from xnat_tui.app.filters import PlainAscii
from xnat_tui.app.glyphs import UNICODE


def plain(text: str) -> str:
    (segment,) = PlainAscii().apply([Segment(text)], Color.parse("black"))
    return segment.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("╭─ Tree ─╮", "+- Tree -+"),
        ("│ a ▸ b …", "| a > b ."),
        ("日本", "????"),
        ("e\u0301", "e"),
        ("plain", "plain"),
    ],
)
def test_everything_becomes_ascii(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_no_sign_of_ours_is_a_question_mark() -> None:
    for name in UNICODE.__dataclass_fields__:
        sign = getattr(UNICODE, name)
        if isinstance(sign, str):
            assert plain(sign).isascii() and "?" not in plain(sign), name
            assert cell_len(plain(sign)) == cell_len(sign), name
