"""Reads an object that comes as an XML document, as the parameters that would say the same.

Only the fields of the object itself and its custom variables are taken, not the objects below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from xnat_tui.demo.archive.types import TYPES, element_name
from xnat_tui.demo.calls import Call
from xnat_tui.demo.refusal import Refusal

_XML_TYPES = ("text/xml", "application/xml")
_GROUPS = frozenset({"scans", "assessors", "experiments", "sharing", "resources", "reconstructions", "file"})
_MOST_BYTES = 1 << 22


def take_document(call: Call) -> None:
    """Add what an XML body says to the parameters of a call; without such a body nothing happens.

    Raises:
        Refusal: 400 for a document with a DOCTYPE or that is not well formed, 422 for one of unknown type.
    """
    if call.payload_type not in _XML_TYPES:
        return
    body = call.payload.read(_MOST_BYTES)
    if not body.strip():
        return
    if b"<!DOCTYPE" in body:
        raise Refusal(400, "Documents with a DOCTYPE are not accepted.")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise Refusal(400, str(error)) from error
    xsi_type = _type_of(root)
    if xsi_type not in ("xnat:projectData", "xnat:subjectData"):
        call.query.add("xsiType", xsi_type)
    for path, value in _fields(root):
        call.query.add(f"{xsi_type}/{path}", value)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _type_of(root: ElementTree.Element) -> str:
    for name in TYPES:
        if element_name(name).partition(":")[2] == _local(root.tag):
            return name
    raise Refusal(422, f"Unknown document type {_local(root.tag)}.")


def _fields(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield path and text of every attribute and element below an element."""
    for name, value in element.attrib.items():
        if not name.startswith("{"):
            yield name, value
    for child in element:
        name = _local(child.tag)
        if name in _GROUPS:
            continue
        if name == "fields":
            yield from ((f"fields/field[name={one.get('name')}]/field", one.text or "") for one in child)
            continue
        if child.text and child.text.strip():
            yield name, child.text.strip()
        yield from ((f"{name}/{path}", value) for path, value in _fields(child))
