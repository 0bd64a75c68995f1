"""The line at the top: where one is, as whom, and whether the server answers."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from xnat_tui.app.archive.breadcrumb import breadcrumb
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.text import visible


class Link(Enum):
    """State of the connection; the value is the word that is shown."""

    CONNECTING = "connecting"
    ONLINE = "online"
    OFFLINE = "offline"
    LOGGED_OUT = "logged out"


_STATES = {
    Link.CONNECTING: "header--waiting",
    Link.ONLINE: "header--good",
    Link.OFFLINE: "header--failed",
    Link.LOGGED_OUT: "header--waiting",
}


class HeaderBar(Widget):
    """Breadcrumb at the left; user, server and connection at the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"header--name", "header--who", *_STATES.values()}

    link: reactive[Link] = reactive(Link.CONNECTING)
    place: reactive[tuple[str, ...]] = reactive(())
    who: reactive[str] = reactive("")

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="header")
        self._glyphs = glyphs

    def on_mount(self) -> None:
        """Follow the app's `link` and `who`."""
        self.watch(self.app, "link", lambda link: setattr(self, "link", link))
        self.watch(self.app, "who", lambda who: setattr(self, "who", who))

    def render(self) -> Text:
        """One line, as wide as the screen."""
        state = f"{self._sign()} {self.link.value} "
        who = visible(self.who, self.size.width // 3, ascii_only=self._glyphs.ascii_only)
        name = " xnat-tui  "
        room = self.size.width - cell_len(name) - cell_len(who) - len(state) - 4
        where = breadcrumb(self.place, max(10, room), self._glyphs)
        line = Text(no_wrap=True, overflow="crop")
        line.append(name, style=self._style("header--name"))
        line.append(where)
        line.append(" " * max(2, room - cell_len(where) + 2))
        line.append(f"{who}  ", style=self._style("header--who"))
        line.append(state, style=self._style(_STATES[self.link]))
        return line

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name, partial=True)

    def _sign(self) -> str:
        signs = {Link.ONLINE: self._glyphs.online, Link.OFFLINE: self._glyphs.offline}
        return signs.get(self.link, self._glyphs.waiting)
