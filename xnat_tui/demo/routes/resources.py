"""Resources: listings, catalogs, creating and deleting. Their files are `files` and `uploads`."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import Resource, StoredFile
from xnat_tui.demo.calls import Call
from xnat_tui.demo.negotiation import XML_VARIANTS, requested_format
from xnat_tui.demo.places import demand
from xnat_tui.demo.router import Route, archive
from xnat_tui.demo.shelves import PARENTS, Shelf, named, resources_on, shelf_of, uri_of
from xnat_tui.demo.xml_text import xml_document

_COLUMNS = (
    *("xnat_abstractresource_id", "label", "element_name", "category", "cat_id", "cat_desc"),
    *("file_count", "file_size", "tags", "content", "format"),
)
_NAMESPACES = 'xmlns:cat="http://nrg.wustl.edu/catalog" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
NO_CATALOG = "Unable to find the specified catalog."


def routes() -> list[Route]:
    """Return the routes of this module."""
    found: list[Route] = []
    for parent in PARENTS:
        found += archive(f"{parent}/resources", list_resources)
        found += archive(f"{parent}/resources", create_unlabelled, "POST")
        found += archive(f"{parent}/resources/{{resource}}", show_catalog)
        found += archive(f"{parent}/resources/{{resource}}", create, "PUT")
        found += archive(f"{parent}/resources/{{resource}}", delete, "DELETE")
    return found


def list_resources(call: Call) -> Response:
    """List resources; `all=true` on a session descends into its scans and assessors."""
    shelf = shelf_of(call)
    descend = call.query.flag("all")
    found = resources_on(call.archive, shelf, descend=descend)
    rows = [_row(call, resource, shelf, descend) for resource in found]
    return answers.table(call, _COLUMNS, rows, title="Resources")


def _row(call: Call, resource: Resource, shelf: Shelf, descend: bool) -> list[object]:
    category, key, description = "resources", resource.owner.id, " "
    if resource.owner.kind == "scan":
        scan = call.archive.scan(resource.owner.id, resource.owner.scan_id)
        category, key = "scans", resource.owner.scan_id
        description = scan.type if scan else ""
    elif resource.owner.kind == "experiment" and (resource.box or resource.owner not in shelf.owners):
        category = "assessors"
    elif descend:
        key = ""
    return [
        *(resource.id, resource.label, "xnat:resourceCatalog", category, key, description),
        *(resource.file_count, resource.file_size, ",".join(resource.tags), resource.content),
        resource.format,
    ]


def show_catalog(call: Call) -> Response:
    """Answer a resource's catalog: XML, whatever format is asked for."""
    if call.rest.strip("/"):
        raise Refusal(400, "This resource works at the catalog level only; use /files for its files.")
    found = named(resources_on(call.archive, shelf_of(call)), call.part("resource"))
    if not found:
        raise Refusal(404, NO_CATALOG)
    requested_format(call, XML_VARIANTS)
    resource = found[0]
    tag, entry = ("DCMCatalog", "dcmEntry") if resource.format == "DICOM" else ("Catalog", "entry")
    kind = f' xsi:type="cat:{entry}"' if entry == "dcmEntry" else ""
    entries = "".join(_entry(file, kind) for file in call.archive.files(resource.id))
    body = f"<cat:entries>\n{entries}</cat:entries>\n"
    return Response(xml_document(f"<cat:{tag} {_NAMESPACES}>\n{body}</cat:{tag}>"), media_type="text/xml")


def _entry(file: StoredFile, kind: str) -> str:
    attributes = {"URI": file.path, "ID": file.path, "name": file.name}
    for name, value in (("format", file.format), ("content", file.content), ("digest", file.digest)):
        if value:
            attributes[name] = value
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    if not file.tags:
        return f"<cat:entry{kind}{written}/>\n"
    tags = "".join(f"<cat:tag>{escape(tag)}</cat:tag>" for tag in file.tags)
    return f"<cat:entry{kind}{written}><cat:tags>{tags}</cat:tags></cat:entry>\n"


def create(call: Call) -> Response:
    """Create an empty resource: 200 and nothing else, 409 when there is one of that label.

    Here `format=` is an attribute of the resource, not of the answer.
    """
    shelf = shelf_of(call)
    demand(call, "edit", shelf.project_id)
    add_resource(call, shelf, call.part("resource"))
    return answers.empty()


def add_resource(call: Call, shelf: Shelf, label: str) -> int:
    """Add a resource with the attributes in the parameters; return its number."""
    query = call.query
    tags = [tag for tag in query.get("tags").split(",") if tag]
    return call.archive.add_resource(
        shelf.owner,
        label,
        format=query.get("format"),
        content=query.get("content"),
        description=query.get("description"),
        tags=tags,
        box=shelf.box,
    )


def create_unlabelled(call: Call) -> Response:
    """Create a resource without label; answer its URL."""
    shelf = shelf_of(call, "edit")
    number = add_resource(call, shelf, "")
    resource = call.archive.resource(number)
    uri = f"{call.base_url}{uri_of(call.archive, resource).lstrip('/')}" if resource else ""
    return answers.made(uri)


def delete(call: Call) -> Response:
    """Delete resources with their files; one that is not there is a 200 as well."""
    if call.rest.strip("/"):
        raise Refusal(400, "This resource works at the catalog level only; use /files for its files.")
    shelf = shelf_of(call)
    demand(call, "delete", shelf.project_id)
    found = named(resources_on(call.archive, shelf), call.part("resource"))
    key = call.part("resource")
    if not found and key.isdigit() and call.archive.resource(int(key)):
        raise Refusal(403, "The resource belongs to something else.")
    for resource in found:
        call.archive.delete_resource(resource.id)
    return answers.empty()
