"""What any pane, and any thread, may tell the app."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from xnat_tui.core.exceptions import XnatTuiError


@dataclass
class Heard(Message):
    """The outcome of a read: None or its error, and whether a person asked for just this."""

    error: XnatTuiError | None
    asked: bool

    def can_replace(self, message: Message) -> bool:
        """Of several good answers one says it all."""
        return isinstance(message, Heard) and message.error is None and self.error is None


@dataclass
class Probed(Message):
    """The outcome of a question that the program asked by itself, to see whether the server answers."""

    error: XnatTuiError | None


@dataclass
class ServerWanted(Message):
    """Somebody wants another server: the name of a profile or an address, "" to be asked which."""

    text: str = ""
