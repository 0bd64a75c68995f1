"""The line at the bottom: at most eight keys for what has the focus, from the table of actions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.reactive import reactive
from textual.widget import Widget

from xnat_tui.app.actions import Action, Scope, for_footer
from xnat_tui.app.keys import key_name


class FooterBar(Widget):
    """Keys and their labels; a click does what the key does."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"footer--key", "footer--label"}

    scope: reactive[Scope] = reactive(Scope.EVERYWHERE)
    keymap: reactive[Mapping[str, str]] = reactive({})

    def __init__(self) -> None:
        super().__init__(id="footer")

    def on_mount(self) -> None:
        """Follow the focus, and the keys that the user chose."""
        self.watch(self.app, "keymap", partial(setattr, self, "keymap"))
        self.watch(self.screen, "focused", self._follow)

    def _follow(self, focused: Widget | None) -> None:
        self.scope = getattr(focused, "SCOPE", Scope.EVERYWHERE)

    def render(self) -> Text:
        """One line; what does not fit is left out whole."""
        key_style = self.get_component_rich_style("footer--key", partial=True)
        label_style = self.get_component_rich_style("footer--label", partial=True)
        line = Text(no_wrap=True, overflow="crop")
        for action in for_footer(self.scope):
            key = key_name(action.keys_in(self.keymap)[0])
            entry = f" {key} {action.label} "
            if line.cell_len + len(entry) > self.size.width:
                break
            click = Style(meta={"action": self._target(action)})
            line.append(f" {key} ", style=key_style + click)
            line.append(f"{action.label} ", style=label_style + click)
        return line

    async def on_click(self, event: events.Click) -> None:
        """Do what the clicked key does."""
        if target := event.style.meta.get("action"):
            await self.app.run_action(target)

    @staticmethod
    def _target(action: Action) -> str:
        namespaces = {Scope.EVERYWHERE: "app", Scope.ARCHIVE: "screen"}
        return f"{namespaces.get(action.scope, 'focused')}.{action.method}"
