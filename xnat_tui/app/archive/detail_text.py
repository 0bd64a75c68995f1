"""Draws a `Detail` as lines of styled text in a width. Server text is never markup."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells
from rich.style import Style
from rich.text import Text

from xnat_tui.app.archive.detail import ChildTable, Detail
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.text import fit, thousands, visible

_MOST_CELLS = 40
"""Cells of one table column."""


@dataclass(frozen=True)
class Look:
    """How to draw: styles by role, and the signs."""

    dim: Style
    heading: Style
    failed: Style
    glyphs: Glyphs

    def safe(self, value: str) -> str:
        """A server's string on one line."""
        return visible(value, ascii_only=self.glyphs.ascii_only)


def draw_detail(detail: Detail, width: int, look: Look) -> Text:
    """Title, facts and tables in `width` cells."""
    lines = [_title(detail, width, look), Text()]
    lines += _facts(detail.facts, width, look)
    for table in detail.tables:
        lines += [Text(), *_table(table, width, look)]
    return Text("\n", no_wrap=True, overflow="crop").join(lines)


def draw_failure(reason: str, advice: str, look: Look) -> Text:
    """What went wrong, what to do, and the key that tries again."""
    text = Text()
    text.append(f"{look.glyphs.failed} {look.safe(reason)}\n", style=look.failed)
    if advice:
        text.append(f"\n{look.safe(advice)}\n")
    text.append("\nR: try again", style=look.dim)
    return text


def _title(detail: Detail, width: int, look: Look) -> Text:
    subtitle = look.safe(detail.subtitle)
    room = width - cell_len(subtitle) - 2
    line = Text()
    line.append(fit(look.safe(detail.title), room, ellipsis=look.glyphs.ellipsis), style="bold")
    return line.append(f"  {subtitle}", style=look.dim)


def _facts(facts: Sequence[tuple[str, str]], width: int, look: Look) -> list[Text]:
    """One fact a line, values below each other; long ones wrapped with a hanging indent."""
    name_width = max((len(name) for name, _ in facts), default=0)
    lines: list[Text] = []
    for name, value in facts:
        room = max(8, width - name_width - 2)
        for at, part in enumerate(_wrapped(value, room, look)):
            line = Text().append(fit(name if at == 0 else "", name_width) + "  ", style=look.dim)
            lines.append(line.append(part))
    return lines


def _wrapped(value: str, room: int, look: Look) -> list[str]:
    lines = [look.safe(line) for line in value.split("\n")]
    words = [part for line in lines for part in textwrap.wrap(line, room, break_on_hyphens=False) or [""]]
    return [part for line in words for part in chop_cells(line, room)]


def _table(table: ChildTable, width: int, look: Look) -> list[Text]:
    cells = [[look.safe(cell) for cell in row] for row in table.rows]
    used = [at for at, column in enumerate(table.columns) if any(row[at].strip() for row in cells)]
    widths = _widths(table, cells, used, width)
    lines = [Text(table.title, style=look.heading)]
    heads = [table.columns[at].title for at in used]
    lines.append(Text(_row(heads, table, used, widths, look), style=look.dim))
    lines += [Text(_row([row[at] for at in used], table, used, widths, look)) for row in cells]
    if table.unshown:
        lines.append(Text(f"and {thousands(table.unshown)} more, see the tree", style=look.dim))
    return lines


def _widths(table: ChildTable, cells: list[list[str]], used: list[int], width: int) -> list[int]:
    """What each column needs; the widest give way until the line fits."""
    widths = [
        min(_MOST_CELLS, max(cell_len(table.columns[at].title), *(cell_len(row[at]) for row in cells)))
        for at in used
    ]
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > 6:
        widths[widths.index(max(widths))] -= 1
    return widths


def _row(values: Sequence[str], table: ChildTable, used: list[int], widths: list[int], look: Look) -> str:
    return "  ".join(
        fit(value, cells, right=table.columns[at].is_number, ellipsis=look.glyphs.ellipsis)
        for value, at, cells in zip(values, used, widths, strict=True)
    )
