"""What can be copied of things: the choices behind `y`, with their values. No Textual, no clipboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xnat_tui.app import snippets
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.core.exceptions import InvalidValueError

KEYS = "ilupcse"
"""The letters of all choices, in the order of the menu."""


@dataclass(frozen=True)
class Copy:
    """One thing that can be copied.

    Attributes:
        key: the letter that chooses it.
        name: what it is.
        text: what is copied; "" when there is nothing.
        reason: why there is nothing.
        count: of how many things the text speaks.
    """

    key: str
    name: str
    text: str
    reason: str = ""
    count: int = 1

    @property
    def telling_line(self) -> str:
        """One line of the text that shows what it is: of a program the last one, else the first."""
        lines = self.text.strip().splitlines() or [self.reason]
        return lines[-1 if self.key == "s" else 0].strip()


def copies(refs: Sequence[NodeRef], base_url: str, username: str, error: str = "") -> tuple[Copy, ...]:
    """Everything that can be copied of some things, one line each, in the order of the menu.

    Args:
        refs: the marked things, or the one under the cursor.
        base_url: the server's address.
        username: who is logged in there, "" for a guest.
        error: the error that is shown, "" for none.
    """
    refs = [ref for ref in refs if ref.kind is not Kind.SITE]
    return (
        _copy("i", "id", refs, lambda ref: snippets.without_controls(ref.id)),
        _copy("l", "label", refs, lambda ref: snippets.without_controls(ref.label)),
        _copy("u", "URL", refs, lambda ref: snippets.web_page(base_url, ref)),
        _copy("p", "REST path", refs, snippets.rest_path),
        _copy("c", "curl", refs, lambda ref: snippets.curl_command(base_url, username, ref)),
        _made("s", "services", refs, lambda: snippets.services_snippet(base_url, username, refs)),
        Copy("e", "error", error, "" if error else "No error is shown here."),
    )


def _copy(key: str, name: str, refs: Sequence[NodeRef], view: Callable[[NodeRef], str]) -> Copy:
    """One line for each thing."""
    return _made(key, name, refs, lambda: "\n".join(map(view, refs)))


def _made(key: str, name: str, refs: Sequence[NodeRef], make: Callable[[], str]) -> Copy:
    if not refs:
        return Copy(key, name, "", "Nothing is selected.")
    try:
        return Copy(key, name, make(), count=len(refs))
    except InvalidValueError as error:
        return Copy(key, name, "", error.message)
