"""The demo server's application: log-in, routing, and errors in the form of the layer that answers."""

from __future__ import annotations

import logging
from tempfile import SpooledTemporaryFile
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from xnat_tui.demo import auth, trail
from xnat_tui.demo.answers import Refusal, status_page, tomcat_page, xapi_refusal
from xnat_tui.demo.archive import GUEST, Archive
from xnat_tui.demo.calls import Call, Demo, Query, Settings, escape
from xnat_tui.demo.faults import FaultGate, Faults
from xnat_tui.demo.ingest.intake import Intake
from xnat_tui.demo.router import Match, Route, Router
from xnat_tui.demo.routes import all_routes
from xnat_tui.demo.sessions import Sessions
from xnat_tui.demo.tunnel import honour_tunnel

_SPOOL_BYTES = 1 << 20
_FORM_BYTES = 1 << 20
_LOG = logging.getLogger(__name__)


def make_app(archive: Archive, faults: Faults, settings: Settings) -> Starlette:
    """Return the application that serves an archive; `app.state.demo` holds its parts."""
    sessions = Sessions(settings.session_timeout_s, settings.clock)
    gate = Middleware(FaultGate, faults=faults, sessions=sessions, context_path=settings.context_path)
    app = Starlette(routes=[Mount("", app=_Dispatcher(Router(all_routes())))], middleware=[gate])
    intake = Intake(archive, settings.ingest)
    app.state.demo = Demo(archive, sessions, faults, settings, intake)
    return app


class _Dispatcher:
    """Reads a request whole, answers it in a worker thread and sends the answer."""

    def __init__(self, router: Router) -> None:
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = Call(scope, receive)
        with SpooledTemporaryFile(max_size=_SPOOL_BYTES) as payload:
            async for chunk in call.stream():
                payload.write(chunk)
            payload.seek(0)
            call.state.payload = payload
            answer = await run_in_threadpool(self._answer, call)
            await answer(scope, receive, send)

    def _answer(self, call: Call) -> Response:
        segments = _segments(call)
        if segments and segments[0] == "data":
            honour_tunnel(call.scope)
        call.state.user, call.state.login_session = GUEST, None
        call.state.query = Query(call.url.query + _form(call))
        if b"%2f" in call.scope["raw_path"].lower():
            return tomcat_page(400, "Invalid URI: [The encoded slash character is not allowed]")
        if segments is None:
            return tomcat_page(404, "The requested resource is not available")
        answer = self._checked(call, segments)
        auth.set_cookies(call, answer)
        answer.headers["x-frame-options"] = "SAMEORIGIN"
        answer.headers["content-security-policy"] = "frame-ancestors 'self'"
        if segments[:1] == ["data"]:
            answer.headers["vary"] = "Accept-Charset, Accept-Encoding, Accept-Language, Accept"
            answer.headers["accept-ranges"] = "bytes"
        return answer

    def _checked(self, call: Call, segments: list[str]) -> Response:
        """Answer a call if its user may come in at all."""
        try:
            call.state.user, call.state.login_session = auth.identify(call)
        except auth.LoginFailed:
            return auth.wrong_credentials()
        except ValueError as error:
            return tomcat_page(500, str(error))
        match = self._router.find(segments)
        opened = match is not None and any(route.open for route in match.routes.values())
        if call.user.is_guest and not (call.demo.settings.open_site or opened):
            return auth.login_wanted(call)
        if segments[:1] == ["data"] and auth.csrf_violated(call):
            return status_page(500, "Invalid CSRF token")
        return _routed(call, match, spring=segments[:1] != ["data"])


def _form(call: Call) -> str:
    """Return the parameters in a form body, ready to stand behind the query string."""
    if call.payload_type != "application/x-www-form-urlencoded":
        return ""
    return "&" + call.payload.read(_FORM_BYTES).decode("utf-8", "replace")


def _segments(call: Call) -> list[str] | None:
    """Return the decoded segments of the path below the context path; None outside of it.

    `/REST` is another name of `/data`. A semicolon starts parameters of a segment, which Tomcat drops.
    """
    path = call.scope["raw_path"].decode("ascii")
    context = call.demo.settings.context_path
    if not path.startswith(f"{context}/"):
        return None
    raw = path.removeprefix(context).lstrip("/").split("/")
    segments = [unquote(segment.partition(";")[0]) for segment in raw]
    return ["data", *segments[1:]] if segments[0] == "REST" else segments


def _routed(call: Call, match: Match | None, *, spring: bool) -> Response:
    """Run the endpoint of a match and give its refusals the form of the layer that it stands for."""
    if match is None:
        return tomcat_page(404, "The requested resource is not available") if spring else status_page(404)
    refuse = xapi_refusal if spring else status_page
    route = _route_for(match, call.method)
    if route is None:
        return refuse(405)
    call.scope["path_params"] = {name: escape(value) for name, value in match.values.items()}
    call.state.rest = "/" + "/".join(match.rest) if match.rest else ""
    try:
        return trail.perform(call, route)
    except Refusal as refusal:
        return refuse(refusal.status, refusal.message)
    except Exception:
        _LOG.exception("%s %s failed", call.method, call.url.path)
        return refuse(500)


def _route_for(match: Match, method: str) -> Route | None:
    """Return the route of a method; HEAD is a GET whose body is left out on the way."""
    return match.routes.get("GET" if method == "HEAD" else method)
