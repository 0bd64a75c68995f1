"""What is still there at the next start: the place, widths, order, tab; and what a refused key says."""

from __future__ import annotations

from collections.abc import Callable

from tests.ui.person import NARROW, WIDE, Person
from xnat_tui.app.actions import Action, Scope
from xnat_tui.app.app import XnatTuiApp
from xnat_tui.app.memory import Memory, memory_file
from xnat_tui.app.refusals import refusal
from xnat_tui.core.credential import Credential
from xnat_tui.core.paths import state_dir
from xnat_tui.core.settings import Config, Profile
from xnat_tui.demo.serve import DemoServer

AppFor = Callable[..., XnatTuiApp]


async def leave(person: Person) -> None:
    await person.press("q")
    await person.wait(lambda: not person.pilot.app.is_running, "the end")


async def test_the_next_start_goes_on_where_the_last_one_ended(app_for: AppFor, demo: DemoServer) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001")
        await person.go_to("SUB-001_MR1")
        await person.press("right_curly_bracket", "w")
        await leave(person)
    memory = Memory.load(memory_file(state_dir(), "demo"))
    assert memory.last is not None and memory.last.labels == ("BRAINS", "SUB-001", "SUB-001_MR1")
    assert (memory.detail_tab, memory.is_wide) == ("files", True)
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.wait(lambda: person.row == "SUB-001_MR1", "the same row")


async def test_a_place_that_is_gone_is_no_obstacle(app_for: AppFor, demo: DemoServer) -> None:
    profile = Profile(name="demo", url=demo.url, default_project="NOWHERE")
    app = XnatTuiApp(Config(), profile, credential=Credential("admin", "admin"))
    async with app.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.see("BRAINS", "online")


async def test_the_border_between_the_panes_moves_and_stays(app_for: AppFor, demo: DemoServer) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.see("BRAINS")
        before = pilot.app.screen.query_one("#tree-pane").outer_size.width
        await person.press("less_than_sign", "less_than_sign")
        await person.wait(
            lambda: pilot.app.screen.query_one("#tree-pane").outer_size.width == before - 8, "a narrower tree"
        )
        await leave(person)
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.see("BRAINS")
        assert pilot.app.screen.query_one("#tree-pane").outer_size.width == before - 8
        await pilot.resize_terminal(*NARROW)
        await person.wait(
            lambda: pilot.app.screen.query_one("#tree-pane").outer_size.width == NARROW[0], "one pane"
        )


async def test_what_cannot_be_done_here_says_why(app_for: AppFor, demo: DemoServer) -> None:
    async with app_for().run_test(size=NARROW, notifications=True) as pilot:
        person = Person(pilot)
        await person.see("BRAINS")
        await person.press("greater_than_sign")
        await person.see("only one pane")


def test_changes_are_refused_while_read_only(monkeypatch) -> None:
    renaming = Action("tree.rename", ("r",), "rename", "Rename this", Scope.TREE, changes=True)
    monkeypatch.setattr("xnat_tui.app.refusals.find", lambda scope, method: renaming)
    assert refusal(object(), "rename", read_only=True) == "Read-only: rename this is refused."
    assert refusal(object(), "rename") == ""
