"""Server strings on the screen: shown as they are, acting on nothing."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from xnat_tui.app.archive.breadcrumb import breadcrumb
from xnat_tui.app.glyphs import ASCII, UNICODE
from xnat_tui.app.text import date, fit, human_size, plural, thousands, visible


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("t1 [/] [bold]", "t1 [/] [bold]"),
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("a\nb\tc\r", "a␊b␉c␍"),
        ("\x7f\x9b31m", "␡\\x9b31m"),
        ("abc\u202edef\u2066", "abc\\u202edef\\u2066"),
        ("a\u200bb\ufeffc\u2028d", "a\\u200bb\\ufeffc\\u2028d"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("#1 ü%20 中", "#1 ü%20 中"),
    ],
)
def test_nothing_acts_and_everything_shows(sent: str, seen: str) -> None:
    assert visible(sent) == seen


def test_ascii_escapes_the_rest() -> None:
    assert visible("ü\x1b", ascii_only=True) == "\\xfc\\x1b"


def test_long_strings_end_in_an_ellipsis() -> None:
    assert visible("x" * 1000, 20) == "x" * 19 + "…"
    assert visible("x" * 1000, 20, ascii_only=True) == "x" * 19 + "..."


@pytest.mark.parametrize("value", ["", "short", "exactly ten", "much longer than that", "中文字符中文字符"])
@pytest.mark.parametrize("width", [0, 1, 2, 5, 10, 11])
@pytest.mark.parametrize("ellipsis", ["…", "..."])
def test_fit_always_fills_the_width(value: str, width: int, ellipsis: str) -> None:
    assert cell_len(fit(value, width, ellipsis=ellipsis)) == width


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (None, ""),
        (0, "0 B"),
        (756, "756 B"),
        (999, "999 B"),
        (1500, "1.5 kB"),
        (527_000, "527 kB"),
        (999_600, "1.0 MB"),
        (611_000_000, "611 MB"),
        (12_300_000_000_000_000, "12.3 PB"),
    ],
)
def test_sizes(size: int | None, text: str) -> None:
    assert human_size(size) == text


def test_numbers_and_days() -> None:
    assert thousands(1204) == "1 204"
    assert plural(1, "scan") == "1 scan"
    assert plural(1204, "scan") == "1 204 scans"
    assert date("2018-05-14 15:17:57.815") == "2018-05-14"
    assert date("unknown") == "unknown"


def test_a_breadcrumb_is_shortened_from_the_middle() -> None:
    labels = ["demo", "BRAINS", "SUB-007", "SUB-007_MR1"]
    assert breadcrumb(labels, 80, UNICODE) == "demo › BRAINS › SUB-007 › SUB-007_MR1"  # noqa: RUF001
    assert breadcrumb(labels, 34, UNICODE) == "demo › … › SUB-007 › SUB-007_MR1"  # noqa: RUF001
    assert breadcrumb(labels, 25, UNICODE) == "demo › … › SUB-007_MR1"  # noqa: RUF001
    assert breadcrumb(labels, 12, ASCII) == "demo > .."[:9] + "..."
