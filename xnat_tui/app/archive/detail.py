"""What the details panel shows of one thing: plain values, made by the catalog, drawn by the panel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from xnat_tui.app.archive.columns import Column, of_kind
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.text import plural

_MOST_ROWS = 200
"""Rows of one table of children; the tree shows them all."""


@dataclass(frozen=True)
class ChildTable:
    """The children of one kind, as text."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    unshown: int = 0


@dataclass(frozen=True)
class Detail:
    """Facts first, then the children.

    Attributes:
        title: the label.
        subtitle: what it is.
        facts: names with values; empty values are left out.
        tables: one per kind of children.
    """

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[ChildTable, ...] = ()


def known_facts(facts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The facts that have a value."""
    return tuple((name, value) for name, value in facts if value.strip())


def child_tables(children: Sequence[NodeRef]) -> tuple[ChildTable, ...]:
    """The children as one table per kind, in the order in which they come."""
    return tuple(_table(kind, list(refs)) for kind, refs in groupby(children, key=lambda ref: ref.kind))


def _table(kind: Kind, refs: list[NodeRef]) -> ChildTable:
    shown = tuple(column for column in of_kind(kind) if column.in_table)
    rows = tuple(tuple(column.value(ref) for column in shown) for ref in refs[:_MOST_ROWS])
    return ChildTable(plural(len(refs), kind.value), shown, rows, max(0, len(refs) - _MOST_ROWS))
