"""The archive tree as data: what is open, which rows stand, where the cursor is. No Textual, no I/O.

There is no list of rows: each node knows how many rows stand below it, and a row is found by its number from
the root down. A project of 100 000 subjects is opened, filtered and jumped through without touching them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import overload

from xnat_tui.app.archive.filtering import EVERYTHING, Filter
from xnat_tui.app.archive.level import Level
from xnat_tui.app.archive.marks import Marks
from xnat_tui.app.archive.node import Node, Notice, Phase, Row, node_of
from xnat_tui.app.archive.nodes import SITE, Kind, NodeRef
from xnat_tui.app.archive.ordering import Order
from xnat_tui.app.archive.shown import Shown
from xnat_tui.core.exceptions import XnatTuiError


class Rows(Sequence[Row]):
    """The rows below the root, from top to bottom, each made when it is asked for."""

    def __init__(self, root: Node) -> None:
        self._root = root

    def __len__(self) -> int:
        return self._root.height

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return _row_below(self._root, index % len(self))


class TreeModel:
    """The nodes, the rows that stand, the cursor and the marks.

    Attributes:
        root: the site; always open, never a row itself.
        rows: what stands, from top to bottom.
        cursor: index into `rows`; 0 while there are none.
        marks: what is marked.
        filter: what rows must hold to stand.
        orders: how the rows of each kind are sorted, where that is not their natural order.
        matches: how many of the loaded things the filter lets pass by themselves.
        candidates: how many loaded things there are while there is a filter.
    """

    def __init__(self) -> None:
        self.root = Node(SITE, None)
        self.root.is_open = True
        self.rows = Rows(self.root)
        self.cursor = 0
        self.marks = Marks()
        self.filter = EVERYTHING
        self.orders: dict[Kind, Order] = {}
        self.matches = self.candidates = 0

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
            ValueError: it does not stand.
        """
        if node.parent is None or (place := node.parent.shown.place(node.at)) is None:
            if node is self.root:
                return -1
            raise ValueError(f"{node.ref.label!r} is not shown")
        between = sum(child.height for at, child in node.parent.spread if at < place)
        return self.index(node.parent) + 1 + node.parent.has_notice + place + between

    def is_visible(self, node: Node) -> bool:
        """Whether the node stands: it is there, all around it is open, and no filter keeps it back."""
        while node.parent is not None:
            around = node.parent
            is_there = around.is_open and around.touched.get(node.at) is node
            if not is_there or around.shown.place(node.at) is None:
                return False
            node = around
        return node is self.root

    def siblings(self, node: Node) -> list[NodeRef]:
        """The things of its kind that stand beside it, and itself."""
        assert node.parent is not None
        return self.siblings_between(node, 0, len(node.parent.shown) - 1)

    def siblings_between(self, node: Node, first: int, last: int) -> list[NodeRef]:
        """The things of its kind that stand beside it at these places of its level, both included."""
        parent = node.parent
        assert parent is not None and parent.level is not None
        refs, own = parent.level.refs, parent.level.numbers(node.ref.kind)
        numbers = parent.shown.numbers[first : last + 1]
        if isinstance(numbers, range):
            return refs[max(numbers.start, own.start) : min(numbers.stop, own.stop)]
        return [refs[at] for at in numbers if at in own]

    def range_from(self, anchor: Node) -> list[NodeRef]:
        """The things like the anchor and beside it, from it to the row under the cursor or the one around."""
        row, parent = self.at_cursor, anchor.parent
        if row is None or parent is None or (first := parent.shown.place(anchor.at)) is None:
            return []
        branch = node_of(row)
        while branch.parent is not None and branch.parent is not parent:
            branch = branch.parent
        last = parent.shown.place(branch.at) if branch.parent else None
        if last is None:
            last = 0 if self.cursor < self.index(anchor) else len(parent.shown) - 1
        return self.siblings_between(anchor, min(first, last), max(first, last))

    def loaded(self) -> list[Node]:
        """Every node of which the children are known."""
        found, waiting = [], [self.root]
        while waiting:
            node = waiting.pop()
            if node.level is not None:
                found.append(node)
                waiting.extend(node.touched.values())
        return found

    # What changes the rows

    def open(self, node: Node) -> bool:
        """Show the node's children; true when they have to be loaded first."""
        with self._reshaped():
            node.is_open = True
        return node.phase in (Phase.UNKNOWN, Phase.FAILED)

    def close(self, node: Node) -> None:
        """Hide what is below the node; a cursor in there moves to the node."""
        with self._reshaped():
            node.is_open = False

    def begin(self, node: Node) -> None:
        """Its children are being listed; what is known stays visible meanwhile."""
        with self._reshaped():
            node.phase, node.error, node.shows_loading = Phase.LOADING, None, False

    def show_loading(self, node: Node) -> None:
        """Say that it is still loading, where nothing is known yet."""
        if node.phase is Phase.LOADING:
            with self._reshaped():
                node.shows_loading = True

    def fill(self, node: Node, level: Level) -> None:
        """Set the node's children; those known by their id stay open, and the cursor stays on its row."""
        with self._reshaped():
            node.take(level, forget_closed=True)
            node.phase, node.error, node.shows_loading = Phase.LOADED, None, False
            self.marks.renew(node.ref, level)

    def enrich(self, node: Node, level: Level) -> None:
        """Set the node's children once more, the same with more facts."""
        if node.phase is Phase.LOADED:
            with self._reshaped():
                node.take(level, forget_closed=False)
                self.marks.renew(node.ref, level)

    def fail(self, node: Node, error: XnatTuiError) -> None:
        """Its children could not be listed; what was known stays."""
        with self._reshaped():
            node.phase, node.error, node.shows_loading = Phase.FAILED, error, False

    def set_filter(self, filter: Filter) -> None:
        """Let only those rows stand that pass the filter, and what they lie in."""
        with self._reshaped():
            self.filter = filter

    def set_order(self, kind: Kind, order: Order) -> None:
        """Sort the rows of a kind; the cursor stays on its row."""
        with self._reshaped():
            self.orders = {**self.orders, kind: order}

    def opened_below(self, node: Node) -> list[Node]:
        """The node and every visible opened node below it, from top to bottom."""
        found = [node]
        for child in sorted(node.touched.values(), key=lambda child: child.at):
            if child.is_open:
                found.extend(self.opened_below(child))
        return found

    # Laying out

    @contextmanager
    def _reshaped(self) -> Iterator[None]:
        """Lay the tree out again after a change, and keep the cursor on its row."""
        row = self.at_cursor
        yield
        self.matches = self.candidates = 0
        self._lay_out(self.root, within_match=False)
        if row is not None:
            self.move_to(self._settled(row))

    def _lay_out(self, node: Node, *, within_match: bool) -> bool:
        """Find out which rows stand below the node; true when one of them passes the filter by itself."""
        level, any_passes = node.level, False
        if level is not None:
            passing_below = self._lay_out_children(node, level, within_match=within_match)
            numbers, any_passes = self._standing(level, passing_below, within_match=within_match)
            node.shown = Shown(numbers, ascending=isinstance(level.arranged(self.orders), range))
        node.lay_out()
        return any_passes

    def _lay_out_children(self, node: Node, level: Level, *, within_match: bool) -> set[int]:
        """Lay out the children that matter; the numbers of those below which something passes the filter."""
        found: set[int] = set()
        for child in node.touched.values():
            if child.level is None and not child.is_open:
                continue
            passes = bool(self.filter.passing(level.folded, (child.at,)))
            if self.filter.is_inverted and not passes:
                continue
            if self._lay_out(child, within_match=within_match or passes):
                found.add(child.at)
        return found

    def _standing(
        self, level: Level, passing_below: set[int], *, within_match: bool
    ) -> tuple[Sequence[int], bool]:
        """Which children of a level stand, and whether one passes the filter, itself or below.

        What a passing row lies in stays. A level of which nothing passes stays whole where it lies in
        something that passes, so that a thing that was found can be opened and looked into.
        """
        everything = level.arranged(self.orders)
        if not self.filter:
            return everything, True
        passing = self.filter.passing(level.folded, everything)
        self.matches += len(passing)
        self.candidates += len(level)
        if self.filter.is_inverted:
            return passing, bool(passing)
        if passing_below.difference(passing):
            kept = passing_below.union(passing)
            return [at for at in everything if at in kept], True
        if passing or not within_match:
            return passing, bool(passing)
        return everything, False

    def _settled(self, row: Row) -> int:
        """Where the cursor goes that was on this row: on the row again, else on the nearest place left."""
        if isinstance(row, Notice):
            if not self.is_visible(row.node):
                return self._settled(row.node)
            own = self.index(row.node)
            return own + 1 if row.node.height else own
        above, below = row, row
        while not self.is_visible(above):
            assert above.parent is not None
            above, below = above.parent, above
        if above is row or not above.is_open or not above.shown:
            return self.index(above)
        return self.index(above.child(above.shown[above.shown.nearest(below.at)]))


def _row_below(node: Node, index: int) -> Row:
    """The row that is so many rows below the first one below the node."""
    if node.has_notice:
        if index == 0:
            return Notice(node)
        index -= 1
    for place, child in node.spread:
        if index <= place:
            break
        if index <= place + child.height:
            return _row_below(child, index - place - 1)
        index -= child.height
    return node.child(node.shown[index])
