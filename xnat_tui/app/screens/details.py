"""The details as a screen of their own, for narrow terminals."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.screen import Screen

from xnat_tui.app.archive.detail import Detail
from xnat_tui.app.archive.nodes import NodeRef
from xnat_tui.app.archive.tree_model import Node
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.loader import Loader
from xnat_tui.app.widgets.detail_panel import DetailPanel
from xnat_tui.app.widgets.footer_bar import FooterBar
from xnat_tui.app.widgets.header_bar import HeaderBar


class DetailScreen(Screen[None]):
    """One node's details; Escape goes back."""

    AUTO_FOCUS = "#details"

    def __init__(
        self,
        node: Node,
        place: tuple[str, ...],
        fetch: Callable[[NodeRef], Detail],
        loader: Loader,
        glyphs: Glyphs,
    ) -> None:
        super().__init__()
        self._node = node
        self._place = place
        self._fetch = fetch
        self._loader = loader
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Header, details, footer."""
        yield HeaderBar(self._glyphs)
        yield DetailPanel(self._fetch, self._loader, self._glyphs)
        yield FooterBar()

    def on_mount(self) -> None:
        """Show the node."""
        self.query_one(HeaderBar).place = self._place
        self.query_one(DetailPanel).follow(self._node)

    def try_failed_again(self) -> None:
        """Read the details once more, as after a new log-in."""
        self.query_one(DetailPanel).action_reload()

    def on_detail_panel_left(self) -> None:
        """Back to the tree."""
        self.dismiss()
