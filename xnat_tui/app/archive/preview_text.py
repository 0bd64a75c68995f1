"""Draws a preview in a width."""

from __future__ import annotations

from dataclasses import replace

from rich.cells import chop_cells
from rich.text import Text

from xnat_tui.app.archive.blocks import Block, Headed, Lines, Rows
from xnat_tui.app.archive.detail import FactGroup
from xnat_tui.app.archive.detail_text import draw_facts, draw_sentence
from xnat_tui.app.archive.look import Look
from xnat_tui.app.archive.picture import Picture, draw_picture
from xnat_tui.app.archive.preview import Preview
from xnat_tui.app.archive.table import Table

_LONGEST = 2000
"""Characters of one line of a text that are shown."""

_TAB = 4


def draw_preview(preview: Preview, width: int, lines: int, look: Look) -> list[Block]:
    """A heading with the note, then the content; a picture in at most `lines` lines."""
    content = preview.content
    if content is None:
        return draw_sentence(preview.note, width, look)
    title = content.title if isinstance(content, FactGroup | Table) else ""
    heading = Text(title or "preview", style=look.heading)
    if preview.note:
        heading.append(f"  {preview.note}", style=look.dim)
    return [Headed(heading, _content(content, width, lines, look))]


def _content(
    content: tuple[str, ...] | Table | Picture | FactGroup, width: int, lines: int, look: Look
) -> Block:
    if isinstance(content, Table):
        return Rows(replace(content, title=""), width, look)
    if isinstance(content, FactGroup):
        return Lines(draw_facts(content.facts, width, look))
    if isinstance(content, Picture):
        ascii_only = look.glyphs.ascii_only
        return Lines(draw_picture(content, width, lines, has_colour=look.has_colour, ascii_only=ascii_only))
    return Lines([Text(part) for line in content for part in _safe_lines(line, width, look)])


def _safe_lines(line: str, width: int, look: Look) -> list[str]:
    return chop_cells(look.safe(line.expandtabs(_TAB), _LONGEST), width) or [""]
