"""All keys, from the table of actions; typing searches them."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from xnat_tui.app.actions import Action, Scope, key_name, of_scope

_KEYS_WIDTH = 16


class HelpScreen(ModalScreen[None]):
    """A sheet of keys, by scope, narrowed to what is typed."""

    AUTO_FOCUS = "#help-search"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--scope", "help--key"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "dismiss", "close", show=False),
        Binding("down", "scroll(1)", "down", show=False),
        Binding("up", "scroll(-1)", "up", show=False),
        Binding("pagedown", "scroll(10)", "page down", show=False),
        Binding("pageup", "scroll(-10)", "page up", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Search line and sheet."""
        with Vertical(classes="dialog", id="help") as dialog:
            dialog.border_title = "Keys"
            dialog.border_subtitle = "Esc closes"
            yield Input(placeholder="type to search", id="help-search", compact=True)
            with VerticalScroll(id="help-sheet", can_focus=False):
                yield Static(markup=False, id="help-keys")

    def on_mount(self) -> None:
        """Show everything first."""
        self._show("")

    def on_input_changed(self, message: Input.Changed) -> None:
        """Narrow the sheet."""
        self._show(message.value)

    def action_scroll(self, lines: int) -> None:
        """Move the sheet while the search line keeps the focus."""
        self.query_one("#help-sheet").scroll_relative(y=lines, animate=False)

    def _show(self, searched: str) -> None:
        blocks = [block for scope in Scope if (block := self._block(scope, searched.lower()))]
        sheet = Text("\n\n").join(blocks) if blocks else Text("No key does that.")
        self.query_one("#help-keys", Static).update(sheet)

    def _block(self, scope: Scope, searched: str) -> Text | None:
        found = [action for action in of_scope(scope) if searched in _searchable(action)]
        if not found:
            return None
        heading, key = (
            self.get_component_rich_style(name, partial=True) for name in ("help--scope", "help--key")
        )
        block = Text(no_wrap=True).append(scope.value, style=heading)
        for action in found:
            block.append(f"\n  {_keys(action):<{_KEYS_WIDTH}}", style=key).append(action.help)
        return block


def _keys(action: Action) -> str:
    return " ".join(key_name(key) for key in action.keys)


def _searchable(action: Action) -> str:
    return f"{_keys(action)} {action.label} {action.help}".lower()
