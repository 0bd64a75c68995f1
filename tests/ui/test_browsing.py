"""Errands in the archive, from keys to what a person sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ui.person import NARROW, WIDE, Person
from xnat_tui.app.app import XnatTuiApp
from xnat_tui.app.archive.node import Node
from xnat_tui.core.client import XNATClient
from xnat_tui.services.subjects import SubjectService

AppFor = Callable[..., XnatTuiApp]


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_a_file_is_reached_by_keys_alone(app_for: AppFor, size: tuple[int, int]) -> None:
    async with app_for().run_test(size=size) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001", "SUB-001_MR1", "t1_tiny", "DICOM")
        await person.go_to("SUB-001_MR1-1-0001.dcm")
        if size == NARROW:
            await person.press("enter")
        await person.see("digest", "0f4d8e0a1256e5580343c83dd842cb41", "scans/1/resources/3/files")


async def test_details_follow_the_cursor(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001")
        await person.see("handedness", "2 sessions", "XNAT_S00001")
        await person.go_to("BRAINS")
        await person.see("investigator", "Ageing brain cohort", "3 subjects")


async def test_nothing_is_loaded_because_the_cursor_passes(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.see("BRAINS")
        await person.press("j", "k", "j", "k")
        assert not any(isinstance(row, Node) and row.level for row in person.tree.model.rows)


async def test_left_closes_then_climbs_and_backspace_climbs(app_for: AppFor) -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001")
        await person.see("SUB-001_MR1")
        await person.press("h")
        await person.see_no("SUB-001_PET1  ")
        assert person.row == "SUB-001"
        await person.press("backspace")
        assert person.row == "BRAINS"
        await person.press("right")
        assert person.row == "PAT01"
        await person.press("left")
        assert person.row == "BRAINS"


async def test_a_refresh_shows_what_is_new_and_keeps_the_place(app_for: AppFor, client: XNATClient) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001")
        await person.go_to("SUB-001_PET1")
        SubjectService(client).create("BRAINS", "A-NEW-ONE")
        await person.press("backspace", "backspace", "R")
        await person.see("A-NEW-ONE", "SUB-001_PET1")
        assert person.row == "BRAINS"


async def test_hostile_texts_are_shown_as_they_are(app_for: AppFor) -> None:
    async with app_for().run_test(size=(160, 48)) as pilot:
        person = Person(pilot)
        await person.see("[/] [bold red]x[/bold red]")
        await person.open("AWKWARD", "Texts", "Texts_MR1")
        await person.see("␛[31mred␛[0m")
        await person.see("\\u202eabc")
        assert "\x1b" not in person.screen and "\u202e" not in person.screen
        await person.press("G", "k", "k", "k", "enter", "tab", "question_mark")
        await person.see("Keys")


async def test_what_is_empty_says_so(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("AWKWARD", "Empty")
        await person.see("no sessions")


async def test_what_is_shared_names_its_owner(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.see("PAT01  ↗ ONCO")


async def test_a_narrow_screen_pushes_the_details(app_for: AppFor) -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        await person.see_no("Details")
        await person.press("enter")
        await person.see("Details", "Ada Ramirez")
        await person.press("escape")
        await person.see_no("Details")
        assert person.row == "BRAINS"


async def test_widening_the_terminal_brings_the_details_back(app_for: AppFor) -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        await pilot.resize_terminal(*WIDE)
        await person.see("Details", "Ada Ramirez")


async def test_help_is_searchable(app_for: AppFor) -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.press("question_mark")
        await person.see("Next row")
        await person.type("try again")
        await person.see_no("Next row")
        await person.see("R F5")
        await person.press("escape")
        await person.see("BRAINS")


async def test_ascii_draws_ascii_only(app_for: AppFor) -> None:
    async with app_for(ascii=True).run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.open("AWKWARD", "Texts", "Texts_MR1")
        await person.see("\\x1b[31mred")
        tree = person.tree
        assert all(tree.render_line(y).text.isascii() for y in range(tree.size.height))


async def test_a_click_chooses_a_row_and_another_opens_it(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.see("BRAINS")
        await pilot.click("#tree", offset=(5, 2))
        assert person.row == "BRAINS"
        await pilot.click("#tree", offset=(5, 2))
        await person.see("SUB-001")


async def test_an_unknown_theme_is_said(app_for: AppFor) -> None:
    async with app_for(theme="[/]").run_test(size=NARROW, notifications=True) as pilot:
        await Person(pilot).see("There is no theme")


@pytest.mark.parametrize("theme", ["xnat-light", "nord", "ansi-dark"])
async def test_every_theme_has_our_colours(app_for: AppFor, theme: str) -> None:
    async with app_for(theme=theme).run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.see("BRAINS", "online")
        assert pilot.app.theme == theme
