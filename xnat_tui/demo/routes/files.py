"""Files of resources: listings, downloads one by one or packed, and deletion. Storing is `uploads`."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import Resource, StoredFile
from xnat_tui.demo.calls import Call, escape
from xnat_tui.demo.downloads import archive_answer, file_answer, is_packing
from xnat_tui.demo.layouts import members_of
from xnat_tui.demo.negotiation import FILE_VARIANTS, requested_format
from xnat_tui.demo.places import demand
from xnat_tui.demo.router import Route, archive
from xnat_tui.demo.shelves import NO_FILES_BELOW, PARENTS, Shelf, named, resources_on, shelf_of, uri_of

_COLUMNS = (
    *("Name", "Size", "URI", "collection", "file_tags", "file_format", "file_content"),
    *("cat_ID", "digest"),
)
_ARCHIVES = (".zip", ".jar", ".rar", ".ear", ".gar", ".mrb")
Found = tuple[Resource, StoredFile]


def routes() -> list[Route]:
    """Return the routes of this module."""
    found: list[Route] = []
    for parent in PARENTS:
        found += archive(f"{parent}/resources/{{resource}}/files", get, "GET")
        found += archive(f"{parent}/resources/{{resource}}/files", delete, "DELETE")
        if parent != NO_FILES_BELOW:
            found += archive(f"{parent}/files", get, "GET")
            found += archive(f"{parent}/files", delete, "DELETE")
    return found


def get(call: Call) -> Response:
    """Answer a file, a listing, or an archive, as the path behind `/files` and `format=` say."""
    shelf = shelf_of(call)
    resources = _resources(call, shelf)
    path = call.rest.removeprefix("/")
    form = requested_format(call, FILE_VARIANTS)
    if path and not path.endswith(("/", "*")):
        return _one_file(call, resources, path, form)
    found = list(_matching(call, resources, path))
    if is_packing(form):
        return _packed(call, shelf, found, form)
    return _listed(call, found)


def _resources(call: Call, shelf: Shelf) -> list[Resource]:
    """Return the resources among which to look for files."""
    found = resources_on(call.archive, shelf, descend=call.query.flag("all"))
    return named(found, call.part("resource")) if call.part("resource") else found


def _matching(call: Call, resources: list[Resource], path: str) -> Iterator[Found]:
    """Yield the files below a folder, or those that a wildcard fits, after the parameters' filters."""
    formats, contents = call.query.all("file_format"), call.query.all("file_content")
    flat = "recursive" in call.query and not call.query.flag("recursive")
    for resource in resources:
        for file in call.archive.files(resource.id):
            if formats and (file.format or resource.format or "NULL") not in formats:
                continue
            if contents and (file.content or resource.content or "NULL") not in contents:
                continue
            if path.endswith("*") and not fnmatchcase(file.path, path):
                continue
            if not path.endswith("*") and not file.path.startswith(path):
                continue
            if flat and "/" in file.path.removeprefix(path):
                continue
            yield resource, file


def _listed(call: Call, found: list[Found]) -> Response:
    """Answer the table of files; it has no total, and `serverRoot` is the context path."""
    uris: dict[int, str] = {}
    rows = []
    for resource, file in found:
        if resource.id not in uris:
            uris[resource.id] = uri_of(call.archive, resource)
        kind, content = file.format or resource.format, file.content or resource.content
        uri = f"{uris[resource.id]}/files/{file.path}"
        label, tags = resource.label or str(resource.id), ",".join(file.tags)
        rows.append((file.name, file.size_bytes, uri, label, tags, kind, content, resource.id, file.digest))
    columns = list(_COLUMNS)
    locator = call.query.get("locator")
    if locator in ("absolutePath", "projectPath"):
        columns[2] = locator
        rows = [
            (*row[:2], str(call.archive.file_location(resource.id, file.path)), *row[3:])
            for row, (resource, file) in zip(rows, found, strict=True)
        ]
    head = [{"key": "URI", "serverRoot": call.demo.settings.context_path}]
    return answers.table(call, columns, rows, title="Files", total=False, head=head, variants=FILE_VARIANTS)


