"""The details as a screen of their own, for narrow terminals."""

from __future__ import annotations

from textual.app import ComposeResult

from xnat_tui.app.archive.at_hand import AtHand
from xnat_tui.app.archive.node import Node
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.screens.thing_screen import ThingScreen
from xnat_tui.app.widgets.detail_panel import DetailPanel
from xnat_tui.app.widgets.footer_bar import FooterBar
from xnat_tui.app.widgets.header_bar import HeaderBar


class DetailScreen(ThingScreen):
    """One node's details; Escape goes back."""

    AUTO_FOCUS = "#details"

    def __init__(self, node: Node, place: tuple[str, ...], panel: DetailPanel, glyphs: Glyphs) -> None:
        """Prepare the screen.

        Args:
            node: what to show.
            place: labels from the server down to the node.
            panel: shows it; belongs to this screen from now on.
            glyphs: the signs to draw with.
        """
        super().__init__()
        self._node = node
        self._place = place
        self._panel = panel
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Header, details, footer."""
        yield HeaderBar(self._glyphs)
        yield self._panel
        yield FooterBar()

    def at_hand(self) -> AtHand:
        """The thing that is shown."""
        return AtHand((self._node.ref,), (self._node.ref,), str(self._panel.error or ""))

    def on_mount(self) -> None:
        """Show the node."""
        self.query_one(HeaderBar).place = self._place
        self._panel.follow(self._node)

    def reason(self, action_id: str) -> str:
        """Why an action of this screen cannot be done now, "" when it can."""
        if action_id in ("archive.widen_tree", "archive.narrow_tree"):
            return "The tree is not on this screen."
        return super().reason(action_id)

    def on_detail_panel_left(self) -> None:
        """Back to the tree."""
        self.dismiss()
