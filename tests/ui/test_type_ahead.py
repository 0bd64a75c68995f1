"""Keys that arrive faster than the program follows: each goes where a slow person's key would have gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual import events
from textual.widgets import Input

from tests.ui.person import NARROW, WIDE, Person
from xnat_tui.app.app import XnatTuiApp
from xnat_tui.demo.serve import DemoServer

AppFor = Callable[..., XnatTuiApp]
_NAMES = {
    ":": "colon",
    "/": "slash",
    "?": "question_mark",
    " ": "space",
    "-": "minus",
    "\r": "enter",
    "\t": "tab",
}


def burst(person: Person, text: str) -> None:
    """Have all keys of a text arrive before the first of them is looked at."""
    for character in text:
        person.pilot.app.post_message(events.Key(_NAMES.get(character, character), character))


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_letters_behind_a_slash_are_a_filter(app_for: AppFor, size: tuple[int, int]) -> None:
    async with app_for().run_test(size=size) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.see("SUB-002")
        burst(person, "/sub-002 wq\r")
        await person.see("/sub-002 wq", "none of")
        await person.press("escape")
        await person.see("SUB-002")


async def test_a_pasted_text_waits_for_the_line_it_is_meant_for(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.see("SUB-002")
        burst(person, "/")
        pilot.app.post_message(events.Paste("SUB-002"))
        burst(person, "\rj ")
        await person.see("/SUB-002", "1 marked")


async def test_a_name_and_a_password_in_one_piece(form_app: XnatTuiApp, demo: DemoServer) -> None:
    async with form_app.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.see("Connect to an XNAT server")
        pilot.app.screen.query_one("#url", Input).value = demo.url
        burst(person, "\tadmin\tadmin\r")
        await person.see("online", "BRAINS", "admin@")


async def test_a_letter_before_there_is_a_screen_runs_nothing(app_for: AppFor) -> None:
    app = app_for()
    async with app.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        burst(person, "?quit")
        await person.see("Leave")
        line = pilot.app.screen.query_one("#help-search", Input)
        await person.wait(lambda: line.value == "quit", "the search")
