"""The archive tree as data: what is open, which rows stand, where the cursor is. No Textual, no I/O.

The visible rows are one flat list. Opening and closing splice it, so that a project of 100 000 subjects
costs a list slice and not a walk over widgets, and a jump costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum

from xnat_tui.app.archive.nodes import SITE, NodeRef
from xnat_tui.core.exceptions import XnatTuiError


class Phase(Enum):
    """How far the children of a node are known."""

    UNKNOWN = "unknown"
    LOADING = "loading"
    LOADED = "loaded"
    FAILED = "failed"


class Node:
    """One thing in the tree; children are None until they were listed."""

    __slots__ = ("children", "error", "is_open", "parent", "phase", "ref", "shows_loading")

    def __init__(self, ref: NodeRef, parent: Node | None) -> None:
        self.ref = ref
        self.parent = parent
        self.children: list[Node] | None = None
        self.phase = Phase.UNKNOWN
        self.is_open = False
        self.shows_loading = False
        self.error: XnatTuiError | None = None

    @property
    def depth(self) -> int:
        """Steps below the top level: 0 for a project."""
        return len(self.ref.lineage()) - 1


class Notice:
    """A row that is no thing but a word below its node: loading, empty, or why it failed."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node

    @property
    def depth(self) -> int:
        """Steps below the top level."""
        return self.node.depth + 1


Row = Node | Notice


def node_of(row: Row) -> Node:
    """The node that a row is about."""
    return row.node if isinstance(row, Notice) else row


class TreeModel:
    """The nodes, their visible rows and the cursor.

    Attributes:
        root: the site; always open, never a row itself.
        rows: what is visible, from top to bottom.
        cursor: index into `rows`; 0 while there are none.
    """

    def __init__(self) -> None:
        self.root = Node(SITE, None)
        self.root.is_open = True
        self.rows: list[Row] = []
        self.cursor = 0

    @property
    def at_cursor(self) -> Row | None:
        """The row under the cursor; None while there are no rows."""
        return self.rows[self.cursor] if self.rows else None

    def move_to(self, index: int) -> None:
        """Set the cursor to a row, or to the nearest end."""
        self.cursor = max(0, min(index, len(self.rows) - 1))

    def index(self, node: Node) -> int:
        """Where the node stands; -1 for the root.

        Raises:
            ValueError: it is not visible.
        """
        if node is self.root:
            return -1
        return self.cursor if self.at_cursor is node else self.rows.index(node)

    def is_visible(self, node: Node) -> bool:
        """Whether everything around the node is open and still part of the tree."""
        above = node
        while above.parent is not None:
            above = above.parent
            if not above.is_open:
                return False
        return above is self.root

    def open(self, node: Node) -> bool:
        """Show the node's children; true when they have to be loaded first."""
        with self._reshaped(node):
            node.is_open = True
        return node.phase in (Phase.UNKNOWN, Phase.FAILED)

    def close(self, node: Node) -> None:
        """Hide what is below the node; a cursor in there moves to the node."""
        with self._reshaped(node):
            node.is_open = False

    def begin(self, node: Node) -> None:
        """Its children are being listed; what is known stays visible meanwhile."""
        with self._reshaped(node):
            node.phase, node.error, node.shows_loading = Phase.LOADING, None, False

    def show_loading(self, node: Node) -> None:
        """Say that it is still loading, where nothing is known yet."""
        if node.phase is Phase.LOADING:
            with self._reshaped(node):
                node.shows_loading = True

    def fill(self, node: Node, refs: Sequence[NodeRef]) -> None:
        """Set the node's children; those known by their id stay open, and the cursor stays on its row."""
        with self._reshaped(node):
            known = {child.ref.key: child for child in node.children or ()}
            node.children = [_renewed(known.pop(ref.key, None), ref, node) for ref in refs]
            node.phase, node.error, node.shows_loading = Phase.LOADED, None, False
            for gone in known.values():
                gone.parent = None

    def fail(self, node: Node, error: XnatTuiError) -> None:
        """Its children could not be listed; what was known stays."""
        with self._reshaped(node):
            node.phase, node.error, node.shows_loading = Phase.FAILED, error, False

    def opened_below(self, node: Node) -> list[Node]:
        """The node and every visible opened node below it, from top to bottom."""
        return [node, *(row for row in self._below(node) if isinstance(row, Node) and row.is_open)]

    @contextmanager
    def _reshaped(self, node: Node) -> Iterator[None]:
        """Replace the rows below the node after a change of it, keeping the cursor on its row."""
        if not self.is_visible(node):
            yield
            return
        start = self.index(node) + 1
        end = start + len(self._below(node))
        under_cursor = self.at_cursor
        yield
        below = self._below(node)
        self.rows[start:end] = below
        if start <= self.cursor < end:
            self._settle(under_cursor, start, below)
        elif under_cursor is not None and self.cursor >= end:
            self.move_to(self.cursor + len(below) - (end - start))

    def _settle(self, row: Row | None, start: int, below: list[Row]) -> None:
        """Put a cursor that was among replaced rows back on its row, else on the nearest place left."""
        same = next((at for at, new in enumerate(below) if new is row), None)
        last = max(start - 1, start + len(below) - 1)
        self.move_to(start + same if same is not None else min(self.cursor, last))

    def _below(self, node: Node) -> list[Row]:
        """The rows that stand below the node."""
        rows: list[Row] = []
        if node.is_open:
            if _has_notice(node):
                rows.append(Notice(node))
            for child in node.children or ():
                rows.append(child)
                if child.is_open:
                    rows.extend(self._below(child))
        return rows


def _has_notice(node: Node) -> bool:
    """Whether there is a word to say below an open node: why it failed, that it is empty or still loading."""
    if node.error is not None:
        return True
    return node.shows_loading if node.children is None else not node.children


def _renewed(known: Node | None, ref: NodeRef, parent: Node) -> Node:
    """The known node with its new facts, or a new one. A closed node forgets children that may be stale."""
    if known is None:
        return Node(ref, parent)
    known.ref = ref
    if not known.is_open:
        known.children, known.phase, known.error = None, Phase.UNKNOWN, None
    return known
