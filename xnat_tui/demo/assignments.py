"""Reads which fields a PUT sets, from shortcuts and full XML paths in its parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xnat_tui.demo.archive.columns import READ_ONLY, Shortcuts
from xnat_tui.demo.archive.types import extends
from xnat_tui.demo.calls import Query
from xnat_tui.demo.refusal import Refusal

_CUSTOM = re.compile(r"fields/field\[name=(.+?)\]/field")
_DEMOGRAPHICS = re.compile(r"demographics(?:\[[^\]]*\])?/(.+)")
_DATES = frozenset({"date", "dob"})
_NUMBERS = frozenset(
    {
        *("yob", "age", "ses", "education", "weight", "height", "gestational_age", "birth_weight"),
        *("post_menstrual_age", "frames", "dcmPatientWeight"),
    }
)


@dataclass
class Assignments:
    """What a PUT sets; a None clears a field.

    Attributes:
        values: fields by their path below the type.
        demographics: fields of a subject's demographics.
        fields: custom variables by name.
    """

    values: dict[str, Any] = field(default_factory=dict)
    demographics: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)

    def put(self, path: str, text: str) -> None:
        """Note the value of a path; empty ones are ignored and `NULL` clears."""
        if not text:
            return
        custom, demographic = _CUSTOM.fullmatch(path), _DEMOGRAPHICS.fullmatch(path)
        if custom:
            self.fields[custom[1]] = None if text == "NULL" else text
        elif demographic:
            self.demographics[demographic[1]] = typed(demographic[1], text)
        else:
            self.values[path] = typed(path, text)


def read_assignments(
    query: Query, xsi_type: str, shortcuts: Shortcuts | None, *, bare: bool = False
) -> Assignments:
    """Return what parameters set on an object of a type.

    Args:
        query: the parameters.
        xsi_type: type of the object; paths of types that it does not extend are passed over.
        shortcuts: short names that count, or None for full paths only.
        bare: whether paths without a type before them count, as they do on subjects only.
    """
    found = Assignments()
    for key, text in query:
        prefix, slash, path = key.partition("/")
        if ":" in prefix and slash:
            if extends(xsi_type, prefix):
                found.put(path, text)
        elif shortcuts and key in shortcuts.names:
            if key not in READ_ONLY:
                found.put(shortcuts.names[key].path, text)
        elif bare and slash:
            found.put(key, text)
    return found


def implied_type(query: Query) -> str:
    """Return the type in `xsiType`, or the one that a full path in the parameters implies; or empty."""
    if query.get("xsiType"):
        return query.get("xsiType")
    for key, _ in query:
        prefix, slash, _ = key.partition("/")
        if slash and ":" in prefix:
            return prefix
    return ""


def typed(path: str, text: str) -> Any:
    """Return the value of a text: dates as ISO, numbers as numbers, `NULL` as None.

    Raises:
        Refusal: 400 for a date that is none.
    """
    name = path.rpartition("/")[2]
    if text == "NULL":
        return None
    if name in _DATES:
        return iso_date(text)
    if name in _NUMBERS:
        try:
            return int(text) if text.lstrip("-").isdigit() else float(text)
        except ValueError as error:
            raise Refusal(400, f"Invalid number for {name}: {text}") from error
    return text


def iso_date(text: str) -> str:
    """Return a date given as ISO or MM/DD/YYYY in ISO form.

    Raises:
        Refusal: 400 when it is neither.
    """
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%Y%m%d"):
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    raise Refusal(400, f"Invalid date: {text}")
