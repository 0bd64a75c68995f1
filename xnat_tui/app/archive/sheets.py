"""CSV and TSV as tables, as far as a preview needs them."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from itertools import islice

from xnat_tui.app.archive.table import Head, Table
from xnat_tui.app.text import plural

_MOST_ROWS = 500
_MOST_COLUMNS = 40
_NUMBER = re.compile(r"\s*([-+]?\d*[.,]?\d*(e[-+]?\d+)?|n/?a|nan)\s*", re.IGNORECASE)


def read_sheet(text: str, *, is_whole: bool) -> Table | None:
    """The text as a table whose first row is the heading; None when it is no table.

    Commas, semicolons and tabs separate, whichever the first line has most of.

    Args:
        text: the beginning of the file.
        is_whole: whether it is all of it; otherwise the last line is left out, it may be cut.
    """
    lines = text.splitlines()[: None if is_whole else -1]
    if not lines:
        return None
    separator = max(",;\t", key=lines[0].count)
    try:
        rows = [row[:_MOST_COLUMNS] for row in islice(csv.reader(lines, delimiter=separator), _MOST_ROWS + 1)]
    except csv.Error:
        return None
    titles, *rows = rows
    if len(titles) < 2:
        return None
    width = len(titles)
    cells = [tuple((*row, *[""] * width)[:width]) for row in rows if row]
    heads = [Head(title, _is_numeric([row[at] for row in cells])) for at, title in enumerate(titles)]
    unshown = max(0, len(lines) - 1 - len(rows))
    return Table.of(plural(len(cells) + unshown, "row") if is_whole else "", heads, cells, unshown=unshown)


def _is_numeric(values: Sequence[str]) -> bool:
    return any(values) and all(_NUMBER.fullmatch(value) for value in values)
