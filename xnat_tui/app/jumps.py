"""Going to a place by name, and back and forth between such places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from xnat_tui.app.archive.jump_choices import Suggestions
from xnat_tui.app.archive.node import node_of
from xnat_tui.app.archive.nodes import NodeRef
from xnat_tui.app.archive.seen import Seen, loaded_levels
from xnat_tui.app.archive.trail import Trail
from xnat_tui.app.dialogs.jump_bar import Jump, JumpBar
from xnat_tui.app.loader import Loader
from xnat_tui.app.memory import Place
from xnat_tui.app.screens.archive import ArchiveScreen

if TYPE_CHECKING:
    from xnat_tui.app.app import XnatTuiApp
    from xnat_tui.app.connection import Connection
    from xnat_tui.app.glyphs import Glyphs
    from xnat_tui.app.site import Site

_COMMANDS = {"server": "switch_server", "help": "show_help"}


class Jumps:
    """Lives on the app's thread; remembers the places of one server at a time.

    Attributes:
        glyphs: how to draw places.
    """

    def __init__(self, app: XnatTuiApp, connection: Connection, glyphs: Glyphs) -> None:
        self._app = app
        self._connection = connection
        self.glyphs = glyphs
        # Not the connection's loader: what succeeds here says nothing about the server.
        self._local = Loader(threads=1)
        self._trail = Trail()
        self._trail_of: Site | None = None

    def close(self) -> None:
        """Begin nothing any more."""
        self._local.close()

    def ask(self) -> None:
        """Open the go bar."""
        site = self._connection.site
        if site is None:
            return
        memory = self._connection.memory
        project = self._here.steps[0].id if self._here else ""
        bar = JumpBar(
            self.gatherer(),
            site.find,
            self._connection.loader,
            self._local,
            self.glyphs,
            base_url=site.base_url,
            suggestions=Suggestions(None, memory.recent, memory.typed, project),
        )
        self._app.push_screen(bar, self._take)

    def gatherer(self) -> Callable[[], Seen]:
        """Makes everything that is loaded now searchable; to be called on any thread, takes a moment."""
        levels = loaded_levels(self._archive.nav_tree.model.root) if self._archive else []
        return lambda: Seen(chain.from_iterable(levels))

    def kept(self) -> tuple[Sequence[Place], Sequence[Place]]:
        """The favourites and the places visited lately."""
        return self._connection.memory.favourites, self._connection.memory.recent

    def toggle_favourite(self, ref: NodeRef) -> bool:
        """Remember a thing as a favourite, or no longer; return whether it is one now."""
        return self._connection.memory.toggle_favourite(Place.of(ref))

    def go(self, place: Place) -> None:
        """Show a place, and remember it and where one was."""
        self._present_trail().leave(self._here)
        self._connection.memory.visit(place)
        self._show(place)

    def back(self) -> None:
        """Return to where the last jump started."""
        self._follow(self._present_trail().back(self._here), "There is no place to go back to.")

    def forward(self) -> None:
        """Undo going back."""
        self._follow(self._present_trail().forward(self._here), "There is no place to go forward to.")

    def _take(self, jump: Jump | None) -> None:
        if jump is None:
            return
        if jump.line:
            self._connection.memory.note_typed(jump.line)
        if jump.place is not None:
            self.go(jump.place)
        else:
            self._app.call_later(self._app.run_action, _COMMANDS[jump.command])

    def _follow(self, place: Place | None, otherwise: str) -> None:
        if place is None:
            self._app.notify(otherwise, markup=False)
        else:
            self._show(place)

    def _show(self, place: Place) -> None:
        """Show a place in the tree, whatever screen is in front."""
        archive = self._archive
        if archive is None:
            return
        while self._app.screen is not archive:
            self._app.pop_screen()
        archive.reveal(place.key)

    def _present_trail(self) -> Trail:
        """The trail of the server that is open; another server's places mean nothing here."""
        if self._trail_of is not self._connection.site:
            self._trail, self._trail_of = Trail(), self._connection.site
        return self._trail

    @property
    def _archive(self) -> ArchiveScreen | None:
        screens = (screen for screen in self._app.screen_stack if isinstance(screen, ArchiveScreen))
        return next(screens, None)

    @property
    def _here(self) -> Place | None:
        """Where the cursor is."""
        row = self._archive.nav_tree.model.at_cursor if self._archive else None
        return Place.of(node_of(row).ref) if row is not None and node_of(row).parent else None
