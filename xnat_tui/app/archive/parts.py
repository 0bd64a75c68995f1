"""The tabs of the details panel and the parts they are made of: each is one thing to read and to draw."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from xnat_tui.app.archive.blocks import Block
from xnat_tui.app.archive.detail import Detail
from xnat_tui.app.archive.detail_text import draw_detail
from xnat_tui.app.archive.file_listing import FileListing, draw_files
from xnat_tui.app.archive.history import History, draw_history
from xnat_tui.app.archive.look import Look
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.archive.preview import Preview
from xnat_tui.app.archive.preview_text import draw_preview


class Tab(StrEnum):
    """What the panel can show; the value is its stable id."""

    DETAILS = "details"
    FILES = "files"
    HISTORY = "history"

    @property
    def heading(self) -> str:
        """Its name on the screen."""
        return self.value.capitalize()

    def after(self, steps: int) -> Tab:
        """The tab so many steps to the right, going round."""
        tabs = list(Tab)
        return tabs[(tabs.index(self) + steps) % len(tabs)]


class Part(Enum):
    """One thing to read; a tab shows one or several."""

    FACTS = "facts"
    PREVIEW = "preview"
    FILES = "files"
    HISTORY = "history"


Content = Detail | Preview | FileListing | History


@dataclass
class TabChoice:
    """Which tab is chosen; shared by the panels of a server, so that the choice stays."""

    tab: Tab = Tab.DETAILS


def parts_of(tab: Tab, ref: NodeRef) -> tuple[Part, ...]:
    """What a tab shows of a thing, from top to bottom."""
    match tab:
        case Tab.FILES:
            return (Part.FILES,)
        case Tab.HISTORY:
            return (Part.HISTORY,)
    return (Part.FACTS, Part.PREVIEW) if ref.kind is Kind.FILE else (Part.FACTS,)


def draw_content(content: Content, width: int, height: int, look: Look) -> list[Block]:
    """One part in `width` cells; pictures fit in `height` lines."""
    match content:
        case Detail():
            return draw_detail(content, width, look)
        case Preview():
            return draw_preview(content, width, height, look)
        case FileListing():
            return draw_files(content, width, look)
        case History():
            return draw_history(content, width, look)
