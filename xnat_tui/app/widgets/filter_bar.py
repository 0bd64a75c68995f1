"""The line under the tree into which a filter is typed; it acts after a short rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

_REST_S = 0.15


class FilterBar(Input):
    """One line, there only while somebody types."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "show all", show=False),
        Binding("down,tab", "submit", "keep", show=False),
    ]

    @dataclass
    class Typed(Message):
        """This is the filter now."""

        text: str

    def __init__(self, home: Widget) -> None:
        """Prepare the line.

        Args:
            home: what gets the focus back.
        """
        super().__init__(id="filter", compact=True, placeholder="filter, or !text for what does not hold it")
        self._home = home
        self._rest: Timer | None = None

    def begin(self, text: str) -> None:
        """Open the line with the filter that is set."""
        with self.prevent(Input.Changed):
            self.value = text
        self.display = True
        self.focus()

    def on_mount(self) -> None:
        """Be out of the way until somebody filters."""
        self.display = False

    def on_input_changed(self, message: Input.Changed) -> None:
        """Tell after a rest, so that a fast typist waits for nothing."""
        message.stop()
        self._stop_rest()
        self._rest = self.set_timer(_REST_S, self._tell)

    async def action_submit(self) -> None:
        """Keep the filter and go back."""
        self._tell()
        self._leave()

    def action_give_up(self) -> None:
        """Show everything again and go back."""
        self._stop_rest()
        self.post_message(self.Typed(""))
        self._leave()

    def _tell(self) -> None:
        self._stop_rest()
        self.post_message(self.Typed(self.value))

    def _leave(self) -> None:
        # Not by a message: the next key, however fast it comes, is for the tree.
        self.screen.set_focus(self._home)
        self.display = False

    def _stop_rest(self) -> None:
        if self._rest is not None:
            self._rest.stop()
