"""A server of a few lines that dies, lies and stalls in the ways that the tests of the client need."""

from __future__ import annotations

import base64
import contextlib
import itertools
import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>XNAT</title></head><body><form>Login</form></body></html>"

Reaction = Callable[["_Handler"], None]


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # many threads connect at once; a full queue costs a second


class SmallServer:
    """Knows one user, alice/secret, and tables of one row; everything else is said by `reactions`."""

    def __init__(self, *, open_site: bool = False, context_path: str = "", tls: ssl.SSLContext | None = None):
        self.open_site = open_site
        self.context_path = context_path
        self.logins = 0
        self.refused_logins = 0
        self.requests: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.sessions: set[str] = set()
        self.bodies: list[bytes] = []
        self.reactions: dict[str, list[Reaction]] = {}
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._http = _Listener(("127.0.0.1", 0), _Handler)
        self._http.small = self  # type: ignore[attr-defined]
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}{context_path}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def kill_sessions(self) -> None:
        self.sessions.clear()

    def on(self, path: str, *reactions: Reaction) -> None:
        """React to the next requests for `path` in these ways, one each."""
        self.reactions.setdefault(path, []).extend(reactions)

    def next_reaction(self, path: str) -> Reaction | None:
        with self._lock:
            waiting = self.reactions.get(path)
            return waiting.pop(0) if waiting else None

    def open_session(self) -> str:
        with self._lock:
            self.logins += 1
            session_id = f"{next(self._ids):032X}"
            self.sessions.add(session_id)
            return session_id

    def count(self, method: str, path: str) -> int:
        return self.requests.count((method, path))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def small(self) -> SmallServer:
        return self.server.small  # type: ignore[attr-defined, no-any-return]

    def log_message(self, *args: object) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle()

    def answer(
        self, status: int, body: bytes | str = b"", media_type: str = "text/plain", **headers: str
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Set-Cookie", 'SESSION_EXPIRATION_TIME="1577836800000,900000"; Version=1')
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _serve(self) -> None:
        body = self._read_body()
        path = urlsplit(self.path).path.removeprefix(self.small.context_path)
        self.small.requests.append((self.command, path))
        self.small.headers.append(dict(self.headers.items()))
        reaction = self.small.next_reaction(path)
        if reaction:
            reaction(self)
        elif path == "/data/JSESSION":
            self._serve_session()
        elif path == "/data/auth":
            self._serve_auth()
        elif path.startswith("/data/open") or self._session_id() in self.small.sessions:
            self.small.bodies.append(body)
            self.answer(
                200, '{"ResultSet":{"Result":[{"ID":"P1"}], "totalRecords": "1"}}', "application/json"
            )
        elif self.small.open_site:
            self.answer(404, "<html><body><h3>Not for guests.</h3></body></html>", "text/html")
        else:
            self.answer(
                401, "<!doctype html><title>HTTP Status 401 &ndash; Unauthorized</title>", "text/html"
            )

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _session_id(self) -> str:
        cookies = dict(pair.strip().partition("=")[::2] for pair in self.headers.get("Cookie", "").split(";"))
        return cookies.get("JSESSIONID", "")

    def _serve_session(self) -> None:
        if self.command == "DELETE":
            self.small.sessions.discard(self._session_id())
            return self.answer(200)
        login = self.headers.get("Authorization", "")
        if not login and self.small.open_site:
            return self.answer(200, "F" * 32)
        if login != "Basic " + base64.b64encode(b"alice:secret").decode():
            self.small.refused_logins += 1
            return self.answer(401, "<!doctype html><p><b>Message</b> Login failed.</p>", "text/html")
        session_id = self.small.open_session()
        return self.answer(200, session_id, Set_Cookie=f"JSESSIONID={session_id}; Path=/; HttpOnly")

    def _serve_auth(self) -> None:
        if self._session_id() in self.small.sessions:
            self.answer(200, "User 'alice' is logged in")
        elif self.small.open_site:
            self.answer(200, "User 'guest' is logged in")
        else:
            self.answer(401)


def saying(status: int, body: bytes | str = b"", media_type: str = "text/plain", **headers: str) -> Reaction:
    return lambda handler: handler.answer(status, body, media_type, **headers)


def cutting_after(size: int) -> Reaction:
    """Promise 1000 bytes, send `size` of them, hang up; with -1 not even the head."""

    def cut(handler: _Handler) -> None:
        if size >= 0:
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(b"x" * size)
        handler.close_connection = True

    return cut


def stalling(seconds: float) -> Reaction:
    def stall(handler: _Handler) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return stall


class Servers:
    """Starts small servers and ends them with the test."""

    def __init__(self) -> None:
        self._started: list[SmallServer] = []

    def start(
        self, *, open_site: bool = False, context_path: str = "", tls: ssl.SSLContext | None = None
    ) -> SmallServer:
        server = SmallServer(open_site=open_site, context_path=context_path, tls=tls)
        self._started.append(server)
        return server

    def close(self) -> None:
        for server in self._started:
            server.close()
