"""The Archive place: the tree of everything on the server, details beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Protocol

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message

from xnat_tui.app import actions
from xnat_tui.app.archive import tree_title
from xnat_tui.app.archive.at_hand import AtHand, at_hand_in
from xnat_tui.app.archive.filtering import EVERYTHING, Filter
from xnat_tui.app.archive.last_known import LastKnown
from xnat_tui.app.archive.node import Notice, kind_of, node_of
from xnat_tui.app.archive.nodes import Kind, NodeRef, Path, Standing
from xnat_tui.app.archive.ordering import NATURAL, Order
from xnat_tui.app.archive.parts import Content, Part
from xnat_tui.app.dialogs.sort_menu import SortMenu
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.loader import Loader
from xnat_tui.app.memory import Memory
from xnat_tui.app.screens.details import DetailScreen
from xnat_tui.app.screens.recollection import note, recall_orders, recall_tab
from xnat_tui.app.screens.thing_screen import ThingScreen
from xnat_tui.app.text import visible
from xnat_tui.app.widgets.detail_panel import DetailPanel
from xnat_tui.app.widgets.filter_bar import FilterBar
from xnat_tui.app.widgets.footer_bar import FooterBar
from xnat_tui.app.widgets.header_bar import HeaderBar
from xnat_tui.app.widgets.nav_tree import NavTree
from xnat_tui.app.widgets.tree_pane import TreePane
from xnat_tui.core.exceptions import XnatTuiError

_WIDTH_STEP = 4
"""Columns by which one key press moves the border between the panes."""


class Hierarchy(Protocol):
    """Where the archive's things come from; every call may block and may raise an XnatTuiError."""

    @property
    def name(self) -> str:
        """What the server is called in the breadcrumb."""

    def children(self, ref: NodeRef) -> list[NodeRef]:
        """What lies directly in a thing."""

    def enrich(self, ref: NodeRef, children: list[NodeRef]) -> list[NodeRef] | None:
        """The children with what their listing does not say; None where there is nothing to add."""

    def count(self, ref: NodeRef) -> int | None:
        """How many subjects a project has; None when nobody may know."""

    def set_favourite(self, ref: NodeRef, wanted: bool) -> None:
        """Make a project one of the user's favourites, or no longer one."""

    def part(self, part: Part, ref: NodeRef) -> Content:
        """One part of what is worth knowing about a thing."""


