"""Whether this machine can show a web page beside the terminal. No Textual."""

from __future__ import annotations

import webbrowser

_IN_THE_TERMINAL = frozenset({"www-browser", "links", "elinks", "lynx", "w3m"})
"""Browsers that would take the terminal away from us."""


def has_window() -> bool:
    """Whether there is a web browser, and one with a window of its own."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    return getattr(browser, "name", "") not in _IN_THE_TERMINAL
