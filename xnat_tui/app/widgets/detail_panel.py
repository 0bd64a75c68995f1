"""The details beside the tree: follow the cursor after a pause, never block it, drop late answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from xnat_tui.app import actions
from xnat_tui.app.archive.blocks import Block, Document
from xnat_tui.app.archive.detail import Detail, child_tables
from xnat_tui.app.archive.detail_text import draw_failure, draw_sentence
from xnat_tui.app.archive.last_known import LastKnown
from xnat_tui.app.archive.look import Look
from xnat_tui.app.archive.node import Node
from xnat_tui.app.archive.nodes import NodeRef
from xnat_tui.app.archive.parts import Content, Part, Tab, TabChoice, draw_content, parts_of
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.loader import Loader
from xnat_tui.core.exceptions import XnatTuiError

_PAUSE_S = 0.12
_LOADING_AFTER_S = 0.15
_MOST_CHILDREN = 5000
"""Children of one thing above which they are left to the tree."""

_ROLES = ("dim", "heading", "failed")


class DetailPanel(ScrollView, can_focus=True, inherit_bindings=False):
    """What is worth knowing of one node, in tabs; each is loading, empty, failed or full of data.

    Lines are drawn when they are looked at, so that a listing of 100 000 files costs what a screen costs.
    """

    SCOPE = actions.Scope.DETAILS
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(actions.Scope.DETAILS)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"details--{role}" for role in _ROLES}
    DEFAULT_CSS = "DetailPanel { overflow-x: hidden; overflow-y: auto; }"

    class Left(Message):
        """The user wants back to the tree."""

    @dataclass
    class Arrived(Message):
        """A part of the details of a thing came."""

        ref: NodeRef
        part: Part
        content: Content

    @dataclass
    class Failed(Message):
        """A part of the details of a thing could not be read."""

        ref: NodeRef
        part: Part
        error: XnatTuiError

    @dataclass
    class TabChosen(Message):
        """Another tab is shown."""

        tab: Tab

    def __init__(
        self,
        fetch: Callable[[Part, NodeRef], Content],
        loader: Loader,
        glyphs: Glyphs,
        choice: TabChoice | None = None,
        known: LastKnown | None = None,
    ) -> None:
        """Prepare the panel; nothing is read before it follows a node.

        Args:
            fetch: reads one part; blocks, and may raise an XnatTuiError.
            loader: runs it.
            glyphs: the signs to draw with.
            choice: which tab is chosen, where several panels share that.
            known: what is shown while the server does not answer, where several panels share that.
        """
        super().__init__(id="details")
        self._fetch = fetch
        self._loader = loader
        self._glyphs = glyphs
        self._choice = choice or TabChoice()
        self._known = known or LastKnown()
        self._node: Node | None = None
        self._asked: NodeRef | None = None
        self._answers: dict[Part, Content | XnatTuiError] = {}
        self._pending: set[Part] = set()
        self._explained: XnatTuiError | None = None
        self._document = Document([])
        self._pause: Timer | None = None

    @property
    def tab(self) -> Tab:
        """The tab that is shown."""
        return self._choice.tab

    @property
    def ref(self) -> NodeRef | None:
        """The thing that is shown, None for nothing."""
        return self._asked

    @property
    def error(self) -> XnatTuiError | None:
        """The error that is shown, None when there is none."""
        if self._explained is not None:
            return self._explained
        shown = (self._answers.get(part) for part in self._parts())
        return next((answer for answer in shown if isinstance(answer, XnatTuiError)), None)

    def on_mount(self) -> None:
        """Name the tabs."""
        self._set_title()

    # What to show

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
        self._forget()
        self._node, self._explained = None, error
        self._draw()

    def choose_tab(self, tab: Tab) -> None:
        """Show another tab, of this thing and of all that follow."""
        self._choice.tab = tab
        self._set_title()
        self.scroll_home(animate=False, immediate=True)
        self._read_missing(asked=True)
        self._draw()
        self.post_message(self.TabChosen(tab))

    def on_show(self) -> None:
        """Catch up after the panel was hidden."""
        self._set_title()
        self.follow(self._node)

    def action_reload(self) -> None:
        """Ask the server again for what is shown."""
        self._ask(asked=True)

    def action_leave(self) -> None:
        """Let the screen decide where back is."""
        self.post_message(self.Left())

    def action_next_tab(self) -> None:
        """Show the tab at the right."""
        self.choose_tab(self.tab.after(1))

    def action_previous_tab(self) -> None:
        """Show the tab at the left."""
        self.choose_tab(self.tab.after(-1))

    # Reading

    def _ask(self, *, asked: bool = False) -> None:
        """Read the node's tab; what is shown of the same thing stays until the new answer is there."""
        self._stop_pause()
        before = self._asked
        ref = self._node.ref if self._node else None
        is_same = before is not None and ref is not None and before.path == ref.path
        kept = self._answers if is_same else {}
        self._forget()
        self._asked = ref
        if not is_same:
            self.scroll_home(animate=False, immediate=True)
        self._read_missing(asked=asked)
        self._answers = {part: answer for part, answer in kept.items() if part in self._pending}
        if ref is None:
            self._draw()

    def _forget(self) -> None:
        self._asked, self._explained = None, None
        self._answers, self._pending = {}, set()

    def _read_missing(self, *, asked: bool) -> None:
        """Wish for every part of the tab that is neither known nor on its way."""
        ref = self._asked
        missing = [part for part in self._parts() if part not in self._answers and part not in self._pending]
        if ref is None or not missing:
            return
        for part in missing:
            self._pending.add(part)
            self._loader.wish(
                ("details", part, self),
                partial(self._fetch, part, ref),
                partial(self._arrived, ref, part),
                partial(self._failed, ref, part),
                asked=asked,
            )
        self.set_timer(_LOADING_AFTER_S, partial(self._show_loading, ref))

    def _arrived(self, ref: NodeRef, part: Part, content: Content) -> None:
        self.post_message(self.Arrived(ref, part, content))

    def _failed(self, ref: NodeRef, part: Part, error: XnatTuiError) -> None:
        self.post_message(self.Failed(ref, part, error))

    def on_detail_panel_arrived(self, message: Arrived) -> None:
        """Show it, unless the cursor has moved on."""
        self._take(message.ref, message.part, message.content)

    def on_detail_panel_failed(self, message: Failed) -> None:
        """Say why, unless the cursor has moved on."""
        self._take(message.ref, message.part, message.error)

    def _take(self, ref: NodeRef, part: Part, answer: Content | XnatTuiError) -> None:
        answer = self._known.settle(ref, part, answer)
        if ref is self._asked:
            self._pending.discard(part)
            self._answers[part] = answer
            self._draw()

    def _show_loading(self, ref: NodeRef) -> None:
        if ref is self._asked and any(part not in self._answers for part in self._parts()):
            self._draw()

    def _stop_pause(self) -> None:
        if self._pause is not None:
            self._pause.stop()

    def _parts(self) -> tuple[Part, ...]:
        return parts_of(self.tab, self._asked) if self._asked else ()

    # Drawing

    def on_resize(self) -> None:
        """Lay the text out for the new width."""
        self._draw()

    def notify_style_update(self) -> None:
        """Draw anew in the colours of another theme."""
        super().notify_style_update()
        self._draw()

    def _set_title(self) -> None:
        titles = [f"[b]{tab.heading}[/b]" if tab is self.tab else tab.heading for tab in Tab]
        self.border_title = f" {self._glyphs.rule} ".join(titles)

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        self._document = Document(self._blocks())
        self.virtual_size = Size(self._width, self._document.height)
        self.refresh()

    @property
    def _width(self) -> int:
        return max(1, self.scrollable_content_region.width)

    def _blocks(self) -> list[Block]:
        look = self._look()
        if self._explained is not None:
            return draw_failure(self._explained.message, self._explained.advice, self._width, look)
        if self._asked is None:
            return draw_sentence("Nothing is selected.", self._width, look)
        return [block for part in self._parts() for block in self._part_blocks(part, look)]

    def _part_blocks(self, part: Part, look: Look) -> list[Block]:
        answer = self._answers.get(part)
        if answer is None:
            return draw_sentence(f"loading{self._glyphs.ellipsis}", self._width, look)
        if isinstance(answer, XnatTuiError):
            return draw_failure(answer.message, answer.advice, self._width, look)
        content = self._with_known_children(answer) if isinstance(answer, Detail) else answer
        return draw_content(content, self._width, max(8, self.size.height - 3), look)

    def _with_known_children(self, detail: Detail) -> Detail:
        """Prefer the children that the tree already knows."""
        level = self._node.level if self._node else None
        if level is None or len(level.refs) > _MOST_CHILDREN:
            return detail
        return replace(detail, tables=child_tables(level.refs))

    def _look(self) -> Look:
        dim, heading, failed = (
            self.get_component_rich_style(f"details--{role}", partial=True) for role in _ROLES
        )
        return Look(dim, heading, failed, self._glyphs, has_colour=not self.app.no_color)

    def render_line(self, y: int) -> Strip:
        """One line of the widget, as Textual's line API wants it."""
        text = self._document.line(y + self.scroll_offset.y)
        # Rich leaves the style of a whole text to whoever prints it, unless parts of it have their own.
        style = self.rich_style + self.app.console.get_style(text.style)
        strip = Strip(text.render(self.app.console)).apply_style(style)
        return strip.adjust_cell_length(self._width, self.rich_style)
