"""The log-in form: choose a server or type its address, name and password; every refusal beside its field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList, Static

from xnat_tui.app.loader import Loader
from xnat_tui.app.site import LogIn
from xnat_tui.app.text import visible
from xnat_tui.core.credential import Credential
from xnat_tui.core.exceptions import (
    AuthenticationError,
    InvalidValueError,
    PermissionDeniedError,
    XnatTuiError,
)
from xnat_tui.core.settings import Profile
from xnat_tui.core.uri import normalise_base_url

_FIELDS = ("url", "username", "password")


class ConnectScreen(ModalScreen[LogIn | None]):
    """Ends with the log-in that worked, or with None when the user left.

    A password that was refused is never sent a second time; what was typed stays.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "cancel", show=False)]

    @dataclass
    class Opened(Message):
        """The server took the log-in."""

        log_in: LogIn

    @dataclass
    class Refused(Message):
        """It did not work."""

        log_in: LogIn
        error: XnatTuiError

    def __init__(
        self,
        attempt: Callable[[LogIn], object],
        loader: Loader,
        *,
        title: str = "Connect to an XNAT server",
        choices: Sequence[Profile] = (),
        start: Profile | None = None,
        error: XnatTuiError | None = None,
        fixed_server: bool = False,
    ) -> None:
        """Prepare the form.

        Args:
            attempt: tries a log-in; blocks, and raises an XnatTuiError when it fails.
            loader: runs the attempt.
            title: says what for.
            choices: servers to choose from.
            start: what the fields hold at first.
            error: why the form is there, shown at once.
            fixed_server: only name and password can be changed.
        """
        super().__init__(id="connect")
        self._attempt = attempt
        self._loader = loader
        self._title = title
        self._choices = choices
        self._template = start
        self._error = error
        self._fixed_server = fixed_server
        self._refused: set[tuple[str, str, str]] = set()
        self._trying: LogIn | None = None

    def compose(self) -> ComposeResult:
        """The servers to choose from, three fields, and room for a refusal below each group."""
        with Vertical(classes="dialog", id="connect-form") as dialog:
            dialog.border_title = Text(visible(self._title))
            dialog.border_subtitle = "Enter connects · Esc leaves"
            if self._choices and not self._fixed_server:
                yield OptionList(*(Text(self._describe(choice)) for choice in self._choices), id="servers")
            yield Label("Address")
            yield Input(
                self._template.url if self._template else "",
                placeholder="https://xnat.example.org",
                id="url",
                compact=True,
                disabled=self._fixed_server,
            )
            yield Static(markup=False, classes="refusal", id="url-refusal")
            yield Label("User")
            yield Input(self._template.username if self._template else "", id="username", compact=True)
            yield Label("Password")
            yield Input(password=True, id="password", compact=True)
            yield Static(markup=False, classes="refusal", id="password-refusal")
            yield Static(markup=False, id="connect-state")

    def on_mount(self) -> None:
        """Start where something is missing."""
        if self._error is not None:
            self._show_refusal(self._error)
        if self.query("#servers") and self._template is None:
            self.query_one("#servers").focus()
        else:
            self._focus_first_empty()

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Fill in a known server."""
        self._template = self._choices[message.option_index]
        self._input("url").value = self._template.url
        self._input("username").value = self._template.username
        self._focus_first_empty()

    def on_input_submitted(self) -> None:
        """Connect, or go where something is missing."""
        if not self._focus_first_empty() and self._trying is None:
            self._submit()

    def action_cancel(self) -> None:
        """Give up the attempt under way; without one, leave."""
        if self._trying is None:
            self.dismiss(None)
        else:
            self._trying = None
            self._say("")

    def _submit(self) -> None:
        self._clear_refusals()
        try:
            log_in = self._typed()
        except InvalidValueError as error:
            self._show_refusal(error)
            return
        if _secret_of(log_in) in self._refused:
            self._refuse("password", "The server refused this password; it is not sent again.")
        else:
            self._try(log_in)

    def _try(self, log_in: LogIn) -> None:
        self._trying = log_in
        self._say("connecting, Esc cancels")
        self._loader.wish(
            "connect",
            partial(self._attempt, log_in),
            lambda _: self.post_message(self.Opened(log_in)),
            lambda error: self.post_message(self.Refused(log_in, error)),
        )

    def on_connect_screen_opened(self, message: Opened) -> None:
        """Done, unless it was given up meanwhile."""
        if message.log_in is self._trying:
            self.dismiss(message.log_in)

    def on_connect_screen_refused(self, message: Refused) -> None:
        """Keep what was typed and say why it did not work."""
        if message.log_in is not self._trying:
            return
        self._trying = None
        self._say("")
        if isinstance(message.error, AuthenticationError):
            self._refused.add(_secret_of(message.log_in))
        self._show_refusal(message.error)

    def _show_refusal(self, error: XnatTuiError) -> None:
        about_user = isinstance(error, AuthenticationError | PermissionDeniedError)
        self._refuse("password" if about_user else "url", str(error))

    def _refuse(self, field: str, sentence: str) -> None:
        self.query_one(f"#{field}-refusal", Static).update(visible(sentence))
        if not self._input(field).disabled:
            self._input(field).focus()

    def _clear_refusals(self) -> None:
        for refusal in self.query(".refusal").results(Static):
            refusal.update("")

    def _say(self, sentence: str) -> None:
        self.query_one("#connect-state", Static).update(sentence)

    def _typed(self) -> LogIn:
        """What the fields say; a chosen profile's other settings count only for its own server."""
        url = normalise_base_url(self._input("url").value)
        chosen = self._template
        profile = chosen if chosen is not None and chosen.url == url else Profile(url=url)
        credential = Credential(self._input("username").value.strip(), self._input("password").value)
        return LogIn(profile, credential)

    def _focus_first_empty(self) -> bool:
        """Go to the first field that is empty; false when none is."""
        empty = next((name for name in _FIELDS if not self._input(name).value.strip()), None)
        if empty is not None:
            self._input(empty).focus()
        return empty is not None

    def _input(self, name: str) -> Input:
        return self.query_one(f"#{name}", Input)

    @staticmethod
    def _describe(choice: Profile) -> str:
        return visible(f"{choice.name}  {choice.url}")


def _secret_of(log_in: LogIn) -> tuple[str, str, str]:
    return log_in.profile.url, log_in.credential.username, log_in.credential.password
