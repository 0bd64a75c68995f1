"""Filter values of listings, read as XNAT reads them: comma means OR, `*` and `%` LIKE, `a-b` a range."""

from __future__ import annotations

from datetime import datetime

from xnat_tui.demo.archive.columns import Column


class QueryFailed(Exception):
    """A filter value that XNAT's database would stumble over."""


def condition(column: Column, value: str) -> tuple[str, list[object]]:
    """Return the SQL condition that a filter value makes of a column, and its arguments.

    Raises:
        QueryFailed: a date that is not MM/DD/YYYY (XNAT takes the hyphens of an ISO date for a range) or
            a number that is none.
    """
    parts, args = [], list[object]()
    for word in value.split(","):
        sql, more = _word(column, word.strip())
        parts.append(sql)
        args += [*column.args, *more] if column.args else more
    return f"({' OR '.join(parts)})", args


def _word(column: Column, word: str) -> tuple[str, list[object]]:
    if word == "NULL":
        return f"coalesce({column.sql}, '') = ''", []
    if column.kind == "text":
        if "*" in word or "%" in word:
            return f"{column.sql} LIKE ?", [word.replace("*", "%")]
        return f"{column.sql} = ?", [word]
    convert = _iso_date if column.kind == "date" else _number
    first, dash, last = word.partition("-")
    low, high = convert(first), convert(last if dash else first)
    stored = f"substr({column.sql}, 1, 10)" if column.kind == "date" else column.sql
    return f"{stored} BETWEEN ? AND ?", [low, high]


def _iso_date(text: str) -> str:
    try:
        return datetime.strptime(text.strip(), "%m/%d/%Y").date().isoformat()
    except ValueError as error:
        raise QueryFailed(f"invalid input syntax for type date: {text}") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise QueryFailed(f"invalid input syntax for type double precision: {text}") from error
