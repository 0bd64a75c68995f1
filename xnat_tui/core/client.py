"""The client of one XNAT server: requests with one shared log-in, errors in one tree."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import httpx

from xnat_tui.core.access import Access
from xnat_tui.core.answers import decode_json, decode_rows, unexpected
from xnat_tui.core.connection import Call, Connection, Content, Params
from xnat_tui.core.credential import Credential
from xnat_tui.core.exceptions import InvalidValueError, ReadOnlyError
from xnat_tui.core.exchange import Exchange
from xnat_tui.core.listing_sizes import ListingSizes
from xnat_tui.core.login import Login
from xnat_tui.core.readonly import changes
from xnat_tui.core.requestlog import RequestLog, mask_path
from xnat_tui.core.timeouts import Timeouts
from xnat_tui.core.uri import normalise_base_url
from xnat_tui.models.item import Item

RowT = TypeVar("RowT")

_PROOF_LASTS_S = 5.0
"""For so long a proof of the session vouches for listings on a site that shows guests shorter ones."""


class XNATClient:
    """One server, one log-in; shared by threads.

    Paths are encoded and without the context path, as `xnat_tui.core.uri` makes them. Every method raises
    ConnectionLostError when no answer came and the fitting ServerError when the server says no.

    Attributes:
        base_url: the server's address with its context path, without a trailing slash.
        read_only: refuse every request that changes something.
        request_log: the last requests, secrets masked.
        access: this log-in for bulk transfers, which bring their own connections.
    """

    def __init__(
        self,
        base_url: str,
        username: str | None = None,
        password: str | None = None,
        *,
        provider: str | None = None,
        session_id: str | None = None,
        ca_file: str | Path | None = None,
        verify: bool = True,
        timeouts: Timeouts | None = None,
        read_only: bool = False,
        retries: int = 4,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare a client; nothing is sent before the first request, which also logs in.

        Args:
            base_url: any address on the server, "https://xnat.example.org".
            username: user name, or the alias of an alias token. Without one the client asks as a guest.
            password: password, or the secret of an alias token.
            provider: authentication provider of the server ("ldap"); the server chooses by default.
            session_id: id of a session that is open already (XNAT's JSESSIONID).
            ca_file: PEM file of authorities to trust beside those that this machine trusts.
            verify: check the server's certificate.
            timeouts: limits on silence, by phase.
            read_only: refuse every request that changes something.
            retries: how often a GET is repeated while the server is busy or the line is cut.
            transport: replaces the network in tests.
            sleep: waits between repeats; the default wakes up when the client is closed.
            clock: seconds that never run backwards.

        Raises:
            InvalidValueError: `base_url` is not an address.
            ConfigError: `ca_file` cannot be used.
        """
        self.base_url = normalise_base_url(base_url)
        self.read_only = read_only
        self._retries, self._sleep, self._clock = retries, sleep, clock
        self._connect = partial(
            Connection, self.base_url, ca_file=ca_file, verify=verify, timeouts=timeouts, transport=transport
        )
        self._start(_credential(username, password, provider), session_id or "")

    def _start(self, credential: Credential | None, session_id: str = "") -> None:
        """Make the parts that belong to one log-in."""
        self.request_log = RequestLog()
        self._connection = self._connect(log=self.request_log)
        self._login = Login(self._connection, credential, session_id=session_id, clock=self._clock)
        self._exchange = Exchange(self._connection, self._login, retries=self._retries, sleep=self._sleep)
        self._sizes = ListingSizes()
        self.access = Access(self._connection, self._login, self._exchange)

    @property
    def username(self) -> str:
        """The server's name of the user once logged in, before that the name given; "" for nobody."""
        return self._login.username

    @property
    def session_id(self) -> str:
        """The server's id of the session, a secret; "" while there is none."""
        return self._login.cookies.session_id

    @property
    def session_expires_in_s(self) -> float | None:
        """Seconds until the session ends when nothing more is asked; None while the server has not told."""
        return self._login.cookies.expires_in_s

    def authenticate(self) -> str:
        """Log in, prove it, and return the server's name of the user.

        Raises:
            AuthenticationError: refused; the same password is never tried a second time.
            UnexpectedAnswerError: it is not an XNAT server.
        """
        return self._login.authenticate()

    def set_credentials(self, username: str, password: str, *, provider: str | None = None) -> None:
        """Use other credentials from the next request on."""
        self._login.set_credential(Credential(username, password, provider or ""))

    def as_user(self, username: str, password: str, *, provider: str | None = None) -> XNATClient:
        """Return another client of the same server, with a log-in of its own; the caller closes it."""
        other = copy.copy(self)
        other._start(Credential(username, password, provider or ""))
        return other

    def keep_alive(self) -> None:
        """Start the session's idle time anew, or renew the log-in if it is dead already."""
        self._login.ensure()
        if self._login.is_open:
            self._login.revive(self._login.generation, is_certain=False)

    def logout(self) -> None:
        """End the session on the server and forget the credentials."""
        self._login.log_out()

    def close(self) -> None:
        """Close all connections and end all waiting; the session on the server lives on."""
        self._exchange.stop()
        self._connection.close()

    def __enter__(self) -> XNATClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        content: Content | None = None,
        headers: dict[str, str] | None = None,
        timeout: Timeouts | None = None,
        accept: Sequence[str] = (),
    ) -> httpx.Response:
        """Send a request and return the answer, which is a success.

        Args:
            method: HTTP method. GET and HEAD are repeated when the line is cut or the server is busy.
            path: encoded path, "/data/projects/P".
            params: query parameters; None values are left out, sequences repeat the key.
            content: the body. To survive a dying session it must be something that can be read twice.
            headers: additional headers.
            timeout: limits on silence for this request.
            accept: media types that the caller can use. By default a web page is an error; name "text/html",
                or "*/*" for the contents of files, to receive one.

        Raises:
            ReadOnlyError: it would change something and the client is read-only.
        """
        call = Call(method.upper(), path, params, content, headers or {}, tuple(accept), timeout)
        return self._perform(call)

    @contextmanager
    def stream(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        content: Content | None = None,
        headers: dict[str, str] | None = None,
        timeout: Timeouts | None = None,
        accept: Sequence[str] = ("*/*",),
    ) -> Iterator[httpx.Response]:
        """Send a request as `request` does and give the answer with its body still to be read.

        What goes wrong inside the `with` block while the body is read becomes a ConnectionLostError.
        """
        call = Call(method.upper(), path, params, content, headers or {}, tuple(accept), timeout, stream=True)
        response = self._perform(call)
        try:
            with self._connection.reading(call):
                yield response
        finally:
            response.close()

    def get(self, path: str, params: Params | None = None) -> httpx.Response:
        """GET `path`."""
        return self.request("GET", path, params=params)

    def put(
        self,
        path: str,
        params: Params | None = None,
        content: Content | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """PUT to `path`."""
        return self.request("PUT", path, params=params, content=content, headers=headers)

    def post(
        self,
        path: str,
        params: Params | None = None,
        content: Content | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """POST to `path`."""
        return self.request("POST", path, params=params, content=content, headers=headers)

    def delete(self, path: str, params: Params | None = None) -> httpx.Response:
        """DELETE `path`."""
        return self.request("DELETE", path, params=params)

    def get_text(self, path: str, params: Params | None = None) -> str:
        """Return the answer to a GET as text."""
        return self.get(path, params).text

    def get_json(self, path: str, params: Params | None = None) -> Any:
        """Return the JSON document that answers a GET; `format=json` is added unless `params` say otherwise.

        Raises:
            UnexpectedAnswerError: it is not JSON.
        """
        response = self.get(path, _as_json(path, params))
        try:
            return decode_json(response.content)
        except ValueError as error:
            raise unexpected(response, "GET", path, "The server's answer is not JSON") from error

    def get_rows(self, path: str, row_type: type[RowT], params: Params | None = None) -> list[RowT]:
        """Return a listing as structs of `row_type`, the fast way.

        Where guests are answered as well, it is believed only when the session was proven to live within the
        last seconds, and one that became shorter only when it is proven now.

        Raises:
            UnexpectedAnswerError: it is not a table.
        """
        generation = self._login.generation
        rows = self._read_rows(path, row_type, params)
        has_shrunk = self._sizes.note(path, params, len(rows))
        if self._login.confirm(generation, within_s=0.0 if has_shrunk else _PROOF_LASTS_S):
            rows = self._read_rows(path, row_type, params)
            self._sizes.note(path, params, len(rows))
        return rows

    def get_table(self, path: str, params: Params | None = None) -> list[dict[str, str]]:
        """Return a listing as dictionaries, with whatever columns the server gives.

        Raises:
            UnexpectedAnswerError: it is not a table.
        """
        return self.get_rows(path, dict[str, str], params)

    def get_item(self, path: str, params: Params | None = None) -> Item:
        """Return one object with its typed fields.

        Raises:
            UnexpectedAnswerError: the answer holds no object.
        """
        response = self.get(path, _as_json(path, params))
        try:
            return Item.from_envelope(decode_json(response.content))
        except ValueError as error:
            raise unexpected(response, "GET", path, "The server's answer is not an object") from error

    def _read_rows(self, path: str, row_type: type[RowT], params: Params | None) -> list[RowT]:
        response = self.get(path, _as_json(path, params))
        try:
            return decode_rows(response.content, row_type)
        except ValueError as error:
            raise unexpected(response, "GET", path, "The server's answer is not a table") from error

    def _perform(self, call: Call) -> httpx.Response:
        if "?" in call.path or not call.path.startswith("/"):
            raise InvalidValueError(f"Not the path of a request: {mask_path(call.path)!r}.")
        if self.read_only and changes(call.method, call.path, call.params):
            raise ReadOnlyError(f"Read-only: {call.method} {mask_path(call.path)} was not sent.")
        return self._exchange.perform(call)


def _credential(username: str | None, password: str | None, provider: str | None) -> Credential | None:
    """Return who logs in; None for a guest."""
    return Credential(username, password, provider or "") if username and password is not None else None


def _as_json(path: str, params: Params | None) -> Params | None:
    """Ask for JSON in the one way that works everywhere below /data; an Accept header does not."""
    return params if path.startswith("/xapi/") else {"format": "json", **(params or {})}
