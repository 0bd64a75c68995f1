"""Somebody in front of the app: presses keys, reads the screen, waits for what is to appear."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Static

from xnat_tui.app.archive.node import node_of
from xnat_tui.app.archive.nodes import NodeRef
from xnat_tui.app.widgets.nav_tree import NavTree

NARROW, WIDE = (80, 24), (120, 36)


class Person:
    """Somebody in front of the app: presses keys, reads the screen, waits for what is to appear."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self.pilot = pilot

    @property
    def screen(self) -> str:
        """The whole screen as text."""
        strips = self.pilot.app.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in strips)

    def text_of(self, selector: str) -> str:
        """What a text widget of the dialog in front says."""
        return str(self.pilot.app.screen.query_one(selector, Static).content)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        await self.pilot.press(*text)

    async def wait(self, fact: Callable[[], bool], what: str = "", timeout_s: float = 20.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not fact():
            assert time.monotonic() < deadline, f"never happened: {what}\n{self.screen}"
            await self.pilot.pause(0.01)

    async def see(self, *texts: str) -> None:
        """Wait until all texts are on the screen."""
        await self.wait(lambda: all(text in self.screen for text in texts), f"see {texts}")

    async def see_no(self, text: str) -> None:
        """Wait until the text is gone."""
        await self.wait(lambda: text not in self.screen, f"see no {text!r}")

    @property
    def tree(self) -> NavTree:
        return self.pilot.app.screen.query_one(NavTree)

    @property
    def ref(self) -> NodeRef | None:
        """What is under the cursor."""
        row = self.tree.model.at_cursor
        return None if row is None else node_of(row).ref

    @property
    def row(self) -> str:
        """The label under the cursor."""
        return "" if self.ref is None else self.ref.label

    async def go_to(self, label: str) -> None:
        """Move the cursor down to the row of this label, which must be open above it."""
        await self.see(label)
        await self.press("g")
        for _ in range(60):
            if self.row == label:
                return
            await self.press("j")
        raise AssertionError(f"no row {label!r}\n{self.screen}")

    async def open(self, *labels: str) -> None:
        """Open nodes, one in the other."""
        for label in labels:
            await self.go_to(label)
            await self.press("l")
