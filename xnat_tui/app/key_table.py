"""The README's table of keys, made from the table of actions. Knows nothing of a user's own key map."""

from __future__ import annotations

from xnat_tui.app.actions import Action, Scope, of_scope
from xnat_tui.app.keys import key_name

BEGIN = "<!-- keys: made from the table of actions; tests compare -->"
END = "<!-- end of keys -->"


def key_table() -> str:
    """One row for each action in the order of the help, as a table in Markdown."""
    rows = [_row(scope, action) for scope in Scope for action in of_scope(scope)]
    return "\n".join(["| where | keys | what |", "|---|---|---|", *rows]) + "\n"


def with_key_table(page: str) -> str:
    """The same page with the present table between its two marks.

    Raises:
        ValueError: a mark is missing.
    """
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no room for the keys between {BEGIN} and {END}")
    return f"{head}{BEGIN}\n{key_table()}{END}{tail}"


def _row(scope: Scope, action: Action) -> str:
    keys = " ".join(f"`{_in_markdown(key_name(key))}`" for key in action.keys)
    return f"| {scope.value} | {keys} | {_in_markdown(action.help)} |"


def _in_markdown(text: str) -> str:
    return text.replace("|", r"\|")
