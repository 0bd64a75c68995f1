"""Errands in the details: tabs, files, history, previews; the four faces of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ui.person import NARROW, WIDE, Person
from xnat_tui.app.app import XnatTuiApp
from xnat_tui.app.widgets.detail_panel import DetailPanel
from xnat_tui.core.client import XNATClient
from xnat_tui.demo.serve import DemoServer

AppFor = Callable[..., XnatTuiApp]


async def test_tabs_turn_from_the_tree_and_stay_while_moving(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001")
        await person.go_to("SUB-001_MR1")
        await person.see("MR · 2024-01-29", "4 scans", "First visit.", "custom variables")
        await person.press("}")
        await person.see("18 files", "quality.csv", "csv,qc")
        await person.press("}")
        await person.see("Added Manual QC", "Transfer", "● Complete")
        await person.go_to("BRAINS")
        await person.see("Added Project")
        await person.press("{", "{")
        await person.see("Ada Ramirez", "Olga Owner", "Owners", "ethics")


async def test_a_narrow_screen_keeps_the_tab(app_for: AppFor) -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        await person.press("enter", "}", "}")
        await person.see("Added Project")
        await person.press("escape")
        await person.go_to("ONCO")
        await person.press("enter")
        await person.see("History", "Added Project", "ONCO")


async def test_the_history_tells_what_was_just_done(app_for: AppFor, client: XNATClient) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001", "SUB-001_MR1")
        await person.go_to("t1_tiny")
        await person.press("}", "}")
        await person.see("4 events of SUB-001_MR1")
        client.put("/data/experiments/XNAT_E00001/scans/1", {"note": "x", "event_reason": "because"})
        await person.press("tab", "R")
        await person.see("5 events of SUB-001_MR1", "because")


@pytest.mark.parametrize(
    ("place", "file", "shown"),
    [
        (("BRAINS", "README"), "README.md", "Pictures are drawn"),
        (("BRAINS", "SUB-001", "SUB-001_MR1", "QC"), "quality.csv", "motion_mm"),
        (("BRAINS", "SUB-001", "SUB-001_MR1", "t1_tiny", "DICOM"), "SUB-001_MR1-1-0001.dcm", "SIEMENS"),
        (("BRAINS", "SUB-001", "SUB-001_MR1", "t1_tiny", "SNAPSHOTS"), "SUB-001_MR1_1_qc_t.gif", "▀▀▀▀▀▀▀▀"),
        (("AWKWARD", "Texts", "Texts_MR1", "OLD"), "no digest.bin", "00 01 02"),
    ],
)
async def test_files_have_previews(app_for: AppFor, place: tuple[str, ...], file: str, shown: str) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open(*place)
        await person.go_to(file)
        await person.see("resource", shown)


async def test_a_passing_cursor_reads_no_file(app_for: AppFor, demo: DemoServer) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001", "SUB-001_MR1", "t1_tiny", "DICOM")
        await person.see("SUB-001_MR1-1-0003.dcm")
        demo.faults.add("status", "*/files/*", status=403, times=10)
        person.tree.action_cursor_down()
        person.tree.action_cursor_down()
        person.tree.action_cursor_down()
        await person.see("R: try again")
        (rule,) = demo.faults.rules()
        assert rule.times == 9, "only the file on which the cursor rested was read"


async def test_a_failed_tab_says_why_and_tries_again(app_for: AppFor, demo: DemoServer) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        await person.see("Ada Ramirez")
        demo.faults.add("status", "/data/services/audit/*", status=500, times=2)
        await person.press("}", "}")
        await person.see("✗", "R: try again")
        await person.press("tab", "R")
        await person.see("Added Project")


async def test_who_may_not_see_the_history_is_told_politely(app_for: AppFor, demo: DemoServer) -> None:
    demo.faults.add("status", "/data/services/audit/*", status=403, times=1)
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        await person.press("}", "}")
        await person.see("You may not see the history")


async def test_a_slow_server_shows_that_it_is_loading(app_for: AppFor, demo: DemoServer) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        await person.see("Ada Ramirez")
        demo.faults.add("latency", "/data/services/audit/*", seconds=0.6, times=1)
        await person.press("}", "}")
        await person.see("loading")
        await person.see("Added Project")


async def test_long_listings_are_scrolled_by_keys(app_for: AppFor) -> None:
    async with app_for().run_test(size=(120, 14)) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001")
        await person.go_to("SUB-001_MR1")
        await person.press("}")
        await person.see("18 files")
        await person.press("tab", "G")
        await person.see_no("18 files")
        await person.press("g")
        await person.see("18 files")


async def test_ascii_and_no_colours_work_in_the_details(app_for: AppFor) -> None:
    async with app_for(ascii=True).run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS", "SUB-001", "SUB-001_MR1", "t1_tiny", "SNAPSHOTS")
        await person.go_to("SUB-001_MR1_1_qc_t.gif")
        await person.see("GIF 96 x 96")
        panel = pilot.app.screen.query_one(DetailPanel)
        assert all(panel.render_line(y).text.isascii() for y in range(panel.size.height))
