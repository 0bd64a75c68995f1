"""The line at the top: where one is, as whom, and whether the server answers."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from xnat_tui.app.archive.breadcrumb import breadcrumb
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.link import Link
from xnat_tui.app.text import visible

_STATES = {
    Link.CONNECTING: "header--waiting",
    Link.ONLINE: "header--good",
    Link.RETRYING: "header--waiting",
    Link.OFFLINE: "header--failed",
    Link.EXPIRED: "header--failed",
    Link.LOGGED_OUT: "header--waiting",
}
_READ_ONLY = "read-only"


class HeaderBar(Widget):
    """Breadcrumb at the left; user, server and connection at the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "header--name",
        "header--who",
        "header--read-only",
        *_STATES.values(),
    }

    link: reactive[Link] = reactive(Link.CONNECTING)
    place: reactive[tuple[str, ...]] = reactive(())
    link_words: reactive[str] = reactive("")
    who: reactive[str] = reactive("")
    is_read_only: reactive[bool] = reactive(False)

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="header")
        self._glyphs = glyphs

    def on_mount(self) -> None:
        """Follow the app."""
        for name in ("link", "link_words", "who", "is_read_only"):
            self.watch(self.app, name, partial(setattr, self, name))

    def render(self) -> Text:
        """One line, as wide as the screen."""
        right = self._right()
        name = " xnat-tui  "
        room = self.size.width - cell_len(name) - right.cell_len - 2
        where = breadcrumb(self.place, max(10, room), self._glyphs)
        line = Text(no_wrap=True, overflow="crop")
        line.append(name, style=self._style("header--name"))
        line.append(where)
        line.append(" " * max(2, room - cell_len(where) + 2))
        return line.append(right)

    def _right(self) -> Text:
        """Who, what is refused, and how the connection is."""
        who = visible(self.who, self.size.width // 3, ascii_only=self._glyphs.ascii_only)
        right = Text(no_wrap=True)
        right.append(f"{who}  ", style=self._style("header--who"))
        if self.is_read_only:
            right.append(f"{_READ_ONLY}  ", style=self._style("header--read-only"))
        return right.append(f"{self._sign()} {self.link_words} ", style=self._style(_STATES[self.link]))

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name, partial=True)

    def _sign(self) -> str:
        signs = {
            Link.ONLINE: self._glyphs.online,
            Link.OFFLINE: self._glyphs.offline,
            Link.EXPIRED: self._glyphs.failed,
            Link.LOGGED_OUT: self._glyphs.offline,
        }
        return signs.get(self.link, self._glyphs.waiting)
