"""The details beside the tree: follow the cursor after a pause, never block it, drop late answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from xnat_tui.app import actions
from xnat_tui.app.archive.detail import Detail, child_tables
from xnat_tui.app.archive.detail_text import Look, draw_detail, draw_failure
from xnat_tui.app.archive.nodes import NodeRef
from xnat_tui.app.archive.tree_model import Node
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.loader import Loader
from xnat_tui.core.exceptions import XnatTuiError

_PAUSE_S = 0.12
_LOADING_AFTER_S = 0.15


class DetailPanel(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Facts and children of one node; loading, empty, failed or full of data."""

    SCOPE = actions.Scope.DETAILS
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(actions.Scope.DETAILS)]

    COMPONENT_CLASSES: ClassVar[set[str]] = {"details--dim", "details--heading", "details--failed"}

    class Left(Message):
        """The user wants back to the tree."""

    @dataclass
    class Arrived(Message):
        """The details of a thing came."""

        ref: NodeRef
        detail: Detail

    @dataclass
    class Failed(Message):
        """The details of a thing could not be read."""

        ref: NodeRef
        error: XnatTuiError

    def __init__(self, fetch: Callable[[NodeRef], Detail], loader: Loader, glyphs: Glyphs) -> None:
        super().__init__(id="details")
        self._fetch = fetch
        self._loader = loader
        self._glyphs = glyphs
        self._node: Node | None = None
        self._asked: NodeRef | None = None
        self._answer: Detail | XnatTuiError | None = None
        self._pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """One text, drawn anew for each node."""
        yield Static(id="detail-text", markup=False)

    def on_mount(self) -> None:
        """Name the pane."""
        self.border_title = "Details"

    def follow(self, node: Node | None) -> None:
        """Show this node soon: after a pause, so that a moving cursor asks nothing."""
        self._stop_pause()
        self._node = node
        if node is not None and node.ref is self._asked:
            self._draw()
        elif self.display:
            self._pause = self.set_timer(_PAUSE_S, self._ask)

    def explain(self, error: XnatTuiError) -> None:
        """Show why something in the tree failed, in full."""
        self._stop_pause()
        self._node = self._asked = None
        self._answer = error
        self._draw()

    def on_show(self) -> None:
        """Catch up after the panel was hidden."""
        self.follow(self._node)

    def action_reload(self) -> None:
        """Ask the server again for what is shown."""
        self._ask()

    def action_leave(self) -> None:
        """Let the screen decide where back is."""
        self.post_message(self.Left())

    def _ask(self) -> None:
        self._stop_pause()
        node = self._node
        self._answer = None
        self._asked = node.ref if node else None
        if node is None:
            self._draw()
            return
        ref = node.ref
        self._loader.wish(
            "details",
            partial(self._fetch, ref),
            lambda detail: self.post_message(self.Arrived(ref, detail)),
            lambda error: self.post_message(self.Failed(ref, error)),
        )
        self.set_timer(_LOADING_AFTER_S, partial(self._show_loading, ref))

    def _stop_pause(self) -> None:
        if self._pause is not None:
            self._pause.stop()

    def _show_loading(self, ref: NodeRef) -> None:
        if ref is self._asked and self._answer is None:
            self._draw()

    def on_detail_panel_arrived(self, message: Arrived) -> None:
        """Show it, unless the cursor has moved on."""
        self._take(message.ref, message.detail)

    def on_detail_panel_failed(self, message: Failed) -> None:
        """Say why, unless the cursor has moved on."""
        self._take(message.ref, message.error)

    def _take(self, ref: NodeRef, answer: Detail | XnatTuiError) -> None:
        if ref is self._asked:
            self._answer = answer
            self.scroll_home(animate=False)
            self._draw()

    def on_resize(self) -> None:
        """Lay the text out for the new width."""
        self._draw()

    def _draw(self) -> None:
        if self.is_mounted:
            self.query_one("#detail-text", Static).update(self._text())

    def _text(self) -> Text:
        look = self._look()
        if isinstance(self._answer, XnatTuiError):
            return draw_failure(self._answer.message, self._answer.advice, look)
        if self._node is None:
            return Text("Nothing is selected.", style=look.dim)
        if self._answer is None:
            return Text(f"loading{self._glyphs.ellipsis}", style=look.dim)
        return draw_detail(
            self._with_known_children(self._answer), self.scrollable_content_region.width, look
        )

    def _with_known_children(self, detail: Detail) -> Detail:
        """Prefer the children that the tree already knows."""
        if self._node is None or self._node.children is None:
            return detail
        return replace(detail, tables=child_tables([child.ref for child in self._node.children]))

    def _look(self) -> Look:
        dim, heading, failed = (
            self.get_component_rich_style(name, partial=True)
            for name in ("details--dim", "details--heading", "details--failed")
        )
        return Look(dim, heading, failed, self._glyphs)
