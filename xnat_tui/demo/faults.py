"""Faults on demand: the demo server delays, refuses, breaks off or spoils the answers that rules name."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from http.cookies import SimpleCookie
from typing import Any, Literal, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xnat_tui.demo.answers import empty, json, status_page, text, tomcat_page
from xnat_tui.demo.sessions import Sessions

Kind = Literal["latency", "session", "status", "cut", "stall", "wrong_digest"]
CONTROL_PATH = "/_faults"


@dataclass(frozen=True)
class Fault:
    """One rule.

    Attributes:
        kind: "latency" waits `seconds`, then answers; "session" ends the caller's session first; "status"
            answers `status`; "cut" ends the TCP connection after `after_bytes` of the body; "stall" stops
            after `after_bytes` for `seconds`; "wrong_digest" spoils a byte, so that no digest fits.
        path: pattern with `*` and `?` for the path below the context path, without parameters.
        method: an HTTP method, or "*".
        times: how many calls it strikes; None for all.
        skip: how many fitting calls it lets pass before.
        seconds: for "latency" and "stall".
        status: for "status".
        retry_after_s: for "status": value of a Retry-After header; None sends none.
        after_bytes: for "cut" and "stall": bytes of the body that still arrive.
    """

    kind: Kind
    path: str = "*"
    method: str = "*"
    times: int | None = 1
    skip: int = 0
    seconds: float = 0.0
    status: int = 500
    retry_after_s: int | None = None
    after_bytes: int = 0

    def fits(self, method: str, path: str) -> bool:
        """Tell whether the rule is about this call."""
        return self.method in ("*", method) and fnmatchcase(path, self.path)


class Faults:
    """The rules in force, shared by threads. The first that fits a call strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(self, kind: Kind, path: str = "*", **details: Any) -> None:
        """Add a rule; see `Fault` for what it is made of.

        Raises:
            ValueError: for an unknown kind.
            TypeError: for an unknown detail.
        """
        if kind not in get_args(Kind):
            raise ValueError(f"unknown kind of fault: {kind}")
        rule = Fault(kind, path, **details)
        with self._lock:
            self._rules.append(rule)

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._rules.clear()

    def rules(self) -> list[Fault]:
        """Return the rules that can still strike, with what is left of their counts."""
        with self._lock:
            return list(self._rules)

    def strike(self, method: str, path: str) -> Fault | None:
        """Return the rule that strikes a call, counting it, or None."""
        with self._lock:
            for place, rule in enumerate(self._rules):
                if not rule.fits(method, path):
                    continue
                if rule.skip:
                    self._rules[place] = replace(rule, skip=rule.skip - 1)
                    continue
                self._use(place)
                return rule
        return None

    def _use(self, place: int) -> None:
        rule = self._rules[place]
        if rule.times is None:
            return
        if rule.times <= 1:
            del self._rules[place]
        else:
            self._rules[place] = replace(rule, times=rule.times - 1)


class FaultGate:
    """Stands before an application, applies the rules, and answers the control URL to callers on loopback.

    Args:
        app: what to protect from nothing.
        faults: the rules.
        sessions: where "session" faults end sessions.
        context_path: path below which patterns start.
    """

    def __init__(self, app: ASGIApp, faults: Faults, sessions: Sessions, context_path: str) -> None:
        self._app = app
        self._faults = faults
        self._sessions = sessions
        self._context_path = context_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, spoiled if a rule says so."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(self._context_path)
        if path == CONTROL_PATH:
            answer = await self._control(Request(scope, receive))
            await answer(scope, receive, send)
            return
        fault = self._faults.strike(scope["method"], path)
        if fault:
            await self._apply(fault, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _control(self, request: Request) -> Response:
        """List (GET), add (POST, JSON members of a `Fault`) or clear (DELETE) the rules."""
        if request.client is None or request.client.host not in ("127.0.0.1", "::1"):
            return status_page(403)
        if request.method == "POST":
            try:
                self._faults.add(**msgspec.json.decode(await request.body()))
            except (TypeError, ValueError) as error:
                return text(str(error), 400)
        elif request.method == "DELETE":
            self._faults.clear()
            return empty()
        return json([asdict(rule) for rule in self._faults.rules()])

    async def _apply(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "status":
            await _refusal(fault)(scope, receive, send)
            return
        if fault.kind == "latency":
            await asyncio.sleep(fault.seconds)
        elif fault.kind == "session":
            cookies = SimpleCookie(Request(scope).headers.get("cookie", ""))
            if "JSESSIONID" in cookies:
                self._sessions.end(cookies["JSESSIONID"].value)
        else:
            send = _Spoiler(fault, send)
        try:
            await self._app(scope, receive, send)
        except _CutError:
            return  # the server ends the connection of an answer that was not completed


def _refusal(fault: Fault) -> Response:
    answer = tomcat_page(401, "Unauthorized") if fault.status == 401 else status_page(fault.status)
    if fault.retry_after_s is not None:
        answer.headers["retry-after"] = str(fault.retry_after_s)
    return answer


class _CutError(Exception):
    """Leaves the application in the midst of an answer."""


class _Spoiler:
    """A `send` that cuts, stalls or spoils the body that goes through it."""

    def __init__(self, fault: Fault, send: Send) -> None:
        self._fault = fault
        self._send = send
        self._left = fault.after_bytes
        self._struck = False

    async def __call__(self, message: Message) -> None:
        if message["type"] != "http.response.body" or self._struck:
            await self._send(message)
            return
        body = bytes(message.get("body", b""))
        if self._fault.kind == "wrong_digest":
            await self._spoil(message, body)
        elif len(body) < self._left or (len(body) == self._left and message.get("more_body")):
            self._left -= len(body)
            await self._send(message)
        else:
            await self._strike(message, body)

    async def _spoil(self, message: Message, body: bytes) -> None:
        if body:
            self._struck = True
            body = bytes([body[0] ^ 0xFF]) + body[1:]
        await self._send({**message, "body": body})

    async def _strike(self, message: Message, body: bytes) -> None:
        self._struck = True
        await self._send({"type": "http.response.body", "body": body[: self._left], "more_body": True})
        if self._fault.kind == "cut":
            raise _CutError
        await asyncio.sleep(self._fault.seconds)
        await self._send({**message, "body": body[self._left :]})
