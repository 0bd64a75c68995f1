"""By what the rows of one kind can be sorted, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from xnat_tui.app.archive import columns
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.models.sorting import natural_key, sorted_in_steps

BY_LABEL = "label"
"""The order in which listings come."""


@dataclass(frozen=True)
class Order:
    """How the rows of one kind are sorted.

    Attributes:
        column: title of a column of the kind, or `BY_LABEL`.
        is_reversed: the greatest first.
    """

    column: str = BY_LABEL
    is_reversed: bool = False


NATURAL = Order()

_UNSORTED = {"accession", "series UID", "digest"}
"""Columns whose order says nothing to people."""


def sortable(kind: Kind) -> tuple[str, ...]:
    """By what the rows of a kind can be sorted: the label first."""
    titles = (column.title for column in columns.of_kind(kind)[1:] if column.title not in _UNSORTED)
    return tuple(dict.fromkeys((BY_LABEL, *titles)))


def arrange(refs: Sequence[NodeRef], among: Sequence[int], order: Order) -> list[int]:
    """The numbers of things, all of one kind and in natural order, in another order.

    Things of which the fact is not known come last. Takes its time: not for the thread that draws.
    """
    if order.column == BY_LABEL:
        return [*reversed(among)] if order.is_reversed else [*among]
    value = _values(refs[among[0]].kind, order.column)
    known = [at for at in among if value(refs[at]) not in ("", None)]
    rest = [at for at in among if value(refs[at]) in ("", None)]
    found = sorted_in_steps(known, lambda at: value(refs[at]))
    return [*(reversed(found) if order.is_reversed else found), *rest]


def _values(kind: Kind, title: str) -> Callable[[NodeRef], Any]:
    """What a column's cells are compared by: numbers by value, texts and dates in natural order."""
    if title == "size":
        return lambda ref: ref.size_bytes
    column = next(column for column in columns.of_kind(kind) if column.title == title)
    if column.is_number:
        return lambda ref: ref.count
    return lambda ref: natural_key(text) if (text := column.value(ref).strip()) else ""
