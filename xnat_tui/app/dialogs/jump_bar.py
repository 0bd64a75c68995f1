"""The line after `:`: type a label, an id or an address, choose where it is ambiguous, and go there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, OptionList, Static

from xnat_tui.app.archive.jump import HINT, Wish, read_wish
from xnat_tui.app.archive.jump_choices import Suggestions, describe
from xnat_tui.app.archive.seen import Seen
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.loader import Loader
from xnat_tui.app.memory import Place
from xnat_tui.app.text import plural, visible
from xnat_tui.core.exceptions import InvalidValueError, XnatTuiError


@dataclass(frozen=True)
class Jump:
    """Where somebody chose to go.

    Attributes:
        line: what was typed.
        place: where to; None for a command.
        command: one of `archive.jump.COMMANDS`, else "".
    """

    line: str
    place: Place | None = None
    command: str = ""


class JumpBar(ModalScreen[Jump | None]):
    """Ends with where to go, or with None. An error is said below the line, and what was typed stays."""

    AUTO_FOCUS = "#jump-line"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"jump--where"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "close", show=False),
        Binding("down", "choose(1)", "next", show=False),
        Binding("up", "choose(-1)", "previous", show=False),
        Binding("tab", "complete", "complete", show=False, priority=True),
    ]

    @dataclass
    class Gathered(Message):
        """What is loaded can be searched now."""

        seen: Seen

    @dataclass
    class Found(Message):
        """The server answered a wish."""

        wish: Wish
        answer: list[Place] | XnatTuiError

    def __init__(
        self,
        gather: Callable[[], Seen],
        find: Callable[[Wish, str], list[Place]],
        loader: Loader,
        local: Loader,
        glyphs: Glyphs,
        *,
        base_url: str,
        suggestions: Suggestions,
    ) -> None:
        """Prepare the bar.

        Args:
            gather: makes what is loaded searchable; takes a moment.
            find: asks the server for a wish, in a project; blocks, and raises an XnatTuiError.
            loader: runs `find`.
            local: runs `gather`, which says nothing about the server.
            glyphs: how to draw.
            base_url: the server's address, for pasted ones.
            suggestions: what to offer; its `seen` comes later.
        """
        super().__init__(id="jump")
        self._gather = gather
        self._find = find
        self._loader = loader
        self._local = local
        self._glyphs = glyphs
        self._base_url = base_url
        self._suggestions = suggestions
        self._places: list[Place] = []
        self._asked: Wish | None = None

    def compose(self) -> ComposeResult:
        """The line, what there is to say, and the choices."""
        with Vertical(id="jump-bar"):
            line = Input(
                placeholder=HINT, id="jump-line", compact=True, suggester=_Completion(self.completion)
            )
            line.highlighter = None
            yield line
            yield Static(markup=False, id="jump-word")
            yield OptionList(id="jump-places", markup=False, compact=True)

    def on_mount(self) -> None:
        """Offer the recent places; gather the loaded ones meanwhile."""
        self.query_one("#jump-places").can_focus = False
        self._local.wish(
            "seen", self._gather, lambda seen: self.post_message(self.Gathered(seen)), lambda _: None
        )
        self._offer(self._suggestions.places(""))

    def on_input_submitted(self) -> None:
        """Go there."""
        self._submit()

    def completion(self, line: str) -> str:
        """The line that is probably meant, "" for none."""
        return self._suggestions.completion(line) if line else ""

    def on_jump_bar_gathered(self, message: Gathered) -> None:
        """Offer what is loaded."""
        self._suggestions = replace(self._suggestions, seen=message.seen)
        if self._asked is None:
            self._offer(self._suggestions.places(self._line))

    @property
    def _line(self) -> str:
        return self.query_one("#jump-line", Input).value

    def on_input_changed(self) -> None:
        """Narrow the choices; an answer under way is not waited for any more."""
        self._asked = None
        self._say("")
        self._offer(self._suggestions.places(self._line))

    def _submit(self) -> None:
        """Go to the chosen place, else to what the line says."""
        chosen = self.query_one("#jump-places", OptionList).highlighted
        if chosen is not None:
            self._go(self._places[chosen])
            return
        if loaded := self._suggestions.named(self._line):
            self._take(loaded)
            return
        try:
            wish = read_wish(self._line, self._base_url)
        except InvalidValueError as error:
            self._say(error.message, is_error=True)
            return
        self._fulfil(wish)

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Go to the clicked place."""
        self._go(self._places[message.option_index])

    def action_choose(self, step: int) -> None:
        """Move through the choices; above the first one is the line itself."""
        places = self.query_one("#jump-places", OptionList)
        at = -1 if places.highlighted is None else places.highlighted
        at = min(at + step, len(self._places) - 1)
        places.highlighted = at if at >= 0 else None

    def action_complete(self) -> None:
        """Take the completion that is shown in grey."""
        self.query_one("#jump-line", Input).action_cursor_right()

    def action_leave(self) -> None:
        """Stay where one is."""
        self.dismiss(None)

    def _fulfil(self, wish: Wish) -> None:
        if wish.command:
            self.dismiss(Jump(self._line.strip(), command=wish.command))
            return
        self._asked = wish
        self._say(f"asking the server{self._glyphs.ellipsis}")
        self._loader.wish(
            "jump",
            partial(self._find, wish, self._suggestions.project),
            lambda places: self.post_message(self.Found(wish, places)),
            lambda error: self.post_message(self.Found(wish, error)),
        )

    def on_jump_bar_found(self, message: Found) -> None:
        """Go there, let choose, or say why not; unless the line was changed meanwhile."""
        if message.wish is not self._asked:
            return
        self._asked = None
        if isinstance(message.answer, XnatTuiError):
            self._say(message.answer.message, is_error=True)
        elif message.answer:
            self._take(message.answer)
        else:
            self._say(f"Nothing on this server is called {message.wish.shown!r}.", is_error=True)

    def _take(self, places: Sequence[Place]) -> None:
        if len(places) == 1:
            self._go(places[0])
            return
        self._say(f"{plural(len(places), 'place')} may be meant; choose with the arrows")
        self._offer(places)
        self.query_one("#jump-places", OptionList).highlighted = 0

    def _go(self, place: Place) -> None:
        self.dismiss(Jump(self._line.strip(), place))

    def _offer(self, places: Sequence[Place]) -> None:
        self._places = list(places)
        where = self.get_component_rich_style("jump--where", partial=True)
        width = max(40, self.size.width - 6)
        options = self.query_one("#jump-places", OptionList)
        options.clear_options()
        for place in self._places:
            label, rest = describe(place, width, self._glyphs)
            options.add_option(Text(label, no_wrap=True).append(rest, style=where))
        options.display = bool(self._places)

    def _say(self, word: str, *, is_error: bool = False) -> None:
        line = self.query_one("#jump-word", Static)
        line.update(Text(visible(word, ascii_only=self._glyphs.ascii_only)))
        line.set_class(is_error, "-error")
        line.display = bool(word)


class _Completion(Suggester):
    """Completes from what the bar knows at that moment, hence without a cache."""

    def __init__(self, complete: Callable[[str], str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        """The whole line, None when there is none."""
        return self._complete(value) or None
