"""Why an action cannot be done here and now. Saying so is the app's; a key is never just dead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from textual import actions
from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode

from xnat_tui.app.actions import Scope, find


@runtime_checkable
class Particular(Protocol):
    """A widget, screen or app that cannot do each of its actions all the time."""

    def reason(self, action_id: str) -> str:
        """Why it cannot be done now, in one sentence; "" when it can."""


def refusal(target: object, method: str, *, read_only: bool = False) -> str:
    """Why `target` does not do the action of this method, "" when it does.

    Args:
        target: whose action it is; its `SCOPE` says which part of the table of actions it answers for.
        method: the action as Textual names it, without "action_".
        read_only: refuse everything that changes something on the server.
    """
    action = find(getattr(target, "SCOPE", Scope.EVERYWHERE), method)
    if action is None:
        return ""
    if action.changes and read_only:
        return f"Read-only: {action.help[:1].lower()}{action.help[1:]} is refused."
    return target.reason(action.id) if isinstance(target, Particular) else ""


def action_target(
    app: App[None],
    action: str | ActionParseResult,
    default: DOMNode | None,
    namespaces: Mapping[str, DOMNode] | None,
) -> tuple[DOMNode | None, str]:
    """Whose action is meant, and its method, by the rules of Textual's `App.run_action`."""
    destination, method, _ = actions.parse(action) if isinstance(action, str) else action
    if not destination:
        return default or app, method
    named = (namespaces or {}).get(destination)
    return named or {"app": app, "screen": app.screen, "focused": app.focused}.get(destination), method
