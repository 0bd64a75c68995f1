"""The palette's themes: our own and all of Textual's."""

from __future__ import annotations

from functools import partial

from rich.text import Text
from textual.command import Hit, Hits, Provider

from xnat_tui.app.providers.ranking import lit, rank

_WORD = "theme: "


class ThemeProvider(Provider):
    """Each theme by its name, found by the word "theme" as well."""

    async def search(self, query: str) -> Hits:
        """Themes whose line fits what was typed."""
        for name in sorted(self.app.available_themes):
            score, spots = rank(query, f"{_WORD}{name}")
            if score:
                now = "  in use" if name == self.app.theme else ""
                row = lit(Text(f"{_WORD}{name}", no_wrap=True), spots, self.match_style).append(
                    now, style="dim"
                )
                yield Hit(0.9 * score, row, partial(setattr, self.app, "theme", name), text=name)
