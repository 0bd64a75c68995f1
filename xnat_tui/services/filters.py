"""Filters of listings that say what they mean. XNAT applies them to subjects and experiments only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from xnat_tui.core.exceptions import InvalidValueError

FilterValue = str | int | float | date
"""What a column may be compared with."""

Filters = Mapping[str, FilterValue]
"""Values by XNAT's names of columns; a row must have all of them."""

# A comma means OR to XNAT, "*" and "%" mean anything, and the others arrive escaped as for XML.
_UNMATCHABLE = re.compile("[,*%&<>\"']")

# Parameters of listings that are no columns.
_RESERVED = frozenset(
    {
        "columns",
        "fields",
        "format",
        "limit",
        "offset",
        "recent",
        "req_format",
        "sortBy",
        "sortOrder",
        "xsiType",
    }
)


def can_be_matched(text: str) -> bool:
    """Tell whether XNAT compares a column with exactly this text, rather than with what it reads into it."""
    return bool(text) and not _UNMATCHABLE.search(text)


def exact_filters(where: Filters | None) -> dict[str, str]:
    """Return the parameters that make XNAT list only rows with exactly these values.

    Whether "a" equals "A" is up to the server's database. Columns that XNAT does not know are ignored by it.

    Args:
        where: values by column. A column of days wants a `date`: XNAT reads the hyphens of "2024-05-06" as
            those of a range.

    Raises:
        InvalidValueError: a value that XNAT would take for a pattern, a list or a range, or the name of
            something that is no column; nothing was sent.
    """
    return {column: _exact(column, value) for column, value in (where or {}).items()}


def _exact(column: str, value: FilterValue) -> str:
    if not column or column in _RESERVED:
        raise InvalidValueError(f"{column!r} is no column by which rows can be chosen.")
    if isinstance(value, date):
        return value.strftime("%m/%d/%Y")
    if not isinstance(value, str):
        # The minus sign would be read as that of a range.
        if value < 0:
            raise InvalidValueError(f"XNAT cannot look for a {column} below zero: {value}.")
        return str(value)
    if not can_be_matched(value):
        raise InvalidValueError(
            f"XNAT cannot look for exactly this {column}: {value!r}.",
            advice="List without this filter, and compare what comes.",
        )
    return value
