"""The log-in form: choose a server or type its address, name and password; every refusal beside its field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Checkbox, Input, Label, OptionList, Static

from xnat_tui.app.dialogs.certificate import CertificateDialog
from xnat_tui.app.loader import Loader
from xnat_tui.app.servers import Entry, Servers
from xnat_tui.app.site import LogIn
from xnat_tui.app.text import fit, visible
from xnat_tui.core.credential import Credential
from xnat_tui.core.exceptions import (
    AuthenticationError,
    CertificateError,
    ConfigError,
    InvalidValueError,
    PermissionDeniedError,
    XnatTuiError,
)
from xnat_tui.core.keystore import has_keystore
from xnat_tui.core.settings import Profile
from xnat_tui.core.uri import normalise_base_url

_FIELDS = ("url", "username", "password")


class Tick(Checkbox):
    """A box to tick, in characters that every terminal has and that tell without colour."""

    BUTTON_LEFT = "["
    BUTTON_INNER = " "
    BUTTON_RIGHT = "]"

    def watch_value(self) -> None:
        """Show the tick only when it is set."""
        self.BUTTON_INNER = "x" if self.value else " "
        super().watch_value()


class ConnectScreen(ModalScreen[LogIn | None]):
    """Ends with the log-in that worked, or with None when the user left.

    A password that was refused is never sent a second time; what was typed stays.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "cancel", show=False)]

    @dataclass
    class Opened(Message):
        """The server took the log-in."""

        entry: Entry
        log_in: LogIn

    @dataclass
    class Refused(Message):
        """It did not work."""

        entry: Entry
        error: XnatTuiError

    @dataclass
    class Found(Message):
        """This machine keeps a log-in for a profile, or none."""

        profile: Profile
        credential: Credential | None

    class KeystoreFound(Message):
        """There is a key store that takes passwords."""

    def __init__(
        self,
        attempt: Callable[[Entry], LogIn],
        loader: Loader,
        servers: Servers,
        *,
        title: str = "Connect to an XNAT server",
        start: Profile | None = None,
        error: XnatTuiError | None = None,
        again: bool = False,
        eager: bool = False,
        stays: bool = False,
    ) -> None:
        """Prepare the form.

        Args:
            attempt: tries a log-in and returns the one that is in force then; blocks, and raises an
                XnatTuiError when it fails.
            loader: runs the attempt.
            servers: those to choose from, and where new ones are saved.
            title: says what for.
            start: what the fields hold at first.
            error: why the form is there, shown at once.
            again: it is about the server of `start` only, whose data stays on the screen.
            eager: log in at once if this machine keeps the password of `start`.
            stays: a server is open to which leaving the form goes back.
        """
        super().__init__(id="connect")
        self._attempt = attempt
        self._loader = loader
        self._servers = servers
        self._choices = () if again else servers.choices()
        self._title = title
        self._template = start
        self._error = error
        self._again = again
        self._eager = eager
        self._stays = stays
        self._refused: set[tuple[str, str, str]] = set()
        self._trying: Entry | None = None
        self._tried: Entry | None = None

    def compose(self) -> ComposeResult:
        """The servers to choose from, the fields, and room for a refusal below each group."""
        with Vertical(classes="dialog", id="connect-form") as dialog:
            dialog.border_title = Text(visible(self._title))
            leave = "goes on without" if self._again else "goes back" if self._stays else "leaves"
            dialog.border_subtitle = f"Enter connects · Esc {leave}"
            if self._choices:
                yield OptionList(*(Text(self._describe(choice)) for choice in self._choices), id="servers")
            yield from self._field("url", "Address", placeholder="https://xnat.example.org")
            yield from self._field("username", "User")
            yield from self._field("password", "Password", password=True)
            if not self._again:
                yield from self._field("save-as", "Profile", placeholder="a name, to save it")
            yield Tick("Keep the password in the key store", compact=True, id="keep", classes="absent")
            yield Static(markup=False, id="connect-state")

    def _field(
        self, name: str, label: str, *, placeholder: str = "", password: bool = False
    ) -> ComposeResult:
        with Horizontal(classes="field"):
            yield Label(label)
            yield Input(
                placeholder=placeholder,
                password=password,
                id=name,
                compact=True,
                disabled=name == "url" and self._again,
            )
        yield Static(markup=False, classes="refusal", id=f"{name}-refusal")

    def on_mount(self) -> None:
        """Start where something is missing."""
        if self._template is not None:
            self._input("url").value = self._template.url
            self._input("username").value = self._template.username
        self._loader.wish("key store", has_keystore, self._tell_of_keystore, lambda _: None)
        if self._choices and self._template is None:
            self.query_one("#servers").focus()
        else:
            self._focus_first_empty()
        if self._error is not None:
            self._show_refusal(self._error)
        elif self._eager and self._template is not None:
            self._find_credential(self._template)

    def _tell_of_keystore(self, is_there: bool) -> None:
        if is_there:
            self.post_message(self.KeystoreFound())

    def on_connect_screen_keystore_found(self) -> None:
        """Offer to keep the password."""
        self.query_one("#keep").remove_class("absent")

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Fill in a known server, and go there if this machine keeps its password."""
        self._template = self._choices[message.option_index]
        self._input("url").value = self._template.url
        self._input("username").value = self._template.username
        self._input("password").value = ""
        self._focus_first_empty()
        self._find_credential(self._template)

    def _find_credential(self, profile: Profile) -> None:
        self._loader.wish(
            "credential",
            partial(self._servers.find_credential, profile),
            lambda credential: self.post_message(self.Found(profile, credential)),
            lambda _: None,
        )

    def on_connect_screen_found(self, message: Found) -> None:
        """Log in with what this machine keeps, unless somebody types already."""
        is_chosen = message.profile is self._template and not self._input("password").value
        if message.credential is not None and is_chosen and self._trying is None:
            self._try(Entry(LogIn(message.profile, message.credential)))

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
            entry = self._typed()
        except InvalidValueError as error:
            self._show_refusal(error)
            return
        try:
            self._servers.check_name(entry)
        except InvalidValueError as error:
            self._refuse("save-as", str(error))
            return
        if _secret_of(entry.log_in) in self._refused:
            self._refuse("password", "The server refused this password; it is not sent again.")
        else:
            self._try(entry)

    def _try(self, entry: Entry) -> None:
        self._trying = self._tried = entry
        source = entry.log_in.credential.source
        self._say(f"connecting{f' with the password of {source}' if source else ''}, Esc cancels")
        self._loader.wish(
            "connect",
            partial(self._attempt, entry),
            lambda log_in: self.post_message(self.Opened(entry, log_in)),
            lambda error: self.post_message(self.Refused(entry, error)),
        )

    def on_connect_screen_opened(self, message: Opened) -> None:
        """Done, unless it was given up meanwhile."""
        if message.entry is self._trying:
            self.dismiss(message.log_in)

    def on_connect_screen_refused(self, message: Refused) -> None:
        """Keep what was typed and say why it did not work."""
        if message.entry is not self._trying:
            return
        self._trying = None
        self._say("")
        if isinstance(message.error, AuthenticationError):
            self._refused.add(_secret_of(message.entry.log_in))
        self._show_refusal(message.error)

    def _show_refusal(self, error: XnatTuiError) -> None:
        if isinstance(error, CertificateError) and not self._again:
            self._explain_certificate(error)
        if isinstance(error, ConfigError) and self.query("#save-as"):
            self._refuse("save-as", str(error))
        else:
            about_user = isinstance(error, AuthenticationError | PermissionDeniedError)
            self._refuse("password" if about_user else "url", str(error))

    def _explain_certificate(self, error: CertificateError) -> None:
        """Show the certificate; an authority that is named then counts for the next attempt."""
        url = normalise_base_url(self._input("url").value)

        def go_on(ca_file: str | None) -> None:
            if ca_file is not None:
                template = (
                    self._template if self._template and self._template.url == url else Profile(url=url)
                )
                self._template = template.model_copy(update={"ca_file": ca_file})
                self._go_on_with(self._template)

        self.app.push_screen(CertificateDialog(url, error, self._loader), go_on)

    def _go_on_with(self, profile: Profile) -> None:
        """Try again what failed, or what this machine keeps for the profile."""
        if self._tried is not None and self._tried.log_in.profile.url == profile.url:
            self._try(replace(self._tried, log_in=LogIn(profile, self._tried.log_in.credential)))
        elif not self._focus_first_empty():
            self._submit()
        else:
            self._find_credential(profile)

    def _refuse(self, field: str, sentence: str) -> None:
        self.query_one(f"#{field}-refusal", Static).update(visible(sentence))
        if not self._input(field).disabled:
            self._input(field).focus()

    def _clear_refusals(self) -> None:
        for refusal in self.query(".refusal").results(Static):
            refusal.update("")

    def _say(self, sentence: str) -> None:
        self.query_one("#connect-state", Static).update(sentence)

    def _typed(self) -> Entry:
        """What the fields say; a chosen profile's other settings count only for its own server."""
        url = normalise_base_url(self._input("url").value)
        chosen = self._template
        profile = chosen if chosen is not None and chosen.url == url else Profile(url=url)
        credential = Credential(
            self._input("username").value.strip(), self._input("password").value, profile.provider
        )
        save_as = "" if self._again else self._input("save-as").value.strip()
        return Entry(LogIn(profile, credential), save_as, self.query_one("#keep", Tick).value)

    def _focus_first_empty(self) -> bool:
        """Go to the first field that is empty; false when none is."""
        empty = next((name for name in _FIELDS if not self._input(name).value.strip()), None)
        if empty is not None:
            self._input(empty).focus()
        return empty is not None

    def _input(self, name: str) -> Input:
        return self.query_one(f"#{name}", Input)

    def _describe(self, choice: Profile) -> str:
        width = min(20, max(cell_len(visible(other.name)) for other in self._choices))
        return f"{fit(visible(choice.name), width)}  {visible(choice.url)}"


def _secret_of(log_in: LogIn) -> tuple[str, str, str]:
    return log_in.profile.url, log_in.credential.username, log_in.credential.password
