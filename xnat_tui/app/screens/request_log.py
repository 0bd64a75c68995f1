"""What was asked of the server, newest first, while it happens; secrets are masked before they get here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.text import fit, human_size, plural, visible
from xnat_tui.core.requestlog import LoggedRequest

_LOOK_EVERY_S = 0.5


class RequestLogScreen(ModalScreen[None]):
    """A list that grows at its top, one line in full below it, and a filter."""

    AUTO_FOCUS = "#requests"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"log--dim", "log--good", "log--failed"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "close", show=False),
        Binding("exclamation_mark,q", "close", "close", show=False),
        Binding("slash", "filter", "filter", show=False),
        Binding("y", "copy", "copy", show=False),
        Binding("j", "move('cursor_down')", "down", show=False),
        Binding("k", "move('cursor_up')", "up", show=False),
        Binding("g", "move('first')", "top", show=False),
        Binding("G", "move('last')", "end", show=False),
    ]

    def __init__(
        self,
        entries: Callable[[], Sequence[LoggedRequest]],
        version: Callable[[], int],
        copy: Callable[[str, str], object],
        glyphs: Glyphs,
    ) -> None:
        """Prepare the screen.

        Args:
            entries: what was asked, oldest first.
            version: a number that changes with them.
            copy: gets a text to copy and what it is called.
            glyphs: how to draw.
        """
        super().__init__()
        self._entries = entries
        self._version = version
        self._copy = copy
        self._glyphs = glyphs
        self._drawn = -1
        self._shown: list[LoggedRequest] = []

    def compose(self) -> ComposeResult:
        """The list, the line in full, and the filter."""
        with Vertical(classes="dialog", id="request-log") as dialog:
            dialog.border_title = "Requests"
            dialog.border_subtitle = "/ filter · Enter in full · y copy · Esc closes"
            yield OptionList(id="requests", markup=False, compact=True)
            yield Static("no requests", id="no-requests", markup=False)
            yield Static(id="request", markup=False)
            yield Input(placeholder="filter", id="request-filter", compact=True)

    def on_mount(self) -> None:
        """Show what there is, and look for more now and then."""
        self.query_one("#request").display = False
        self.query_one("#request-filter").display = False
        self.set_interval(_LOOK_EVERY_S, self._look)
        self.call_after_refresh(self._look)

    def on_resize(self) -> None:
        """Draw for the new width."""
        self._drawn = -1
        self.call_after_refresh(self._look)

    def on_input_changed(self) -> None:
        """Narrow the list."""
        self._drawn = -1
        self._look()

    def on_input_submitted(self) -> None:
        """Back to the list, narrowed."""
        self.query_one("#requests").focus()

    def on_option_list_option_selected(self) -> None:
        """Show the line in full, or no longer."""
        line = self.query_one("#request", Static)
        line.display = not line.display
        self._show_full()

    def on_option_list_option_highlighted(self) -> None:
        """The line in full follows."""
        self._show_full()

    def action_move(self, how: str) -> None:
        """Move in the list as its own keys do."""
        getattr(self.query_one("#requests", OptionList), f"action_{how}")()

    def action_filter(self) -> None:
        """Type what the lines are to hold."""
        line = self.query_one("#request-filter", Input)
        line.display = True
        line.focus()

    def action_copy(self) -> None:
        """Copy the line under the cursor in full."""
        if (entry := self._chosen()) is not None:
            self._copy(full_line(entry), "request")

    def action_leave(self) -> None:
        """Clear the filter; without one close."""
        line = self.query_one("#request-filter", Input)
        if not line.display:
            self.dismiss()
            return
        line.value = ""
        line.display = False
        self.query_one("#requests").focus()

    def action_close(self) -> None:
        """Back to where one was."""
        self.dismiss()

    def _look(self) -> None:
        """Draw the list anew if there is something new."""
        version = self._version()
        if version == self._drawn or not self.is_attached:
            return
        self._drawn = version
        wanted = self.query_one("#request-filter", Input).value.casefold()
        entries = self._entries()
        chosen = self._chosen()
        self._shown = [entry for entry in reversed(entries) if wanted in full_line(entry).casefold()]
        self._fill(chosen)
        self.query_one("#no-requests").display = not self._shown
        self.query_one("#request-log").border_title = Text(f"Requests · {self._count(len(entries))}")

    def _fill(self, chosen: LoggedRequest | None) -> None:
        """Draw the entries; the cursor stays on its entry, and at the top where it was there."""
        requests = self.query_one("#requests", OptionList)
        was_on_top = not requests.highlighted
        width = requests.scrollable_content_region.width or self.size.width - 8
        requests.clear_options()
        requests.add_options([Option(self._row(entry, width)) for entry in self._shown])
        at = 0 if was_on_top else next((n for n, entry in enumerate(self._shown) if entry is chosen), 0)
        requests.highlighted = at if self._shown else None

    def _count(self, total: int) -> str:
        if len(self._shown) == total:
            return plural(total, "request")
        return f"{len(self._shown)} of {plural(total, 'request')}"

    def _chosen(self) -> LoggedRequest | None:
        at = self.query_one("#requests", OptionList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def _show_full(self) -> None:
        entry = self._chosen()
        text = full_line(entry) if entry else ""
        line = visible(text, 4000, ascii_only=self._glyphs.ascii_only)
        self.query_one("#request", Static).update(Text(line, overflow="fold"))

    def _row(self, entry: LoggedRequest, width: int) -> Text:
        dim, good, failed = (
            self.get_component_rich_style(f"log--{name}", partial=True) for name in ("dim", "good", "failed")
        )
        row = Text(no_wrap=True)
        row.append(f"{entry.at:%H:%M:%S} ", style=dim).append(fit(entry.method, 7))
        facts = f"  {_status(entry):>5} {entry.duration_ms:>6.0f} ms {human_size(entry.size_bytes):>7}"
        what = f"{entry.path}  {entry.error}" if entry.error else entry.path
        room = width - row.cell_len - len(facts)
        row.append(fit(self._safe(what), room, ellipsis=self._glyphs.ellipsis))
        return row.append(facts, style=_style_of(entry, good, failed))

    def _safe(self, text: str) -> str:
        return visible(text, ascii_only=self._glyphs.ascii_only)


def full_line(entry: LoggedRequest) -> str:
    """All that is known of one exchange, on one line."""
    parts = [
        f"{entry.at:%Y-%m-%d %H:%M:%S}Z",
        entry.method,
        entry.path,
        _status(entry),
        f"{entry.duration_ms:.0f} ms",
        f"{entry.size_bytes} bytes",
        entry.error,
    ]
    return " ".join(part for part in parts if part)


def _status(entry: LoggedRequest) -> str:
    return str(entry.status) if entry.status else "none"


def _style_of(entry: LoggedRequest, good: Style, failed: Style) -> Style:
    return good if 0 < entry.status < 400 else failed
