"""Names of keys: as people write them, and as Textual calls them. Does not load Textual."""

from __future__ import annotations

import string
import unicodedata

_SHORTER_NAMES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}


def _name_of(character: str) -> str:
    name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    return _SHORTER_NAMES.get(name, name)


_NAME_BY_CHARACTER = {character: _name_of(character) for character in " " + string.punctuation}
_CHARACTER_BY_NAME = {name: character for character, name in _NAME_BY_CHARACTER.items()}
_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super"})
_NAMED = frozenset(
    {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete"}
    | {"enter", "escape", "tab", "backspace"}
    | {f"f{number}" for number in range(1, 25)}
)
_SHOWN = {
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "escape": "Esc",
    "backspace": "Bksp",
    "space": "Space",
}
_OWNED_BY_TERMINALS = frozenset("hijmsqabz")


def canonical(key: str) -> str:
    """Textual's name of a key: `?` is `question_mark`, `Ctrl+R` is `ctrl+r`, `Shift+A` is `A`."""
    key = key.strip()
    if len(key) <= 1:
        return _NAME_BY_CHARACTER.get(key, key)
    *modifiers, last = key.lower().split("+")
    if modifiers == ["shift"] and len(last) == 1 and last.isalpha():
        return last.upper()  # all that a terminal sends for it
    return "+".join([*modifiers, _NAME_BY_CHARACTER.get(last, last)])


def is_key(key: str) -> bool:
    """Tell whether this canonical name means a key that a terminal can send."""
    *modifiers, last = key.split("+")
    is_character = last in _CHARACTER_BY_NAME or (len(last) == 1 and last.isalnum())
    return set(modifiers) <= _MODIFIERS and (last in _NAMED or is_character)


def is_forbidden(key: str) -> bool:
    """Tell whether terminals, tmux or screen keep this key to themselves or send something else for it."""
    *modifiers, last = key.split("+")
    is_owned = "ctrl" in modifiers and (last in _OWNED_BY_TERMINALS or last == "left_square_bracket")
    return "alt" in modifiers or is_owned


def key_name(key: str) -> str:
    """A key as people write it: `question_mark` is `?`, `ctrl+c` is `Ctrl+C`."""
    if "+" in key:
        return "+".join(key_name(part).capitalize() for part in key.split("+"))
    shown = _SHOWN.get(key) or _CHARACTER_BY_NAME.get(key)
    return shown or (key if len(key) == 1 else key.capitalize())
