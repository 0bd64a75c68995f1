"""The terminal program: wires server, screens, themes and the table of actions together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.reactive import reactive

from xnat_tui.app import actions, stylesheets, themes
from xnat_tui.app.glyphs import ASCII, UNICODE
from xnat_tui.app.loader import Loader
from xnat_tui.app.screens.archive import ArchiveScreen
from xnat_tui.app.screens.connect import ConnectScreen
from xnat_tui.app.screens.details import DetailScreen
from xnat_tui.app.screens.help import HelpScreen
from xnat_tui.app.site import LogIn, Site
from xnat_tui.app.widgets.detail_panel import DetailPanel
from xnat_tui.app.widgets.header_bar import Link
from xnat_tui.app.widgets.nav_tree import NavTree
from xnat_tui.core.credential import Credential
from xnat_tui.core.exceptions import (
    AuthenticationError,
    CertificateError,
    ConnectionLostError,
    InvalidValueError,
    UnexpectedAnswerError,
    XnatTuiError,
)
from xnat_tui.core.settings import Config, Profile

if TYPE_CHECKING:
    from xnat_tui.core.client import XNATClient


@dataclass(frozen=True)
class AppOptions:
    """What the command line and the configuration say about the screen.

    Attributes:
        theme: name of a colour theme, "" for the house theme.
        ascii: draw with plain ASCII only.
        mouse: react to the mouse.
        read_only: refuse everything that changes something.
    """

    theme: str = ""
    ascii: bool = False
    mouse: bool = True
    read_only: bool = False


class XnatTuiApp(App[None], inherit_bindings=False):
    """Browses one server at a time. Owns the site and the loader and nothing else.

    Attributes:
        link: whether the server answers.
        who: user and server, for the header.
    """

    TITLE = "xnat-tui"
    CSS_PATH: ClassVar[list[str | PurePath]] = [*stylesheets.paths()]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - typed by Textual
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings(actions.Scope.EVERYWHERE)]

    link: reactive[Link] = reactive(Link.CONNECTING)
    who: reactive[str] = reactive("")

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
            config: the configuration, for its profiles.
            target_profile: the server to open; None asks.
            client: a client for that server that exists already; it is closed with the program.
            credential: who to log in as; without one (and without a client) the log-in form opens.
            options: looks and limits.
        """
        super().__init__()
        self._config = config
        self._profile = target_profile
        self._options = options or AppOptions()
        self._glyphs = ASCII if self._options.ascii else UNICODE
        self._loader = Loader()
        self._site: Site | None = None
        if target_profile is not None and (client is not None or credential is not None):
            self._site = self._site_of(LogIn(target_profile, credential or Credential()), client)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give every theme the variables that our style sheets use."""
        return themes.tokens(self.current_theme)

    def on_mount(self) -> None:
        """Show the archive, or ask where it is."""
        self._choose_theme(self._options.theme)
        if self._site is not None:
            self._browse(self._site)
        else:
            self._ask_for_server()

    def _choose_theme(self, name: str) -> None:
        for theme in themes.HOUSE_THEMES:
            self.register_theme(theme)
        self.theme = name if name in self.available_themes else themes.DEFAULT
        if name and self.theme != name:
            self.notify(f"There is no theme {name!r}; ctrl+p lists them.", severity="warning", markup=False)

    async def action_quit(self) -> None:
        """Leave at once, whatever the network does."""
        self.exit()

    def on_unmount(self) -> None:
        """Let go of the server; reads under way end with the process."""
        self._loader.close()
        if self._site is not None:
            self._site.close()

    def action_show_help(self) -> None:
        """Show all keys."""
        self.push_screen(HelpScreen())

    def _site_of(self, log_in: LogIn, client: XNATClient | None = None) -> Site:
        return Site(log_in, read_only=self._options.read_only, client=client)

    def _browse(self, site: Site) -> None:
        if self._site is not None and self._site is not site:
            self._site.close()
        self._site = site
        self.who = site.who
        self.link = Link.CONNECTING
        archive = ArchiveScreen(site, self._loader, self._glyphs)
        if isinstance(self.screen, ArchiveScreen):
            self.switch_screen(archive)
        else:
            self.push_screen(archive)

    # Connecting

    def _ask_for_server(self, error: XnatTuiError | None = None) -> None:
        """Open the log-in form for any server; a site that works replaces the present one."""
        self.link = Link.LOGGED_OUT
        opened: dict[LogIn, Site] = {}

        def attempt(log_in: LogIn) -> None:
            opened[log_in] = site = self._site_of(log_in)
            site.authenticate()

        def go_on(log_in: LogIn | None) -> None:
            chosen = opened.pop(log_in, None) if log_in is not None else None
            for given_up in opened.values():
                given_up.close()
            if chosen is None:
                self.call_later(self.action_quit)
            else:
                self._browse(chosen)

        choices = tuple(self._config.profiles.values())
        form = ConnectScreen(attempt, self._loader, choices=choices, start=self._profile, error=error)
        self.push_screen(form, go_on)

    def _ask_to_log_in_again(self, site: Site, error: XnatTuiError) -> None:
        """Open the log-in form for this server only; the place is kept."""
        self.link = Link.LOGGED_OUT

        def attempt(log_in: LogIn) -> None:
            site.log_in_again(log_in.credential.username, log_in.credential.password)

        def go_on(log_in: LogIn | None) -> None:
            if log_in is not None:
                for screen in self.screen_stack:
                    if isinstance(screen, ArchiveScreen | DetailScreen):
                        screen.try_failed_again()

        title = f"Log in to {site.name} again"
        profile = site.log_in.profile.model_copy(update={"username": site.username})
        form = ConnectScreen(
            attempt, self._loader, title=title, start=profile, error=error, fixed_server=True
        )
        self.push_screen(form, go_on)

    # What the panes hear from the server

    def on_nav_tree_loaded(self) -> None:
        """The server answers."""
        self._answered()

    def on_detail_panel_arrived(self) -> None:
        """The server answers."""
        self._answered()

    def on_nav_tree_load_failed(self, message: NavTree.LoadFailed) -> None:
        """See what a failure says about the connection."""
        self._heard(message.error)

    def on_detail_panel_failed(self, message: DetailPanel.Failed) -> None:
        """See what a failure says about the connection."""
        self._heard(message.error)

    def _answered(self) -> None:
        self.link = Link.ONLINE
        if self._site is not None:
            self.who = self._site.who

    def _heard(self, error: XnatTuiError) -> None:
        if self._site is None or isinstance(self.screen, ConnectScreen):
            return
        wrong_server = isinstance(error, CertificateError | UnexpectedAnswerError | InvalidValueError)
        if isinstance(error, AuthenticationError):
            self._ask_to_log_in_again(self._site, error)
        elif wrong_server and self.link is Link.CONNECTING:
            self._ask_for_server(error)
        elif isinstance(error, ConnectionLostError):
            self.link = Link.OFFLINE
        else:
            self.link = Link.ONLINE


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
