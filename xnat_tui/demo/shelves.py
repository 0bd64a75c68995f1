"""Finds the resources that a path names, and says where they are: in URIs, in tables and in archives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xnat_tui.demo.archive import Archive, Experiment, Owner, Resource
from xnat_tui.demo.archive.types import extends
from xnat_tui.demo.archive.users import Action
from xnat_tui.demo.calls import Call
from xnat_tui.demo.places import (
    NO_EXPERIMENT,
    demand,
    experiment_of,
    find_experiment,
    read_experiment,
    seen_project,
    subject_of,
)
from xnat_tui.demo.refusal import Refusal

_SESSION_PLACES = (
    "/experiments/{experiment}",
    "/projects/{project}/subjects/{subject}/experiments/{experiment}",
)
NO_FILES_BELOW = "/projects/{project}/experiments/{experiment}"
"""The one parent of resources below which XNAT has no `/files`."""

PARENTS = (
    "/projects/{project}",
    "/projects/{project}/subjects/{subject}",
    "/subjects/{subject}",
    NO_FILES_BELOW,
    *_SESSION_PLACES,
    *(f"{place}/scans/{{scan}}" for place in _SESSION_PLACES),
    *(f"{place}/assessors/{{assessor}}" for place in _SESSION_PLACES),
    *(f"{place}/assessors/{{assessor}}/{{box}}" for place in _SESSION_PLACES),
)


@dataclass(frozen=True)
class Shelf:
    """What may hold resources: one owner, or several where a path names several scans or assessors.

    Attributes:
        project_id: project whose rights count.
        label: name of archives made of it.
        owners: who the resources belong to.
        box: "in" or "out" of assessors, empty for general resources.
        sessions: the experiments themselves, where the path ends with one or with several.
    """

    project_id: str
    label: str
    owners: list[Owner]
    box: str = ""
    sessions: tuple[Experiment, ...] = ()

    @property
    def owner(self) -> Owner:
        """The one owner; for writing.

        Raises:
            Refusal: 404 when there is none or more than one.
        """
        if len(self.owners) != 1:
            raise Refusal(404)
        return self.owners[0]


def shelf_of(call: Call, action: Action = "read") -> Shelf:
    """Return what the path in front of `/resources` or `/files` names.

    Raises:
        Refusal: 404 for what is not there or not to be seen, 403 for what may not be done to it.
    """
    if "," in call.part("experiment") and not call.part("project") and action == "read":
        return _shelf_of_several(call)
    if call.part("experiment"):
        session = experiment_of(call, action)
        if call.part("scan"):
            return Shelf(session.project, session.label, _scan_owners(call, session))
        if call.part("assessor"):
            return _assessor_shelf(call, session)
        return _session_shelf([session])
    if call.part("subject"):
        subject = subject_of(call, action)
        return Shelf(subject.project, subject.label, [Owner.subject(subject.id)])
    project = seen_project(call)
    demand(call, action, project.id)
    return Shelf(project.id, project.id, [Owner.project(project.id)])


def _shelf_of_several(call: Call) -> Shelf:
    """Return the shelf of the experiments of which a flat path gives ids, with commas between them.

    Raises:
        Refusal: 404 when any of them is not there or not to be seen.
    """
    found = [read_experiment(call, key) for key in call.part("experiment").split(",")]
    if call.part("assessor"):
        raise Refusal(404, NO_EXPERIMENT)
    if not call.part("scan"):
        return _session_shelf(found)
    owners = [owner for session in found for owner in _scan_owners(call, session)]
    return Shelf(found[0].project, found[0].label, owners)


def _session_shelf(found: list[Experiment]) -> Shelf:
    owners = [Owner.experiment(each.id) for each in found]
    return Shelf(found[0].project, found[0].label, owners, sessions=tuple(found))


def _scan_owners(call: Call, session: Experiment) -> list[Owner]:
    scans = call.archive.choose_scans(session.id, call.part("scan"))
    return [Owner.scan(session.id, scan.id) for scan in scans]


def _assessor_shelf(call: Call, session: Experiment) -> Shelf:
    """Return the shelf of one assessor, of several, of all, or of those of a type; the out box by default."""
    choice, box = call.part("assessor"), call.part("box") or "out"
    if box not in ("in", "out"):
        raise Refusal(404)
    one = find_experiment(call, "assessor")
    if one:
        return Shelf(one.project, one.label, [Owner.experiment(one.id)], box)
    words = set(choice.split(","))
    found = [
        each
        for each in call.archive.assessors(session.id)
        if choice in ("*", "ALL") or words & {each.id, each.label, each.xsi_type}
    ]
    if not found and choice not in ("*", "ALL"):
        raise Refusal(404, NO_EXPERIMENT)
    return Shelf(session.project, session.label, [Owner.experiment(each.id) for each in found], box)


def resources_on(archive: Archive, shelf: Shelf, *, descend: bool = False) -> list[Resource]:
    """Return the resources on a shelf; of a session also those of its scans and assessors if `descend`."""
    found = [each for owner in shelf.owners for each in archive.resources(owner) if each.box == shelf.box]
    sessions = [each for each in shelf.sessions if extends(each.xsi_type, "xnat:imageSessionData")]
    for session in sessions if descend else ():
        found += archive.scan_resources(session.id)
        for assessor in archive.assessors(session.id):
            found += [each for each in archive.resources(Owner.experiment(assessor.id)) if each.box != "in"]
    return found


def named(resources: Iterable[Resource], names: str) -> list[Resource]:
    """Return the resources of which a path segment gives labels or numbers, with commas between them."""
    words = names.split(",")
    return [each for each in resources if each.label in words or str(each.id) in words]


def uri_of(archive: Archive, resource: Resource) -> str:
    """Return the path of a resource in answers; its last part is the number, never the label."""
    owner = resource.owner
    if owner.kind == "scan":
        place = f"experiments/{owner.id}/scans/{owner.scan_id}"
    elif owner.kind == "experiment" and resource.box:
        assessor = archive.experiment(owner.id)
        session_id = assessor.session_id if assessor else ""
        place = f"experiments/{session_id}/assessors/{owner.id}/{resource.box}"
    else:
        place = f"{owner.kind}s/{owner.id}"
    return f"/data/{place}/resources/{resource.id}"
