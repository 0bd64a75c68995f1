"""A stage for one dialog: the look of the program, and nothing else."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.screen import Screen

from xnat_tui.app import stylesheets, themes


class Stage(App[None], inherit_bindings=False):
    """Shows one screen and keeps what it ends with."""

    CSS_PATH = stylesheets.paths()

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self._shown = screen
        self.results: list[Any] = []
        self.copied: list[str] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.tokens(self.current_theme)

    def on_mount(self) -> None:
        for theme in themes.HOUSE_THEMES:
            self.register_theme(theme)
        self.theme = themes.DEFAULT
        self.push_screen(self._shown, self.results.append)