class ArchiveScreen(ThingScreen):
    """Tree and details; under 100 columns the details are a screen of their own."""

    AUTO_FOCUS = "#tree"

    @dataclass
    class FavouriteSet(Message):
        """The server answered to the wish for a favourite."""

        ref: NodeRef
        wanted: bool
        error: XnatTuiError | None = None

    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings_of("details.next_tab", "details.previous_tab"),
    ]

    def __init__(self, hierarchy: Hierarchy, loader: Loader, glyphs: Glyphs, memory: Memory) -> None:
        """Prepare the screen.

        Args:
            hierarchy: the server.
            loader: runs all reads.
            glyphs: the signs to draw with.
            memory: how the screen was left, and what it tells when asked to remember.
        """
        super().__init__(id="archive")
        self._memory = memory
        self._hierarchy = hierarchy
        self._loader = loader
        self._glyphs = glyphs
        self._tab_choice = recall_tab(memory)
        self._known = LastKnown()

    def compose(self) -> ComposeResult:
        """Header, the two panes, footer."""
        yield HeaderBar(self._glyphs)
        with Horizontal(id="panes"):
            with TreePane(self._memory.tree_width):
                yield (tree := NavTree(self._hierarchy, self._loader, self._glyphs))
                yield FilterBar(tree)
            yield self._new_panel()
        yield FooterBar()

    @property
    def nav_tree(self) -> NavTree:
        """The tree of this place."""
        return self.query_one(NavTree)

    @property
    def details(self) -> DetailPanel:
        """The panel beside it."""
        return self.query_one(DetailPanel)

    def at_hand(self) -> AtHand:
        """The marked things, else the one under the cursor."""
        return at_hand_in(self.nav_tree.model, self.details.error)

    def on_mount(self) -> None:
        """List the projects of the server."""
        self.query_one(HeaderBar).place = (self._hierarchy.name,)
        tree = self.nav_tree
        tree.model.orders = recall_orders(self._memory)
        if self._memory.is_wide:
            tree.action_wide()
        if self._memory.last is not None:
            tree.reveal(self._memory.last.key)
        else:
            tree.load(tree.model.root)

    def remember(self) -> None:
        """Tell the memory how the screen is now."""
        if self.is_mounted:
            note(self._memory, self.nav_tree, self._tab_choice, self.query_one(TreePane).own_width)

    def reason(self, action_id: str) -> str:
        """Why an action of this screen cannot be done now, "" when it can."""
        if action_id in ("archive.widen_tree", "archive.narrow_tree") and not self.details.display:
            return "There is only one pane on a screen this narrow."
        return super().reason(action_id)

    def action_widen_tree(self) -> None:
        """Give the tree more room, and the details less."""
        self.query_one(TreePane).widen(_WIDTH_STEP)

    def action_narrow_tree(self) -> None:
        """Give the tree less room, and the details more."""
        self.query_one(TreePane).widen(-_WIDTH_STEP)

    def marked_refs(self) -> tuple[NodeRef, ...]:
        """The marked things, else the one under the cursor; () for nothing."""
        return self.at_hand().refs

    def reveal(self, path: Path) -> None:
        """Put the cursor on a thing, and load and open on the way there what has to be.

        Args:
            path: kinds with ids from the project down; labels do where no id is known.
        """
        self.nav_tree.reveal(path)
        self.nav_tree.focus()

    def on_nav_tree_cursor_moved(self, message: NavTree.CursorMoved) -> None:
        """Details, breadcrumb and title follow."""
        node = node_of(message.row) if message.row else self.nav_tree.model.root
        if isinstance(message.row, Notice) and node.error is not None:
            self.details.explain(node.error)
        else:
            self.details.follow(node if node.parent else None)
        labels = (ref.label for ref in node.ref.lineage())
        self.query_one(HeaderBar).place = (self._hierarchy.name, *labels)
        self._label_tree()

    def on_nav_tree_changed(self) -> None:
        """The frame of the tree says what is counted, filtered and marked."""
        self._label_tree()

    def _label_tree(self) -> None:
        tree, model = self.nav_tree, self.nav_tree.model
        kind = kind_of(row) if (row := model.at_cursor) else None
        head, foot = (
            tree_title.title(model, kind, self._glyphs),
            tree_title.note(model, self._glyphs, is_ranging=tree.is_ranging),
        )
        has_bottom = bool(tree.styles.border_bottom[0])
        tree.border_title = Text(head if has_bottom or not foot else f"{head}   {foot}")
        tree.border_subtitle = Text(foot)

    # Filter, order, favourites, marks

    def on_nav_tree_filter_wanted(self) -> None:
        """Open the filter line."""
        self.query_one(FilterBar).begin(self.nav_tree.model.filter.text)

    def on_filter_bar_typed(self, message: FilterBar.Typed) -> None:
        """Let only those rows stand that pass."""
        self.nav_tree.filter(Filter(message.text))

    def on_nav_tree_back_wanted(self) -> None:
        """Take away one thing: the filter, else the range mode, else the marks."""
        tree = self.nav_tree
        if tree.model.filter:
            tree.filter(EVERYTHING)
        elif tree.is_ranging:
            tree.end_range()
        elif tree.model.marks:
            tree.clear_marks()

    def on_nav_tree_sort_wanted(self, message: NavTree.SortWanted) -> None:
        """Ask by what to sort."""

        def sort(order: Order | None) -> None:
            if order is not None:
                self.nav_tree.sort(message.kind, order)

        present = self.nav_tree.model.orders.get(message.kind, NATURAL)
        self.app.push_screen(SortMenu(message.kind, present, self._glyphs), sort)

    def on_nav_tree_favourite_wanted(self, message: NavTree.FavouriteWanted) -> None:
        """Tell the server, which keeps favourite projects; others are remembered here."""
        ref = message.ref
        if ref.kind is not Kind.PROJECT:
            self._say_favourite(ref, self._program.jumps.toggle_favourite(ref))
            return
        wanted = ref.standing is not Standing.FAVOURITE
        self._loader.wish(
            ("favourite", ref.id),
            partial(self._hierarchy.set_favourite, ref, wanted),
            lambda _: self.post_message(self.FavouriteSet(ref, wanted)),
            lambda error: self.post_message(self.FavouriteSet(ref, wanted, error)),
        )

    def on_archive_screen_favourite_set(self, message: FavouriteSet) -> None:
        """Sort the projects anew, or say why the server refused."""
        if message.error is not None:
            self.notify(message.error.message, severity="error", markup=False)
            return
        self.nav_tree.load_facts(self.nav_tree.model.root)
        self._say_favourite(message.ref, message.wanted)

    def _say_favourite(self, ref: NodeRef, is_one: bool) -> None:
        word = "is a favourite now" if is_one else "is no favourite any more"
        self.notify(f"{visible(ref.label, ascii_only=self._glyphs.ascii_only)} {word}.", markup=False)

    def on_nav_tree_reveal_failed(self, message: NavTree.RevealFailed) -> None:
        """Say how far the way goes."""
        self.notify(message.error.message, severity="warning", markup=False)

    # Details

    def on_nav_tree_details_wanted(self) -> None:
        """Go to the details: beside the tree where they fit, else on their own screen."""
        row = self.nav_tree.model.at_cursor
        if row is None:
            return
        if self.details.display:
            self.details.focus()
        else:
            place = self.query_one(HeaderBar).place
            self.app.push_screen(DetailScreen(node_of(row), place, self._new_panel(), self._glyphs))

    def _new_panel(self) -> DetailPanel:
        return DetailPanel(self._hierarchy.part, self._loader, self._glyphs, self._tab_choice, self._known)

    def action_next_tab(self) -> None:
        """Turn the tab of the details from wherever the focus is."""
        self._turn_tab(1)

    def action_previous_tab(self) -> None:
        """Turn the tab of the details from wherever the focus is."""
        self._turn_tab(-1)

    def _turn_tab(self, steps: int) -> None:
        if self.details.display:
            self.details.choose_tab(self.details.tab.after(steps))
        else:
            self.notify("The details are not on the screen: Enter shows them.", markup=False)

    def on_detail_panel_left(self) -> None:
        """Back to the tree."""
        self.nav_tree.focus()
