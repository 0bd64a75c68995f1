"""The tree without a screen: what is visible, and where the cursor is after things changed."""

from __future__ import annotations

from tests.unit.app.trees import level, node, open_filled, refs, shown, tree_of
from xnat_tui.app.archive.level import Level
from xnat_tui.app.archive.nodes import Kind
from xnat_tui.core.exceptions import ServerBusyError


def test_the_cursor_starts_on_the_first_row() -> None:
    tree = tree_of("A", "B")
    assert tree.cursor == 0
    assert shown(tree) == ["A", "B"]


def test_opening_and_closing_splice_the_rows() -> None:
    tree = tree_of("A", "B")
    opened = open_filled(tree, "A", Kind.SUBJECT, "s1", "s2")
    assert shown(tree) == ["A", "s1", "s2", "B"]
    tree.close(opened)
    assert shown(tree) == ["A", "B"]
    assert not tree.open(opened), "what was loaded is not loaded again"
    assert shown(tree) == ["A", "s1", "s2", "B"]


def test_a_cursor_below_stays_on_its_row_when_rows_come_above_it() -> None:
    tree = tree_of("A", "B")
    tree.move_to(1)
    open_filled(tree, "A", Kind.SUBJECT, "s1", "s2")
    assert tree.at_cursor is node(tree, "B")


def test_closing_moves_a_cursor_inside_to_the_closed_node() -> None:
    tree = tree_of("A", "B")
    opened = open_filled(tree, "A", Kind.SUBJECT, "s1", "s2")
    tree.move_to(2)
    tree.close(opened)
    assert tree.at_cursor is opened


def test_a_refresh_keeps_cursor_and_open_nodes_by_id() -> None:
    tree = tree_of("A", "B")
    project = open_filled(tree, "A", Kind.SUBJECT, "s1", "s2")
    open_filled(tree, "s2", Kind.SESSION, "e1", "e2")
    tree.move_to(shown(tree).index("e2"))
    tree.fill(project, level(project, Kind.SUBJECT, "s0", "s1", "s2", "s3"))
    assert shown(tree) == ["A", "s0", "s1", "s2", "e1", "e2", "s3", "B"]
    assert tree.at_cursor is node(tree, "e2")


def test_a_refresh_that_removes_the_row_under_the_cursor_leaves_it_near() -> None:
    tree = tree_of("A", "B")
    project = open_filled(tree, "A", Kind.SUBJECT, "s1", "s2", "s3")
    tree.move_to(3)
    tree.fill(project, level(project, Kind.SUBJECT, "s1", "s2"))
    assert tree.at_cursor is node(tree, "s2")


def test_things_of_different_kinds_may_have_the_same_id() -> None:
    tree = tree_of("A")
    project = open_filled(tree, "A", Kind.SUBJECT, "7")
    both = [*refs(project, Kind.SUBJECT, "7"), *refs(project, Kind.RESOURCE, "7")]
    tree.fill(project, Level(both))
    assert [row.ref.kind for row in tree.rows[1:]] == [Kind.SUBJECT, Kind.RESOURCE]


def test_a_closed_node_forgets_its_children_when_its_parent_is_refreshed() -> None:
    tree = tree_of("A")
    opened = open_filled(tree, "A", Kind.SUBJECT, "s1")
    tree.close(opened)
    tree.fill(tree.root, level(tree.root, Kind.PROJECT, "A"))
    assert tree.open(node(tree, "A")), "it must be loaded again"


def test_failed_and_empty_nodes_say_so_below_themselves() -> None:
    tree = tree_of("A", "B")
    failed = node(tree, "A")
    tree.open(failed)
    tree.fail(failed, ServerBusyError("Not now."))
    open_filled(tree, "B", Kind.SUBJECT)
    assert shown(tree) == ["A", "(A)", "B", "(B)"]


def test_a_failed_refresh_keeps_what_was_known() -> None:
    tree = tree_of("A")
    opened = open_filled(tree, "A", Kind.SUBJECT, "s1")
    tree.fail(opened, ServerBusyError("Not now."))
    assert shown(tree) == ["A", "(A)", "s1"]


def test_the_loading_row_gives_its_place_to_the_first_child() -> None:
    tree = tree_of("A")
    opened = node(tree, "A")
    tree.open(opened)
    tree.begin(opened)
    tree.show_loading(opened)
    assert shown(tree) == ["A", "(A)"]
    tree.move_to(1)
    tree.fill(opened, level(opened, Kind.SUBJECT, "s1", "s2"))
    assert tree.at_cursor is node(tree, "s1")


def test_a_late_answer_for_something_that_is_gone_changes_nothing_visible() -> None:
    tree = tree_of("A", "B")
    gone = open_filled(tree, "A", Kind.SUBJECT, "s1")
    tree.fill(tree.root, level(tree.root, Kind.PROJECT, "B"))
    tree.fill(gone, level(gone, Kind.SUBJECT, "s1", "s2"))
    assert shown(tree) == ["B"]


def test_a_hundred_thousand_rows_open_and_close_around_the_cursor() -> None:
    tree = tree_of("A", "B")
    project = node(tree, "A")
    many = level(project, Kind.SUBJECT, *(f"s{number}" for number in range(100_000)))
    tree.open(project)
    tree.fill(project, many)
    tree.move_to(len(tree.rows))
    tree.move_to(50_000)
    open_filled(tree, "s49999", Kind.SESSION, "e1")
    tree.close(node(tree, "s49999"))
    assert tree.at_cursor is node(tree, "s49999")
