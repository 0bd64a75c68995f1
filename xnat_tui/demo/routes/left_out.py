"""What a real server has and the demo server has not: a plain no, where prefix routing would give a page."""

from __future__ import annotations

from starlette.responses import Response

from xnat_tui.demo.calls import Call
from xnat_tui.demo.refusal import Refusal
from xnat_tui.demo.router import Route, archive, data
from xnat_tui.demo.routes.experiments import PLACES


def routes() -> list[Route]:
    """Return the routes of this module."""
    found = data("/search/elements/{type}/versions", decline)
    for place in PLACES:
        found += archive(f"{place}/DIR", decline)
        found += archive(f"{place}/XAR", decline)
    return found


def decline(_: Call) -> Response:
    """Say that the server does not do this.

    Raises:
        Refusal: 501, always.
    """
    raise Refusal(501)
