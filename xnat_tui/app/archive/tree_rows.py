"""What one row of the archive tree says, cut to a width: pieces of safe text with a role, no Textual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

from xnat_tui.app.archive import columns
from xnat_tui.app.archive.columns import Column
from xnat_tui.app.archive.filtering import EVERYTHING, Filter
from xnat_tui.app.archive.node import Node, Notice, Phase, Row
from xnat_tui.app.archive.nodes import CHILD_KIND, Kind, NodeRef, Standing
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.text import fit, thousands, visible

Role = Literal["guide", "label", "dim", "match", "mark", "failed"]

_LEAST_NAME = 15
"""Cells that label and note keep before a fact gives way, if they are that long."""

_COUNT_WIDTHS = {Kind.PROJECT: 7, Kind.SUBJECT: 5, Kind.SESSION: 5}
"""Cells for the number of children of the kinds whose listing does not say it."""


@dataclass(frozen=True)
class Piece:
    """A run of one row's text in one style."""

    text: str
    role: Role


@dataclass(frozen=True)
class RowLook:
    """How rows are drawn.

    Attributes:
        glyphs: the signs.
        filter: what to highlight.
        is_wide: show the wide columns too.
        is_marked: whether this row is marked.
        with_sections: name the section of projects that begins with this row.
    """

    glyphs: Glyphs
    filter: Filter = EVERYTHING
    is_wide: bool = False
    is_marked: bool = False
    with_sections: bool = False

    def safe(self, value: str) -> str:
        """A server's string on one line."""
        return visible(value, ascii_only=self.glyphs.ascii_only)

    def fit(self, value: str, width: int, *, right: bool = False) -> str:
        """Safe text in exactly so many cells."""
        return fit(value, width, right=right, ellipsis=self.glyphs.ellipsis)


def pieces(row: Row, width: int, look: RowLook) -> list[Piece]:
    """The row in exactly `width` cells, from left to right."""
    if isinstance(row, Notice):
        text, hint, role = _notice(row.node, look)
        room = width - cell_len(hint)
        return [Piece(look.fit(f" {'  ' * row.depth}{text}", room), role), Piece(hint, "dim")]
    start = _start(row, look)
    room = width - sum(cell_len(piece.text) for piece in start) - 1
    facts = _facts(row, room, look)
    room -= sum(cell_len(fact) for fact in facts)
    return [*start, *_name(row.ref, room, look), Piece("".join(facts) + " ", "dim")]


def _start(node: Node, look: RowLook) -> list[Piece]:
    """Indent, mark and sign. The mark stands in the indent, where no label moves because of it."""
    indent = " " + "  " * node.depth
    sign = Piece(f"{_sign(node, look.glyphs)} ", "guide")
    if not look.is_marked:
        return [Piece(indent, "guide"), sign]
    at = max(0, len(indent) - 2)
    after = " " * (len(indent) - at - 1)
    return [Piece(indent[:at], "guide"), Piece(look.glyphs.marked, "mark"), Piece(after, "guide"), sign]


def _sign(node: Node, glyphs: Glyphs) -> str:
    if node.phase is Phase.LOADING and node.shows_loading:
        return glyphs.waiting
    if node.ref.is_leaf:
        return " "
    return glyphs.opened if node.is_open else glyphs.closed


def _name(ref: NodeRef, room: int, look: RowLook) -> list[Piece]:
    """The label, then, where there is room, what else tells it from its neighbours."""
    label, note = _label_and_note(ref, look)
    left = room - cell_len(label) - 2
    role: Role = "mark" if look.is_marked else "label"
    if not note or left < 4:
        return _highlighted(look.fit(label, room), role, look.filter)
    return [
        *_highlighted(f"{label}  ", role, look.filter),
        *_highlighted(look.fit(note, left), "dim", look.filter),
    ]


def _label_and_note(ref: NodeRef, look: RowLook) -> tuple[str, str]:
    label = _mark(ref, look.glyphs) + columns.tree_label(ref, ascii_only=look.glyphs.ascii_only)
    note = look.safe(columns.tree_note(ref))
    if ref.owner:
        note = f"{look.glyphs.shared} {look.safe(ref.owner)} {note}".rstrip()
    return label, note


def _highlighted(text: str, role: Role, filter: Filter) -> list[Piece]:
    start, end = filter.span(text)
    if start == end:
        return [Piece(text, role)]
    return [Piece(text[:start], role), Piece(text[start:end], "match"), Piece(text[end:], role)]


def _mark(ref: NodeRef, glyphs: Glyphs) -> str:
    if ref.standing is Standing.FAVOURITE:
        return f"{glyphs.favourite} "
    if ref.kind is Kind.ASSESSOR:
        return f"{glyphs.assessor} "
    return f"{glyphs.resource} " if ref.kind is Kind.RESOURCE else ""


def _facts(node: Node, room: int, look: RowLook) -> list[str]:
    """The right-aligned facts, the first ones left out where the name would get too little room."""
    facts = [f"  {section}"] if (section := _section(node, look)) else []
    facts += [
        "  " + _cell(column, width, node.ref, look)
        for column in columns.of_kind(node.ref.kind)
        if (width := column.tree_width or (column.wide_width if look.is_wide else 0))
    ]
    if node.ref.kind in _COUNT_WIDTHS:
        facts.append("  " + fit(_count(node), _COUNT_WIDTHS[node.ref.kind], right=True))
    label, note = _label_and_note(node.ref, look)
    least = min(_LEAST_NAME, cell_len(f"{label}  {note}".rstrip()))
    while facts and room - sum(cell_len(fact) for fact in facts) < least:
        facts.pop(0)
    return facts


def _section(node: Node, look: RowLook) -> str:
    """The word for the projects from this one on, when the one above stands in another section."""
    standing, parent = node.ref.standing, node.parent
    if not look.with_sections or standing is None or parent is None or parent.level is None:
        return ""
    place = parent.shown.place(node.at)
    before = parent.level.refs[parent.shown[place - 1]].standing if place else None
    return "" if standing is before else standing.value


def _cell(column: Column, width: int, ref: NodeRef, look: RowLook) -> str:
    return look.fit(look.safe(column.value(ref)), width, right=column.is_number)


def _count(node: Node) -> str:
    """How many children of its main kind it has; blank until that is known."""
    if node.phase is Phase.LOADED and node.level is not None:
        return columns.count_text(node.level.count(CHILD_KIND[node.ref.kind]))
    return columns.count_text(node.ref.count)


def _notice(node: Node, look: RowLook) -> tuple[str, str, Role]:
    """The word below a node that has nothing to show, the key that helps, and how to draw the word."""
    if node.error is not None:
        return f"{look.glyphs.failed} {look.safe(node.error.message)}", "  R: try again ", "failed"
    if node.phase is Phase.LOADING:
        return f"loading{look.glyphs.ellipsis}", "", "dim"
    if node.level:
        return f"none of {thousands(len(node.level))} passes the filter", "  Esc: show all ", "dim"
    return f"no {CHILD_KIND[node.ref.kind].plural}", "", "dim"
