"""Natural order of labels and ids: "2" before "10", "S9" before "S10", whatever the letters' case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any, TypeVar

Thing = TypeVar("Thing")

_DIGITS = re.compile(r"[0-9]+")
_RUN = 2000
"""Things sorted in one go: some milliseconds."""


def natural_key(text: str) -> str:
    """Return what to sort `text` by; texts that differ only in case or leading zeros keep a fixed order.

    The key is one text, because texts are compared much faster than tuples, and collecting them as garbage
    costs nothing. A number becomes its length and its digits, below every letter and sign.
    """
    return f"{_DIGITS.sub(_number, text.casefold())}\0\0{text}"


def _number(match: re.Match[str]) -> str:
    digits = match[0].lstrip("0") or "0"
    return f"\0{chr(len(digits))}{digits}"


def natural_sorted(things: Iterable[Thing], text: Callable[[Thing], str]) -> list[Thing]:
    """Return the things in natural order of their texts; see `sorted_in_steps`."""
    return sorted_in_steps(things, lambda thing: natural_key(text(thing)))


def sorted_in_steps(things: Iterable[Thing], key: Callable[[Thing], Any]) -> list[Thing]:
    """Return what `sorted` does, without keeping the other threads of the process waiting.

    A sort of 100 000 things is one call that lets no other thread run for half a second. Short runs are
    sorted instead and merged in pairs, which the sort of Python does in one pass.
    """
    things = list(things)
    keys = [key(thing) for thing in things]
    numbers = range(len(keys))
    runs = [sorted(numbers[start : start + _RUN], key=keys.__getitem__) for start in numbers[::_RUN]]
    while len(runs) > 1:
        runs = [sorted(chain(*runs[at : at + 2]), key=keys.__getitem__) for at in range(0, len(runs), 2)]
    return [things[number] for number in runs[0]] if runs else []
