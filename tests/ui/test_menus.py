"""Copy menu, export, request log and help, each alone on a stage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.ui.person import NARROW, Person
from tests.ui.stage import Stage
from tests.unit.app.things import SUBJECT, subject
from xnat_tui.app.actions import Action
from xnat_tui.app.archive.copies import copies
from xnat_tui.app.dialogs.copy_menu import CopyMenu
from xnat_tui.app.dialogs.export import ExportDialog
from xnat_tui.app.export import Format, export, records
from xnat_tui.app.glyphs import UNICODE
from xnat_tui.app.loader import Loader
from xnat_tui.app.screens.help import HelpScreen
from xnat_tui.app.screens.request_log import RequestLogScreen, full_line
from xnat_tui.core.requestlog import RequestLog


@pytest.fixture
def loader() -> Iterator[Loader]:
    loader = Loader(threads=1)
    yield loader
    loader.close()


@pytest.mark.parametrize("keys", [["l"], ["j", "enter"]])
async def test_a_letter_or_the_cursor_chooses_what_to_copy(keys: list[str]) -> None:
    choices = copies([subject("[/]\x1b", "ID_1")], "https://xnat.example.org", "jane")
    stage = Stage(CopyMenu("[/]\x1b", choices, UNICODE))
    async with stage.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.see("Copy from [/]␛", "REST path", "curl --fail --user jane", "No error is shown")
        await person.press("e")  # there is none
        await person.press(*keys)
        await person.wait(lambda: bool(stage.results), "the end")
    assert [choice.key for choice in stage.results] == ["l"]


async def test_an_export_follows_its_format_and_asks_before_it_replaces(
    tmp_path: Path, loader: Loader
) -> None:
    (tmp_path / "x.json").write_text("precious")

    def write(path: Path, form: Format, replace: bool) -> None:
        export(records([SUBJECT]), path, form, replace=replace)

    stage = Stage(ExportDialog("Export 1 subject", tmp_path / "x.csv", write, loader))
    async with stage.run_test(size=(120, 30)) as pilot:
        person = Person(pilot)
        await person.see("[CSV]   JSON", "x.csv", "File in ")
        await person.press("shift+tab", "right")
        await person.wait(lambda: _line(pilot).value.endswith("x.json"), "the name follows")
        _line(pilot).focus()
        await person.press("enter")
        await person.see("Replace x.json")
        await person.press("enter")  # the focus is on No
        await person.see_no("would be replaced")
        assert (tmp_path / "x.json").read_text() == "precious"
        await person.press("enter")
        await person.see("Replace x.json")
        await person.press("y")
        await person.wait(lambda: bool(stage.results), "the end")
    assert stage.results == [tmp_path / "x.json"]
    assert "SUB-001" in (tmp_path / "x.json").read_text()


async def test_an_export_that_fails_says_why_and_keeps_the_path(tmp_path: Path, loader: Loader) -> None:
    def write(path: Path, form: Format, replace: bool) -> None:
        export([], path, form, replace=replace)

    stage = Stage(ExportDialog("Export", tmp_path / "no" / "x.csv", write, loader))
    async with stage.run_test(size=(120, 30)) as pilot:
        person = Person(pilot)
        await person.press("enter")
        await person.wait(lambda: "no folder" in person.text_of("#export-refusal"), "a refusal")
        assert _line(pilot).value.endswith("no/x.csv")
        await person.press("escape")
    assert stage.results == [None]


@pytest.mark.parametrize("typed", ["~nobody/x", "/", ".", "/" + "x" * 300])
async def test_a_path_that_no_file_can_have_is_refused_and_breaks_nothing(typed: str, loader: Loader) -> None:
    def write(path: Path, form: Format, replace: bool) -> None:
        export([], path, form, replace=replace)

    stage = Stage(ExportDialog("Export", Path(typed), write, loader))
    async with stage.run_test(size=(120, 30)) as pilot:
        person = Person(pilot)
        await person.press("shift+tab", "right", "left")
        _line(pilot).value = typed
        _line(pilot).focus()
        await person.press("enter")
        await person.wait(lambda: person.text_of("#export-refusal") != "", "a refusal")
        assert _line(pilot).value == typed
        await person.press("escape")
    assert stage.results == [None]


def _line(pilot: object) -> Input:
    return pilot.app.screen.query_one("#export-path", Input)  # type: ignore[attr-defined,no-any-return]


async def test_the_request_log_grows_filters_and_copies() -> None:
    log = RequestLog()
    log.record("GET", "/data/projects?x=[/]", status=200, duration_ms=12, size_bytes=3456)
    log.record("PUT", "/data/projects/P", status=403, duration_ms=5)
    copied: list[str] = []
    screen = RequestLogScreen(log.entries, lambda: log.version, lambda text, _: copied.append(text), UNICODE)
    async with Stage(screen).run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.see("2 requests", "/data/projects?x=[/]", "200", "12 ms", "3.5 kB", "403")
        log.record("GET", "/data/experiments", error="refused")
        await person.see("3 requests", "/data/experiments", "none")
        await person.press("y")
        assert copied == [full_line(log.entries()[2])]
        await person.press("slash")
        await person.type("put")
        await person.see("1 of 3 requests")
        await person.press("enter", "y", "enter")
        assert copied[-1] == full_line(log.entries()[1])
        await person.see("PUT /data/projects/P 403 5 ms 0 bytes")
        await person.press("escape")
        await person.see("3 requests")
        await person.press("escape")
        await person.see_no("3 requests")


def _why_not(action: Action) -> str:
    return "Read-only." if action.id == "tree.reload" else ""


async def test_the_help_shows_own_keys_and_reasons_and_does_what_is_chosen() -> None:
    stage = Stage(HelpScreen({"app.quit": "f10"}, _why_not))
    async with stage.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.see("Everywhere", "F10")
        await person.type("again")
        await person.see("Read-only.")
        await person.press(*["backspace"] * 5)
        await person.type("no such thing")
        await person.see("No key does that.")
        await person.press("enter", "ctrl+u")
        await person.type("export")
        await person.press("enter")
        await person.wait(lambda: bool(stage.results), "the end")
    assert [action.id for action in stage.results] == ["archive.export"]
