"""One thing in the tree, with what is known of its children and which of them stand. No Textual, no I/O."""

from __future__ import annotations

from enum import Enum

from xnat_tui.app.archive.level import Level
from xnat_tui.app.archive.nodes import CHILD_KIND, Kind, NodeRef
from xnat_tui.app.archive.shown import Shown
from xnat_tui.core.exceptions import XnatTuiError


class Phase(Enum):
    """How far the children of a node are known."""

    UNKNOWN = "unknown"
    LOADING = "loading"
    LOADED = "loaded"
    FAILED = "failed"


class Node:
    """One thing in the tree. Its children become nodes when somebody looks at them, not before.

    Attributes:
        ref: the thing.
        parent: the node it is a child of, or was while it was there; None for the root.
        at: its number in the parent's level.
        level: its children as listed; None until they were.
        phase: how far they are known.
        is_open: whether they are wanted on the screen.
        shows_loading: whether it has been loading for so long that this is worth a row.
        error: why they could not be listed the last time.
        shown: the children that stand.
        spread: the open ones among those, with their places in `shown`.
        height: rows below it.
        touched: its children that became nodes, by their numbers.
    """

    __slots__ = (
        *("at", "error", "height", "is_open", "level", "parent", "phase", "ref", "shown", "shows_loading"),
        *("spread", "touched"),
    )

    def __init__(self, ref: NodeRef, parent: Node | None, at: int = 0) -> None:
        self.ref = ref
        self.parent = parent
        self.at = at
        self.level: Level | None = None
        self.phase = Phase.UNKNOWN
        self.is_open = False
        self.shows_loading = False
        self.error: XnatTuiError | None = None
        self.touched: dict[int, Node] = {}
        self.shown = Shown()
        self.spread: list[tuple[int, Node]] = []
        self.height = 0

    @property
    def depth(self) -> int:
        """Steps below the top level: 0 for a project."""
        return len(self.ref.lineage()) - 1

    @property
    def has_notice(self) -> bool:
        """Whether there is a word to say below it: why it failed, that it is empty or still loading."""
        if not self.is_open:
            return False
        if self.error is not None:
            return True
        return self.shows_loading if self.level is None else not self.shown

    def child(self, at: int) -> Node:
        """The child of this number in the level."""
        assert self.level is not None
        if at not in self.touched:
            self.touched[at] = Node(self.level.refs[at], self, at)
        return self.touched[at]

    def lay_out(self) -> None:
        """Take over which children stand and are open: `spread` and `height`."""
        opened = {at: child for at, child in self.touched.items() if child.is_open and child.height}
        places = self.shown.places(opened) if opened else {}
        self.spread = sorted((place, opened[at]) for at, place in places.items())
        inside = len(self.shown) + sum(child.height for _, child in self.spread)
        self.height = inside + self.has_notice if self.is_open else 0

    def take(self, level: Level, *, forget_closed: bool) -> None:
        """Set the children anew; those known by their id stay as they are.

        Args:
            level: the children.
            forget_closed: whether what lies in closed children may be stale by now.
        """
        touched = self.touched.values()
        self.level, self.touched = level, {}
        for child in touched:
            at = level.find(child.ref.kind, child.ref.id)
            if at is None:
                continue
            if child.ref.count is not None and level.refs[at].count is None:
                level.set_count(at, child.ref.count)
            child.at, child.ref = at, level.refs[at]
            self.touched[at] = child
            if forget_closed and not child.is_open:
                child.forget()

    def set_count(self, count: int) -> None:
        """Note how many things it holds, which the listing did not say."""
        parent = self.parent
        if parent is not None and parent.level is not None and parent.touched.get(self.at) is self:
            parent.level.set_count(self.at, count)
            self.ref = parent.level.refs[self.at]

    def forget(self) -> None:
        """Know nothing of its children any more."""
        self.level, self.phase, self.error = None, Phase.UNKNOWN, None
        self.touched, self.shown, self.spread, self.height = {}, Shown(), [], 0


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


def kind_of(row: Row) -> Kind:
    """The kind of things that stand where the row does."""
    return CHILD_KIND[row.node.ref.kind] if isinstance(row, Notice) else row.ref.kind
