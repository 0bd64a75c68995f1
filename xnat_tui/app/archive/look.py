"""How details are drawn: styles by role, and the signs. Server text becomes safe here, never markup."""

from __future__ import annotations

from dataclasses import dataclass

from rich.style import Style

from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.text import LIMIT, fit, visible


@dataclass(frozen=True)
class Look:
    """Styles by role, the signs, and whether colours say anything.

    Attributes:
        dim: for what is secondary.
        heading: for titles of sections.
        failed: for what went wrong.
        glyphs: the set of signs.
        has_colour: false where pictures must be drawn with characters alone.
    """

    dim: Style
    heading: Style
    failed: Style
    glyphs: Glyphs
    has_colour: bool = True

    def safe(self, value: str, limit: int = LIMIT) -> str:
        """A string that may be a server's on one line, of so many characters at most."""
        if self.glyphs.ascii_only:
            value = value.replace("·", "-")
        return visible(value, limit, ascii_only=self.glyphs.ascii_only)

    def cell(self, value: str, width: int, *, right: bool = False) -> str:
        """A server's string in exactly `width` cells."""
        return fit(self.safe(value), width, right=right, ellipsis=self.glyphs.ellipsis)
