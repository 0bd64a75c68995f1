"""What the pictures show: for each a way to get there by keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.ui.person import NARROW, WIDE, Person

if TYPE_CHECKING:
    from xnat_tui.demo.serve import DemoServer

Play = Callable[[Person, "DemoServer"], Awaitable[None]]


@dataclass(frozen=True)
class Scene:
    """One picture.

    Attributes:
        name: of the file, without ".svg".
        play: what a person does until there is something to see.
        size: columns and rows.
        theme: name of the colour theme.
    """

    name: str
    play: Play
    size: tuple[int, int] = WIDE
    theme: str = "xnat-dark"


async def go(person: Person, line: str, *seen: str) -> None:
    """Go to a place by its name."""
    await person.type(f":{line}")
    await person.press("enter")
    await person.wait(lambda: bool(person.pilot.app.screen.query("#tree")), "the tree")
    await person.wait(lambda: person.row == line.split()[-1], line)
    await person.see(*seen)


async def _session(person: Person, server: DemoServer) -> None:
    await go(person, "SUB-007_MR1")
    await person.press("l")
    await person.see("scanner")


async def _narrow(person: Person, server: DemoServer) -> None:
    await go(person, "SUB-007_MR1")
    await person.press("l")


async def _preview(person: Person, server: DemoServer) -> None:
    await _session(person, server)
    await person.see("t1_mprage")
    await person.press("j", "j", "l")
    await person.see("SNAPSHOTS")
    await person.go_to("SNAPSHOTS")
    await person.press("l")
    await person.see(".gif")
    await person.press("l", "j")
    await person.see("gif", "▀")


async def _filter(person: Person, server: DemoServer) -> None:
    await go(person, "SUB-007_MR1")
    await person.press("l")
    await person.pilot.pause(0.3)
    await person.type("/t1")
    await person.press("enter", "j", "space", "space")
    await person.see("marked")


async def _go_bar(person: Person, server: DemoServer) -> None:
    await person.open("BRAINS")
    await person.see("SUB-007")
    await person.type(":sub-00")


async def _help(person: Person, server: DemoServer) -> None:
    await person.press("question_mark")
    await person.see("Next row")


async def _retrying(person: Person, server: DemoServer) -> None:
    await _session(person, server)
    server.faults.add("cut", times=None)
    await person.press("j", "l")
    await person.see("retrying in")


SCENES: tuple[Scene, ...] = (
    Scene("archive", _session),
    Scene("archive-light", _session, theme="xnat-light"),
    Scene("archive-high-contrast", _session, theme="xnat-high-contrast"),
    Scene("preview", _preview),
    Scene("filter", _filter),
    Scene("go", _go_bar),
    Scene("help", _help),
    Scene("retrying", _retrying),
    Scene("narrow", _narrow, size=NARROW),
)
