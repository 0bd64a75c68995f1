"""Which facts of a listing's row are shown, per kind: in the tree at the right, in the details as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.text import date, human_size, thousands, visible
from xnat_tui.models.session import modality_of

_QUALITY = {"questionable": "quest.", "unusable": "unus."}


@dataclass(frozen=True)
class Column:
    """One fact of a kind.

    Attributes:
        title: heading in tables.
        value: the fact of a thing as text, "" when unknown.
        is_number: aligned at the right.
        tree_width: cells it takes in the tree; 0 keeps it out of the tree.
        wide_width: cells it takes in the tree while wide columns are shown; 0 keeps it out of these, too.
        in_table: whether tables show it.
    """

    title: str
    value: Callable[[NodeRef], str]
    is_number: bool = False
    tree_width: int = 0
    wide_width: int = 0
    in_table: bool = True


def of_kind(kind: Kind) -> tuple[Column, ...]:
    """The columns of a kind; those that the tree keeps longest come last."""
    return _COLUMNS.get(kind, ())


def tree_label(ref: NodeRef, *, ascii_only: bool = False) -> str:
    """What names the thing in the tree; a scan by id and series."""
    label = visible(ref.label, ascii_only=ascii_only)
    return f"{visible(ref.id, 24, ascii_only=ascii_only):>2}  {label}" if ref.kind is Kind.SCAN else label


def tree_note(ref: NodeRef) -> str:
    """A word beside the label, for things whose label says little."""
    if ref.kind is Kind.PROJECT:
        name = _cell("name")(ref)
        return "" if name == ref.label else name
    if ref.kind is Kind.SESSION:
        return "" if _modality(ref) else _type(ref)
    return _type(ref) if ref.kind is Kind.ASSESSOR else ""


def count_text(count: int | None) -> str:
    """A count for people, "" when unknown."""
    return "" if count is None else thousands(count)


def _cell(name: str) -> Callable[[NodeRef], str]:
    def value(ref: NodeRef) -> str:
        return str(getattr(ref.row, name, ""))

    return value


def _label(ref: NodeRef) -> str:
    return ref.label


def _count(ref: NodeRef) -> str:
    return count_text(ref.count)


def _size(ref: NodeRef) -> str:
    return human_size(ref.size_bytes)


def _date(ref: NodeRef) -> str:
    return date(_cell("date")(ref))


def _type(ref: NodeRef) -> str:
    return type_name(_cell("xsi_type")(ref))


def type_name(xsi_type: str) -> str:
    """A type's name without its namespace and the word that all end in: `qcManualAssessor`, `mrSession`."""
    return xsi_type.rpartition(":")[2].removesuffix("Data")


def _modality(ref: NodeRef) -> str:
    return modality_of(_cell("xsi_type")(ref))


def _modality_or_type(ref: NodeRef) -> str:
    return _modality(ref) or _type(ref)


def _frames(ref: NodeRef) -> str:
    frames = getattr(ref.row, "frames", None)
    return "" if frames is None else str(frames)


def _short_quality(ref: NodeRef) -> str:
    quality = _cell("quality")(ref)
    return _QUALITY.get(quality, quality)


def _investigator(ref: NodeRef) -> str:
    return f"{_cell('pi_firstname')(ref)} {_cell('pi_lastname')(ref)}".strip()


def _entered(ref: NodeRef) -> str:
    return date(_cell("insert_date")(ref))


def _subject(ref: NodeRef) -> str:
    subject = ref.nearest(Kind.SUBJECT)
    return _cell("subject_label")(ref) or (subject.label if subject else "")


_ENTERED = (
    Column("entered by", _cell("insert_user"), wide_width=10, in_table=False),
    Column("entered", _entered, wide_width=10, in_table=False),
)

_COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.PROJECT: (
        Column("project", _label),
        Column("title", _cell("name")),
        Column("investigator", _investigator, wide_width=18),
        Column("subjects", _count, is_number=True, in_table=False),
    ),
    Kind.SUBJECT: (
        Column("subject", _label),
        Column("accession", lambda ref: ref.id, wide_width=14, in_table=False),
        *_ENTERED,
        Column("group", _cell("group"), wide_width=8),
        Column("gender", _cell("gender"), wide_width=6),
        Column("born", _cell("yob"), wide_width=4),
        Column("sessions", _count, is_number=True),
    ),
    Kind.SESSION: (
        Column("session", _label),
        Column("accession", lambda ref: ref.id, wide_width=14, in_table=False),
        *_ENTERED,
        Column("subject", _subject, wide_width=12, in_table=False),
        Column("type", _modality_or_type),
        Column("type", _modality, tree_width=3, in_table=False),
        Column("date", _date, tree_width=10),
        Column("scans", _count, is_number=True),
    ),
    Kind.ASSESSOR: (
        Column("assessor", _label),
        Column("accession", lambda ref: ref.id, wide_width=14, in_table=False),
        *_ENTERED,
        Column("type", _type),
        Column("date", _date, tree_width=10),
    ),
    Kind.SCAN: (
        Column("id", lambda ref: ref.id),
        Column("series UID", _cell("series_uid"), wide_width=32, in_table=False),
        Column("series", _cell("series_description")),
        Column("frames", _frames, wide_width=6, in_table=False),
        Column("type", _cell("type"), wide_width=8),
        Column("files", _count, is_number=True, tree_width=6),
        Column("size", _size, is_number=True, wide_width=7),
        Column("quality", _cell("quality")),
        Column("quality", _short_quality, tree_width=6, in_table=False),
    ),
    Kind.RESOURCE: (
        Column("resource", _label),
        Column("format", _cell("format"), wide_width=8),
        Column("content", _cell("content"), wide_width=10),
        Column("files", _count, is_number=True, tree_width=6),
        Column("size", _size, is_number=True, tree_width=7),
    ),
    Kind.FILE: (
        Column("file", _label),
        Column("digest", _cell("digest"), wide_width=32, in_table=False),
        Column("format", _cell("file_format"), wide_width=8),
        Column("size", _size, is_number=True, tree_width=7),
        Column("digest", _cell("digest")),
    ),
}
