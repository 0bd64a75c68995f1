"""The server the app is on: its client and its catalog, made when they are first needed. No Textual."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from xnat_tui.app.archive.detail import Detail
from xnat_tui.app.archive.nodes import NodeRef
from xnat_tui.core.credential import Credential
from xnat_tui.core.settings import Profile
from xnat_tui.core.targets import open_client

if TYPE_CHECKING:  # loads httpx, which the first frame does not wait for
    from xnat_tui.app.archive.catalog import Catalog
    from xnat_tui.core.client import XNATClient


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
        self._making = threading.Lock()

    @property
    def name(self) -> str:
        """What the server is called on the screen."""
        profile = self.log_in.profile
        return profile.name or urlsplit(profile.url).hostname or profile.url

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

    def detail(self, ref: NodeRef) -> Detail:
        """What is worth knowing about a thing."""
        return self._opened().detail(ref)

    def authenticate(self) -> None:
        """Log in and prove it."""
        self._connected().authenticate()

    def log_in_again(self, username: str, password: str) -> None:
        """Go on with other credentials, and prove them."""
        client = self._connected()
        client.set_credentials(username, password, provider=self.log_in.profile.provider or None)
        client.authenticate()

    def close(self) -> None:
        """Close all connections; requests under way end with an error."""
        if self._client is not None:
            self._client.close()

    def _connected(self) -> XNATClient:
        with self._making:
            if self._client is None:
                self._client = open_client(
                    self.log_in.profile, self.log_in.credential, read_only=self._read_only
                )
            return self._client

    def _opened(self) -> Catalog:
        from xnat_tui.app.archive.catalog import Catalog

        client = self._connected()
        with self._making:
            self._catalog = self._catalog or Catalog(client)
            return self._catalog
