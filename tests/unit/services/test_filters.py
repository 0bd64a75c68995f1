"""Filters that XNAT would read as something else are refused."""

from __future__ import annotations

from datetime import date

import pytest

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.services.filters import FilterValue, exact_filters


def test_values_are_written_as_xnat_reads_them() -> None:
    where = {"label": "S-1 a", "yob": 1990, "weight": 70.5, "dob": date(1990, 2, 1)}
    assert exact_filters(where) == {"label": "S-1 a", "yob": "1990", "weight": "70.5", "dob": "02/01/1990"}
    assert exact_filters(None) == {}


@pytest.mark.parametrize("value", ["", "a,b", "a*", "50%", "R&D", "it's", "<", '"', -1, -0.5])
def test_patterns_lists_and_ranges_are_refused(value: FilterValue) -> None:
    with pytest.raises(InvalidValueError):
        exact_filters({"label": value})


@pytest.mark.parametrize("column", ["", "xsiType", "limit", "columns", "format"])
def test_what_is_no_column_is_refused(column: str) -> None:
    with pytest.raises(InvalidValueError, match="no column"):
        exact_filters({column: "x"})
