"""The one table of all that keys do: bindings, footer, help and the README's key table come from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # checking a configuration file must not load the screens
    from textual.binding import Binding


class Scope(Enum):
    """Where an action is offered; the value is its heading in the help."""

    EVERYWHERE = "Everywhere"
    ARCHIVE = "Archive"
    TREE = "Tree"
    DETAILS = "Details"


@dataclass(frozen=True)
class Action:
    """One thing that keys do.

    Attributes:
        id: stable name, by which a key map can refer to it; the part behind the dot names the method
            `action_...` of the widget that has the focus, or of the app.
        keys: Textual's key names; the first is the one that is shown.
        label: one or two words for the footer.
        help: one line for the help screen.
        scope: where it is offered.
        in_footer: whether it is among the few that the footer shows.
        changes: whether it changes something on the server, which a read-only program refuses.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    scope: Scope
    in_footer: bool = False
    changes: bool = False

    @property
    def method(self) -> str:
        """Name of the Textual action that does it."""
        return self.id.partition(".")[2]

    def keys_in(self, keymap: Mapping[str, str]) -> tuple[str, ...]:
        """Its keys when a key map, keys by id as in Textual's `set_keymap`, has its say."""
        mapped = keymap.get(self.id)
        return tuple(mapped.split(",")) if mapped else self.keys


ACTIONS: tuple[Action, ...] = (
    Action("tree.cursor_down", ("j", "down"), "down", "Next row", Scope.TREE),
    Action("tree.cursor_up", ("k", "up"), "up", "Previous row", Scope.TREE),
    Action("tree.page_down", ("pagedown",), "page", "One screen down", Scope.TREE),
    Action("tree.page_up", ("pageup",), "page up", "One screen up", Scope.TREE),
    Action("tree.first", ("g", "home"), "top", "First row", Scope.TREE),
    Action("tree.last", ("G", "end"), "end", "Last row", Scope.TREE),
    Action("tree.open_node", ("l", "right"), "open", "Open, or go to the first child", Scope.TREE, True),
    Action("tree.close_node", ("h", "left"), "close", "Close, or go to the parent", Scope.TREE),
    Action("tree.details", ("enter",), "details", "Show the details of this row", Scope.TREE, True),
    Action("tree.parent", ("backspace",), "up", "Go up one level", Scope.TREE),
    Action("tree.reload", ("R", "f5"), "refresh", "Ask again; try again what failed", Scope.TREE),
    Action("tree.mark", ("space",), "mark", "Mark this row and step on", Scope.TREE, True),
    Action("tree.mark_range", ("v",), "range", "Mark from here to where the cursor goes", Scope.TREE),
    Action("tree.mark_level", ("asterisk",), "all", "Mark all of this level, or unmark them", Scope.TREE),
    Action("tree.filter", ("slash",), "filter", "Only rows that hold a text, or !text", Scope.TREE, True),
    Action("tree.sort", ("s",), "sort", "Sort rows like this one", Scope.TREE),
    Action("tree.wide", ("w",), "wide", "Show more columns, or fewer", Scope.TREE),
    Action("tree.favourite", ("f",), "favourite", "Make it a favourite, or no longer", Scope.TREE),
    Action("tree.back", ("escape",), "clear", "Clear the filter, end the range, clear the marks", Scope.TREE),
    Action("archive.go", ("colon",), "go", "Go to a label, an id or a pasted address", Scope.ARCHIVE, True),
    Action("archive.back", ("left_square_bracket",), "back", "Back to where the jump started", Scope.ARCHIVE),
    Action("archive.forward", ("right_square_bracket",), "forward", "Undo going back", Scope.ARCHIVE),
    Action("archive.copy", ("y",), "copy", "Copy id, label, address, command or snippet", Scope.ARCHIVE),
    Action("archive.open_page", ("o",), "web page", "Open the web page in a browser", Scope.ARCHIVE),
    Action("archive.export", ("E",), "export", "Export this table to CSV or JSON", Scope.ARCHIVE),
    Action("archive.narrow_tree", ("less_than_sign",), "narrower", "Give the tree less room", Scope.ARCHIVE),
    Action("archive.widen_tree", ("greater_than_sign",), "wider", "Give the tree more room", Scope.ARCHIVE),
    Action("details.scroll_down", ("j", "down"), "down", "One line down", Scope.DETAILS),
    Action("details.scroll_up", ("k", "up"), "up", "One line up", Scope.DETAILS),
    Action("details.page_down", ("pagedown",), "page", "One screen down", Scope.DETAILS),
    Action("details.page_up", ("pageup",), "page up", "One screen up", Scope.DETAILS),
    Action("details.scroll_home", ("g", "home"), "top", "To the top", Scope.DETAILS),
    Action("details.scroll_end", ("G", "end"), "end", "To the end", Scope.DETAILS),
    Action("details.next_tab", ("right_curly_bracket",), "next tab", "Next tab", Scope.DETAILS, True),
    Action("details.previous_tab", ("left_curly_bracket",), "tab back", "Previous tab", Scope.DETAILS, True),
    Action("details.leave", ("escape", "h", "left"), "back", "Back to the tree", Scope.DETAILS, True),
    Action("details.reload", ("R", "f5"), "refresh", "Ask the server again", Scope.DETAILS, True),
    Action("app.focus_next", ("tab",), "pane", "Next pane", Scope.EVERYWHERE, True),
    Action("app.focus_previous", ("shift+tab",), "pane", "Previous pane", Scope.EVERYWHERE),
    Action(
        "app.show_help", ("question_mark", "f1"), "help", "All keys; type to search", Scope.EVERYWHERE, True
    ),
    Action("app.command_palette", ("ctrl+p",), "palette", "Find actions, places, themes", Scope.EVERYWHERE),
    Action("app.request_log", ("exclamation_mark",), "requests", "Log of all requests", Scope.EVERYWHERE),
    Action("app.switch_server", ("W",), "server", "Go to another server", Scope.EVERYWHERE),
    Action("app.log_out", ("ctrl+o",), "log out", "End the session on this server", Scope.EVERYWHERE),
    Action("app.quit", ("q", "ctrl+c"), "quit", "Leave", Scope.EVERYWHERE, True),
)


def of_scope(scope: Scope) -> tuple[Action, ...]:
    """The actions of one scope, in the order of the table."""
    return tuple(action for action in ACTIONS if action.scope is scope)


def bindings(scope: Scope) -> list[Binding]:
    """Textual's bindings for one scope, each with the action's id so that a key map can reach it."""
    from textual.binding import Binding

    return [
        Binding(",".join(action.keys), action.method, action.label, show=False, id=action.id)
        for action in of_scope(scope)
    ]


def bindings_of(*ids: str) -> list[Binding]:
    """The bindings of these actions, for a widget around the one that they belong to."""
    return [binding for scope in Scope for binding in bindings(scope) if binding.id in ids]


def for_footer(scope: Scope) -> list[Action]:
    """The actions the footer shows while a widget of this scope has the focus: at most eight."""
    around = of_scope(Scope.ARCHIVE) if scope in (Scope.TREE, Scope.DETAILS) else ()
    offered = dict.fromkeys([*of_scope(scope), *around, *of_scope(Scope.EVERYWHERE)])
    return [action for action in offered if action.in_footer][:8]


def find(scope: Scope, method: str) -> Action | None:
    """The action that the method `action_...` does for a widget of this scope, or for the app."""
    return next((action for action in ACTIONS if action.scope is scope and action.method == method), None)
