"""Where clients read the data model: `/xapi/schemas` and `/schemas`; not the schemas themselves."""

from __future__ import annotations

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.archive.types import TYPES
from xnat_tui.demo.calls import Call
from xnat_tui.demo.refusal import Refusal
from xnat_tui.demo.router import Route, page
from xnat_tui.demo.schemas import NAMES, schema


def list_schemas(call: Call) -> Response:
    """Answer with the names of all schemas."""
    return answers.json(NAMES)


def list_data_types(call: Call) -> Response:
    """Answer with the names of all types that can be stored."""
    return answers.json(sorted(TYPES))


def show_schema(call: Call) -> Response:
    """Answer with one schema as XML."""
    path = "/".join(part for part in (call.part("folder"), call.part("name")) if part)
    text = schema(path)
    if text is None:
        raise Refusal(404, f"No schema named {path}")
    return Response(text, media_type="application/xml")


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        *page("/xapi/schemas", list_schemas),
        *page("/xapi/schemas/datatypes", list_data_types),
        *page("/xapi/schemas/{name}", show_schema),
        *page("/xapi/schemas/{folder}/{name}", show_schema),
        *page("/schemas/{folder}/{name}", show_schema),
    ]
