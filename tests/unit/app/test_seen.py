"""Searching what is loaded: exact before similar, and at once among 100 000."""

from __future__ import annotations

import time
from itertools import chain

import pytest

from tests.unit.app.things import ASSESSOR, PROJECT, SESSION, SUBJECT, subject
from xnat_tui.app.archive.nodes import SITE, Kind, NodeRef
from xnat_tui.app.archive.seen import Seen, project_first


def labels(refs: list[NodeRef]) -> list[str]:
    return [ref.label for ref in refs]


SEEN = Seen([PROJECT, SUBJECT, subject("sub-001"), subject("XSUB-001"), SESSION, ASSESSOR])


def test_a_name_is_a_label_or_an_id_in_its_own_case_if_possible() -> None:
    assert labels(SEEN.named("SUB-001")) == ["SUB-001"]
    assert labels(SEEN.named("Sub-001")) == ["SUB-001", "sub-001"]
    assert SEEN.named("xnat_e1") == [SESSION]
    assert SEEN.named("QC", Kind.SESSION) == [ASSESSOR], "an assessor is an experiment"
    assert SEEN.named("QC", Kind.SUBJECT) == []


def test_what_begins_with_a_word_comes_first() -> None:
    assert labels(SEEN.matching("sub", Kind.SUBJECT)) == ["SUB-001", "sub-001", "XSUB-001"]


def test_scattered_letters_come_last() -> None:
    found = [find for helping in SEEN.ranked("s01") for find in helping]
    assert {find.ref.label for find in found} == {"SUB-001", "sub-001", "XSUB-001", "SUB-001_MR1"}
    assert all(find.score <= 0.5 for find in found)
    first = next(find for helping in SEEN.ranked("sub-001") for find in helping)
    assert (first.score, first.spots) == (1.0, tuple(range(7)))


@pytest.mark.parametrize("hostile", ["\n", "\x1f", "a\nb", "[/]", "(", "\\", "ß", ""])
def test_no_word_and_no_label_confuses_it(hostile: str) -> None:
    seen = Seen([subject(hostile, "1"), subject("other", "2")])
    assert hostile in labels(seen.named(hostile)) or not hostile
    list(chain.from_iterable(seen.ranked(hostile)))


def test_the_present_project_comes_first() -> None:
    elsewhere = NodeRef(Kind.PROJECT, "ONCO", "ONCO", SITE)
    there = subject("SUB-001", project=elsewhere)
    assert project_first([SUBJECT, there], "ONCO") == [there, SUBJECT]


def test_among_a_hundred_thousand_no_key_waits() -> None:
    seen = Seen([subject(f"SUB-{number:06}", f"XNAT_S{number:06}") for number in range(100_000)])
    for word in ("SUB", "sub-09999", "nothing", "s099999", "XNAT_S05"):
        started = time.perf_counter()
        seen.named(word)
        seen.matching(word)
        seen.completion(word)
        assert time.perf_counter() - started < 0.1
        for _ in seen.ranked(word):
            assert time.perf_counter() - started < 1.5
