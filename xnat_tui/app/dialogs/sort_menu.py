"""A small menu of what the rows of one kind can be sorted by."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from xnat_tui.app.archive.nodes import Kind
from xnat_tui.app.archive.ordering import Order, sortable
from xnat_tui.app.glyphs import Glyphs


class SortMenu(ModalScreen[Order | None]):
    """Asks for a column; the present one again turns the order round."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,s", "dismiss", "close", show=False),
        Binding("j", "cursor('down')", "down", show=False),
        Binding("k", "cursor('up')", "up", show=False),
        Binding("r", "reverse", "reverse", show=False),
    ]

    def __init__(self, kind: Kind, present: Order, glyphs: Glyphs) -> None:
        """Prepare the menu.

        Args:
            kind: whose rows are sorted.
            present: how they are sorted now.
            glyphs: the signs.
        """
        super().__init__()
        self._kind = kind
        self._present = present
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        """One line per column, the present one with its direction."""
        with Vertical(classes="dialog", id="sort-menu") as dialog:
            dialog.border_title = f"Sort {self._kind.plural} by"
            dialog.border_subtitle = "Enter chooses, again reverses"
            yield OptionList(*(Option(self._line(name)) for name in sortable(self._kind)), id="sort-columns")

    def on_mount(self) -> None:
        """Begin at the present column."""
        names = sortable(self._kind)
        columns = self.query_one(OptionList)
        columns.highlighted = names.index(self._present.column) if self._present.column in names else 0
        columns.focus()

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Sort by the chosen column."""
        self._choose(sortable(self._kind)[message.option_index])

    def action_reverse(self) -> None:
        """Turn the present order round."""
        self._choose(self._present.column)

    def action_cursor(self, direction: str) -> None:
        """Move by letters as by arrows."""
        columns = self.query_one(OptionList)
        columns.action_cursor_down() if direction == "down" else columns.action_cursor_up()

    def _choose(self, column: str) -> None:
        again = column == self._present.column
        self.dismiss(Order(column, is_reversed=again and not self._present.is_reversed))

    def _line(self, name: str) -> Text:
        if name != self._present.column:
            return Text(f"  {name}")
        return Text(f"{self._glyphs.sorted(self._present.is_reversed)} {name}", style="bold")
