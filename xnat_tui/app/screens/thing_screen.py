"""A screen that shows things of the archive, with what can be done to them from anywhere on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import BindingType
from textual.screen import Screen

from xnat_tui.app import actions
from xnat_tui.app.archive.at_hand import AtHand

if TYPE_CHECKING:
    from xnat_tui.app.app import XnatTuiApp


class ThingScreen(Screen[None]):
    """Goes elsewhere, copies, opens web pages and exports; what is at hand is for its subclasses to say."""

    SCOPE = actions.Scope.ARCHIVE
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(actions.Scope.ARCHIVE)]

    def at_hand(self) -> AtHand:
        """What an action would be about."""
        raise NotImplementedError

    def reason(self, action_id: str) -> str:
        """Why an action of this screen cannot be done now, "" when it can."""
        needs_things = action_id in ("archive.open_page", "archive.export")
        return "Nothing is selected." if needs_things and not self.at_hand().refs else ""

    def action_go(self) -> None:
        """Ask where to go."""
        self._program.jumps.ask()

    def action_back(self) -> None:
        """Go back to where the last jump started."""
        self._program.jumps.back()

    def action_forward(self) -> None:
        """Undo going back."""
        self._program.jumps.forward()

    def action_copy(self) -> None:
        """Ask what to copy of what is at hand."""
        self._program.errands.copy(self.at_hand())

    def action_open_page(self) -> None:
        """Show the page of the first thing at hand in a web browser."""
        self._program.errands.open_page(self.at_hand())

    def action_export(self) -> None:
        """Ask where to export the table at hand to."""
        self._program.errands.export(self.at_hand())

    @property
    def _program(self) -> XnatTuiApp:
        return cast("XnatTuiApp", self.app)
