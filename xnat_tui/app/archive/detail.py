"""What the Details tab shows of one thing: plain values; how they are drawn is `detail_text`'s affair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from xnat_tui.app.archive.columns import of_kind
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.archive.table import Head, Table
from xnat_tui.app.text import plural

_MOST_ROWS = 200
"""Rows of one table of children; the tree shows them all."""

Facts = tuple[tuple[str, str], ...]
"""Names with values, in the order in which they are shown."""


@dataclass(frozen=True)
class FactGroup:
    """Facts under a heading of their own, such as custom variables."""

    title: str
    facts: Facts


@dataclass(frozen=True)
class Prose:
    """Words of people, such as a note or a description; may have several lines."""

    title: str
    text: str


Section = Table | FactGroup | Prose


@dataclass(frozen=True)
class Detail:
    """One thing: facts first, then its children, then what people added.

    Attributes:
        title: the label.
        subtitle: what it is.
        facts: names with values.
        tables: its children, one table per kind.
        sections: what follows them.
    """

    title: str
    subtitle: str
    facts: Facts
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()


def known_facts(facts: Iterable[tuple[str, str]]) -> Facts:
    """The facts that have a value."""
    return tuple((name, value) for name, value in facts if value.strip())


def fact_group(title: str, facts: Iterable[tuple[str, str]]) -> tuple[FactGroup, ...]:
    """A group of the facts that have a value; no group when none has."""
    known = known_facts(facts)
    return (FactGroup(title, known),) if known else ()


def prose(title: str, text: str) -> tuple[Prose, ...]:
    """The text under its heading; nothing when there is no text."""
    return (Prose(title, text.strip()),) if text.strip() else ()


def child_tables(children: Sequence[NodeRef]) -> tuple[Table, ...]:
    """The children as one table per kind, in the order in which they come."""
    return tuple(_table(kind, list(refs)) for kind, refs in groupby(children, key=lambda ref: ref.kind))


def _table(kind: Kind, refs: list[NodeRef]) -> Table:
    shown = tuple(column for column in of_kind(kind) if column.in_table)
    heads = tuple(Head(column.title, column.is_number) for column in shown)
    rows = [tuple(column.value(ref) for column in shown) for ref in refs[:_MOST_ROWS]]
    return Table.of(plural(len(refs), kind.value), heads, rows, unshown=max(0, len(refs) - _MOST_ROWS))
