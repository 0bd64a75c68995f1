"""Single objects as XNAT sends them: the JSON `items` envelope, schema XML, or the HTML page by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any
from xml.sax.saxutils import escape as xml_escape
from xml.sax.saxutils import quoteattr

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from xnat_tui.demo.answers import Streamed
from xnat_tui.demo.archive.types import element_name
from xnat_tui.demo.negotiation import ITEM_VARIANTS, requested_format

_ATTRIBUTES = frozenset(
    {
        *("ID", "label", "project", "type", "UID", "modality", "group", "src", "visit_id", "secondary_ID"),
        *("active", "name", "URI", "format", "content", "file_count", "file_size", "description", "units"),
        *("x", "y", "z", "manufacturer", "model", "cachePath", "visit", "version"),
    }
)
_HIDDEN = frozenset({"id", "xnat_abstractresource_id", "xnat_imagescandata_id"})
_NAMESPACES = (
    'xmlns:xnat="http://nrg.wustl.edu/xnat" xmlns:icr="http://icr.ac.uk/icr"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://nrg.wustl.edu/xnat schemas/xnat/xnat.xsd"'
)


@dataclass(frozen=True)
class Item:
    """One object of the archive in the form of the wire.

    Attributes:
        xsi_type: its type.
        fields: typed values by path; those that are None or empty are left out of the answer.
        children: groups of objects below it, by their path ("scans/scan").
        inserted: when it was stored, as the archive's time stamp; empty when not known.
    """

    xsi_type: str
    fields: Mapping[str, Any]
    children: Mapping[str, list[Item]] = field(default_factory=dict)
    inserted: str = ""

    def known_fields(self) -> dict[str, Any]:
        """Return the fields that have a value; truth values become the words XNAT sends."""
        known = {}
        for name, value in self.fields.items():
            if isinstance(value, bool):
                known[name] = "true" if value else "false"
            elif value is not None and value != "":
                known[name] = value
        return known


def item(request: Request, found: Item) -> Response:
    """Answer with one object: HTML unless `format=` says json or xml.

    Raises:
        Refusal: 406 when the Accept header admits neither HTML nor XML, whatever `format=` says.
    """
    wanted = requested_format(request, ITEM_VARIANTS)
    if wanted == "json":
        body = msgspec.json.encode({"items": [_as_json(found)]})
        return Streamed(body, media_type="application/json")
    if wanted == "xml":
        return Streamed(as_xml(found), media_type="text/xml")
    return Streamed(_as_html(found), media_type="text/html")


def _as_json(found: Item) -> dict[str, Any]:
    groups = [
        {"field": name, "items": [_as_json(child) for child in children]}
        for name, children in found.children.items()
        if children
    ]
    meta: dict[str, Any] = {"create_event_id": 1, "xsi:type": found.xsi_type, "isHistory": False}
    if found.inserted:
        moment = datetime.fromisoformat(found.inserted).astimezone()
        meta["start_date"] = moment.strftime("%a %b %d %H:%M:%S %Z %Y")
    return {"children": groups, "meta": meta, "data_fields": found.known_fields()}


@dataclass
class _Element:
    """An XML element in the making."""

    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: dict[str, _Element] = field(default_factory=dict)
    groups: dict[str, list[Item]] = field(default_factory=dict)

    def place(self, path: str, value: str) -> None:
        """Put a value at a path below this element, as attribute or as text."""
        first, slash, rest = path.partition("/")
        if not slash and first in _ATTRIBUTES:
            self.attributes[first] = value
        elif slash:
            self.children.setdefault(first, _Element()).place(rest, value)
        else:
            self.children.setdefault(first, _Element()).text = value

    def attach(self, path: str, items: list[Item]) -> None:
        """Put a group of objects at a path below this element."""
        first, slash, rest = path.partition("/")
        if slash:
            self.children.setdefault(first, _Element()).attach(rest, items)
        else:
            self.groups[first] = items


def _element(found: Item) -> _Element:
    element = _Element()
    for path, value in found.known_fields().items():
        if path not in _HIDDEN:
            element.place(path, str(value))
    for path, items in found.children.items():
        if items:
            element.attach(path, items)
    return element


def as_xml(found: Item) -> str:
    """Return one object as a document of XNAT's schema."""
    name = element_name(found.xsi_type)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_written(name, _element(found), _NAMESPACES)}'


def _written(name: str, element: _Element, extra: str = "") -> str:
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in element.attributes.items())
    parts = [xml_escape(element.text)]
    for child_name, child in element.children.items():
        parts.append(_written(f"xnat:{child_name}", child))
    for group, items in element.groups.items():
        for child_item in items:
            parts.append(_written(f"xnat:{group}", _element(child_item), f'xsi:type="{child_item.xsi_type}"'))
    head = f"{name} {extra}".rstrip()
    return f"<{head}{attributes}>{''.join(parts)}</{name}>"


def _as_html(found: Item) -> str:
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>"
        for name, value in found.known_fields().items()
    )
    title = escape(str(found.fields.get("label") or found.fields.get("ID") or found.xsi_type))
    # XNAT's templates leave blank lines before the doctype; clients that look for log-in pages rely on it.
    head = f"\n\n<!DOCTYPE html>\n<html><head><title>XNAT: {title}</title></head>"
    return f"{head}<body><table>{rows}</table></body></html>"
