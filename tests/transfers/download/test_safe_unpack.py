"""Names from a server on this disk: nothing leaves the folder, nothing overwrites another."""

from __future__ import annotations

import pytest

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.transfers.download.safe_unpack import Names, safe_name, safe_path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../up",
        "a/../../up",
        "a/./b",
        "a//b",
        "C:/x",
        "c:\\x",
        "..\\up",
        "\\\\host\\share",
        "a/\0",
    ],
)
def test_what_would_leave_the_folder_is_refused(path: str) -> None:
    with pytest.raises(InvalidValueError, match="out of the folder"):
        safe_path(path)


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("plain name.dcm", "plain name.dcm"),
        ("folder/ü.nii.gz", "folder/ü.nii.gz"),
        ("a:b*c?.txt", "a_b_c_.txt"),
        ("line\nbreak\x7f", "line_break_"),
        ("NUL.txt", "_NUL.txt"),
        ("com1", "_com1"),
        ("dot.", "dot._"),
        ("blank ", "blank _"),
        ("-rf", "-rf"),
    ],
)
def test_odd_names_are_mapped(path: str, safe: str) -> None:
    assert safe_path(path) == safe


def test_long_names_keep_their_suffix_and_stay_different() -> None:
    one, two = safe_name("ä" * 300 + "1.dcm"), safe_name("ä" * 300 + "2.dcm")
    assert one != two
    assert max(len(one.encode()), len(two.encode())) <= 240
    assert one.endswith(".dcm")


def test_names_that_differ_in_case_only_do_not_meet() -> None:
    names = Names()
    assert [names.give(path) for path in ("a/X.dcm", "a/x.dcm", "A/x.dcm", "a/X.dcm")] == [
        "a/X.dcm",
        "a/x~2.dcm",
        "A/x~3.dcm",
        "a/X.dcm",
    ]


def test_names_that_become_equal_do_not_meet() -> None:
    names = Names()
    assert names.give("a?b") != names.give("a*b")


def test_a_name_given_before_is_kept() -> None:
    names = Names()
    assert names.give("x.dcm", wish="x~2.dcm") == "x~2.dcm"
    assert names.give("X.dcm") == "X.dcm"
