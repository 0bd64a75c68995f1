"""The palette's actions: all of the table, each with its key; those that cannot be done now say why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from rich.text import Text
from textual.command import DiscoveryHit, Hit, Hits, Provider

from xnat_tui.app.actions import ACTIONS, Action
from xnat_tui.app.keys import key_name
from xnat_tui.app.performing import perform, why_not
from xnat_tui.app.providers.ranking import lit, rank

if TYPE_CHECKING:
    from xnat_tui.app.app import XnatTuiApp

_KEY_CELLS = 8
_MOVEMENTS = frozenset(
    ["cursor_down", "cursor_up", "scroll_down", "scroll_up", "page_down", "page_up", "command_palette"]
)
"""What nobody looks for in a palette: a key does it faster."""


class ActionProvider(Provider):
    """Actions of the screen below the palette."""

    async def search(self, query: str) -> Hits:
        """Actions that fit what was typed, by what they do or by their word in the footer."""
        for action in self._offered():
            score, spots = rank(query, action.help)
            if not score:
                score, spots = 0.8 * rank(query, f"{action.label} {action.id}")[0], ()
            if score:
                row = lit(self._row(action), spots, self.match_style, shift=_KEY_CELLS)
                yield Hit(score, row, self._command(action), text=action.help)

    async def discover(self) -> Hits:
        """The actions of the footer first: those somebody is most likely to look for."""
        for number, action in enumerate(self._offered()):
            if action.in_footer and not self._why_not(action):
                yield DiscoveryHit(self._row(action), self._command(action), text=f"2 {number:03}")

    @property
    def _program(self) -> XnatTuiApp:
        return cast("XnatTuiApp", self.app)

    def _offered(self) -> Iterator[Action]:
        return (action for action in ACTIONS if action.method not in _MOVEMENTS)

    def _command(self, action: Action) -> Callable[[], object]:
        return partial(perform, self._program, self.screen, action)

    def _row(self, action: Action) -> Text:
        key = key_name(action.keys_in(self._program.keymap)[0])
        row = Text(f"{key:<{_KEY_CELLS}}{action.help}", no_wrap=True)
        reason = self._why_not(action)
        return row.append(f"  {reason}", style="dim italic") if reason else row

    def _why_not(self, action: Action) -> str:
        return why_not(self.screen, action, read_only=self._program.is_read_only)
