"""The user's own keys: what `[keymap]` of the configuration may say, and what follows from it. No Textual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xnat_tui.app.actions import ACTIONS, Action, Scope
from xnat_tui.app.keys import canonical, is_forbidden, is_key, key_name
from xnat_tui.core.config import KeymapProblem, suggestion

_AROUND = frozenset({Scope.EVERYWHERE, Scope.ARCHIVE})
"""Scopes whose keys also count inside others."""


def normalise(keymap: Mapping[str, str]) -> dict[str, str]:
    """The same with Textual's names of keys, separated by commas, as its `set_keymap` wants them."""
    return {id: ",".join(canonical(key) for key in keys.split(",")) for id, keys in keymap.items()}


def check_keymap(keymap: Mapping[str, str], actions: Sequence[Action] = ACTIONS) -> Iterator[KeymapProblem]:
    """Give everything that is wrong with a key map: unknown actions and keys, forbidden keys, clashes.

    Args:
        keymap: keys, separated by commas, by id of the action.
        actions: all actions that there are.
    """
    known = {action.id: action for action in actions}
    normalised = normalise(keymap)
    for id, keys in normalised.items():
        if id not in known:
            advice = suggestion(id, list(known)) or "The README lists all actions."
            yield KeymapProblem(id, "there is no such action.", advice)
            continue
        for key in keys.split(","):
            if problem := _problem_of(key):
                yield KeymapProblem(id, problem)
            elif other := _other_owner(known[id], key, normalised, actions):
                sentence = f"{key_name(key)} is already the key of {other.id} ({other.help.lower()})."
                yield KeymapProblem(id, sentence, f"Give {other.id} another key, too.")


def _problem_of(key: str) -> str:
    if not key:
        return "names no key."
    if not is_key(key):
        return f"{key!r} is not a key."
    if is_forbidden(key):
        return f"{key_name(key)} belongs to terminals, tmux or screen and never arrives as itself."
    return ""


def _other_owner(
    action: Action, key: str, keymap: Mapping[str, str], actions: Sequence[Action]
) -> Action | None:
    """Another action that the same key would mean where `action` is offered."""
    for other in actions:
        if other is not action and _meet(action, other) and key in other.keys_in(keymap):
            return other
    return None


def _meet(one: Action, other: Action) -> bool:
    return one.scope is other.scope or bool(_AROUND & {one.scope, other.scope})
