"""What is refused before anything is sent."""

from __future__ import annotations

import pytest

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.services.checks import (
    check_date,
    check_new_label,
    check_new_resource_label,
    check_single_scan,
    check_time,
    check_xsi_type,
)
from xnat_tui.services.types import session_type_of


@pytest.mark.parametrize("label", ["", "a&b", "it's", "a/b", "a b", "<a>", "ü", "a,b", "a\n", "x" * 256, "*"])
def test_labels_that_xnat_garbles_are_refused(label: str) -> None:
    with pytest.raises(InvalidValueError, match="The label of a subject cannot"):
        check_new_label(label, "The label of a subject")


def test_a_resource_of_digits_alone_is_refused() -> None:
    check_new_resource_label("2nd")
    with pytest.raises(InvalidValueError, match="digits alone"):
        check_new_resource_label("123")


@pytest.mark.parametrize("scan_id", ["*", "ALL", "all", "1,2", "1*"])
def test_several_scans_are_not_one(scan_id: str) -> None:
    with pytest.raises(InvalidValueError, match="single scan"):
        check_single_scan(scan_id)


@pytest.mark.parametrize("scan_id", ["1", "2-MR1", "BOLD_1", "small"])
def test_ids_of_scans_are_texts(scan_id: str) -> None:
    check_single_scan(scan_id)


@pytest.mark.parametrize("day", ["01/02/2024", "2024-13-01", "2024-1-1", "20240101", "today", ""])
def test_other_forms_of_dates_are_refused(day: str) -> None:
    with pytest.raises(InvalidValueError, match="not a date"):
        check_date(day)


@pytest.mark.parametrize("moment", ["25:00:00", "9:00:00", "09:00", "noon"])
def test_other_forms_of_times_are_refused(moment: str) -> None:
    with pytest.raises(InvalidValueError, match="not a time"):
        check_time(moment)


def test_types_have_a_prefix() -> None:
    check_xsi_type("xnat:mrSessionData")
    with pytest.raises(InvalidValueError, match="not the name of a type"):
        check_xsi_type("MR")


@pytest.mark.parametrize(
    ("modality", "xsi_type"),
    [
        ("MR", "xnat:mrSessionData"),
        ("pet", "xnat:petSessionData"),
        ("PET/MR", "xnat:petmrSessionData"),
        ("otherdicom", "xnat:otherDicomSessionData"),
        ("my:scanSession", "my:scanSession"),
    ],
)
def test_modalities_stand_for_types(modality: str, xsi_type: str) -> None:
    assert session_type_of(modality) == xsi_type


def test_an_unknown_modality_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="'XYZ'"):
        session_type_of("XYZ")
