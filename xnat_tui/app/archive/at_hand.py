"""What an action is about: the marked things, else the one under the cursor. Plain values, no Textual."""

from __future__ import annotations

from dataclasses import dataclass

from xnat_tui.app.archive.node import Notice, node_of
from xnat_tui.app.archive.nodes import NodeRef
from xnat_tui.app.archive.tree_model import TreeModel
from xnat_tui.app.text import plural
from xnat_tui.core.exceptions import XnatTuiError


@dataclass(frozen=True)
class AtHand:
    """What is at hand when a key is pressed.

    Attributes:
        refs: the marked things; without marks the one under the cursor; () for nothing.
        level: the things of its kind beside it, as filtered and sorted; with marks the marked ones.
        error: the error that is shown, "" for none.
    """

    refs: tuple[NodeRef, ...] = ()
    level: tuple[NodeRef, ...] = ()
    error: str = ""

    @property
    def name(self) -> str:
        """The thing by its label, several by their number and kind."""
        return name_of(self.refs)


def at_hand_in(tree: TreeModel, beside: XnatTuiError | None = None) -> AtHand:
    """What is at hand in the tree; `beside` is the error that is shown beside it."""
    row = tree.at_cursor
    shown = row.node.error if isinstance(row, Notice) else None
    error = str(shown or beside or "")
    if marked := tuple(tree.marks.refs()):
        return AtHand(marked, marked, error)
    if row is None:
        return AtHand(error=error)
    node = node_of(row)
    return AtHand((node.ref,), tuple(tree.siblings(node)) if node.parent else (), error)


def name_of(refs: tuple[NodeRef, ...]) -> str:
    """What some things are called together: `SUB-001`, `12 subjects`, `3 things`."""
    if len(refs) == 1:
        return refs[0].label
    kinds = {ref.kind for ref in refs}
    return plural(len(refs), next(iter(kinds)).value if len(kinds) == 1 else "thing")
