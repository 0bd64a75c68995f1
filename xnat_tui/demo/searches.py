"""Searches as clients write them in XML: what they ask for and which rows they admit; not where rows are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any
from xml.etree import ElementTree

from xnat_tui.demo.archive.types import extends, type_named
from xnat_tui.demo.refusal import Refusal

_NAMESPACE = "{http://nrg.wustl.edu/security}"
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


@dataclass(frozen=True)
class DisplayField:
    """One field that can be searched for.

    Attributes:
        id: XNAT's identifier; in lower case the key in answers.
        header: what people call it.
        shortcut: the short name of its XML path in listings.
    """

    id: str
    header: str
    shortcut: str


_FIELDS = {
    "xnat:subjectData": (
        DisplayField("SUBJECTID", "Subject", "ID"),
        DisplayField("SUBJECT_LABEL", "Label", "label"),
        DisplayField("PROJECT", "Project", "project"),
        DisplayField("GENDER_TEXT", "M/F", "gender"),
        DisplayField("DOB", "YOB", "yob"),
    ),
    "xnat:experimentData": (
        DisplayField("SESSION_ID", "ID", "ID"),
        DisplayField("LABEL", "Label", "label"),
        DisplayField("PROJECT", "Project", "project"),
        DisplayField("DATE", "Date", "date"),
    ),
    "xnat:subjectAssessorData": (
        DisplayField("SUBJECT_ID", "Subject", "subject_ID"),
        DisplayField("SUBJECT_LABEL", "Subject label", "subject_label"),
    ),
    "xnat:imageSessionData": (DisplayField("SCANNER", "Scanner", "scanner"),),
}


def display_fields(xsi_type: str) -> list[DisplayField]:
    """Return the fields of a type and of all that it extends."""
    return [field for root, fields in _FIELDS.items() if extends(xsi_type, root) for field in fields]


@dataclass(frozen=True)
class Search:
    """A search document, read.

    Attributes:
        root: the type of the things searched.
        columns: keys in the answer, each with the shortcut or XML path that it shows.
        where: the conditions' element; None when everything is wanted.
    """

    root: str
    columns: Mapping[str, str]
    where: ElementTree.Element | None

    def paths(self) -> list[str]:
        """Return all shortcuts and paths that must be known to answer, each once."""
        asked = [] if self.where is None else [self._path(node) for node in self.where.iter(_tag("criteria"))]
        return list(dict.fromkeys([*self.columns.values(), *asked]))

    def admits(self, row: Mapping[str, str]) -> bool:
        """Tell whether a row, cells by shortcut or path, meets the conditions."""
        return self.where is None or self._holds(self.where, row)

    def _holds(self, node: ElementTree.Element, row: Mapping[str, str]) -> bool:
        if node.tag == _tag("criteria"):
            value = node.findtext(_tag("value"), "")
            return _compare(row[self._path(node)], node.findtext(_tag("comparison_type"), "="), value)
        answers = [self._holds(child, row) for child in node if child.tag in _CONDITIONS]
        return any(answers) if node.get("method") == "OR" else all(answers)

    def _path(self, criterion: ElementTree.Element) -> str:
        return _shortcut(self.root, criterion.findtext(_tag("schema_field"), ""))


def _tag(name: str) -> str:
    return _NAMESPACE + name


_CONDITIONS = (_tag("criteria"), _tag("child_set"))


def read_search(text: bytes) -> Search:
    """Read a search document.

    Raises:
        Refusal: 422 for what is no XML, and for a root element that cannot be searched.
    """
    try:
        document = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise Refusal(422, f"Unable to parse search XML: {error}") from error
    root = type_named(document.findtext(_tag("root_element_name"), ""))
    if not display_fields(root):
        raise Refusal(422, "Unable to search for elements of this type.")
    columns = dict(_columns(root, document)) or {
        field.id.lower(): field.shortcut for field in display_fields(root)
    }
    return Search(root, columns, document.find(_tag("search_where")))


def _columns(root: str, document: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield key and shortcut or path of the fields that a document asks for."""
    known = display_fields(root)
    for asked in document.iter(_tag("search_field")):
        name = asked.findtext(_tag("field_ID"), "")
        path = _shortcut(root, name)
        key = next((field.id for field in known if path == field.shortcut), name.rpartition("/")[2])
        yield key.lower(), path


def _shortcut(root: str, name: str) -> str:
    """Return the shortcut of a display field or of a plain path, or else the path as it is."""
    local = name.rpartition("/")[2]
    for field in display_fields(root):
        if name == field.id or local in (field.shortcut, field.id):
            return field.shortcut
    return name


def _compare(cell: str, comparison: str, value: str) -> bool:
    """Compare as databases do: numbers as numbers, dates by the calendar, LIKE without case, NULL never."""
    if not cell:
        return False
    if comparison.upper() == "LIKE":
        pattern = ".*".join(re.escape(part) for part in value.split("%"))
        return re.fullmatch(pattern, cell, re.IGNORECASE | re.DOTALL) is not None
    compare = _COMPARISONS.get(comparison)
    if compare is None:
        raise Refusal(422, f"Unknown comparison: {comparison}")
    try:
        return compare(float(cell), float(value))
    except ValueError:
        return compare(cell, _iso_date(value))


def _iso_date(text: str) -> str:
    """Return a date as it is stored, if the text is one as Americans write it; else the text."""
    try:
        return datetime.strptime(text, "%m/%d/%Y").date().isoformat()
    except ValueError:
        return text
