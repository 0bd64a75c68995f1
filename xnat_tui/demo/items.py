"""Single objects as XNAT sends them: the JSON `items` envelope, schema XML, or the HTML page by default."""

from __future__ import annotations

import re
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

from xnat_tui.demo.answers import Streamed, table, text
from xnat_tui.demo.archive.columns import schema_has
from xnat_tui.demo.archive.types import element_name
from xnat_tui.demo.negotiation import ITEM_VARIANTS, requested_format
from xnat_tui.demo.refusal import Refusal
from xnat_tui.demo.xml_text import xml_document

_ATTRIBUTES = frozenset(
    {
        *("ID", "label", "project", "type", "UID", "modality", "group", "src", "visit_id", "secondary_ID"),
        *("active", "name", "URI", "format", "content", "file_count", "file_size", "description", "units"),
        *("x", "y", "z", "manufacturer", "model", "cachePath", "visit", "version"),
    }
)
_CUSTOM = re.compile(r"fields/field\[name=(?P<name>.+?)\]/field")
_HIDDEN = frozenset({"id", "xnat_abstractresource_id", "xnat_imagescandata_id"})
_NAMESPACES = (
    'xmlns:xnat="http://nrg.wustl.edu/xnat" xmlns:icr="http://icr.ac.uk/icr"'
    ' xmlns:xdat="http://nrg.wustl.edu/xdat"'
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

    def value(self, path: str) -> str:
        """Return a field's value as text by its path, with or without the type before it; empty for NULL.

        A path may lead through a child that there can be only one of, and to a custom variable by name.

        Raises:
            Refusal: 400 for a field that the object does not have.
        """
        path = path.removeprefix(f"{self.xsi_type}/")
        custom = _CUSTOM.fullmatch(path)
        if custom:
            fields = (child.fields for child in self.children.get("fields/field", []))
            return next((str(each["field"]) for each in fields if each["name"] == custom["name"]), "")
        if path in self.fields:
            return str(self.known_fields().get(path, ""))
        group, _, rest = re.sub(r"\[@xsi:type=[^\]]*\]", "", path).partition("/")
        only = self.children.get(group, [])
        if rest and len(only) == 1:
            return only[0].value(rest)
        if group in self.children or schema_has(self.xsi_type, path):
            return ""
        raise Refusal(400, f"Unknown field: {escape(path)}")


def item(request: Request, found: Item) -> Response:
    """Answer with one object: HTML unless `format=` says json or xml.

    With `handler=values` only the values of `columns` are answered, as a table of one row or bare.

    Raises:
        Refusal: 406 when the Accept header admits neither HTML nor XML, whatever `format=` says; 400 for
            another handler, and for columns that are missing or unknown.
    """
    if "handler" in request.query_params:
        return _values_answer(request, found)
    wanted = requested_format(request, ITEM_VARIANTS)
    if wanted == "json":
        body = msgspec.json.encode({"items": [_as_json(found)]})
        return Streamed(body, media_type="application/json")
    if wanted == "xml":
        return Streamed(as_xml(found), media_type="text/xml")
    return Streamed(_as_html(found), media_type="text/html")


def _values_answer(request: Request, found: Item) -> Response:
    """Answer some values of an object: a table of one row, or with `asValue` the only one as text."""
    query = request.query_params
    if query["handler"] != "values":
        raise Refusal(400, "Invalid handler definition")
    names = [name for name in query.get("columns", "").split(",") if name]
    if not names:
        raise Refusal(400, "Missing columns definition")
    cells = [found.value(name) for name in names]
    if query.get("asValue", "false").lower() not in ("false", "0"):
        if len(names) > 1:
            raise Refusal(400, "Only one column can be shown as a value")
        return text(cells[0])
    return table(request, names, [cells], variants=ITEM_VARIANTS)


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
    return xml_document(_written(name, _element(found), _NAMESPACES))


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
