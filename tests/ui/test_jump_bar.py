"""The go bar: offers what is loaded, asks the server for the rest, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.widgets import Input

from tests.ui.person import NARROW, Person
from tests.ui.stage import Stage
from tests.unit.app.things import PROJECT, SESSION, SUBJECT, subject
from xnat_tui.app.archive.jump import Wish
from xnat_tui.app.archive.jump_choices import Suggestions
from xnat_tui.app.archive.seen import Seen
from xnat_tui.app.dialogs.jump_bar import Jump, JumpBar
from xnat_tui.app.glyphs import UNICODE
from xnat_tui.app.loader import Loader
from xnat_tui.app.memory import Place
from xnat_tui.core.exceptions import ConnectionLostError

FAR = Place.of(subject("FAR-001"))
TWINS = [Place.of(subject("TWIN", "1")), Place.of(subject("TWIN", "2"))]


@pytest.fixture
def loader() -> Iterator[Loader]:
    loader = Loader(threads=1)
    yield loader
    loader.close()


@pytest.fixture
def asked() -> list[tuple[Wish, str]]:
    """What the server was asked."""
    return []


@pytest.fixture
def stage(loader: Loader, asked: list[tuple[Wish, str]]) -> Stage:
    def find(wish: Wish, project: str) -> list[Place]:
        asked.append((wish, project))
        if wish.word == "broken":
            raise ConnectionLostError("The server does not answer.")
        return {"FAR-001": [FAR], "TWIN": TWINS}.get(wish.word, [])

    bar = JumpBar(
        lambda: Seen([PROJECT, SUBJECT, SESSION, subject("[/]\x1b[31m")]),
        find,
        loader,
        loader,
        UNICODE,
        base_url="https://xnat.example.org",
        suggestions=Suggestions(None, recent=[Place.of(SESSION)], typed=["p ONCO"], project="BRAINS"),
    )
    return Stage(bar)


async def test_a_loaded_label_is_reached_without_asking(stage: Stage, asked: list[tuple[Wish, str]]) -> None:
    async with stage.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.see("SUB-001_MR1", "session")
        await person.type("s sub-001")
        await person.press("enter")
        await person.wait(lambda: bool(stage.results), "the end")
    assert stage.results == [Jump("s sub-001", Place.of(SUBJECT))]
    assert not asked


async def test_the_grey_rest_is_taken_with_tab(stage: Stage) -> None:
    async with stage.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.type("e SUB")
        await person.see("e SUB-001_MR1")
        await person.press("tab", "enter")
        await person.wait(lambda: bool(stage.results), "the end")
    assert stage.results == [Jump("e SUB-001_MR1", Place.of(SESSION))]


async def test_what_was_never_loaded_is_asked_for(stage: Stage, asked: list[tuple[Wish, str]]) -> None:
    async with stage.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.type("FAR-001")
        await person.press("enter")
        await person.wait(lambda: bool(stage.results), "the end")
    assert stage.results == [Jump("FAR-001", FAR)]
    assert asked == [(Wish("FAR-001"), "BRAINS")]


async def test_where_it_is_ambiguous_somebody_chooses(stage: Stage) -> None:
    async with stage.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.type("TWIN")
        await person.press("enter")
        await person.see("2 places may be meant")
        await person.press("down", "enter")
        await person.wait(lambda: bool(stage.results), "the end")
    assert stage.results == [Jump("TWIN", TWINS[1])]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nobody", "Nothing on this server is called 'nobody'"),
        ("s nobody", "called 'subject nobody'"),
        ("broken", "The server does not answer."),
        ("https://elsewhere.org/data/projects/P", "another server"),
        ("", "Type where to go"),
    ],
)
async def test_what_is_wrong_is_said_and_the_line_stays(stage: Stage, line: str, sentence: str) -> None:
    async with stage.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        pilot.app.screen.query_one("#jump-line", Input).value = line
        await pilot.pause()
        await person.press("enter")
        await person.see(sentence)
        assert pilot.app.screen.query_one("#jump-line", Input).value == line
        await person.press("escape")
    assert stage.results == [None]


async def test_commands_and_hostile_labels(stage: Stage) -> None:
    async with stage.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.type("[/]")
        await person.see("[/]␛[31m")
        assert "\x1b" not in person.screen
        await person.press("ctrl+u")
        await person.type("server")
        await person.press("enter")
        await person.wait(lambda: bool(stage.results), "the end")
    assert stage.results == [Jump("server", command="server")]
