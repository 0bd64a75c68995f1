"""The archive tree on the screen: draws a `TreeModel`, moves its cursor, loads what is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from xnat_tui.app import actions
from xnat_tui.app.archive.nodes import NodeRef
from xnat_tui.app.archive.tree_model import Node, Notice, Row, TreeModel, node_of
from xnat_tui.app.archive.tree_rows import Role, pieces
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.loader import Loader
from xnat_tui.core.exceptions import XnatTuiError

_LOADING_AFTER_S = 0.15
_ROLES: tuple[Role, ...] = ("guide", "label", "dim", "accent", "failed")


class NavTree(ScrollView, can_focus=True, inherit_bindings=False):
    """A lazy tree that draws lines instead of holding widgets, so that 100 000 rows cost what 40 do.

    A node is loaded when it is opened, never because the cursor passes over it.
    """

    SCOPE = actions.Scope.TREE
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(actions.Scope.TREE)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"nav-tree--{role}" for role in _ROLES} | {"nav-tree--cursor"}
    DEFAULT_CSS = "NavTree { overflow-x: hidden; overflow-y: auto; }"

    @dataclass
    class CursorMoved(Message):
        """Another row is under the cursor, or the same one got children."""

        row: Row | None

        def can_replace(self, message: Message) -> bool:
            """Only the last of several counts."""
            return isinstance(message, NavTree.CursorMoved)

    class DetailsWanted(Message):
        """The details of the row under the cursor are wanted."""

    @dataclass
    class Loaded(Message):
        """The children of a node came."""

        node: Node
        refs: list[NodeRef]

    @dataclass
    class LoadFailed(Message):
        """The children of a node could not be listed."""

        node: Node
        error: XnatTuiError

    def __init__(self, fetch: Callable[[NodeRef], list[NodeRef]], loader: Loader, glyphs: Glyphs) -> None:
        super().__init__(id="tree")
        self.model = TreeModel()
        self._fetch = fetch
        self._loader = loader
        self._glyphs = glyphs

    # Loading

    def load(self, node: Node) -> None:
        """List the node's children; a placeholder shows when that takes a moment."""
        self.model.begin(node)
        self._loader.wish(
            ("children", node),
            partial(self._fetch, node.ref),
            lambda refs: self.post_message(self.Loaded(node, refs)),
            lambda error: self.post_message(self.LoadFailed(node, error)),
        )
        self.set_timer(_LOADING_AFTER_S, partial(self._show_loading, node))
        self._reshaped()

    def load_again(self, node: Node) -> None:
        """List a node and all that is open below it again."""
        for opened in self.model.opened_below(node):
            self.load(opened)

    def _show_loading(self, node: Node) -> None:
        self.model.show_loading(node)
        self._reshaped()

    def on_nav_tree_loaded(self, message: Loaded) -> None:
        """Show what came."""
        self.model.fill(message.node, message.refs)
        self._reshaped()

    def on_nav_tree_load_failed(self, message: LoadFailed) -> None:
        """Say why nothing came."""
        self.model.fail(message.node, message.error)
        self._reshaped()

    # Moving

    def action_cursor_down(self) -> None:
        """Next row."""
        self._move_to(self.model.cursor + 1)

    def action_cursor_up(self) -> None:
        """Previous row."""
        self._move_to(self.model.cursor - 1)

    def action_page_down(self) -> None:
        """One screen down."""
        self._move_to(self.model.cursor + max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """One screen up."""
        self._move_to(self.model.cursor - max(1, self.size.height - 1))

    def action_first(self) -> None:
        """First row."""
        self._move_to(0)

    def action_last(self) -> None:
        """Last row."""
        self._move_to(len(self.model.rows) - 1)

    def action_parent(self) -> None:
        """The row that this one lies in."""
        row = self.model.at_cursor
        if row is None:
            return
        above = row.node if isinstance(row, Notice) else row.parent
        if above is not None and above is not self.model.root:
            self._move_to(self.model.index(above))

    # Opening and closing

    def action_open_node(self) -> None:
        """Open the node, or go to its first child."""
        row = self.model.at_cursor
        if not isinstance(row, Node) or row.ref.is_leaf:
            return
        if row.is_open:
            self.action_cursor_down()
        elif self.model.open(row):
            self.load(row)
        else:
            self._reshaped()

    def action_close_node(self) -> None:
        """Close the node, or go to its parent."""
        row = self.model.at_cursor
        if isinstance(row, Node) and row.is_open:
            self.model.close(row)
            self._reshaped()
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

    # Drawing

    def _move_to(self, index: int) -> None:
        before = self.model.cursor
        self.model.move_to(index)
        if self.model.cursor == before:
            return
        self._refresh_row(before)
        self._refresh_row(self.model.cursor)
        self._show_cursor()

    def _reshaped(self) -> None:
        """Draw anew after rows came or went."""
        self.virtual_size = Size(self.size.width, len(self.model.rows))
        self.refresh()
        self._show_cursor()

    def _show_cursor(self) -> None:
        self.scroll_to_region(Region(0, self.model.cursor, 1, 1), animate=False, force=True, immediate=True)
        self.post_message(self.CursorMoved(self.model.at_cursor))

    def _refresh_row(self, index: int) -> None:
        self.refresh_line(index - self.scroll_offset.y)

    def on_resize(self) -> None:
        """Keep the scroll range in step with the width."""
        self.virtual_size = Size(self.size.width, len(self.model.rows))

    def on_focus(self) -> None:
        """The cursor is drawn brighter."""
        self._refresh_row(self.model.cursor)

    def on_blur(self) -> None:
        """The cursor is drawn dimmer."""
        self._refresh_row(self.model.cursor)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked row; a click on the row under the cursor opens or closes it."""
        offset = event.get_content_offset(self)
        index = offset.y + self.scroll_offset.y if offset is not None else len(self.model.rows)
        if index >= len(self.model.rows):
            return
        if index != self.model.cursor:
            self._move_to(index)
            return
        row = self.model.at_cursor
        if isinstance(row, Node) and row.is_open:
            self.action_close_node()
        else:
            self.action_open_node()

    def render_line(self, y: int) -> Strip:
        """One line of the widget, as Textual's line API wants it."""
        index, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if index >= len(self.model.rows):
            return Strip.blank(width, self.rich_style)
        line_style = self.rich_style
        if index == self.model.cursor:
            line_style += self.get_component_rich_style("nav-tree--cursor", partial=True)
        row = self.model.rows[index]
        return Strip(
            [
                Segment(piece.text, line_style + self._style_of(piece.role))
                for piece in pieces(row, width, self._glyphs)
            ],
            width,
        )

    def _style_of(self, role: Role) -> Style:
        return self.get_component_rich_style(f"nav-tree--{role}", partial=True)
