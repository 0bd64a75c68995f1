"""What is typed after `:` means, before anybody looks for it."""

from __future__ import annotations

import pytest

from tests.unit.app.things import PROJECT, SESSION, subject
from xnat_tui.app.archive.jump import Wish, read_wish, word_in
from xnat_tui.app.archive.jump_choices import Suggestions, describe
from xnat_tui.app.archive.nodes import Kind
from xnat_tui.app.archive.seen import Seen
from xnat_tui.app.archive.trail import Trail
from xnat_tui.app.glyphs import UNICODE
from xnat_tui.app.memory import Place
from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.core.uri import Location

BASE = "https://xnat.example.org/xnat"


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("p BRAINS", Wish("BRAINS", Kind.PROJECT)),
        ("s  SUB 001 ", Wish("SUB 001", Kind.SUBJECT)),
        ("e SUB-001_MR1", Wish("SUB-001_MR1", Kind.SESSION)),
        (" SUB-001 ", Wish("SUB-001")),
        ("s ", Wish("s")),
        ("two words", Wish("two words")),
        ("server", Wish(command="server")),
        ("p server", Wish("server", Kind.PROJECT)),
        ("/data/projects/P/subjects/S%201", Wish(location=Location(project="P", subject="S 1"))),
        (f"{BASE}/data/experiments/E1?format=json", Wish(location=Location(session="E1"))),
    ],
)
def test_a_line_is_read(line: str, wish: Wish) -> None:
    assert read_wish(line, BASE) == wish


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("", "Type where to go"),
        ("https://elsewhere.org/data/projects/P", "another server"),
        ("/nowhere/at/all", "does not name a place"),
    ],
)
def test_a_line_that_means_nothing_is_refused_in_a_sentence(line: str, word: str) -> None:
    with pytest.raises(InvalidValueError, match=word):
        read_wish(line, BASE)


def test_a_line_that_is_being_typed_has_a_word() -> None:
    assert word_in("s SU") == (Kind.SUBJECT, "SU")
    assert word_in("s ") == (Kind.SUBJECT, "")
    assert word_in("SU") == (None, "SU")


SUGGESTIONS = Suggestions(
    Seen([PROJECT, subject("SUB-001"), subject("SUB-002"), subject("my SUB"), SESSION]),
    recent=(Place.of(SESSION),),
    typed=("p ONCO",),
    project="BRAINS",
)


def test_what_is_loaded_is_offered_and_for_nothing_typed_the_recent_places() -> None:
    assert [place.labels[-1] for place in SUGGESTIONS.places("sub")] == [
        *("SUB-001", "SUB-002", "SUB-001_MR1"),
        "my SUB",
    ]
    assert [place.labels[-1] for place in SUGGESTIONS.places("s sub-00")] == ["SUB-001", "SUB-002"]
    assert SUGGESTIONS.places("") == [Place.of(SESSION)]
    assert SUGGESTIONS.places("s ") == []
    assert SUGGESTIONS.places("/data/projects") == []


def test_a_line_is_completed_from_labels_commands_and_what_was_typed() -> None:
    assert SUGGESTIONS.completion("s sub-0") == "s sub-001"
    assert SUGGESTIONS.completion("p O") == "p ONCO"
    assert SUGGESTIONS.completion("ser") == "server"
    assert SUGGESTIONS.completion("nothing") == ""


@pytest.mark.parametrize("width", [40, 74, 120])
def test_a_choice_says_what_it_is_and_where_within_its_width(width: int) -> None:
    label, rest = describe(Place.of(SESSION), width, UNICODE)
    assert len(label + rest) == width
    assert label.strip() == "SUB-001_MR1"
    assert rest.startswith("  session")


def test_hostile_labels_are_shown_and_not_obeyed() -> None:
    label, rest = describe(Place.of(subject("[/]\x1b[31m")), 60, UNICODE)
    assert label.startswith("[/]␛[31m")
    assert "\x1b" not in label + rest


def test_the_trail_goes_back_and_forward() -> None:
    a, b, c = (Place.of(subject(label)) for label in "abc")
    trail = Trail()
    assert trail.back(a) is None
    trail.leave(a)
    trail.leave(b)
    assert trail.back(c) == b
    assert trail.back(b) == a
    assert trail.back(a) is None
    assert trail.forward(a) == b
    trail.leave(b)
    assert trail.forward(c) is None, "a new jump forgets what was ahead"
