"""Keys of the user's own: what is taken, what is refused, and that the refusal names the way out."""

from __future__ import annotations

import pytest

from xnat_tui.app.actions import ACTIONS, Action, Scope
from xnat_tui.app.keymap import check_keymap, normalise
from xnat_tui.app.keys import canonical, is_forbidden, is_key, key_name

TABLE = (
    Action("tree.open_node", ("l", "right"), "open", "Open", Scope.TREE),
    Action("tree.reload", ("R", "f5"), "refresh", "Ask again", Scope.TREE),
    Action("details.reload", ("R", "f5"), "refresh", "Ask again", Scope.DETAILS),
    Action("archive.go", ("colon",), "go", "Go", Scope.ARCHIVE),
    Action("app.quit", ("q",), "quit", "Leave", Scope.EVERYWHERE),
)


def problems(**keymap: str) -> list[str]:
    dotted = {id.replace("__", "."): keys for id, keys in keymap.items()}
    return [f"{p.action_id}: {p.message} {p.advice}".strip() for p in check_keymap(dotted, TABLE)]


def test_the_defaults_themselves_are_a_valid_key_map() -> None:
    keymap = {action.id: ",".join(action.keys) for action in ACTIONS}
    assert list(check_keymap(keymap)) == []


@pytest.mark.parametrize("keys", ["F6", "ctrl+r", "?, f1", "shift+F5", "space", "Ctrl+PageDown", "x,X", "/"])
def test_good_keys_are_taken(keys: str) -> None:
    assert problems(tree__reload=keys) == []


def test_an_unknown_action_gets_a_suggestion() -> None:
    (problem,) = problems(tree__relaod="f6")
    assert "no such action" in problem and "'tree.reload'" in problem


@pytest.mark.parametrize("keys", ["", "f6,", "ctrl+", "hyper+x", "PgDown", "ab", "f99"])
def test_what_is_no_key_is_refused(keys: str) -> None:
    (problem,) = problems(tree__reload=keys)
    assert "key" in problem


@pytest.mark.parametrize("keys", ["ctrl+h", "Ctrl+M", "ctrl+[", "alt+x", "ctrl+alt+x", "ctrl+shift+z"])
def test_keys_of_terminals_are_refused(keys: str) -> None:
    (problem,) = problems(tree__reload=keys)
    assert "belongs to terminals" in problem


@pytest.mark.parametrize(
    ("id", "key", "other"),
    [
        ("tree__reload", "l", "tree.open_node"),
        ("tree__reload", "q", "app.quit"),
        ("app__quit", "f5", "tree.reload"),
        ("tree__reload", ":", "archive.go"),
    ],
)
def test_a_clash_names_the_other_action(id: str, key: str, other: str) -> None:
    (problem,) = problems(**{id: key})
    assert other in problem


def test_two_panes_may_use_the_same_key() -> None:
    assert problems(tree__reload="x", details__reload="x") == []


def test_keys_can_be_swapped() -> None:
    assert problems(tree__reload="l", tree__open_node="R") == []


def test_two_new_keys_that_clash_are_both_named() -> None:
    assert [problem.split(":")[0] for problem in problems(tree__reload="x", app__quit="x")] == [
        "tree.reload",
        "app.quit",
    ]


def test_keys_get_their_canonical_names() -> None:
    assert normalise({"a.b": "? , G,Ctrl+R"}) == {"a.b": "question_mark,G,ctrl+r"}


@pytest.mark.parametrize(
    ("written", "name", "shown"),
    [
        ("?", "question_mark", "?"),
        ("/", "slash", "/"),
        ("<", "less_than_sign", "<"),
        ("G", "G", "G"),
        ("Shift+G", "G", "G"),
        ("shift+tab", "shift+tab", "Shift+Tab"),
        ("Ctrl+R", "ctrl+r", "Ctrl+R"),
        ("ctrl+/", "ctrl+slash", "Ctrl+/"),
        ("pagedown", "pagedown", "PgDn"),
        ("F5", "f5", "F5"),
        ("enter", "enter", "Enter"),
    ],
)
def test_names_of_keys(written: str, name: str, shown: str) -> None:
    assert canonical(written) == name
    assert key_name(name) == shown
    assert is_key(name) and not is_forbidden(name)


def test_all_keys_of_the_table_are_keys_by_their_canonical_names() -> None:
    for action in ACTIONS:
        for key in action.keys:
            assert canonical(key) == key and is_key(key), action.id
