"""Downloads of many sessions through XAPI: choosing them, and fetching what was chosen."""

from __future__ import annotations

import time
from xml.sax.saxutils import quoteattr

import msgspec
from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.calls import Call
from xnat_tui.demo.carts import Cart, Choice
from xnat_tui.demo.downloads import stream_zip
from xnat_tui.demo.places import read_experiment
from xnat_tui.demo.refusal import Refusal
from xnat_tui.demo.router import Route, page
from xnat_tui.demo.xml_text import xml_document

_BODY_LIMIT = 1 << 24
_NAMESPACE = 'xmlns:cat="http://nrg.wustl.edu/catalog"'


def routes() -> list[Route]:
    """Return the routes of this module."""
    base = "/xapi/archive"
    return [
        *page(f"{base}/downloadwithsize", choose_with_size, "POST"),
        *page(f"{base}/download", choose, "POST"),
        *page(f"{base}/download/{{cart}}/zip", send_zip),
        *page(f"{base}/download/{{cart}}/xml", send_catalog),
    ]


def choose(call: Call) -> Response:
    """Note what is to be downloaded; answer its number as text that calls itself XML, as XNAT does."""
    name = _put_aside(call)
    return Response(name, media_type="application/xml") if name else answers.empty(204)


def choose_with_size(call: Call) -> Response:
    """Note what is to be downloaded; answer its number and how large it is."""
    name = _put_aside(call)
    if not name:
        return answers.empty(204)
    size = sum(file.size_bytes for file in call.demo.carts[name].files(call.archive))
    return answers.json({"id": name, "size": str(size), "resourcesOfUnknownSize": "0"})


def _put_aside(call: Call) -> str:
    """Keep a choice and return its number; empty when it names no sessions or no project.

    Raises:
        Refusal: 400 for a body that is no choice, 403 for sessions that the caller cannot see.
    """
    try:
        choice = msgspec.json.decode(call.payload.read(_BODY_LIMIT), type=Choice)
    except msgspec.DecodeError as error:
        raise Refusal(400, "Required request body is missing or malformed") from error
    if not choice.sessions or not (choice.projectIds or choice.projectId):
        return ""
    try:
        sessions = [read_experiment(call, each.rpartition(":")[2]) for each in choice.sessions]
    except Refusal as error:
        raise Refusal(403) from error
    name = f"{call.user.login}-{time.time_ns()}"
    call.demo.carts[name] = Cart(call.user.login, choice, sessions)
    return name


def _cart(call: Call) -> Cart:
    """Return the choice that the path names; 403 when there is none or it is somebody else's."""
    cart = call.demo.carts.get(call.part("cart"))
    if cart is None or cart.login != call.user.login:
        raise Refusal(403)
    return cart


def send_zip(call: Call) -> Response:
    """Send what was chosen as one ZIP, compressed and of unknown length."""
    return stream_zip(_cart(call).members(call.archive), call.part("cart"))


def send_catalog(call: Call) -> Response:
    """Send the list of what was chosen."""
    members = _cart(call).members(call.archive)
    entries = "".join(f"<cat:entry name={quoteattr(member.name)}/>\n" for member in members)
    root = f"<cat:Catalog ID={quoteattr(call.part('cart'))} {_NAMESPACE}>\n<cat:entries>\n{entries}"
    return Response(xml_document(f"{root}</cat:entries>\n</cat:Catalog>"), media_type="application/xml")
