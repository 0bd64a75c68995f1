"""One thing done to many, whatever happens to each."""

from __future__ import annotations

import threading

import pytest

from xnat_tui.core.exceptions import ConflictError
from xnat_tui.services.base import do_to_each


def test_a_failure_does_not_stop_the_others() -> None:
    def task(name: str) -> None:
        if name == "b":
            raise ConflictError("b is in use.")

    outcome = do_to_each(task, ["a", "b", "c"])
    assert {name: str(error) for name, error in outcome.items() if error} == {"b": "b is in use."}


def test_several_are_at_work_at_the_same_time() -> None:
    together = threading.Barrier(3)
    assert do_to_each(lambda name: together.wait(timeout=10), ["a", "b", "c"], workers=3) == {
        "a": None,
        "b": None,
        "c": None,
    }


def test_progress_is_told_in_the_callers_thread() -> None:
    told: list[tuple[int, int, threading.Thread]] = []
    do_to_each(
        lambda name: None,
        ["a", "a", "b"],
        workers=2,
        progress=lambda done, total, name: told.append((done, total, threading.current_thread())),
    )
    here = threading.current_thread()
    assert told == [(1, 2, here), (2, 2, here)]


def test_a_mistake_of_the_author_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        do_to_each(lambda name: 1 / 0, ["a", "b"])


def test_nothing_to_do_is_done_at_once() -> None:
    assert do_to_each(lambda name: None, []) == {}
