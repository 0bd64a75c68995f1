"""What can be copied, after `y`: a letter, what it stands for, and how the text begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from xnat_tui.app.archive.copies import KEYS, Copy
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.text import fit, visible

_NAME_CELLS = 11


class CopyMenu(ModalScreen[Copy | None]):
    """Ends with what is to be copied, or with None. A letter chooses at once."""

    AUTO_FOCUS = "#copies"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"menu--key", "menu--value"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "close", show=False),
        *(Binding(key, f"take('{key}')", "copy", show=False) for key in KEYS),
        Binding("j", "move(1)", "down", show=False),
        Binding("k", "move(-1)", "up", show=False),
    ]

    def __init__(self, name: str, choices: Sequence[Copy], glyphs: Glyphs) -> None:
        """Prepare the menu.

        Args:
            name: what the things are called.
            choices: what can be copied of them.
            glyphs: how to draw.
        """
        super().__init__()
        self._things = name
        self._choices = choices
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """One row for each choice."""
        with Vertical(classes="dialog", id="copy-menu") as dialog:
            dialog.border_title = Text(f"Copy from {self._safe(self._things, 40)}")
            dialog.border_subtitle = "a letter copies · Esc closes"
            yield OptionList(id="copies", markup=False, compact=True)

    def on_mount(self) -> None:
        """Fill the list, now that there are styles."""
        key_style, value_style = (
            self.get_component_rich_style(name, partial=True) for name in ("menu--key", "menu--value")
        )
        rows = []
        for choice in self._choices:
            row = Text(no_wrap=True).append(f" {choice.key}  ", style=key_style)
            row.append(fit(choice.name, _NAME_CELLS)).append(self._preview(choice), style=value_style)
            rows.append(Option(row, disabled=not choice.text))
        options = self.query_one("#copies", OptionList)
        options.add_options(rows)
        options.action_first()

    def action_take(self, key: str) -> None:
        """A choice's own letter chooses it."""
        for choice in self._choices:
            if choice.key == key and choice.text:
                self.dismiss(choice)

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Enter and the mouse choose, too."""
        self.dismiss(self._choices[message.option_index])

    def action_move(self, step: int) -> None:
        """Next or previous choice."""
        copies = self.query_one("#copies", OptionList)
        if step > 0:
            copies.action_cursor_down()
        else:
            copies.action_cursor_up()

    def action_leave(self) -> None:
        """Copy nothing."""
        self.dismiss(None)

    def _preview(self, choice: Copy) -> str:
        """How the text begins, or why there is none; several lines as their number."""
        several = f"{choice.count} {self._glyphs.separator} " if choice.count > 1 else ""
        return several + self._safe(choice.telling_line, 120)

    def _safe(self, text: str, limit: int) -> str:
        return visible(text, limit, ascii_only=self._glyphs.ascii_only)
