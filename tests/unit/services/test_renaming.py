"""The plan of a renaming by pattern: complete, and without collisions."""

from __future__ import annotations

import pytest

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.services.renaming import LabelPattern, Step, Verdict, plan_renames


def plan(labels: list[str], pattern: str, template: str, **options: object) -> dict[str, Step]:
    steps = plan_renames(labels, LabelPattern.parse(pattern, template), **options)  # type: ignore[arg-type]
    return {step.label: step for step in steps}


def test_groups_fill_the_template() -> None:
    steps = plan(["SUB001", "SUB002", "OTHER"], r"SUB(?P<n>\d+)", "P{n}-{1}-{0}")
    assert {label: step.target for label, step in steps.items()} == {
        "SUB001": "P001-001-SUB001",
        "SUB002": "P002-002-SUB002",
    }


def test_the_whole_label_must_match() -> None:
    assert plan(["SUB001-pilot", "xSUB001"], r"SUB\d+", "P") == {}


def test_a_target_in_use_by_an_unmatched_subject_is_skipped() -> None:
    steps = plan(["SUB001", "P001"], r"SUB(\d+)", "P{1}")
    assert steps["SUB001"].verdict is Verdict.SKIP
    assert "P001 is in use" in steps["SUB001"].reason


def test_two_sources_of_one_target_give_one_rename() -> None:
    steps = plan(["A-1", "A-2"], r"A-\d", "B")
    assert [step.verdict for step in steps.values()] == [Verdict.RENAME, Verdict.SKIP]


def test_two_sources_of_one_target_can_be_merged() -> None:
    steps = plan(["A-1", "A-2"], r"A-\d", "B", merge=True)
    assert [step.verdict for step in steps.values()] == [Verdict.RENAME, Verdict.MERGE]


@pytest.mark.parametrize("merge", [False, True])
def test_a_swap_is_skipped_on_both_sides(merge: bool) -> None:
    steps = plan(["XY", "YX"], r"(.)(.)", "{2}{1}", merge=merge)
    assert [step.verdict for step in steps.values()] == [Verdict.SKIP, Verdict.SKIP]
    assert "itself to be renamed" in steps["XY"].reason


def test_shared_subjects_are_left_alone_and_never_merged_into() -> None:
    steps = plan(["SUB1", "SUB2", "P1"], r"SUB(\d)", "P{1}", fixed={"SUB2", "P1"}, merge=True)
    assert "shared in" in steps["SUB2"].reason
    assert "shared in" in steps["SUB1"].reason


def test_no_change_and_odd_labels_are_skipped_with_a_reason() -> None:
    assert plan(["A"], "A", "A")["A"].reason == "no change"
    assert "cannot hold ' '" in plan(["A"], "A", "A b")["A"].reason
    assert "cannot be empty" in plan(["A"], "A(x)?", "{1}")["A"].reason


def test_bad_patterns_and_templates_are_refused() -> None:
    with pytest.raises(InvalidValueError, match="no regular expression"):
        LabelPattern.parse("(", "x")
    with pytest.raises(InvalidValueError, match=r"\{2\}"):
        LabelPattern.parse("(a)", "x{2}")
