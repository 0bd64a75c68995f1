"""The server the app is on: its client and its catalog, made when they are first needed. No Textual."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from xnat_tui.app.archive.nodes import NodeRef
from xnat_tui.core.credential import Credential
from xnat_tui.core.exceptions import InvalidRequestError, PermissionDeniedError, ResourceNotFoundError
from xnat_tui.core.settings import Profile
from xnat_tui.core.targets import open_client
from xnat_tui.core.uri import normalise_base_url, xapi_path

# The watchdog goes on where the client gives up, and says so meanwhile; long waits in silence are worse.
_REPEATS = 1

if TYPE_CHECKING:  # loads httpx, which the first frame does not wait for
    from xnat_tui.app.archive.catalog import Catalog
    from xnat_tui.app.archive.inspector import Inspector
    from xnat_tui.app.archive.jump import Wish
    from xnat_tui.app.archive.parts import Content, Part
    from xnat_tui.app.memory import Place
    from xnat_tui.core.client import XNATClient
    from xnat_tui.core.requestlog import LoggedRequest


@dataclass(frozen=True)
class LogIn:
    """Which server, and as whom."""

    profile: Profile
    credential: Credential


class Site:
    """One server; every method may block, may raise an XnatTuiError, and may be called from any thread."""

    def __init__(self, log_in: LogIn, *, read_only: bool = False, client: XNATClient | None = None) -> None:
        """Prepare it; nothing is sent.

        Args:
            log_in: where and as whom.
            read_only: refuse everything that changes something.
            client: a client for this server that exists already.
        """
        self.log_in = log_in
        self._read_only = read_only
        self._client = client
        self._catalog: Catalog | None = None
        self._inspector: Inspector | None = None
        self._making = threading.Lock()

    @property
    def name(self) -> str:
        """What the server is called on the screen."""
        profile = self.log_in.profile
        return profile.name or urlsplit(profile.url).hostname or profile.url

    @property
    def base_url(self) -> str:
        """The server's address with its context path, without a trailing slash."""
        return normalise_base_url(self.log_in.profile.url)

    @property
    def key(self) -> str:
        """What its memory is kept under: the name of the profile, or the address of a server without one."""
        return self.log_in.profile.name or self.log_in.profile.url

    @property
    def is_read_only(self) -> bool:
        """Whether everything that changes something is refused."""
        return self._read_only or self.log_in.profile.read_only

    @property
    def session_ends_in_s(self) -> float | None:
        """Seconds until the session ends when nothing more is asked; None when that is not known."""
        return self._client.session_expires_in_s if self._client else None

    @property
    def username(self) -> str:
        """The server's name of the user once logged in, before that the name given; "" for a guest."""
        return self._client.username if self._client else self.log_in.credential.username

    @property
    def who(self) -> str:
        """The user at this server."""
        return f"{self.username or 'guest'}@{self.name}"

    def children(self, ref: NodeRef) -> list[NodeRef]:
        """What lies directly in a thing."""
        return self._opened().children(ref)

    def enrich(self, ref: NodeRef, children: list[NodeRef]) -> list[NodeRef] | None:
        """The children with what their listing does not say; None where there is nothing to add."""
        return self._opened().enrich(ref, children)

    def count(self, ref: NodeRef) -> int | None:
        """How many subjects a project has; None when the user may not know."""
        return self._opened().count(ref)

    def set_favourite(self, ref: NodeRef, wanted: bool) -> None:
        """Make a project one of the user's favourites on the server, or no longer one."""
        self._opened().set_favourite(ref, wanted)

    def part(self, part: Part, ref: NodeRef) -> Content:
        """One part of what is worth knowing about a thing."""
        return self._inspected().read(part, ref)

    def find(self, wish: Wish, project: str) -> list[Place]:
        """The places that a wish may mean, by asking the server; `project` is where somebody is."""
        from xnat_tui.app.archive.lookup import Lookup

        return Lookup(self._connected()).find(wish, project)

    def requests(self) -> list[LoggedRequest]:
        """The last requests, oldest first, without secrets."""
        return self._client.request_log.entries() if self._client else []

    def requests_made(self) -> int:
        """How many there were ever."""
        return self._client.request_log.version if self._client else 0

    def authenticate(self) -> None:
        """Log in and prove it."""
        self._connected().authenticate()

    def log_in_again(self, username: str, password: str) -> None:
        """Go on with other credentials, and prove them."""
        client = self._connected()
        client.set_credentials(username, password, provider=self.log_in.profile.provider or None)
        client.authenticate()

    def probe(self) -> None:
        """Ask something cheap, to see whether the server answers; what it answers does not matter."""
        with suppress(PermissionDeniedError, ResourceNotFoundError, InvalidRequestError):
            self._connected().get(xapi_path("siteConfig", "buildInfo"))

    def keep_alive(self) -> None:
        """Begin the session's idle time anew."""
        self._connected().keep_alive()

    def end(self) -> None:
        """End the session on the server and close all connections."""
        try:
            if self._client is not None:
                self._client.logout()
        finally:
            self.close()

    def close(self) -> None:
        """Close all connections; requests under way end with an error."""
        if self._client is not None:
            self._client.close()

    def _connected(self) -> XNATClient:
        with self._making:
            if self._client is None:
                self._client = open_client(
                    self.log_in.profile,
                    self.log_in.credential,
                    read_only=self._read_only,
                    retries=_REPEATS,
                )
            return self._client

    def _opened(self) -> Catalog:
        from xnat_tui.app.archive.catalog import Catalog

        client = self._connected()
        with self._making:
            self._catalog = self._catalog or Catalog(client)
            return self._catalog

    def _inspected(self) -> Inspector:
        from xnat_tui.app.archive.inspector import Inspector

        catalog, client = self._opened(), self._connected()
        with self._making:
            self._inspector = self._inspector or Inspector(client, catalog.next_level)
            return self._inspector
