"""The one table of all that keys do: bindings, footer, help and the README's key table come from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from textual.binding import Binding


class Scope(Enum):
    """Where an action is offered; the value is its heading in the help."""

    EVERYWHERE = "Everywhere"
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
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    scope: Scope
    in_footer: bool = False

    @property
    def method(self) -> str:
        """Name of the Textual action that does it."""
        return self.id.partition(".")[2]

    @property
    def shown_key(self) -> str:
        """Its first key, as people write it."""
        return key_name(self.keys[0])


ACTIONS: tuple[Action, ...] = (
    Action("tree.cursor_down", ("j", "down"), "down", "Next row", Scope.TREE),
    Action("tree.cursor_up", ("k", "up"), "up", "Previous row", Scope.TREE),
    Action("tree.page_down", ("pagedown",), "page", "One screen down", Scope.TREE),
    Action("tree.page_up", ("pageup",), "page up", "One screen up", Scope.TREE),
    Action("tree.first", ("g", "home"), "top", "First row", Scope.TREE),
    Action("tree.last", ("G", "end"), "end", "Last row", Scope.TREE),
    Action("tree.open_node", ("l", "right"), "open", "Open, or go to the first child", Scope.TREE, True),
    Action("tree.close_node", ("h", "left"), "close", "Close, or go to the parent", Scope.TREE, True),
    Action("tree.details", ("enter",), "details", "Show the details of this row", Scope.TREE, True),
    Action("tree.parent", ("backspace",), "up", "Go up one level", Scope.TREE, True),
    Action("tree.reload", ("R", "f5"), "refresh", "Ask again; try again what failed", Scope.TREE, True),
    Action("details.scroll_down", ("j", "down"), "down", "One line down", Scope.DETAILS),
    Action("details.scroll_up", ("k", "up"), "up", "One line up", Scope.DETAILS),
    Action("details.page_down", ("pagedown",), "page", "One screen down", Scope.DETAILS),
    Action("details.page_up", ("pageup",), "page up", "One screen up", Scope.DETAILS),
    Action("details.scroll_home", ("g", "home"), "top", "To the top", Scope.DETAILS, True),
    Action("details.scroll_end", ("G", "end"), "end", "To the end", Scope.DETAILS, True),
    Action("details.leave", ("escape", "h", "left"), "back", "Back to the tree", Scope.DETAILS, True),
    Action("details.reload", ("R", "f5"), "refresh", "Ask the server again", Scope.DETAILS, True),
    Action("app.focus_next", ("tab",), "pane", "Next pane", Scope.EVERYWHERE, True),
    Action("app.focus_previous", ("shift+tab",), "pane", "Previous pane", Scope.EVERYWHERE),
    Action(
        "app.show_help", ("question_mark", "f1"), "help", "All keys; type to search", Scope.EVERYWHERE, True
    ),
    Action("app.quit", ("q", "ctrl+c"), "quit", "Leave", Scope.EVERYWHERE, True),
)

_KEY_NAMES = {
    "question_mark": "?",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "enter": "Enter",
    "escape": "Esc",
    "backspace": "Bksp",
    "tab": "Tab",
}


def key_name(key: str) -> str:
    """A key as people write it: `question_mark` is `?`, `ctrl+c` is `Ctrl+C`."""
    if "+" in key:
        return "+".join(key_name(part).capitalize() for part in key.split("+"))
    return _KEY_NAMES.get(key, key if len(key) == 1 else key.upper())


def of_scope(scope: Scope) -> tuple[Action, ...]:
    """The actions of one scope, in the order of the table."""
    return tuple(action for action in ACTIONS if action.scope is scope)


def bindings(scope: Scope) -> list[Binding]:
    """Textual's bindings for one scope, each with the action's id so that a key map can reach it."""
    return [
        Binding(",".join(action.keys), action.method, action.label, show=False, id=action.id)
        for action in of_scope(scope)
    ]


def for_footer(scope: Scope) -> list[Action]:
    """The actions the footer shows while a widget of this scope has the focus: at most eight."""
    offered = dict.fromkeys([*of_scope(scope), *of_scope(Scope.EVERYWHERE)])
    return [action for action in offered if action.in_footer][:8]