def _packed(call: Call, shelf: Shelf, found: list[Found], form: str) -> Response:
    prefix = ""
    if call.part("scan") or call.part("assessor"):
        if call.query.flag("projectIncludedInPath"):
            prefix += f"{shelf.project_id}/"
        if call.query.flag("subjectIncludedInPath"):
            prefix += f"{_subject_label(call, shelf)}/"
    files = [(resource, file.path) for resource, file in found]
    members = members_of(call.archive, files, call.query.get("structure"), prefix)
    return archive_answer(call, members, shelf.label, form)


def _subject_label(call: Call, shelf: Shelf) -> str:
    experiment = call.archive.experiment(shelf.owners[0].id) if shelf.owners else None
    subject = call.archive.subject(experiment.subject_id) if experiment else None
    return subject.label if subject else ""


def _one_file(call: Call, resources: list[Resource], path: str, form: str) -> Response:
    member = _member(call, resources, path)
    if member is not None:
        return member
    found = _find(call, resources, path)
    if found is None:
        if call.query.flag("accept-not-found"):
            return answers.empty(204)
        raise Refusal(404, "Unable to find catalog entry for given uri.")
    resource, file = found
    location = call.archive.file_location(resource.id, file.path)
    if call.query.flag("listContents") and file.name.lower().endswith(_ARCHIVES):
        return _contents(call, location)
    if form == "jpeg":
        return _rendered(location)
    if form == "zip" and not file.name.lower().endswith(".zip"):
        members = members_of(call.archive, [(resource, file.path)], call.query.get("structure"))
        return archive_answer(call, members, file.name, "zip")
    return file_answer(call, location)


def _find(call: Call, resources: list[Resource], path: str) -> Found | None:
    """Return the file of a path; a second form of it is tried as XNAT unescapes twice and XML-escapes."""
    for wanted in (path, path.replace("%20", " ").replace("%2B", "+"), escape(path)):
        for resource in resources:
            file = call.archive.file(resource.id, wanted)
            if file:
                return resource, file
    return None


def _rendered(location: Path) -> Response:
    from xnat_tui.demo.pictures import jpeg

    try:
        return Response(jpeg(location), media_type="image/jpeg")
    except ValueError as error:
        raise Refusal(400, f"Unable to convert {escape(location.name)} to a JPEG image.") from error


def _contents(call: Call, location: Path) -> Response:
    """List the members of a stored ZIP."""
    with zipfile.ZipFile(location) as packed:
        rows = [(info.filename, info.file_size) for info in packed.infolist() if not info.is_dir()]
    return answers.table(call, ("File Name", "Size"), rows)


def _member(call: Call, resources: list[Resource], path: str) -> Response | None:
    """Answer a member of a stored ZIP for a path such as `x.zip!/inner/file` or `x.zip/inner/file`."""
    outer, _, inner = path.partition("!/") if "!/" in path else path.partition(".zip/")
    if not inner:
        return None
    outer = outer if outer.endswith(".zip") else f"{outer}.zip"
    found = _find(call, resources, outer)
    if found is None:
        return None
    location = call.archive.file_location(found[0].id, found[1].path)
    try:
        with zipfile.ZipFile(location) as packed:
            body = packed.read(inner)
    except KeyError as error:
        raise Refusal(404, "Unable to find file.") from error
    return Response(body, media_type="application/octet-stream")


def delete(call: Call) -> Response:
    """Delete a file, or all below a folder; 400 when the resource is unknown, 404 when nothing fits."""
    shelf = shelf_of(call)
    resources = _resources(call, shelf)
    if not resources:
        raise Refusal(400, "Unable to identify the specified resource.")
    demand(call, "delete", shelf.project_id)
    path = call.rest.strip("/")
    one = _find(call, resources, path) if path else None
    found = [one] if one else list(_matching(call, resources, f"{path}/" if path else ""))
    if not found:
        if call.query.flag("accept-not-found"):
            return answers.empty(204)
        raise Refusal(404, "No matched files")
    with call.archive.bulk():
        for resource, file in found:
            call.archive.delete_file(resource.id, file.path)
    return answers.empty()
