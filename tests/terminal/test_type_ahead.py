"""Keys that arrive all at once, as over a slow line, mean what they mean one by one: text is no command."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.conftest import PROGRAM
from tests.terminal.terminal import Terminal

pytestmark = pytest.mark.terminal


@pytest.fixture
def program(terminal: Terminal, data: Path) -> Terminal:
    """The demo on the screen, on the first session with its scans."""
    terminal.run([*PROGRAM, "demo", "--data", str(data)])
    terminal.see("online", "BRAINS")
    terminal.burst(":SUB-001_MR1\n")
    terminal.see_place("SUB-001_MR1")
    terminal.press("l")
    terminal.see("▾ SUB-001_MR1", "bold_tiny")
    return terminal


def test_a_label_behind_the_colon(program: Terminal) -> None:
    program.burst(":SUB-002\n")
    program.see_place("SUB-002")
    program.see_no("marked")


def test_a_filter_and_keys_for_the_tree_behind_it(program: Terminal) -> None:
    program.burst("/bold quest\n")
    program.see("/bold quest")
    program.burst("\x1b")
    program.see("t1_tiny")
    program.burst("/bold\njj ")
    program.see("/bold", "1 marked")


def test_a_search_in_the_help_and_the_action_that_it_finds(program: Terminal) -> None:
    program.burst("?quit leave\n")
    program.wait(lambda: program.state("alternate_on") == "0", "the end")


def test_a_menu_and_its_letter(program: Terminal) -> None:
    program.burst("yi")
    program.see("Copied")
    assert program.clipboard == "XNAT_E00001"


def test_the_log_in_form(
    terminal: Terminal, data: Path, port: int, serve: Callable[[], subprocess.Popen[str]]
) -> None:
    serve()
    terminal.run([*PROGRAM, f"http://127.0.0.1:{port}"])
    terminal.wait(lambda: terminal.state("alternate_on") == "1", "the program")  # not the form yet
    terminal.burst("admin\tadmin\n")
    terminal.see("online", "BRAINS", "admin@127.0.0.1")
