"""The whole program in a true terminal: what a person does with it, and what a terminal must never suffer."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.conftest import PROGRAM
from tests.terminal.terminal import NARROW, WIDE, Terminal

pytestmark = pytest.mark.terminal

_FILE = "SUB-001_MR1-1-0001.dcm"
_RED = ("\x1b[31m", "\x1b[91m")


@pytest.fixture
def program(terminal: Terminal, data: Path) -> Terminal:
    """The demo on the screen, with its projects."""
    terminal.run([*PROGRAM, "demo", "--data", str(data)])
    terminal.see("online", "BRAINS", "ONCO")
    return terminal


def is_left_clean(terminal: Terminal) -> bool:
    names = ("alternate_on", "cursor_flag", "mouse_any_flag")
    return [terminal.state(name) for name in names] == ["0", "1", "0"]


def test_by_keys_to_a_file_and_its_copied_path(program: Terminal) -> None:
    program.press("g", "j", "l")
    program.see("PAT01", "SUB-001")
    program.press("j", "j", "l")
    program.see("SUB-001_MR1")
    program.press("/", *"MR", "Enter")
    program.see("/MR")
    program.press("Escape")
    program.see_no("/MR")
    for child in ("t1_tiny", "DICOM", _FILE):
        program.press("l", "l")
        program.see(child)
    program.press("l", "y", "p")
    program.see("Copied")
    assert program.clipboard.endswith(f"/files/{_FILE}")


def test_an_id_is_copied_through_tmux(program: Terminal) -> None:
    program.press(":")
    program.press(*"SUB-001_MR1", "Enter")
    program.see_place("SUB-001_MR1")
    program.press("y")
    program.see("Copy")
    program.press("i")
    program.see("Copied")
    assert program.clipboard == "XNAT_E00001"


def test_hostile_labels_are_shown_and_not_obeyed(program: Terminal) -> None:
    title = program.state("pane_title")
    program.see("␛[31mred␛[0m ␛]0;title␇ bell␇", "[/] [bold red]x[/bold red]")
    program.press(":")
    program.press(*"Texts_MR1", "Enter")
    program.see_place("Texts_MR1")
    program.press("l")
    program.see("␛[31mred")
    assert not any(colour in program.coloured_screen for colour in _RED)
    assert program.state("pane_title") == title
    assert program.state("window_bell_flag") == "0"
    program.press("q")
    program.see("$")
    program.burst("printf '\\a'\n")
    program.wait(lambda: program.state("window_bell_flag") == "1", "a bell that this test would have heard")


def test_the_screen_follows_the_terminal(program: Terminal) -> None:
    program.see("Details ─ Files")
    program.resize(NARROW)
    program.see_no("Details ─ Files")
    assert all(len(line) <= NARROW[0] for line in program.screen.splitlines())
    program.see("BRAINS", "quit")
    program.press("j", "Enter")
    program.see("Ada Ramirez")
    program.press("Escape")
    program.resize(WIDE)
    program.see("Details ─ Files", "Ada Ramirez")


def test_it_leaves_the_terminal_as_it_was(program: Terminal) -> None:
    assert not is_left_clean(program)
    program.press("q")
    program.wait(lambda: is_left_clean(program), "a clean terminal")
    program.see("$")
    program.burst("echo still a shell\n")
    program.see("\nstill a shell")


def test_a_server_that_is_killed_and_comes_back(
    terminal: Terminal, data: Path, serve: Callable[[], subprocess.Popen[str]]
) -> None:
    server = serve()
    terminal.run([*PROGRAM, "demo", "--data", str(data)])
    terminal.see("online", "BRAINS")
    terminal.burst(":SUB-001\n")
    terminal.see_place("SUB-001")
    server.kill()
    server.wait()
    terminal.press("l")
    terminal.see("retrying in", "SUB-002", "BRAINS")
    serve()
    terminal.see("online", "SUB-001_MR1")
