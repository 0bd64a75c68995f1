"""One of a few words, side by side; the chosen one stands in brackets, so that no colour is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class Choice(Widget, can_focus=True):
    """Left and right choose."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l,space", "step(1)", "next", show=False),
        Binding("left,h", "step(-1)", "previous", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--chosen", "choice--other"}

    value: reactive[str] = reactive("", init=False)

    @dataclass
    class Changed(Message):
        """Another word is chosen."""

        value: str

    def __init__(self, words: Sequence[str], value: str, *, id: str) -> None:
        super().__init__(id=id)
        self._words = words
        self.set_reactive(Choice.value, value)

    def watch_value(self, value: str) -> None:
        """Tell the others."""
        self.post_message(self.Changed(value))

    def action_step(self, step: int) -> None:
        """Choose the word beside the chosen one, in a circle."""
        self.value = self._words[(self._words.index(self.value) + step) % len(self._words)]

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked word."""
        self.value = event.style.meta.get("word", self.value)

    def render(self) -> Text:
        """All words on one line."""
        chosen, other = (
            self.get_component_rich_style(f"choice--{name}", partial=True) for name in ("chosen", "other")
        )
        line = Text(no_wrap=True)
        for word in self._words:
            shown = f"[{word}]" if word == self.value else f" {word} "
            start = len(line)
            line.append(shown, style=chosen if word == self.value else other).append("  ")
            line.apply_meta({"word": word}, start, start + len(shown))
        return line
