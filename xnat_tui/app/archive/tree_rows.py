"""What one row of the archive tree says, cut to a width: pieces of safe text with a role, no Textual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

from xnat_tui.app.archive import columns
from xnat_tui.app.archive.columns import Column
from xnat_tui.app.archive.nodes import CHILD_KIND, Kind, NodeRef
from xnat_tui.app.archive.tree_model import Node, Notice, Phase, Row
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.text import fit, visible

Role = Literal["guide", "label", "dim", "accent", "failed"]

_LEAST_LABEL = 16
"""Cells that the label keeps before a fact gives way."""


_COUNT_WIDTHS = {Kind.PROJECT: 7, Kind.SUBJECT: 5, Kind.SESSION: 5}
"""Cells for the number of children of the kinds whose listing does not say it."""


@dataclass(frozen=True)
class Piece:
    """A run of one row's text in one style."""

    text: str
    role: Role


def pieces(row: Row, width: int, glyphs: Glyphs) -> list[Piece]:
    """The row in exactly `width` cells, from left to right."""
    indent = "  " * row.depth
    if isinstance(row, Notice):
        text, hint, role = _notice(row.node, glyphs)
        room = width - cell_len(hint)
        return [Piece(fit(f" {indent}{text}", room, ellipsis=glyphs.ellipsis), role), Piece(hint, "dim")]
    sign = f" {indent}{_sign(row, glyphs)} "
    room = width - cell_len(sign)
    facts = _facts(row, room, glyphs)
    room -= sum(cell_len(fact) for fact in facts) + 1
    return [
        Piece(sign, "guide"),
        *_name(row.ref, room, glyphs),
        Piece("".join(facts) + " ", "dim"),
    ]


def _sign(node: Node, glyphs: Glyphs) -> str:
    if node.phase is Phase.LOADING and node.shows_loading:
        return glyphs.waiting
    if node.ref.is_leaf:
        return " "
    return glyphs.opened if node.is_open else glyphs.closed


def _name(ref: NodeRef, room: int, glyphs: Glyphs) -> list[Piece]:
    """The label, then, where there is room, what else tells it from its neighbours."""
    before = _mark(ref, glyphs)
    label = before + columns.tree_label(ref, ascii_only=glyphs.ascii_only)
    note = visible(columns.tree_note(ref), ascii_only=glyphs.ascii_only)
    if ref.owner:
        note = f"{glyphs.shared} {visible(ref.owner, ascii_only=glyphs.ascii_only)} {note}".rstrip()
    left = room - cell_len(label) - 2
    if not note or left < 4:
        return [Piece(fit(label, room, ellipsis=glyphs.ellipsis), "label")]
    return [Piece(f"{label}  ", "label"), Piece(fit(note, left, ellipsis=glyphs.ellipsis), "dim")]


def _mark(ref: NodeRef, glyphs: Glyphs) -> str:
    if ref.kind is Kind.ASSESSOR:
        return f"{glyphs.assessor} "
    return f"{glyphs.resource} " if ref.kind is Kind.RESOURCE else ""


def _facts(node: Node, room: int, glyphs: Glyphs) -> list[str]:
    """The right-aligned facts, the first ones left out where the label would get too little room."""
    facts = [
        "  " + _cell(column, node.ref, glyphs)
        for column in columns.of_kind(node.ref.kind)
        if column.tree_width
    ]
    if width := _COUNT_WIDTHS.get(node.ref.kind):
        facts.append("  " + fit(_count(node), width, right=True))
    while facts and room - sum(cell_len(fact) for fact in facts) < _LEAST_LABEL:
        facts.pop(0)
    return facts


def _cell(column: Column, ref: NodeRef, glyphs: Glyphs) -> str:
    value = visible(column.value(ref), ascii_only=glyphs.ascii_only)
    return fit(value, column.tree_width, right=column.is_number, ellipsis=glyphs.ellipsis)


def _count(node: Node) -> str:
    """How many children of its main kind it has; blank until that is known."""
    if node.ref.count is not None:
        return columns.count_text(node.ref.count)
    if node.phase is not Phase.LOADED or node.children is None:
        return ""
    main = CHILD_KIND[node.ref.kind]
    return columns.count_text(sum(child.ref.kind is main for child in node.children))


def _notice(node: Node, glyphs: Glyphs) -> tuple[str, str, Role]:
    """The word below a node that has nothing to show, the key that helps, and how to draw the word."""
    if node.error is not None:
        reason = visible(node.error.message, ascii_only=glyphs.ascii_only)
        return f"{glyphs.failed} {reason}", "  R: try again ", "failed"
    if node.phase is Phase.LOADING:
        return f"loading{glyphs.ellipsis}", "", "dim"
    kind = CHILD_KIND[node.ref.kind]
    return f"no {kind.plural}", "", "dim"
