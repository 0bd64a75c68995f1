"""The archive tree on the screen: loads what is opened, filters, sorts and marks what stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Protocol

from textual import events
from textual.binding import BindingType
from textual.message import Message

from xnat_tui.app import actions
from xnat_tui.app.archive.filtering import EVERYTHING, Filter
from xnat_tui.app.archive.level import Level
from xnat_tui.app.archive.node import Node, kind_of, node_of
from xnat_tui.app.archive.nodes import Kind, NodeRef, Path
from xnat_tui.app.archive.ordering import Order
from xnat_tui.app.archive.route import Route
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.loader import Loader
from xnat_tui.app.widgets.tree_view import TreeView
from xnat_tui.core.exceptions import XnatTuiError

_LOADING_AFTER_S = 0.15
_IDLE_AFTER_S = 0.4
_SORTED_AT_ONCE = 5000
"""Rows that are sorted on the thread that draws."""

_ABOUT_A_THING = ("tree.mark", "tree.mark_range", "tree.mark_level", "tree.favourite", "tree.open_node")
"""Actions that need a thing under the cursor."""


class TreeSource(Protocol):
    """Where the rows come from; every call may block and may raise an XnatTuiError."""

    def children(self, ref: NodeRef) -> list[NodeRef]:
        """What lies directly in a thing."""

    def enrich(self, ref: NodeRef, children: list[NodeRef]) -> list[NodeRef] | None:
        """The children with what their listing does not say; None where there is nothing to add."""

    def count(self, ref: NodeRef) -> int | None:
        """How many subjects a project has; None when nobody may know."""


class NavTree(TreeView, inherit_bindings=False):
    """The lazy tree of the archive.

    A node is loaded when it is opened, never because the cursor passes over it. What its listing does not
    say arrives later; projects in sight are counted one after the other while nothing else is going on.
    """

    SCOPE = actions.Scope.TREE
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(actions.Scope.TREE)]

    class DetailsWanted(Message):
        """The details of the row under the cursor are wanted."""

    class BackWanted(Message):
        """Whatever is in the way is to go: a filter, a range, marks."""

    class FilterWanted(Message):
        """Somebody wants to type a filter."""

    @dataclass
    class SortWanted(Message):
        """The rows of this kind are to be sorted."""

        kind: Kind

    @dataclass
    class FavouriteWanted(Message):
        """This thing is to become a favourite, or to stop being one."""

        ref: NodeRef

    class Changed(Message):
        """The filter, the order, the marks or the top level are others than before."""

    @dataclass
    class Loaded(Message):
        """The children of a node came."""

        node: Node
        level: Level

    @dataclass
    class LoadFailed(Message):
        """The children of a node could not be listed."""

        node: Node
        error: XnatTuiError

    @dataclass
    class Enriched(Message):
        """More is known of the children of a node."""

        node: Node
        before: Level
        level: Level

    @dataclass
    class Counted(Message):
        """The children of a project were counted, as far as somebody may know."""

        node: Node
        count: int | None

    @dataclass
    class Sorted(Message):
        """A new order was prepared."""

        kind: Kind
        order: Order

    @dataclass
    class Revealed(Message):
        """The cursor is on the thing that was asked for."""

        node: Node

    @dataclass
    class RevealFailed(Message):
        """The way to a thing ended before it; the error says at which step and why."""

        error: XnatTuiError

    def __init__(self, source: TreeSource, loader: Loader, glyphs: Glyphs) -> None:
        super().__init__(glyphs)
        self._source = source
        self._loader = loader
        self._anchor: Node | None = None
        self._route: Route | None = None
        self._counted: set[str] = set()
        self._counting = False

    def reason(self, action_id: str) -> str:
        """Why an action cannot be done on the row under the cursor, "" when it can."""
        row = self.model.at_cursor
        if isinstance(row, Node) and row.ref.is_leaf and action_id == "tree.open_node":
            return "A file holds nothing; Enter shows its details."
        needs_thing = action_id in _ABOUT_A_THING
        return "There is nothing under the cursor." if needs_thing and not isinstance(row, Node) else ""

    def on_mount(self) -> None:
        """Count what is in sight while nothing else is going on."""
        self.set_interval(_IDLE_AFTER_S, self._count_next)

    # Loading

    def load(self, node: Node) -> None:
        """List the node's children; a placeholder shows when that takes a moment."""
        with self._reshaping():
            self.model.begin(node)
        ref, orders = node.ref, self.model.orders
        self._loader.wish(
            ("children", node),
            lambda: Level(self._source.children(ref), orders),
            lambda level: self.post_message(self.Loaded(node, level)),
            lambda error: self.post_message(self.LoadFailed(node, error)),
        )
        self.set_timer(_LOADING_AFTER_S, partial(self._show_loading, node))

    def load_again(self, node: Node) -> None:
        """List a node and all that is open below it again."""
        for opened in self.model.opened_below(node):
            self.load(opened)

    def _show_loading(self, node: Node) -> None:
        with self._reshaping():
            self.model.show_loading(node)

    def on_nav_tree_loaded(self, message: Loaded) -> None:
        """Show what came, and ask for the rest."""
        node, level = message.node, message.level
        with self._reshaping():
            self.model.fill(node, level)
        if node is self.model.root:
            self._counted.clear()
        self.post_message(self.Changed())
        self._go_on(node)
        self.load_facts(node)

    def load_facts(self, node: Node) -> None:
        """Ask for what the listing of the node's children did not say; without an answer it stays blank."""
        level, ref, orders = node.level, node.ref, self.model.orders
        if level is None:
            return

        def enrich() -> Level | None:
            richer = self._source.enrich(ref, level.refs)
            return None if richer is None else Level(richer, orders)

        self._loader.wish(
            ("facts", node),
            enrich,
            lambda found: self.post_message(self.Enriched(node, level, found)) if found else None,
            lambda error: None,
            asked=False,
        )

    def on_nav_tree_enriched(self, message: Enriched) -> None:
        """Show the new facts, unless the node was listed anew meanwhile."""
        if message.node.level is message.before:
            with self._reshaping():
                self.model.enrich(message.node, message.level)
            self.post_message(self.Changed())

    def on_nav_tree_load_failed(self, message: LoadFailed) -> None:
        """Say why nothing came."""
        with self._reshaping():
            self.model.fail(message.node, message.error)
        if self._route is not None and self._route.at is message.node:
            self._route = None
            self.post_message(self.RevealFailed(message.error))

    def _count_next(self) -> None:
        """Ask for one number of subjects that is in sight and not known."""
        if self._counting:
            return
        for row in self.rows_in_sight():
            if isinstance(row, Node) and row.ref.kind is Kind.PROJECT and row.ref.id not in self._counted:
                self._counting = True
                self._counted.add(row.ref.id)
                self._loader.wish(
                    "count",
                    partial(self._source.count, row.ref),
                    partial(self._tell_count, row),
                    lambda error, row=row: self._tell_count(row, None),  # type: ignore[misc]
                    asked=False,
                )
                return

    def _tell_count(self, node: Node, count: int | None) -> None:
        self.post_message(self.Counted(node, count))

    def on_nav_tree_counted(self, message: Counted) -> None:
        """Show it, and go on with the next one."""
        self._counting = False
        if message.count is not None:
            message.node.set_count(message.count)
            self.refresh()
        self._count_next()

    # Going to a thing

    def reveal(self, path: Path) -> None:
        """Put the cursor on a thing, and load and open on the way there what has to be.

        `Revealed` or `RevealFailed` tells how it ended; who moves the cursor meanwhile ends it silently.

        Args:
            path: kinds with ids from the project down; labels do where no id is known.
        """
        self._route = Route(self.model, path)
        self._go_on(self.model.root)

    def _go_on(self, node: Node) -> None:
        """Go on with the route when it waits for this node."""
        if self._route is None or self._route.at is not node:
            return
        route = self._route
        try:
            with self._reshaping():
                missing = route.go_on()
        except XnatTuiError as error:
            self._route = None
            self.post_message(self.RevealFailed(error))
            return
        if missing is not None:
            self.load(missing)
            return
        self._route = None
        if not self.model.is_visible(route.at):
            self.filter(EVERYTHING)
        self._move_to(self.model.index(route.at))
        self._show_cursor()
        self.post_message(self.Revealed(route.at))

    def _move_to(self, index: int) -> None:
        self._route = None
        super()._move_to(index)
        self._draw_range()

    # Opening and closing

    def action_open_node(self) -> None:
        """Open the node, or go to its first child."""
        row = self.model.at_cursor
        if not isinstance(row, Node) or row.ref.is_leaf:
            return
        if row.is_open:
            self.action_cursor_down()
            return
        with self._reshaping():
            has_to_load = self.model.open(row)
        if has_to_load:
            self.load(row)

    def action_close_node(self) -> None:
        """Close the node, or go to its parent."""
        row = self.model.at_cursor
        if isinstance(row, Node) and row.is_open:
            with self._reshaping():
                self.model.close(row)
        else:
            self.action_parent()

    def action_details(self) -> None:
        """Ask for the details of the row under the cursor."""
        self.post_message(self.DetailsWanted())

    def action_reload(self) -> None:
        """Ask the server again: for the children of an open row, else for the rows around it."""
        row = self.model.at_cursor
        if row is None:
            self.load_again(self.model.root)
            return
        node = node_of(row)
        self.load_again(node if node.is_open or node.parent is None else node.parent)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked row; a click on the row under the cursor opens or closes it."""
        index = self.row_at(event)
        if index is None:
            return
        row = self.model.at_cursor
        if index != self.model.cursor:
            self._move_to(index)
        elif isinstance(row, Node) and row.is_open:
            self.action_close_node()
        else:
            self.action_open_node()

    def action_back(self) -> None:
        """Let the screen decide what goes first."""
        self.post_message(self.BackWanted())

    # Filter, order, columns, favourites

    def action_filter(self) -> None:
        """Ask for the filter line."""
        self.post_message(self.FilterWanted())

    def filter(self, filter: Filter) -> None:
        """Let only those rows stand that pass."""
        if filter != self.model.filter:
            with self._reshaping():
                self.model.set_filter(filter)
            self.post_message(self.Changed())

    def action_sort(self) -> None:
        """Ask how to sort the rows like the one under the cursor."""
        if (row := self.model.at_cursor) is not None:
            self.post_message(self.SortWanted(kind_of(row)))

    def sort(self, kind: Kind, order: Order) -> None:
        """Sort the rows of a kind; very many are sorted on a thread beside the one that draws."""
        levels = [node.level for node in self.model.loaded() if node.level and node.level.count(kind)]
        orders = {**self.model.orders, kind: order}
        if sum(level.count(kind) for level in levels) <= _SORTED_AT_ONCE:
            self.on_nav_tree_sorted(self.Sorted(kind, order))
            return
        self._loader.wish(
            "sort",
            lambda: [level.arranged(orders) for level in levels],
            lambda _: self.post_message(self.Sorted(kind, order)),
            lambda error: None,
            asked=False,
        )

    def on_nav_tree_sorted(self, message: Sorted) -> None:
        """Show the rows in the new order."""
        with self._reshaping():
            self.model.set_order(message.kind, message.order)
        self.post_message(self.Changed())

    def action_wide(self) -> None:
        """Show the wide columns, or no longer."""
        self.is_wide = not self.is_wide
        self.screen.set_class(self.is_wide, "-wide-columns")
        self.refresh()

    def action_favourite(self) -> None:
        """Ask for the thing under the cursor to become a favourite."""
        if isinstance(row := self.model.at_cursor, Node):
            self.post_message(self.FavouriteWanted(row.ref))

    # Marks

    def action_mark(self) -> None:
        """Mark the row under the cursor and go to the next; ends a range."""
        row = self.model.at_cursor
        if self._anchor is not None:
            self.end_range()
        elif isinstance(row, Node):
            self.model.marks.toggle([row.ref])
            self._marked()
            self.action_cursor_down()

    def action_mark_range(self) -> None:
        """Begin a range at the row under the cursor, or end it."""
        row = self.model.at_cursor
        if self._anchor is not None:
            self.end_range()
        elif isinstance(row, Node):
            self._anchor = row
            self._draw_range()

    def action_mark_level(self) -> None:
        """Mark all rows like this one beside it, or unmark them when all are marked."""
        if isinstance(row := self.model.at_cursor, Node):
            self.end_range()
            self.model.marks.toggle(self.model.siblings(row))
            self._marked()

    @property
    def is_ranging(self) -> bool:
        """Whether moves of the cursor extend a range."""
        return self._anchor is not None

    def end_range(self) -> None:
        """Keep the range as marks."""
        self._anchor = None
        self.model.marks.end_range()
        self._marked()

    def clear_marks(self) -> None:
        """Unmark everything."""
        self._anchor = None
        self.model.marks.clear()
        self._marked()

    def _draw_range(self) -> None:
        if self._anchor is not None:
            self.model.marks.draw_range(self.model.range_from(self._anchor))
            self._marked()

    def _marked(self) -> None:
        self.refresh()
        self.post_message(self.Changed())
