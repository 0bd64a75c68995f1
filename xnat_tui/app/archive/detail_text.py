"""Draws a `Detail` as blocks of lines in a width, and what every tab says when something went wrong."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.cells import cell_len, chop_cells
from rich.text import Text

from xnat_tui.app.archive.blocks import Block, Lines, Rows
from xnat_tui.app.archive.detail import Detail, FactGroup, Facts, Section
from xnat_tui.app.archive.look import Look
from xnat_tui.app.archive.table import Table
from xnat_tui.app.text import fit

_LEAST_COLUMN = 28
"""Cells below which facts are not set in two columns."""

_LONGEST_NAME = 20
"""Cells that the name of a fact takes at most; people name custom variables."""

_LONGEST = 8000
"""Characters of one paragraph that are ever shown."""


def draw_detail(detail: Detail, width: int, look: Look) -> list[Block]:
    """Title, facts, children and sections in `width` cells."""
    blocks: list[Block] = [Lines(draw_title(detail.title, detail.subtitle, width, look))]
    blocks.append(Lines(draw_facts(detail.facts, width, look)))
    blocks += [Rows(table, width, look) for table in detail.tables]
    blocks += [_section(section, width, look) for section in detail.sections]
    return blocks


def draw_failure(reason: str, advice: str, width: int, look: Look) -> list[Block]:
    """What went wrong, what to do, and the key that tries again."""
    why = [Text(line, style=look.failed) for line in wrapped(f"{look.glyphs.failed} {reason}", width, look)]
    what = [Text(line) for line in wrapped(advice, width, look)] if advice else []
    return [Lines(why), Lines(what), Lines([Text("R: try again", style=look.dim)])]


def draw_sentence(sentence: str, width: int, look: Look) -> list[Block]:
    """One quiet sentence, for what is empty or still loading."""
    return [Lines([Text(part, style=look.dim) for part in wrapped(sentence, width, look)])]


def draw_title(title: str, subtitle: str, width: int, look: Look) -> list[Text]:
    """The label at the left, in full however long it is; what it is at the right of the first line."""
    right = look.safe(subtitle)
    room = max(8, width - cell_len(right) - 2)
    first, *rest = chop_cells(look.safe(title, _LONGEST), room) or [""]
    line = Text(fit(first, room), style="bold").append(f"  {right}", style=look.dim)
    return [line, *(Text(part, style="bold") for part in rest)]


def draw_facts(facts: Facts, width: int, look: Look) -> list[Text]:
    """Short facts in two columns where there is room, then long ones, each wrapped below itself."""
    names = min(
        _LONGEST_NAME, width // 2 - 1, max((cell_len(look.safe(name)) for name, _ in facts), default=0)
    )
    column = (width - 2) // 2
    if column < _LEAST_COLUMN:
        return _stacked(facts, width, names, look)
    room = column - names - 2
    short = [fact for fact in facts if "\n" not in fact[1] and cell_len(look.safe(fact[1])) <= room]
    long = [fact for fact in facts if fact not in short]
    halves = [line for fact in short for line in _stacked([fact], column, names, look)[:1]]
    pairs = [Text("  ").join(halves[at : at + 2]) for at in range(0, len(halves), 2)]
    return [*pairs, *_stacked(long, width, names, look)]


def _stacked(facts: Sequence[tuple[str, str]], width: int, names: int, look: Look) -> list[Text]:
    """One fact below the other, the names in `names` cells, the values padded to the width."""
    room = max(2, width - names - 2)
    lines: list[Text] = []
    for name, value in facts:
        for at, part in enumerate(wrapped(value, room, look)):
            line = Text().append(look.cell(name if at == 0 else "", names) + "  ", style=look.dim)
            lines.append(line.append(fit(part, room)))
    return lines


def _section(section: Section, width: int, look: Look) -> Block:
    if isinstance(section, Table):
        return Rows(section, width, look)
    heading = Text(section.title, style=look.heading)
    if isinstance(section, FactGroup):
        return Lines([heading, *draw_facts(section.facts, width, look)])
    return Lines([heading, *map(Text, wrapped(section.text, width, look))])


def wrapped(value: str, room: int, look: Look) -> list[str]:
    """The lines of a text in `room` cells, broken between words where possible."""
    lines = [look.safe(line, _LONGEST) for line in value.split("\n")]
    words = [part for line in lines for part in textwrap.wrap(line, room, break_on_hyphens=False) or [""]]
    return [part for line in words for part in chop_cells(line, room)]
