"""A question that is answered with yes or no; No is what Enter says unless somebody chooses otherwise."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from xnat_tui.app.text import visible


class Consent(ModalScreen[bool]):
    """Ends with True for consent only; Escape and `n` are No."""

    AUTO_FOCUS = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "answer(False)", "no", show=False),
        Binding("y", "answer(True)", "yes", show=False),
        Binding("left,right,h,l", "app.focus_next", "other", show=False),
    ]

    def __init__(self, title: str, question: str, *, yes: str = "Yes") -> None:
        """Prepare the question.

        Args:
            title: the verb and its object.
            question: what happens, in a sentence or two.
            yes: the word on the button that consents.
        """
        super().__init__()
        self._title = title
        self._question = question
        self._yes = yes

    def compose(self) -> ComposeResult:
        """The question and two buttons."""
        with Vertical(classes="dialog", id="consent") as dialog:
            dialog.border_title = Text(visible(self._title))
            yield Static(Text(visible(self._question)), id="question")
            with Horizontal(id="answers"):
                yield Button("No", id="no", compact=True)
                yield Button(Text(self._yes), id="yes", compact=True)

    def on_button_pressed(self, message: Button.Pressed) -> None:
        """Take the answer."""
        self.dismiss(message.button.id == "yes")

    def action_answer(self, consent: bool) -> None:
        """Take the answer of a key."""
        self.dismiss(consent)
