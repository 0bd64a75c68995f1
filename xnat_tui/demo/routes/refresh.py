"""Refreshing catalogs: `POST /data/services/refresh/catalog` and its twin below `/xapi`."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec
from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import Archive, Experiment, Owner, Refreshing, Resource
from xnat_tui.demo.archive.types import extends
from xnat_tui.demo.calls import Call
from xnat_tui.demo.places import demand
from xnat_tui.demo.router import Route, data, page
from xnat_tui.demo.shelves import named

_TWIN = "/xapi/archive/catalogs/refresh"
_OPTIONS = ("append", "checksum", "delete", "populatestats")
_BODY_LIMIT = 1 << 20
_URI = re.compile(
    r"(?:/data)?/archive"
    r"(?:/projects/(?P<project>[^/]+))?(?:/subjects/(?P<subject>[^/]+))?(?:/experiments/(?P<experiment>[^/]+))?"
    r"(?:/scans/(?P<scan>[^/]+))?(?:/resources/(?P<resource>[^/]+))?/?"
)


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        *data("/services/refresh/catalog", refresh, "GET", "POST"),
        *page(_TWIN, refresh_twin, "PUT"),
        *page(f"{_TWIN}/{{options}}", refresh_twin, "PUT"),
    ]


def refresh(call: Call) -> Response:
    """Refresh the catalogs below each `resource`; an empty 200 when all is done. GET does nothing."""
    if call.method == "POST":
        said = call.query.get("options").lower().split(",")
        alone = {key.lower() for key, _ in call.query if call.query.flag(key)}
        _refresh_all(call, call.query.all("resource"), alone | {word.strip() for word in said})
    return answers.empty()


def refresh_twin(call: Call) -> Response:
    """Refresh the catalogs below each URI of a JSON array."""
    try:
        uris = msgspec.json.decode(call.payload.read(_BODY_LIMIT), type=list[str])
    except msgspec.DecodeError as error:
        raise Refusal(400, str(error)) from error
    _refresh_all(call, uris, set(call.part("options").lower().split(",")))
    return answers.empty()


def _refresh_all(call: Call, uris: Iterable[str], words: set[str]) -> None:
    """Refresh catalogs with the operations among `words`, or with all when there is none."""
    chosen = words & set(_OPTIONS) or set(_OPTIONS)
    wanted = Refreshing(append="append" in chosen, delete="delete" in chosen, checksum="checksum" in chosen)
    for uri in uris:
        for resource in _resources(call, uri):
            call.archive.refresh_catalog(resource.id, wanted)


def _resources(call: Call, uri: str) -> list[Resource]:
    """Return the resources below what a URI names.

    Raises:
        Refusal: 400 for a URI that is none or names nothing, 403 for what the caller may not edit.
    """
    parts = _URI.fullmatch(uri)
    if parts is None or not any(parts.groups()):
        raise Refusal(400, f"Malformed URI: {uri}")
    project_id, owners = _owners(call.archive, parts, uri)
    demand(call, "edit", project_id)
    found = [resource for owner in owners for resource in call.archive.resources(owner)]
    if not parts["resource"]:
        return found
    chosen = named(found, parts["resource"])
    if not chosen:
        raise Refusal(400, f"Invalid URI: {uri}")
    return chosen


def _owners(archive: Archive, parts: re.Match[str], uri: str) -> tuple[str, list[Owner]]:
    """Return the project whose rights count, and all that may own resources below a URI."""
    nothing = Refusal(400, f"Cannot locate archivable item {uri}")
    project = archive.project(parts["project"]) if parts["project"] else None
    if parts["project"] and project is None:
        raise nothing
    project_id = project.id if project else ""
    if parts["experiment"]:
        experiment = archive.experiment(parts["experiment"])
        if experiment is None and project:
            experiment = archive.find_experiment(project_id, parts["experiment"])
        if experiment is None or (parts["scan"] and archive.scan(experiment.id, parts["scan"]) is None):
            raise nothing
        return experiment.project, _session_owners(
            archive, experiment, parts["scan"] or "", parts["resource"]
        )
    if parts["subject"]:
        subject = archive.subject(parts["subject"])
        if subject is None and project:
            subject = archive.find_subject(project_id, parts["subject"])
        if subject is None:
            raise nothing
        return subject.project, [Owner.subject(subject.id)]
    return project_id, [Owner.project(project_id)]


def _session_owners(
    archive: Archive, experiment: Experiment, scan_id: str, resource: str | None
) -> list[Owner]:
    """Return one scan, or an experiment with all its scans unless one of its own resources is wanted."""
    if scan_id:
        return [Owner.scan(experiment.id, scan_id)]
    owners = [Owner.experiment(experiment.id)]
    if not resource and extends(experiment.xsi_type, "xnat:imageSessionData"):
        owners += [Owner.scan(experiment.id, scan.id) for scan in archive.scans(experiment.id)]
    return owners
