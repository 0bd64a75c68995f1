"""Labels and ids in the order in which people count."""

from __future__ import annotations

from xnat_tui.models.sorting import natural_key


def test_numbers_sort_by_value() -> None:
    assert sorted(["10", "2", "1-MR1", "1"], key=natural_key) == ["1", "1-MR1", "2", "10"]


def test_case_does_not_part_neighbours() -> None:
    assert sorted(["s10", "S9", "S2", "a"], key=natural_key) == ["a", "S2", "S9", "s10"]


def test_leading_zeros_keep_a_fixed_order() -> None:
    assert sorted(["S1", "S01", "S001"], key=natural_key) == ["S001", "S01", "S1"]


def test_digits_and_texts_are_comparable() -> None:
    labels = ["", "7", "a7", "7a", "²", "٣"]
    assert sorted(reversed(labels), key=natural_key) == sorted(labels, key=natural_key)
