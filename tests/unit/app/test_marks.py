"""Marks: ids of things, whatever happens to their rows."""

from __future__ import annotations

import time

from tests.unit.app.trees import level, node, open_filled, shown, tree_of
from xnat_tui.app.archive.filtering import EVERYTHING, Filter
from xnat_tui.app.archive.node import Node
from xnat_tui.app.archive.nodes import Kind
from xnat_tui.app.archive.tree_model import TreeModel


def marked(tree: TreeModel) -> list[str]:
    return [ref.id for ref in tree.marks.refs()]


def test_marks_outlive_filter_closing_and_refresh() -> None:
    tree = tree_of("A", "B")
    project = open_filled(tree, "A", Kind.SUBJECT, "s1", "s2", "s3")
    tree.marks.toggle([node(tree, "s1").ref])
    tree.marks.toggle([node(tree, "s3").ref])
    tree.set_filter(Filter("s2"))
    tree.close(project)
    tree.fill(tree.root, level(tree.root, Kind.PROJECT, "A", "B", "C"))
    tree.set_filter(EVERYTHING)
    assert marked(tree) == ["s1", "s3"]
    again = open_filled(tree, "A", Kind.SUBJECT, "s0", "s1", "s2")
    assert marked(tree) == ["s1"], "what is gone is not marked any more"
    assert tree.marks.refs()[0] is node(tree, "s1").ref
    assert again.level is not None and node(tree, "s1").ref in tree.marks


def test_the_same_id_elsewhere_is_not_marked() -> None:
    tree = tree_of("A", "B")
    open_filled(tree, "A", Kind.SUBJECT, "s1")
    open_filled(tree, "B", Kind.SUBJECT, "s1")
    first, second = (row for row in tree.rows if isinstance(row, Node) and row.ref.id == "s1")
    tree.marks.toggle([first.ref])
    assert first.ref in tree.marks
    assert second.ref not in tree.marks


def test_all_of_a_level_are_those_that_stand() -> None:
    tree = tree_of("A")
    open_filled(tree, "A", Kind.SUBJECT, "s1", "s2", "t1")
    tree.set_filter(Filter("s"))
    tree.marks.toggle(tree.siblings(node(tree, "s1")))
    assert marked(tree) == ["s1", "s2"]
    tree.marks.toggle(tree.siblings(node(tree, "s1")))
    assert marked(tree) == [] and not tree.marks


def test_a_range_follows_the_cursor_both_ways_and_across_open_rows() -> None:
    tree = tree_of("A", "B")
    open_filled(tree, "A", Kind.SUBJECT, "s1", "s2", "s3", "s4")
    open_filled(tree, "s3", Kind.SESSION, "e1", "e2")
    assert shown(tree) == ["A", "s1", "s2", "s3", "e1", "e2", "s4", "B"]
    anchor = node(tree, "s2")
    for cursor, expected in (
        (1, "s1 s2"),
        (2, "s2"),
        (5, "s2 s3"),
        (6, "s2 s3 s4"),
        (7, "s2 s3 s4"),
        (0, "s1 s2"),
    ):
        tree.move_to(cursor)
        tree.marks.draw_range(tree.range_from(anchor))
        assert " ".join(marked(tree)) == expected
        assert len(tree.marks) == len(expected.split())
    tree.marks.end_range()
    assert marked(tree) == ["s1", "s2"]


def test_a_range_over_marks_counts_them_once() -> None:
    tree = tree_of("A", "B", "C")
    tree.marks.toggle([node(tree, "B").ref])
    tree.marks.draw_range([row.ref for row in (node(tree, "A"), node(tree, "B"))])
    assert len(tree.marks) == 2
    tree.marks.clear()
    assert len(tree.marks) == 0


def test_a_hundred_thousand_marks_take_no_time_a_person_notices() -> None:
    tree = tree_of("A")
    project = node(tree, "A")
    tree.open(project)
    tree.fill(project, level(project, Kind.SUBJECT, *(f"S{number:06}" for number in range(100_000))))
    started = time.thread_time()
    tree.marks.toggle(tree.siblings(project.child(0)))
    tree.marks.toggle(tree.siblings(project.child(0)))
    tree.move_to(99_999)
    tree.marks.draw_range(tree.range_from(project.child(0)))
    assert len(tree.marks) == 99_999
    assert time.thread_time() - started < 0.3
