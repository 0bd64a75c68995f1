"""The Archive place: the tree of everything on the server, details beside it."""

from __future__ import annotations

from typing import Protocol

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen

from xnat_tui.app.archive.detail import Detail
from xnat_tui.app.archive.nodes import NodeRef
from xnat_tui.app.archive.tree_model import Notice, node_of
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.loader import Loader
from xnat_tui.app.screens.details import DetailScreen
from xnat_tui.app.text import plural
from xnat_tui.app.widgets.detail_panel import DetailPanel
from xnat_tui.app.widgets.footer_bar import FooterBar
from xnat_tui.app.widgets.header_bar import HeaderBar
from xnat_tui.app.widgets.nav_tree import NavTree


class Hierarchy(Protocol):
    """Where the archive's things come from; every call may block and may raise an XnatTuiError."""

    @property
    def name(self) -> str:
        """What the server is called in the breadcrumb."""

    def children(self, ref: NodeRef) -> list[NodeRef]:
        """What lies directly in a thing."""

    def detail(self, ref: NodeRef) -> Detail:
        """What is worth knowing about a thing."""


class ArchiveScreen(Screen[None]):
    """Tree and details; under 100 columns the details are a screen of their own."""

    AUTO_FOCUS = "#tree"

    def __init__(self, hierarchy: Hierarchy, loader: Loader, glyphs: Glyphs) -> None:
        super().__init__(id="archive")
        self._hierarchy = hierarchy
        self._loader = loader
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Header, the two panes, footer."""
        yield HeaderBar(self._glyphs)
        with Horizontal(id="panes"):
            yield NavTree(self._hierarchy.children, self._loader, self._glyphs)
            yield DetailPanel(self._hierarchy.detail, self._loader, self._glyphs)
        yield FooterBar()

    @property
    def nav_tree(self) -> NavTree:
        """The tree of this place."""
        return self.query_one(NavTree)

    @property
    def details(self) -> DetailPanel:
        """The panel beside it."""
        return self.query_one(DetailPanel)

    def on_mount(self) -> None:
        """List the projects of the server."""
        self.query_one(HeaderBar).place = (self._hierarchy.name,)
        self.nav_tree.load(self.nav_tree.model.root)

    def try_failed_again(self) -> None:
        """Load everything that failed once more, as after a new log-in."""
        for row in [*self.nav_tree.model.rows]:
            if isinstance(row, Notice) and row.node.error is not None:
                self.nav_tree.load(row.node)
        self.details.action_reload()

    def on_nav_tree_cursor_moved(self, message: NavTree.CursorMoved) -> None:
        """Details, breadcrumb and title follow."""
        node = node_of(message.row) if message.row else self.nav_tree.model.root
        if isinstance(message.row, Notice) and node.error is not None:
            self.details.explain(node.error)
        else:
            self.details.follow(node if node.parent else None)
        labels = (ref.label for ref in node.ref.lineage())
        self.query_one(HeaderBar).place = (self._hierarchy.name, *labels)
        self._set_title()

    def _set_title(self) -> None:
        projects = self.nav_tree.model.root.children
        count = f" · {plural(len(projects), 'project')}" if projects is not None else ""
        self.nav_tree.border_title = f"Archive{count}"

    def on_nav_tree_details_wanted(self) -> None:
        """Go to the details: beside the tree where they fit, else on their own screen."""
        row = self.nav_tree.model.at_cursor
        if row is None:
            return
        if self.details.display:
            self.details.focus()
        else:
            place = self.query_one(HeaderBar).place
            self.app.push_screen(
                DetailScreen(node_of(row), place, self._hierarchy.detail, self._loader, self._glyphs)
            )

    def on_detail_panel_left(self) -> None:
        """Back to the tree."""
        self.nav_tree.focus()
