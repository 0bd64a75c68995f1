"""Filter, order, marks, favourites and jumps in the tree, by keys and as a person sees them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ui.person import NARROW, WIDE, Person
from xnat_tui.app.app import XnatTuiApp
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.screens.archive import ArchiveScreen
from xnat_tui.core.client import XNATClient
from xnat_tui.services.subjects import SubjectService

AppFor = Callable[..., XnatTuiApp]


def archive_of(person: Person) -> ArchiveScreen:
    screen = person.pilot.app.screen
    assert isinstance(screen, ArchiveScreen)
    return screen


def labels(refs: tuple[NodeRef, ...]) -> list[str]:
    return [ref.label for ref in refs]


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_a_filter_is_typed_kept_and_cleared(app_for: AppFor, size: tuple[int, int]) -> None:
    async with app_for().run_test(size=size) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001")
        await person.press("slash")
        await person.type("PET1")
        await person.see_no("▸ SUB-001_MR1")
        await person.see("1 of ", "SUB-001_PET1", "/PET1")
        await person.press("enter", "j")
        assert person.tree.has_focus, "Enter goes back to the tree at once"
        await person.press("escape")
        await person.see("▸ SUB-001_MR1", "3 projects")


async def test_escape_in_the_filter_line_shows_everything(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.see("ONCO")
        await person.press("slash")
        await person.type("!onco")
        await person.see_no("▸ ONCO")
        await person.press("escape")
        await person.see("▸ ONCO", "3 projects")


async def test_brackets_in_a_filter_are_only_letters(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.see("AWKWARD")
        await person.press("slash")
        await person.type("[/]")
        await person.see("1 of 3", "/[/]")


async def test_escape_takes_filter_then_range_then_marks(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.go_to("SUB-001")
        await person.press("v", "j", "slash")
        await person.type("sub")
        await person.press("enter")
        await person.see("/sub", "2 marked", "range")
        await person.press("escape")
        await person.see_no("/sub")
        await person.see("2 marked   range")
        await person.press("escape")
        await person.see_no("range")
        await person.see("2 marked")
        await person.press("escape")
        await person.see_no("marked")


async def test_marks_are_at_hand_after_a_refresh_and_else_the_cursor(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001")
        assert labels(archive_of(person).marked_refs()) == ["SUB-001"]
        await person.go_to("SUB-001_MR1")
        await person.press("space")
        assert person.row == "SUB-001_PET1"
        await person.go_to("SUB-001_MR1")
        await person.press("h", "R")
        await person.see("● ▸ SUB-001_MR1", "1 marked")
        assert labels(archive_of(person).marked_refs()) == ["SUB-001_MR1"]


async def test_a_star_marks_the_level_and_again_unmarks_it(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.go_to("SUB-001")
        await person.press("asterisk")
        await person.see("3 marked")
        await person.press("asterisk")
        await person.see_no("marked")


async def test_rows_are_sorted_from_a_menu_and_again_reversed(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001")
        await person.go_to("SUB-001_MR1")
        await person.press("s")
        await person.see("Sort sessions by", "date")
        await person.press("escape", "s", "j", "j", "j", "j", "j", "enter")
        await person.see("by date ↑")
        await person.press("s", "enter")
        await person.see("by date ↓")
        assert person.row == "SUB-001_MR1"


async def test_wide_columns_say_more(app_for: AppFor) -> None:
    async with app_for().run_test(size=(160, 48)) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.see("SUB-001")
        await person.see_no("XNAT_S00002")
        await person.press("w")
        await person.see("XNAT_S00002")


async def test_sessions_are_counted_without_opening_their_subjects(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.wait(lambda: all(ref.count is not None for ref in subjects(person)), "counts")
        assert {ref.label: ref.count for ref in subjects(person)}["SUB-001"] == 2


def subjects(person: Person) -> list[NodeRef]:
    levels = [node.level for node in person.tree.model.loaded() if node.ref.kind is Kind.PROJECT]
    return [ref for level in levels if level for ref in level.refs if ref.kind is Kind.SUBJECT]


async def test_subjects_of_projects_in_sight_are_counted(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.see("ONCO")
        root = person.tree.model.root
        await person.wait(lambda: all(ref.count is not None for ref in root.level.refs), "counts")  # type: ignore[union-attr]
        assert root.level is not None
        assert root.level.refs[1].count == 3


async def test_a_favourite_project_stands_first(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.go_to("ONCO")
        await person.press("f")
        await person.see("★ ONCO", "favourites", "others")
        assert person.row == "ONCO"
        assert person.tree.model.cursor == 0
        await person.press("f")
        await person.see_no("★ ONCO")
        await person.see_no("others")


async def test_a_refresh_keeps_filter_marks_and_cursor(app_for: AppFor, client: XNATClient) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001")
        await person.press("slash")
        await person.type("mr1")
        await person.see("1 of ")
        await person.press("enter")
        await person.go_to("SUB-001_MR1")
        await person.press("space")
        SubjectService(client).create("BRAINS", "mr1-new")
        await person.press("g", "R")
        await person.see("mr1-new", "● ▸ SUB-001_MR1", "/mr1   1 marked")


async def test_a_thing_is_revealed_through_levels_that_were_never_loaded(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.see("BRAINS")
        await person.press("slash")
        await person.type("onco")
        await person.press("enter")
        path = ((Kind.PROJECT, "BRAINS"), (Kind.SUBJECT, "SUB-001"), (Kind.SESSION, "SUB-001_MR1"))
        archive_of(person).reveal((*path, (Kind.SCAN, "1")))
        await person.see("t1_tiny")
        await person.wait(lambda: person.row == "t1_tiny", "the scan")
        assert not person.tree.model.filter, "a filter that hides what was asked for goes"


async def test_a_way_that_ends_early_says_where(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE, notifications=True) as pilot:
        person = Person(pilot)
        await person.see("BRAINS")
        archive_of(person).reveal(((Kind.PROJECT, "BRAINS"), (Kind.SUBJECT, "NOBODY"), (Kind.SESSION, "X")))
        await person.see("There is no subject 'NOBODY' in project BRAINS.")


async def test_the_cursor_stays_in_sight_when_the_terminal_shrinks(app_for: AppFor) -> None:
    async with app_for().run_test(size=(120, 36)) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001")
        await person.see("SUB-001_MR1")
        await person.press("G")
        last = person.row
        await pilot.resize_terminal(80, 8)
        await person.wait(lambda: person.tree.size.height < 8, "a small tree")
        await pilot.pause(0.1)
        tree = person.tree
        assert person.row == last
        assert tree.model.cursor in range(tree.scroll_offset.y, tree.scroll_offset.y + tree.size.height)
