"""Draws a `TreeModel` and moves its cursor. Knows nothing of where the rows come from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from xnat_tui.app.archive.node import Node, Notice, Row
from xnat_tui.app.archive.nodes import Kind
from xnat_tui.app.archive.tree_model import TreeModel
from xnat_tui.app.archive.tree_rows import Role, RowLook, pieces
from xnat_tui.app.glyphs import Glyphs

_ROLES: tuple[Role, ...] = ("guide", "label", "dim", "match", "mark", "failed")


class TreeView(ScrollView, can_focus=True, inherit_bindings=False):
    """A tree that draws lines instead of holding widgets, so that 100 000 rows cost what 40 do.

    Attributes:
        model: what is drawn.
        is_wide: whether the wide columns are shown.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"nav-tree--{role}" for role in _ROLES} | {"nav-tree--cursor"}
    DEFAULT_CSS = "TreeView { overflow-x: hidden; overflow-y: auto; }"

    @dataclass
    class CursorMoved(Message, namespace="nav_tree"):
        """Another row is under the cursor, or the same one got children."""

        row: Row | None

        def can_replace(self, message: Message) -> bool:
            """Only the last of several counts."""
            return isinstance(message, TreeView.CursorMoved)

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="tree")
        self.model = TreeModel()
        self.is_wide = False
        self._glyphs = glyphs
        self._height = 0

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

    def _move_to(self, index: int) -> None:
        before = self.model.cursor
        self.model.move_to(index)
        if self.model.cursor == before:
            return
        self._refresh_row(before)
        self._refresh_row(self.model.cursor)
        self._show_cursor()

    def _show_cursor(self) -> None:
        self.scroll_to_region(Region(0, self.model.cursor, 1, 1), animate=False, force=True, immediate=True)
        self.post_message(self.CursorMoved(self.model.at_cursor))

    # Drawing

    @contextmanager
    def _reshaping(self) -> Iterator[None]:
        """Draw anew after rows came or went; the cursor stays in its line of the screen."""
        line = self.model.cursor - self.scroll_offset.y
        was_in_sight = 0 <= line < max(1, self.size.height)
        yield
        self.virtual_size = Size(self.size.width, len(self.model.rows))
        if was_in_sight:
            self.scroll_to(y=self.model.cursor - line, animate=False, force=True, immediate=True)
            self._show_cursor()
        else:
            self.post_message(self.CursorMoved(self.model.at_cursor))
        self.refresh()

    def _refresh_row(self, index: int) -> None:
        self.refresh_line(index - self.scroll_offset.y)

    def rows_in_sight(self) -> list[Row]:
        """The rows that are on the screen now."""
        top = self.scroll_offset.y
        return self.model.rows[top : top + self.size.height]

    def on_resize(self) -> None:
        """Keep the scroll range in step with the width, and the cursor in sight if it was."""
        was_in_sight = 0 <= self.model.cursor - self.scroll_offset.y < self._height
        self._height = self.size.height
        self.virtual_size = Size(self.size.width, len(self.model.rows))
        if was_in_sight:
            row = Region(0, self.model.cursor, 1, 1)
            self.scroll_to_region(row, animate=False, force=True, immediate=True)

    def on_focus(self) -> None:
        """The cursor is drawn brighter."""
        self._refresh_row(self.model.cursor)

    def on_blur(self) -> None:
        """The cursor is drawn dimmer."""
        self._refresh_row(self.model.cursor)

    def row_at(self, event: events.MouseEvent) -> int | None:
        """The index of the row under the mouse."""
        offset = event.get_content_offset(self)
        index = offset.y + self.scroll_offset.y if offset is not None else len(self.model.rows)
        return index if index < len(self.model.rows) else None

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
                for piece in pieces(row, width, self._look_of(row))
            ],
            width,
        )

    def _look_of(self, row: Row) -> RowLook:
        return RowLook(
            self._glyphs,
            self.model.filter,
            is_wide=self.is_wide,
            is_marked=isinstance(row, Node) and row.ref in self.model.marks,
            with_sections=Kind.PROJECT not in self.model.orders,
        )

    def _style_of(self, role: Role) -> Style:
        return self.get_component_rich_style(f"nav-tree--{role}", partial=True)
