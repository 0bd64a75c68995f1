"""Filter and order of the tree: on what is loaded, not on what is drawn."""

from __future__ import annotations

import time

import pytest

from tests.unit.app.trees import level, node, open_filled, refs, shown, tree_of
from xnat_tui.app.archive.filtering import EVERYTHING, Filter
from xnat_tui.app.archive.level import Level
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.archive.ordering import Order, sortable
from xnat_tui.app.archive.tree_model import TreeModel
from xnat_tui.models.rows import SubjectRow


@pytest.fixture
def tree() -> TreeModel:
    """Two projects, the first open with three subjects, the second of which is open with two sessions."""
    tree = tree_of("A", "B")
    open_filled(tree, "A", Kind.SUBJECT, "sub-1", "sub-2", "sub-10")
    open_filled(tree, "sub-2", Kind.SESSION, "mr-1", "pet-1")
    return tree


def test_what_a_match_lies_in_stays(tree: TreeModel) -> None:
    tree.set_filter(Filter("PET"))
    assert shown(tree) == ["A", "sub-2", "pet-1"]
    assert (tree.matches, tree.candidates) == (1, 7)


def test_what_lies_in_a_match_stays_where_nothing_of_it_matches(tree: TreeModel) -> None:
    tree.set_filter(Filter("sub-2"))
    assert shown(tree) == ["A", "sub-2", "mr-1", "pet-1"]


def test_an_inverted_filter_takes_rows_away_with_all_below(tree: TreeModel) -> None:
    tree.set_filter(Filter("!sub-2"))
    assert shown(tree) == ["A", "sub-1", "sub-10", "B"]
    tree.set_filter(Filter("!pet"))
    assert shown(tree) == ["A", "sub-1", "sub-2", "mr-1", "sub-10", "B"]


def test_a_lone_exclamation_mark_filters_nothing(tree: TreeModel) -> None:
    tree.set_filter(Filter("!"))
    assert len(tree.rows) == 7


def test_where_nothing_passes_a_row_says_so(tree: TreeModel) -> None:
    tree.set_filter(Filter("nothing like it"))
    assert shown(tree) == ["()"]
    tree.set_filter(EVERYTHING)
    assert len(tree.rows) == 7


def test_the_cursor_stays_on_its_row_or_goes_to_the_next(tree: TreeModel) -> None:
    tree.move_to(tree.index(node(tree, "sub-10")))
    tree.set_filter(Filter("sub-1"))
    assert tree.at_cursor is node(tree, "sub-10")
    tree.set_filter(Filter("sub-2"))
    assert tree.at_cursor is node(tree, "sub-2")


def test_the_filter_applies_to_what_is_loaded_later(tree: TreeModel) -> None:
    tree.set_filter(Filter("1"))
    project = node(tree, "A")
    tree.fill(project, level(project, Kind.SUBJECT, "sub-1", "sub-2", "sub-3", "sub-11"))
    assert shown(tree) == ["A", "sub-1", "sub-2", "mr-1", "pet-1", "sub-11"]


def test_a_match_that_is_opened_shows_what_is_in_it() -> None:
    tree = tree_of("A", "B")
    tree.set_filter(Filter("a"))
    open_filled(tree, "A", Kind.SUBJECT, "s1", "s2")
    assert shown(tree) == ["A", "s1", "s2"]


def test_only_a_shown_text_of_the_same_length_is_highlighted() -> None:
    assert Filter("T1").span("2  t1_mprage") == (3, 5)
    assert Filter("!t1").span("t1") == (0, 0)
    assert Filter("s").span("Straße s") == (0, 0), "its folded form is longer"


def with_born(tree: TreeModel, **born: str) -> None:
    project = node(tree, "A")
    rows = [SubjectRow(id=id, label=id, yob=yob) for id, yob in born.items()]
    tree.open(project)
    tree.fill(project, Level([NodeRef(Kind.SUBJECT, row.id, row.id, project.ref, row) for row in rows]))


def test_rows_are_sorted_by_a_fact_with_the_unknown_last() -> None:
    tree = tree_of("A")
    with_born(tree, s1="1950", s2="", s3="1940")
    tree.move_to(1)
    tree.set_order(Kind.SUBJECT, Order("born"))
    assert shown(tree) == ["A", "s3", "s1", "s2"]
    assert tree.at_cursor is node(tree, "s1")
    tree.set_order(Kind.SUBJECT, Order("born", is_reversed=True))
    assert shown(tree) == ["A", "s1", "s3", "s2"]


def test_order_and_filter_go_together_and_outlive_a_refresh() -> None:
    tree = tree_of("A")
    with_born(tree, s10="1950", s11="1940", s2="1930")
    tree.set_order(Kind.SUBJECT, Order("label", is_reversed=True))
    tree.set_filter(Filter("s1"))
    assert shown(tree) == ["A", "s11", "s10"]
    with_born(tree, s10="1950", s12="1940")
    assert shown(tree) == ["A", "s12", "s10"]


def test_only_rows_of_the_kind_change_places() -> None:
    tree = tree_of("A")
    project = node(tree, "A")
    tree.open(project)
    both = [*refs(project, Kind.SUBJECT, "1", "2"), *refs(project, Kind.RESOURCE, "3", "4")]
    tree.fill(project, Level(both))
    tree.set_order(Kind.SUBJECT, Order("label", is_reversed=True))
    assert shown(tree) == ["A", "2", "1", "3", "4"]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.SITE])
def test_everything_can_be_sorted_by_all_that_is_offered(kind: Kind) -> None:
    tree = tree_of("A")
    for column in sortable(kind):
        Level(refs(tree.root, kind, "1", "2")).arranged({kind: Order(column)})


def test_a_hundred_thousand_rows_are_filtered_between_two_keys() -> None:
    tree = tree_of("A")
    project = node(tree, "A")
    tree.open(project)
    tree.fill(project, level(project, Kind.SUBJECT, *(f"S{number:06}" for number in range(100_000))))
    started = time.thread_time()
    for text in ("9", "99", "999", "!9", ""):
        tree.set_filter(Filter(text))
        tree.move_to(len(tree.rows) // 2)
        assert tree.at_cursor is not None
    assert (time.thread_time() - started) / 5 < 0.05
