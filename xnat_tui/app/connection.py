"""The app's way to its server: which one, whether it answers, who is logged in, and what to do when not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from xnat_tui.app.archive.nodes import Kind
from xnat_tui.app.link import Link
from xnat_tui.app.loader import Loader
from xnat_tui.app.memory import Memory, Place, Step, UserMemory, memory_file
from xnat_tui.app.messages import Heard, Probed
from xnat_tui.app.screens.connect import ConnectScreen
from xnat_tui.app.servers import Entry, Servers
from xnat_tui.app.site import LogIn, Site
from xnat_tui.app.watchdog import Watchdog
from xnat_tui.core.exceptions import (
    AuthenticationError,
    CertificateError,
    ConfigError,
    ConnectionLostError,
    InvalidValueError,
    ServerBusyError,
    ServerError,
    UnexpectedAnswerError,
    XnatTuiError,
)
from xnat_tui.core.settings import Config, Profile

if TYPE_CHECKING:
    from xnat_tui.app.app import XnatTuiApp
    from xnat_tui.core.client import XNATClient

_WRONG_SERVER = (CertificateError, UnexpectedAnswerError, InvalidValueError)


class Connection:
    """Opens, watches and leaves servers; asks for log-ins. Lives on the app's thread.

    Attributes:
        loader: runs the reads of all panes; their outcomes tell how the connection is.
        site: the server that is open, None before the first one.
        memory: what is remembered about that server's screens.
    """

    def __init__(
        self, app: XnatTuiApp, config: Config, user: UserMemory, state_dir: Path, *, read_only: bool = False
    ) -> None:
        """Prepare it; nothing is sent.

        Args:
            app: shows forms and screens.
            config: the configuration, for its profiles.
            user: what is remembered about the user; knows the servers used last.
            state_dir: where memories are kept.
            read_only: refuse everything that changes something, whatever a profile says.
        """
        self._app = app
        self._user = user
        self._state_dir = state_dir
        self._read_only = read_only
        self._servers = Servers(config, user)
        # Log-ins and probes never wait behind reads that hang.
        self._own_loader = Loader(threads=2)
        self._watchdog = Watchdog(app.set_timer, self._probe, self._keep_alive, app.show_link)
        self.loader = Loader(heard=lambda error, asked: app.post_message(Heard(error, asked)))
        self.site: Site | None = None
        self.memory = Memory()

    def site_of(self, log_in: LogIn, client: XNATClient | None = None) -> Site:
        """A server under the program's own limits; nothing is sent yet."""
        return Site(log_in, read_only=self._read_only, client=client)

    def browse(self, site: Site) -> None:
        """Leave the present server and show this one."""
        self.leave()
        self.site = site
        self.memory = Memory.load(memory_file(self._state_dir, site.key))
        default_project = site.log_in.profile.default_project
        if self.memory.last is None and default_project:
            self.memory.last = Place((Step(Kind.PROJECT, default_project, default_project),))
        self._user.used(site.key)
        self._watchdog.watch(site)
        self._app.call_later(self._app.show_site, site, self.memory)

    def leave(self) -> None:
        """Close the present server, its memory saved."""
        self.save()
        self.loader.forget()
        self._own_loader.forget()
        if self.site is not None:
            self.site.close()
        self.site = None

    def save(self) -> None:
        """Write down what is remembered."""
        if self.site is not None:
            self._app.remember_screens()
            self.memory.save(memory_file(self._state_dir, self.site.key))

    def close(self) -> None:
        """Let go of the server; reads under way end with the process."""
        self._watchdog.stop()
        self.leave()
        self.loader.close()
        self._own_loader.close()

    # What is heard

    def used(self) -> None:
        """Somebody is at the keyboard."""
        self._watchdog.used()

    def hear(self, error: XnatTuiError | None, asked: bool) -> None:
        """Learn from the outcome of a read how the connection is."""
        is_new = self._watchdog.state.link is Link.CONNECTING
        if self.site is None:
            return
        if isinstance(error, AuthenticationError):
            self._lose_session(self.site, error, asked)
        elif isinstance(error, _WRONG_SERVER) and is_new:
            self.choose_server(self.site.log_in.profile, error)
        elif isinstance(error, ConnectionLostError | ServerBusyError):
            self._watchdog.lost()
        elif error is None or isinstance(error, ServerError):
            self._answered()

    def hear_probe(self, error: XnatTuiError | None) -> None:
        """Learn from a question of our own."""
        if isinstance(error, ConnectionLostError | ServerBusyError):
            self._watchdog.unanswered()
        else:
            self.hear(error, False)

    def _answered(self) -> None:
        if self._watchdog.answered():
            self.loader.try_again()
        if self.site is not None:
            self._app.who = self.site.who

    def _probe(self) -> None:
        if self.site is not None:
            self._ask(self.site.probe)

    def _keep_alive(self) -> None:
        if self.site is not None:
            self._ask(self.site.keep_alive)

    def _ask(self, question: Callable[[], None]) -> None:
        post = self._app.post_message
        self._own_loader.wish("probe", question, lambda _: post(Probed(None)), lambda e: post(Probed(e)))

    # Logging in

    def _lose_session(self, site: Site, error: AuthenticationError, asked: bool) -> None:
        """Ask once; whoever declines is asked again only for something that he asks for himself."""
        is_declined = self._watchdog.state.link is Link.LOGGED_OUT and not asked
        if is_declined or self._is_asking:
            return
        is_first = self._watchdog.state.link is Link.CONNECTING
        self._watchdog.without_session(Link.LOGGED_OUT if is_first else Link.EXPIRED)

        def attempt(entry: Entry) -> LogIn:
            credential = entry.log_in.credential
            site.log_in_again(credential.username, credential.password)
            return self._servers.save(entry)

        def go_on(log_in: LogIn | None) -> None:
            if log_in is None:
                self._watchdog.without_session(Link.LOGGED_OUT)
            else:
                self._answered()
                self.loader.try_again()

        title = f"Log in to {site.name}" if is_first else f"Session expired: log in to {site.name} again"
        profile = site.log_in.profile.model_copy(update={"username": site.username})
        form = ConnectScreen(
            attempt, self._own_loader, self._servers, title=title, start=profile, error=error, again=True
        )
        self._app.push_screen(form, go_on)

    @property
    def _is_asking(self) -> bool:
        return any(isinstance(screen, ConnectScreen) for screen in self._app.screen_stack)

    @property
    def _is_open(self) -> bool:
        """Whether a server is shown that has answered."""
        return self.site is not None and self._watchdog.state.link is not Link.CONNECTING

    # Other servers

    def go_to_server(self, text: str) -> None:
        """Open a profile by its name, or a server by its address; "" asks which."""
        try:
            profile = self._servers.named(text) if text else None
        except (ConfigError, InvalidValueError) as error:
            self._app.notify(str(error), severity="warning", markup=False)
        else:
            self.choose_server(profile, eager=profile is not None)

    def choose_server(
        self, start: Profile | None = None, error: XnatTuiError | None = None, *, eager: bool = False
    ) -> None:
        """Open the log-in form for any server; one that works replaces the present one.

        Args:
            start: what the form holds at first.
            error: why the form is there.
            eager: log in at once if this machine keeps the password of `start`.
        """
        if self._is_asking:
            return
        opened: list[Site] = []

        def attempt(entry: Entry) -> LogIn:
            site = self.site_of(entry.log_in)
            opened.append(site)
            site.authenticate()
            site.log_in = self._servers.save(entry)
            return site.log_in

        def go_on(log_in: LogIn | None) -> None:
            chosen = next((site for site in opened if site.log_in is log_in), None)
            for site in opened:
                if site is not chosen:
                    site.close()
            if chosen is not None:
                self.browse(chosen)
            elif not self._is_open:
                self._app.call_later(self._app.action_quit)

        form = ConnectScreen(
            attempt,
            self._own_loader,
            self._servers,
            start=start,
            error=error,
            eager=eager,
            stays=self._is_open,
        )
        self._app.push_screen(form, go_on)

    async def log_out(self) -> None:
        """End the session, forget who was logged in, and ask where to go on."""
        site = self.site
        if site is None:
            return
        self.save()
        self.site = None
        self.leave()
        self._own_loader.wish("log out", site.end, lambda _: None, lambda _: None)
        self._watchdog.without_session(Link.LOGGED_OUT)
        await self._app.show_nothing()
        self.choose_server(site.log_in.profile)
