"""What a line typed after `:` asks for. Knows neither what is loaded nor the server."""

from __future__ import annotations

from dataclasses import dataclass

from xnat_tui.app.archive.nodes import Kind
from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.core.uri import Location, parse_location

LEVELS = {"p": Kind.PROJECT, "s": Kind.SUBJECT, "e": Kind.SESSION}
"""The letters that say what kind of thing a label belongs to; "e" is XNAT's experiment."""

COMMANDS = ("server", "help")
"""Words that open something else than a place of the archive."""

HINT = "p project, s subject, e session; or a label, an id, a pasted address; server; help"
"""What can be typed, for an empty line."""


@dataclass(frozen=True)
class Wish:
    """What a line asks for: exactly one of a word, a location and a command.

    Attributes:
        word: a label or an id.
        kind: what kind of thing the word names; None when the line does not say.
        location: the place that a pasted address names; its `identifier` is empty.
        command: one of `COMMANDS`.
    """

    word: str = ""
    kind: Kind | None = None
    location: Location | None = None
    command: str = ""

    @property
    def shown(self) -> str:
        """The wish for people: `subject SUB-001`."""
        return f"{self.kind.value} {self.word}" if self.kind else self.word


def read_wish(line: str, base_url: str) -> Wish:
    """Return what the line asks for.

    Args:
        line: what was typed or pasted.
        base_url: the server's address; an address on another server is refused.

    Raises:
        InvalidValueError: the line is empty, or an address that names no place here.
    """
    line = line.strip()
    if not line:
        raise InvalidValueError(f"Type where to go: {HINT}.")
    if line in COMMANDS:
        return Wish(command=line)
    kind, word = word_in(line)
    if "/" in word:
        return Wish(location=parse_location(word, base_url))
    return Wish(word, kind)


def word_in(line: str) -> tuple[Kind | None, str]:
    """The kind and the beginning of a word in a line that is still being typed."""
    letter, space, rest = line.lstrip().partition(" ")
    if space and letter in LEVELS:
        return LEVELS[letter], rest.strip()
    return None, line.strip()
