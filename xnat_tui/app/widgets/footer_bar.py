"""The line at the bottom: at most eight keys for what has the focus, from the table of actions."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.reactive import reactive
from textual.widget import Widget

from xnat_tui.app.actions import Action, Scope, for_footer


class FooterBar(Widget):
    """Keys and their labels; a click does what the key does."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"footer--key", "footer--label"}

    scope: reactive[Scope] = reactive(Scope.EVERYWHERE)

    def __init__(self) -> None:
        super().__init__(id="footer")

    def on_mount(self) -> None:
        """Follow the focus."""
        self.watch(self.screen, "focused", self._follow)

    def _follow(self, focused: Widget | None) -> None:
        self.scope = getattr(focused, "SCOPE", Scope.EVERYWHERE)

    def render(self) -> Text:
        """One line; what does not fit is left out whole."""
        key_style = self.get_component_rich_style("footer--key", partial=True)
        label_style = self.get_component_rich_style("footer--label", partial=True)
        line = Text(no_wrap=True, overflow="crop")
        for action in for_footer(self.scope):
            entry = f" {action.shown_key} {action.label} "
            if line.cell_len + len(entry) > self.size.width:
                break
            click = Style(meta={"action": self._target(action)})
            line.append(f" {action.shown_key} ", style=key_style + click)
            line.append(f"{action.label} ", style=label_style + click)
        return line

    async def on_click(self, event: events.Click) -> None:
        """Do what the clicked key does."""
        if target := event.style.meta.get("action"):
            await self.app.run_action(target)

    @staticmethod
    def _target(action: Action) -> str:
        namespace = "app" if action.scope is Scope.EVERYWHERE else "focused"
        return f"{namespace}.{action.method}"
