"""The table of actions: every key means one thing, and none is a key that terminals own."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from xnat_tui.app.actions import ACTIONS, Scope, bindings, for_footer, of_scope
from xnat_tui.app.app import XnatTuiApp
from xnat_tui.app.screens.archive import ArchiveScreen
from xnat_tui.app.widgets.detail_panel import DetailPanel
from xnat_tui.app.widgets.nav_tree import NavTree
from xnat_tui.core.settings import Config

OWNERS = {
    Scope.EVERYWHERE: XnatTuiApp,
    Scope.ARCHIVE: ArchiveScreen,
    Scope.ARCHIVE: ArchiveScreen,
    Scope.TREE: NavTree,
    Scope.DETAILS: DetailPanel,
}


def test_ids_are_unique() -> None:
    assert not [id for id, times in Counter(action.id for action in ACTIONS).items() if times > 1]


@pytest.mark.parametrize("scope", list(Scope))
def test_no_key_means_two_things(scope: Scope) -> None:
    offered = [*of_scope(scope), *(of_scope(Scope.EVERYWHERE) if scope is not Scope.EVERYWHERE else ())]
    keys = Counter(key for action in offered for key in action.keys)
    assert not [key for key, times in keys.items() if times > 1]


def test_no_key_belongs_to_the_terminal() -> None:
    owned = re.compile(r"ctrl\+([hijmsqabz]|left_square_bracket)$|alt\+")
    assert not [key for action in ACTIONS for key in action.keys if owned.match(key)]


def test_textuals_own_quit_key_is_gone() -> None:
    assert "ctrl+q" not in XnatTuiApp(Config())._bindings.key_to_bindings


@pytest.mark.parametrize("scope", list(Scope))
def test_every_action_is_done_by_its_owner(scope: Scope) -> None:
    for binding in bindings(scope):
        assert hasattr(OWNERS[scope], f"action_{binding.action}"), binding.id


@pytest.mark.parametrize("scope", list(Scope))
def test_the_footer_shows_eight_keys_at_most_and_always_the_way_out(scope: Scope) -> None:
    shown = for_footer(scope)
    assert len(shown) <= 8
    assert {"app.show_help", "app.quit"} <= {action.id for action in shown}
