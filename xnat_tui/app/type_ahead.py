"""Hands on what is typed one key at a time, so that keys mean the same however fast they come.

Textual gives each key to what has the focus when the key arrives. What a key does goes its way by messages,
though: the letters right behind a `/` that came in the same piece over a slow line would still be given to
the tree, and there they are commands. Here a key waits until the one before it has had its whole effect.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from textual.app import App
from textual.events import Key, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

_QUIET_ROUNDS = 2
"""So many walks in a row have to find the focus where it was; messages of messages need one each."""

_PATIENCE_S = 1.0
"""How long one widget may keep all keys waiting; it may be going away and never come to its messages."""

_LOOK_AGAIN_S = 0.01

Typed = Key | Paste
"""What waits its turn."""


class TypeAhead:
    """A queue of keys and pastes, in front of one app. Lives on the app's thread."""

    def __init__(self, app: App[None], deliver: Callable[[Typed], Awaitable[None]]) -> None:
        """Prepare an empty queue.

        Args:
            app: whose focus and screens decide when the next one may follow.
            deliver: gives an event to what has the focus.
        """
        self._app = app
        self._deliver = deliver
        self._held: deque[Typed] = deque()
        self._handing_on: asyncio.Task[None] | None = None
        self._settled: tuple[Screen[Any], Widget | None] | None = None

    @property
    def is_idle(self) -> bool:
        """Whether everything that was typed has had its effect."""
        return self._handing_on is None or self._handing_on.done()

    async def take(self, event: Typed) -> None:
        """Deliver an event now, or once those before it have had their effect."""
        is_first = self.is_idle
        if is_first and self._has_screen and self._focus == self._settled:
            await self._deliver(event)
        else:
            self._held.append(event)
        if is_first:
            self._handing_on = asyncio.create_task(self._hand_on())

    def close(self) -> None:
        """Forget what was not delivered."""
        self._held.clear()
        if self._handing_on is not None:
            self._handing_on.cancel()

    async def _hand_on(self) -> None:
        await self._settle()
        while self._held:
            # By the app's own queue, as if the key had been pressed only now.
            await _pass(self._app, partial(self._deliver, self._held.popleft()))
            await self._settle()

    async def _settle(self) -> None:
        """Wait until nothing that was set off is still under way to the focus."""
        quiet = 0
        before = self._focus
        while quiet < _QUIET_ROUNDS:
            for pump in self._way_of_a_key():
                await _pass(pump)
            is_same = self._has_screen and self._focus == before
            quiet = quiet + 1 if is_same else 0
            before = self._focus
            if not self._has_screen:
                await asyncio.sleep(_LOOK_AGAIN_S)
        self._settled = before

    @property
    def _focus(self) -> tuple[Screen[Any], Widget | None]:
        return self._app.screen, self._app.focused

    @property
    def _has_screen(self) -> bool:
        """Whether anything stands on the empty screen with which every app begins."""
        return len(self._app.screen_stack) > 1

    def _way_of_a_key(self) -> Iterator[MessagePump]:
        """Those who get a key one after the other, from the focus up to the app."""
        start = self._app.focused or self._app.screen
        yield from [node for node in start.ancestors_with_self if isinstance(node, Widget)]
        yield self._app


async def _pass(pump: MessagePump, act: Callable[[], Awaitable[None]] | None = None) -> None:
    """Wait until a widget has come to the end of its messages, and act there."""
    reached = asyncio.Event()

    async def arrive() -> None:
        try:
            if act is not None:
                await act()
        finally:
            reached.set()

    if pump.call_later(arrive):
        with suppress(TimeoutError):
            await asyncio.wait_for(reached.wait(), _PATIENCE_S)
