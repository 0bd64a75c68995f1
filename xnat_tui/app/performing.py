"""Does an action of the table for whoever chose it by name: from the help, from the palette."""

from __future__ import annotations

from textual.app import App
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from xnat_tui.app.actions import Action, Scope
from xnat_tui.app.refusals import refusal


def owner_of(screen: Screen[object], scope: Scope) -> DOMNode | None:
    """Who does the actions of a scope on this screen; None when they are not offered there."""
    if scope is Scope.EVERYWHERE:
        return screen.app
    shown = (node for node in screen.walk_children(Widget) if node.display)
    return next((node for node in [screen, *shown] if getattr(node, "SCOPE", None) is scope), None)


def why_not(screen: Screen[object], action: Action, *, read_only: bool = False) -> str:
    """Why the action cannot be done on this screen now, "" when it can."""
    owner = owner_of(screen, action.scope)
    if owner is None:
        return f"Not here, only in: {action.scope.value}."
    return refusal(owner, action.method, read_only=read_only)


async def perform(app: App[None], screen: Screen[object], action: Action) -> None:
    """Do the action as if its key had been pressed where it is offered; the app says why when it cannot."""
    owner = owner_of(screen, action.scope)
    if isinstance(owner, Widget) and owner is not screen and owner.focusable:
        owner.focus()
    await app.run_action(action.method, default_namespace=owner or app)
