"""Addresses, paths and commands of things; hostile names stay inside of their quotes."""

from __future__ import annotations

import ast
import shlex

import pytest

from tests.unit.app.things import ASSESSOR, FILE, PROJECT, RESOURCE, RESULT, SCAN, SESSION, SUBJECT, subject
from xnat_tui.app import snippets
from xnat_tui.app.archive.copies import KEYS, copies
from xnat_tui.app.archive.nodes import SITE, Kind, NodeRef
from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.core.uri import parse_location

BASE = "https://xnat.example.org/xnat"
HOSTILE = "a'; rm -rf ~ #\x1b]0;x\x07\n$(id)`id`"


@pytest.mark.parametrize(
    ("ref", "path"),
    [
        (PROJECT, "/data/projects/BRAINS"),
        (SUBJECT, "/data/projects/BRAINS/subjects/XNAT_S1"),
        (SESSION, "/data/experiments/XNAT_E1"),
        (SCAN, "/data/experiments/XNAT_E1/scans/2-MR1"),
        (ASSESSOR, "/data/experiments/XNAT_E1/assessors/XNAT_E2"),
        (RESULT, "/data/experiments/XNAT_E1/assessors/XNAT_E2/out/resources/18"),
        (RESOURCE, "/data/experiments/XNAT_E1/scans/2-MR1/resources/17"),
        (FILE, "/data/experiments/XNAT_E1/scans/2-MR1/resources/17/files/a%20b/%231.dcm"),
    ],
)
def test_rest_paths(ref: NodeRef, path: str) -> None:
    assert snippets.rest_path(ref) == path


def test_a_web_page_has_the_context_path_and_leads_back() -> None:
    page = snippets.web_page(BASE, SESSION)
    assert page.startswith(f"{BASE}/app/action/DisplayItemAction/search_element/xnat%3AmrSessionData/")
    found = parse_location(page, BASE)
    assert (found.project, found.session) == ("BRAINS", "XNAT_E1")
    assert snippets.web_page(BASE, RESOURCE) == page, "a scan is on its session's page"
    assert parse_location(snippets.web_page(BASE, SUBJECT), BASE).subject == "XNAT_S1"
    assert parse_location(snippets.web_page(BASE, PROJECT), BASE).project == "BRAINS"
    assert snippets.web_page(BASE, FILE).endswith("/files/a%20b/%231.dcm")


def test_curl_asks_for_the_password_itself() -> None:
    assert shlex.split(snippets.curl_command(BASE, "jane", FILE)) == [
        *("curl", "--fail", "--user", "jane", "--output", "#1.dcm"),
        f"{BASE}{snippets.rest_path(FILE)}",
    ]
    assert "--user" not in snippets.curl_command(BASE, "", SESSION)
    assert snippets.curl_command(BASE, "", SESSION).endswith("XNAT_E1?format=json'")


@pytest.mark.parametrize("kind", [Kind.PROJECT, Kind.SESSION])
def test_hostile_names_stay_words(kind: Kind) -> None:
    hostile = NodeRef(kind, HOSTILE.replace("/", ""), HOSTILE, PROJECT)
    command = snippets.curl_command(BASE, HOSTILE, hostile)
    assert not any(ord(letter) < 32 for letter in command)
    assert len(shlex.split(command)) == 5
    program = snippets.services_snippet(BASE, HOSTILE, [hostile])
    assert program.isascii() and "\x1b" not in program
    ast.parse(program)


def test_a_file_is_written_beside_and_never_elsewhere() -> None:
    evil = NodeRef(Kind.FILE, "../../.bashrc", "x", RESOURCE)
    with pytest.raises(InvalidValueError):
        snippets.curl_command(BASE, "jane", evil)
    assert "bashrc" in snippets.curl_command(BASE, "jane", NodeRef(Kind.FILE, "x/.bashrc", "x", RESOURCE))
    assert (
        "/.bashrc'"
        not in snippets.curl_command(BASE, "jane", NodeRef(Kind.FILE, ".bashrc", "x", RESOURCE))[:60]
    )


def test_all_that_can_be_copied_one_line_each() -> None:
    choices = {choice.key: choice for choice in copies([SUBJECT, subject("B\n1")], BASE, "jane")}
    assert "".join(choices) == KEYS
    assert choices["l"].text == "SUB-001\nB1"
    assert choices["i"].count == 2
    assert choices["u"].text.count("\n") == 1
    assert choices["s"].text.count("SubjectService(client)") == 2
    assert not choices["e"].text and choices["e"].reason
    assert {choice.text for choice in copies([SITE], BASE, "")} == {""}


def test_what_cannot_stand_in_a_path_says_so() -> None:
    choices = {choice.key: choice for choice in copies([subject("x", "a/b")], BASE, "jane", "It broke.")}
    assert "slash" in choices["p"].reason
    assert choices["i"].text == "a/b"
    assert choices["e"].text == "It broke."
