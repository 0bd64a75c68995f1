"""All keys, from the table of actions; typing searches them, and Enter does the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from xnat_tui.app.actions import Action, Scope, of_scope
from xnat_tui.app.keys import key_name
from xnat_tui.app.text import fit

_KEYS_WIDTH = 16


class HelpScreen(ModalScreen[Action | None]):
    """A sheet of keys, by scope, narrowed to what is typed; ends with the action that is to be done."""

    AUTO_FOCUS = "#help-search"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--scope", "help--key", "help--reason"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "leave", "close", show=False),
        Binding("down", "move('cursor_down')", "down", show=False),
        Binding("up", "move('cursor_up')", "up", show=False),
        Binding("pagedown", "move('page_down')", "page down", show=False),
        Binding("pageup", "move('page_up')", "page up", show=False),
    ]

    def __init__(
        self, keymap: Mapping[str, str], why_not: Callable[[Action], str], first: Scope = Scope.EVERYWHERE
    ) -> None:
        """Prepare the sheet.

        Args:
            keymap: keys by id of the action, where they differ from the table.
            why_not: why an action cannot be done now, "" when it can.
            first: the scope that is shown on top.
        """
        super().__init__()
        self._keymap = keymap
        self._reasons = {action.id: why_not(action) for scope in Scope for action in of_scope(scope)}
        self._scopes = sorted(Scope, key=lambda scope: scope is not first)
        self._shown: list[Action | None] = []

    def compose(self) -> ComposeResult:
        """Search line and sheet."""
        with Vertical(classes="dialog", id="help") as dialog:
            dialog.border_title = "Keys"
            dialog.border_subtitle = "Enter does it · Esc closes"
            yield Input(placeholder="type to search", id="help-search", compact=True)
            yield OptionList(id="help-sheet", markup=False, compact=True)
            yield Static("No key does that.", id="help-nothing", markup=False)

    def on_mount(self) -> None:
        """Show everything first."""
        self.query_one("#help-sheet").can_focus = False
        self._show("")

    def on_input_changed(self, message: Input.Changed) -> None:
        """Narrow the sheet."""
        self._show(message.value)

    def on_input_submitted(self) -> None:
        """Do the chosen action."""
        at = self.query_one("#help-sheet", OptionList).highlighted
        if at is not None:
            self.dismiss(self._shown[at])

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Do the clicked action."""
        self.dismiss(self._shown[message.option_index])

    def action_move(self, how: str) -> None:
        """Move the cursor while the search line keeps the focus."""
        getattr(self.query_one("#help-sheet", OptionList), f"action_{how}")()

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)

    def _show(self, searched: str) -> None:
        self._shown = []
        sheet = self.query_one("#help-sheet", OptionList)
        sheet.clear_options()
        for scope in self._scopes:
            found = [action for action in of_scope(scope) if self._is_meant(action, searched.casefold())]
            if found:
                self._add_heading(sheet, scope)
                sheet.add_options([Option(self._row(action)) for action in found])
                self._shown += found
        self.query_one("#help-nothing").display = not self._shown
        sheet.highlighted = next((at for at, action in enumerate(self._shown) if action), None)
        sheet.scroll_home(animate=False)

    def _add_heading(self, sheet: OptionList, scope: Scope) -> None:
        style = self.get_component_rich_style("help--scope", partial=True)
        sheet.add_option(Option(Text(scope.value, style=style), disabled=True))
        self._shown.append(None)

    def _row(self, action: Action) -> Text:
        key, dim = (
            self.get_component_rich_style(name, partial=True) for name in ("help--key", "help--reason")
        )
        reason = self._reasons[action.id]
        row = Text(no_wrap=True).append(f"  {fit(self._keys(action), _KEYS_WIDTH)}", style=key)
        row.append(action.help, style=dim if reason else "")
        return row.append(f"  {reason}", style=dim) if reason else row

    def _is_meant(self, action: Action, searched: str) -> bool:
        said = f"{self._keys(action)} {action.label} {action.help} {action.id}".casefold()
        return all(word in said for word in searched.split()) or searched in said

    def _keys(self, action: Action) -> str:
        return " ".join(key_name(key) for key in action.keys_in(self._keymap))
