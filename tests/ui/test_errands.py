"""Jumps, palette, copies, export, request log and help in the whole app on the demo server."""

from __future__ import annotations

import base64
import csv
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.command import CommandList, CommandPalette
from textual.pilot import Pilot

from tests.ui.person import NARROW, WIDE, Person
from xnat_tui.app import browser
from xnat_tui.app.app import XnatTuiApp
from xnat_tui.demo.serve import DemoServer

AppFor = Callable[..., XnatTuiApp]
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])


async def go(person: Person, line: str) -> None:
    await person.press("colon")
    await person.wait(lambda: bool(person.pilot.app.screen.query("#jump-line")), "the go bar")
    await person.type(line)
    await person.press("enter")


def best_hit(pilot: Pilot[Any]) -> str:
    """The first line of the palette."""
    hits = pilot.app.screen.query_one(CommandList)
    return str(hits.get_option_at_index(0).prompt) if hits.option_count else ""


def watch_clipboard(pilot: Pilot[Any], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is copied from now on."""
    copied: list[str] = []
    monkeypatch.setattr(pilot.app, "copy_to_clipboard", copied.append)
    return copied


@SIZES
async def test_a_jump_to_what_was_never_loaded(app_for: AppFor, size: tuple[int, int]) -> None:
    async with app_for().run_test(size=size) as pilot:
        person = Person(pilot)
        await person.see("BRAINS")
        await go(person, "e SUB-001_MR1")
        await person.wait(lambda: person.row == "SUB-001_MR1", "the session")
        await go(person, "p ONCO")
        await person.wait(lambda: person.row == "ONCO", "the project")
        await person.press("left_square_bracket")
        await person.wait(lambda: person.row == "SUB-001_MR1", "back")
        await person.press("right_square_bracket")
        await person.wait(lambda: person.row == "ONCO", "forward")


async def test_what_is_typed_ahead_is_not_lost(app_for: AppFor) -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        for key, character in [("colon", ":"), *((letter, letter) for letter in "ONCO"), ("enter", "\r")]:
            pilot.app.post_message(events.Key(key, character))
        await person.wait(
            lambda: bool(pilot.app.screen.query("#tree")) and person.row == "ONCO", "the project"
        )


async def test_a_pasted_address_leads_to_the_file(app_for: AppFor, demo: DemoServer) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.see("BRAINS")
        path = "data/projects/BRAINS/subjects/SUB-001/experiments/SUB-001_MR1/scans/1/resources/DICOM/files"
        await go(person, f"{demo.url}/{path}/SUB-001_MR1-1-0001.dcm")
        await person.wait(lambda: person.row == "SUB-001_MR1-1-0001.dcm", "the file")


async def test_a_jump_from_narrow_details_leaves_them(app_for: AppFor) -> None:
    async with app_for().run_test(size=NARROW, notifications=True) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        await person.press("enter")
        await person.see("Ada Ramirez")
        await go(person, "SUB-002")
        await person.wait(lambda: bool(pilot.app.screen.query("#tree")), "the tree")
        await person.wait(lambda: person.row == "SUB-002", "the subject")


async def test_what_is_nowhere_is_said_and_nothing_moves(app_for: AppFor) -> None:
    async with app_for().run_test(size=NARROW, notifications=True) as pilot:
        person = Person(pilot)
        await person.go_to("ONCO")
        await go(person, "no-such-label")
        await person.see("Nothing on this server is called 'no-such-label'")
        await person.press("escape")
        assert person.row == "ONCO"


@SIZES
async def test_the_palette_finds_actions_and_places(app_for: AppFor, size: tuple[int, int]) -> None:
    async with app_for().run_test(size=size) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.see("SUB-002")
        await person.press("ctrl+p")
        await person.see("Go to a label")
        await person.type("sub-002")
        await person.wait(lambda: "SUB-002" in best_hit(pilot), "the best hit")
        await person.press("enter")
        await person.wait(
            lambda: not CommandPalette.is_open(pilot.app) and person.row == "SUB-002", "the subject"
        )
        await person.press("ctrl+p")
        await person.type("all keys")
        await person.wait(lambda: "All keys" in best_hit(pilot), "the best hit")
        await person.press("enter")
        await person.see("Keys", "Next row")


async def test_a_page_key_before_the_palette_is_laid_out_breaks_nothing(app_for: AppFor) -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.see("BRAINS")
        await person.press("ctrl+p")
        await person.see("Go to a label")
        hits = pilot.app.screen.query_one(CommandList)
        hits.styles.height = hits.styles.max_height = 0
        await person.wait(lambda: not hits.scrollable_content_region.height, "no room")
        hits.clear_options().add_options(["one", "two"])
        hits.highlighted = 0
        await person.press("pagedown", "pageup", "escape")
        await person.wait(lambda: not CommandPalette.is_open(pilot.app), "the end")


async def test_the_palette_changes_the_theme_and_shows_hostile_labels(app_for: AppFor) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("AWKWARD", "Texts", "Texts_MR1")
        await person.see("␛[31mred␛[0m")
        await person.press("ctrl+p")
        await person.type("31mred")
        await person.see("␛[31mred␛[0m", "scan")
        assert "\x1b" not in person.screen
        await person.press("escape", "ctrl+p")
        await person.type("theme: nord")
        await person.wait(lambda: "nord" in best_hit(pilot), "the best hit")
        await person.press("enter")
        await person.wait(lambda: pilot.app.theme == "nord", "the theme")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("i", "XNAT_S00001"),
        ("l", "SUB-001"),
        ("p", "/data/projects/BRAINS/subjects/XNAT_S00001"),
    ],
)
async def test_copies(app_for: AppFor, key: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app_for().run_test(size=NARROW, notifications=True) as pilot:
        person = Person(pilot)
        copied = watch_clipboard(pilot, monkeypatch)
        await person.open("BRAINS")
        await person.go_to("SUB-001")
        await person.press("y")
        await person.see("Copy from SUB-001", "REST path")
        await person.press(key)
        await person.see("Copied")
        assert copied == [text]


async def test_a_copied_snippet_runs_as_pasted(
    app_for: AppFor, demo: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app_for().run_test(size=NARROW, notifications=True) as pilot:
        person = Person(pilot)
        copied = watch_clipboard(pilot, monkeypatch)
        await person.open("BRAINS", "SUB-001", "SUB-001_MR1", "t1_tiny")
        await person.go_to("DICOM")
        for kind in ("DICOM", "t1_tiny", "SUB-001_MR1", "SUB-001", "BRAINS"):
            assert person.row == kind
            await person.press("y", "s")
            await person.wait(lambda wanted=kind: len(copied) > 0, f"a snippet of {kind}")  # type: ignore[misc]
            await person.press("backspace")
    assert len(copied) == 5
    for program in copied:
        assert "admin" in program and "getpass" in program
        done = subprocess.run(
            [sys.executable, "-c", program.replace("getpass.getpass()", "input()")],
            input="admin\n",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert re.search(r"DICOM|t1_tiny|SUB-001|BRAINS", done.stdout)


async def test_the_terminal_gets_the_text_in_an_envelope(
    app_for: AppFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_for()
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        written: list[str] = []
        monkeypatch.setattr(app._driver, "write", written.append)
        await person.press("y", "l")
        await person.wait(lambda: any("]52;" in text for text in written), "an OSC 52")
    (sequence,) = (text for text in written if "]52;" in text)
    assert sequence == f"\x1b]52;c;{base64.b64encode(b'BRAINS').decode()}\a"


async def test_over_ssh_the_web_page_is_copied(app_for: AppFor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")
    async with app_for().run_test(size=NARROW, notifications=True) as pilot:
        person = Person(pilot)
        copied = watch_clipboard(pilot, monkeypatch)
        opened: list[str] = []
        monkeypatch.setattr(pilot.app, "open_url", opened.append)
        await person.go_to("BRAINS")
        await person.press("o")
        await person.see("Copied URL")
        assert copied[0].endswith("/search_value/BRAINS") and not opened
        monkeypatch.setattr(browser, "has_window", lambda: True)
        monkeypatch.delenv("SSH_CONNECTION")
        await person.press("o")
        await person.see("Opened")
        assert opened == copied


async def test_the_level_under_the_cursor_is_exported(
    app_for: AppFor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with app_for().run_test(size=NARROW, notifications=True) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.go_to("SUB-001")
        await person.press("E")
        await person.see("Export 3 subjects", "BRAINS_subjects.csv")
        await person.press("enter")
        await person.see("Exported 3 subjects")
    with (tmp_path / "BRAINS_subjects.csv").open(encoding="utf-8", newline="") as file:
        assert [row["label"] for row in csv.DictReader(file)] == ["PAT01", "SUB-001", "SUB-002"]


async def test_marked_things_are_copied_one_a_line(app_for: AppFor, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        person = Person(pilot)
        copied = watch_clipboard(pilot, monkeypatch)
        await person.open("BRAINS")
        await person.go_to("SUB-001")
        await person.press("space", "space", "y")
        await person.see("Copy from 2 subjects")
        await person.press("l")
        await person.wait(lambda: copied == ["SUB-001\nSUB-002"], "both labels")


async def test_the_error_shown_is_copied(
    app_for: AppFor, demo: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        person = Person(pilot)
        copied = watch_clipboard(pilot, monkeypatch)
        await person.go_to("BRAINS")
        demo.faults.add("status", "/data/projects/BRAINS/subjects", status=500, times=None)
        await person.press("l")
        await person.see("R: try again")
        await person.press("j", "y")
        await person.see("Copy from BRAINS")
        await person.press("e")
        await person.wait(lambda: bool(copied) and "unexpected condition" in copied[0], "the error")


@SIZES
async def test_the_request_log_shows_what_was_asked(app_for: AppFor, size: tuple[int, int]) -> None:
    async with app_for().run_test(size=size) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.see("SUB-001")
        await person.press("exclamation_mark")
        await person.see("Requests", "/data/projects/BRAINS/subjects", "200")
        await person.press("escape")
        await person.see("SUB-001")


async def test_the_help_does_what_is_chosen(app_for: AppFor) -> None:
    async with app_for().run_test(size=NARROW, notifications=True) as pilot:
        person = Person(pilot)
        await person.go_to("ONCO")
        await person.press("question_mark")
        await person.type("first row")
        await person.see("First row")
        await person.press("enter")
        await person.wait(
            lambda: bool(pilot.app.screen.query("#tree")) and person.tree.model.cursor == 0, "the top"
        )
