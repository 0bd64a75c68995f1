"""The terminal program: wires server, screens, themes and the table of actions together."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.actions import ActionParseResult
from textual.app import App
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.reactive import reactive

from xnat_tui.app import actions, clipboard, stylesheets, themes
from xnat_tui.app.connection import Connection
from xnat_tui.app.errands import Errands
from xnat_tui.app.filters import line_filters
from xnat_tui.app.glyphs import ASCII, UNICODE
from xnat_tui.app.jumps import Jumps
from xnat_tui.app.keymap import normalise
from xnat_tui.app.link import Link, LinkState
from xnat_tui.app.memory import Memory, UserMemory, user_memory_file
from xnat_tui.app.messages import Heard, Probed, ServerWanted
from xnat_tui.app.providers.actions import ActionProvider
from xnat_tui.app.providers.places import PlaceProvider
from xnat_tui.app.providers.themes import ThemeProvider
from xnat_tui.app.refusals import action_target, refusal
from xnat_tui.app.screens.archive import ArchiveScreen
from xnat_tui.app.screens.palette import Palette
from xnat_tui.app.site import LogIn, Site
from xnat_tui.app.type_ahead import TypeAhead
from xnat_tui.core.credential import Credential
from xnat_tui.core.paths import state_dir
from xnat_tui.core.settings import Config, Profile

if TYPE_CHECKING:
    from xnat_tui.core.client import XNATClient

_SAVE_EVERY_S = 30.0


@dataclass(frozen=True)
class AppOptions:
    """What the command line and the configuration say about the screen.

    Attributes:
        theme: name of a colour theme, "" for the one chosen last, else the house theme.
        ascii: draw with plain ASCII only.
        mouse: react to the mouse.
        read_only: refuse everything that changes something.
        state_dir: where what is remembered is kept.
    """

    theme: str = ""
    ascii: bool = False
    mouse: bool = True
    read_only: bool = False
    state_dir: Path = field(default_factory=state_dir)


class XnatTuiApp(App[None], inherit_bindings=False):
    """Browses one server at a time. Owns the connection, what is remembered, and the screens.

    Attributes:
        link: what the server does for us.
        link_words: the same in words, with the seconds until the next try.
        who: user and server, for the header.
        is_read_only: whether everything that changes something is refused.
        keymap: keys by id of the action, where they differ from the table of actions.
        jumps: going to places by name.
        errands: what is done with things at hand.
    """

    TITLE = "xnat-tui"
    CSS_PATH: ClassVar[list[str | PurePath]] = [*stylesheets.paths()]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - typed by Textual
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(actions.Scope.EVERYWHERE)]
    COMMANDS = {ActionProvider, PlaceProvider, ThemeProvider}  # noqa: RUF012 - typed by Textual

    link: reactive[Link] = reactive(Link.CONNECTING)
    link_words: reactive[str] = reactive(Link.CONNECTING.value)
    who: reactive[str] = reactive("")
    is_read_only: reactive[bool] = reactive(False)
    keymap: reactive[Mapping[str, str]] = reactive({})

    def __init__(
        self,
        config: Config,
        target_profile: Profile | None = None,
        *,
        client: XNATClient | None = None,
        credential: Credential | None = None,
        options: AppOptions | None = None,
    ) -> None:
        """Prepare the program; nothing is sent before it runs.

        Args:
            config: the configuration, for its profiles and keys.
            target_profile: the server to open; None asks.
            client: a client for that server that exists already; it is closed with the program.
            credential: who to log in as; without one (and without a client) the log-in form opens.
            options: looks and limits.
        """
        super().__init__()
        self._options = options or AppOptions()
        self._profile = target_profile
        self._glyphs = ASCII if self._options.ascii else UNICODE
        self._user = UserMemory.load(user_memory_file(self._options.state_dir))
        self._connection = Connection(
            self, config, self._user, self._options.state_dir, read_only=self._options.read_only
        )
        self.jumps = Jumps(self, self._connection, self._glyphs)
        self.errands = Errands(self, self._connection, self._glyphs)
        self._type_ahead = TypeAhead(self, super().on_event)
        self._first_theme = ""
        self._first_site: Site | None = None
        if target_profile is not None and (client is not None or credential is not None):
            log_in = LogIn(target_profile, credential or Credential())
            self._first_site = self._connection.site_of(log_in, client)
        own_keys = normalise(config.keymap)
        self.set_keymap(own_keys)
        self.set_reactive(XnatTuiApp.keymap, own_keys)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give every theme the variables that our style sheets use."""
        return themes.tokens(self.current_theme)

    def get_line_filters(self) -> list[LineFilter]:
        """Hold back what the user's terminal or eyes cannot use."""
        filters = super().get_line_filters()
        return [*line_filters(filters, ascii_only=self._options.ascii, no_color=self.no_color)]

    def on_mount(self) -> None:
        """Show the archive, or ask where it is."""
        self._choose_theme(self._options.theme or self._user.theme)
        self.set_interval(_SAVE_EVERY_S, self._save)
        if self._first_site is not None:
            self._connection.browse(self._first_site)
        else:
            self._connection.choose_server(self._profile)

    def _choose_theme(self, name: str) -> None:
        for theme in themes.HOUSE_THEMES:
            self.register_theme(theme)
        self.theme = name if name in self.available_themes else themes.DEFAULT
        if name and self.theme != name:
            self.notify(f"There is no theme {name!r}; ctrl+p lists them.", severity="warning", markup=False)
        self._first_theme = self.theme

    def _save(self) -> None:
        self._connection.save()
        if self.theme != self._first_theme:
            self._user.theme = self.theme
        self._user.save(user_memory_file(self._options.state_dir))

    def remember_screens(self) -> None:
        """Have the screens tell the memory how they are."""
        for screen in self.screen_stack:
            if isinstance(screen, ArchiveScreen):
                screen.remember()

    def _fatal_error(self) -> None:
        """Leave after a fault of our own and say where; no variables, which may hold a password."""
        from rich.traceback import Traceback

        self.panic(Traceback(show_locals=False))

    async def action_quit(self) -> None:
        """Leave at once, whatever the network does."""
        self._save()
        self.exit()

    def on_unmount(self) -> None:
        """Save what is remembered and let go of the server."""
        gc.unfreeze()
        self._type_ahead.close()
        self._save()
        self.jumps.close()
        self.errands.close()
        self._connection.close()

    def action_show_help(self) -> None:
        """Show all keys."""
        self.errands.show_help()

    def action_command_palette(self) -> None:
        """Show the palette."""
        self.push_screen(Palette())

    def action_request_log(self) -> None:
        """Show what was asked of the server."""
        self.errands.show_requests()

    def copy_to_clipboard(self, text: str) -> None:
        """Copy through whatever stands between here and the terminal."""
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(clipboard.sequences(text, os.environ))

    # Servers

    async def show_site(self, site: Site, memory: Memory) -> None:
        """Show the archive of this server and nothing of another."""
        await self.show_nothing()
        self.who = site.who
        self.is_read_only = site.is_read_only
        await self.push_screen(ArchiveScreen(site, self._connection.loader, self._glyphs, memory))
        # A full garbage collection looks at all that the program is made of, for a tenth of a second, and
        # many rows set one off. What is here now stays: it need not be looked at again.
        self.call_after_refresh(gc.freeze)

    async def show_nothing(self) -> None:
        """Take all screens away."""
        while len(self.screen_stack) > 1:
            await self.pop_screen()

    def show_link(self, state: LinkState, words: str) -> None:
        """Tell how the connection is."""
        self.link, self.link_words = state.link, words

    def action_switch_server(self) -> None:
        """Ask for another server; the present one stays until the other is open."""
        self._connection.choose_server()

    def action_log_out(self) -> None:
        """End the session and ask where to go on."""
        self.call_later(self._connection.log_out)

    def on_server_wanted(self, message: ServerWanted) -> None:
        """Go to the server that somebody named."""
        self._connection.go_to_server(message.text)

    def on_heard(self, message: Heard) -> None:
        """Learn from a read how the connection is."""
        self._connection.hear(message.error, message.asked)

    def on_probed(self, message: Probed) -> None:
        """Learn from a question of our own how the connection is."""
        self._connection.hear_probe(message.error)

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Note that somebody is there, for whom a session stays open; keys wait for those before them."""
        if isinstance(event, events.InputEvent):
            self._connection.used()
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._type_ahead.take(event)
        else:
            await super().on_event(event)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do an action, or say why it cannot be done; a key is never just dead."""
        target, method = action_target(self, action, default_namespace, namespaces)
        why_not = refusal(target, method, read_only=self.is_read_only)
        if why_not:
            self.notify(why_not, severity="warning", markup=False)
            return True
        return await super().run_action(action, default_namespace, namespaces)


def run(
    config: Config,
    target_profile: Profile | None = None,
    *,
    credential: Credential | None = None,
    options: AppOptions | None = None,
) -> int:
    """Run the program until the user leaves, and return its exit status."""
    app = XnatTuiApp(config, target_profile, credential=credential, options=options)
    app.run(mouse=(options or AppOptions()).mouse)
    return app.return_code or 0
