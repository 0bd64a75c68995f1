"""Only a web browser with a window of its own may open pages."""

from __future__ import annotations

import webbrowser

import pytest

from xnat_tui.app.browser import has_window


@pytest.mark.parametrize(("name", "fits"), [("w3m", False), ("lynx", False), ("firefox", True)])
def test_a_browser_in_the_terminal_does_not_count(
    name: str, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser(name))
    assert has_window() is fits


def test_without_any_browser_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing() -> None:
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", nothing)
    assert not has_window()
