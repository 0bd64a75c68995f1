"""What stands in the frame of the tree: counts and order above, filter and marks below."""

from __future__ import annotations

from xnat_tui.app.archive.nodes import Kind
from xnat_tui.app.archive.ordering import NATURAL
from xnat_tui.app.archive.tree_model import TreeModel
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.text import plural, thousands, visible


def title(model: TreeModel, kind: Kind | None, glyphs: Glyphs) -> str:
    """Name of the place, how many rows there are, and how those like the one under the cursor are sorted.

    Args:
        model: the tree.
        kind: what is under the cursor.
        glyphs: the signs.
    """
    parts = ["Archive"]
    if model.filter:
        parts.append(f"{thousands(model.matches)} of {thousands(model.candidates)}")
    elif model.root.level is not None:
        parts.append(plural(len(model.root.level), "project"))
    order = model.orders.get(kind, NATURAL) if kind else NATURAL
    if order != NATURAL:
        parts.append(f"by {order.column} {glyphs.sorted(order.is_reversed)}")
    return f" {glyphs.dash} ".join(parts)


def note(model: TreeModel, glyphs: Glyphs, *, is_ranging: bool) -> str:
    """The filter, how much is marked, and whether a range is being drawn; "" for nothing of it."""
    parts = []
    if model.filter:
        parts.append(f"/{visible(model.filter.text, 30, ascii_only=glyphs.ascii_only)}")
    if model.marks:
        parts.append(f"{thousands(len(model.marks))} marked")
    if is_ranging:
        parts.append("range")
    return "   ".join(parts)
