"""Finds what is to be downloaded on the server: sessions by label or id, those of a subject or a project."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import chain

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import ResourceNotFoundError
from xnat_tui.core.uri import data_path
from xnat_tui.models.rows import ExperimentRow, ScanRow, SubjectRow
from xnat_tui.transfers.download import layout
from xnat_tui.transfers.download.listing import ListedResource, Place, Selection, list_own, list_session

_EXPERIMENT_COLUMNS = "ID,label,project"
_EVERY_SCAN = frozenset({"ALL", "*"})

_SUBJECT_PARAMS = {"columns": "ID,label,project", "limit": "*"}
_LISTED_AHEAD = 4

Listed = tuple[ListedResource, Selection]
Listing = Iterator[Listed]


def find_session(
    client: XNATClient, session: str, project: str | None = None, subject: str | None = None
) -> Place:
    """Return a session by accession id, or by label where the project is given.

    The listing is asked, because the document of a big session may take a server minutes.

    Raises:
        ResourceNotFoundError: there is none, or the user may not see it.
    """
    above = () if project is None else ("projects", project)
    if project is not None and subject is not None:
        above = (*above, "subjects", subject)
    for column in ("label", "ID") if above else ("ID",):
        params = {"columns": _EXPERIMENT_COLUMNS, column: session, "limit": "*"}
        for row in client.get_rows(data_path(*above, "experiments"), ExperimentRow, params):
            # The filter takes "*" and "," for patterns.
            if session in (row.id, row.label if above else row.id):
                return _session_place(row)
    item = client.get_item(data_path(*above, "experiments", session))
    return _session_place(ExperimentRow(id=item.text("ID"), label=item.text("label")))


def choose_scans(client: XNATClient, session: Place, scan_ids: list[str]) -> tuple[str, ...] | None:
    """Return the scans wanted, None for all of them (["ALL"] or ["*"]).

    Raises:
        ResourceNotFoundError: the session has no such scan.
    """
    if _EVERY_SCAN & set(scan_ids):
        return None
    path = data_path(*session.path.split("/"), "scans")
    there = {row.id for row in client.get_rows(path, ScanRow, {"columns": "ID"})}
    missing = [scan_id for scan_id in scan_ids if scan_id not in there]
    if missing:
        raise ResourceNotFoundError(f"The session {session.folder} has no scan {', '.join(missing)}.")
    return tuple(dict.fromkeys(scan_ids))


def list_scans(client: XNATClient, session: Place, wanted: Selection) -> Listing:
    """Yield the wanted resources of a session."""
    for listed in list_session(client, session, wanted):
        yield listed, wanted


def list_resource(client: XNATClient, session: Place, label: str, scan_id: str | None) -> Listing:
    """Return one resource of a session or of one of its scans.

    Raises:
        ResourceNotFoundError: there is no such scan, or no such resource with files.
    """
    chosen = None if scan_id is None else choose_scans(client, session, [scan_id])
    is_scan = scan_id is not None
    wanted = Selection(scan_ids=chosen, label=label, scans=is_scan, resources=not is_scan)
    return _found(list_session(client, session, wanted), wanted, session.folder)


def list_own_resource(client: XNATClient, path: str, names: Sequence[str], label: str) -> Listing:
    """Return one resource of a project, a subject or an assessor.

    Args:
        client: who is asking.
        path: path of what it belongs to, "projects/P".
        names: what that is called: project or subject, or session and assessor.
        label: label of the resource, or the server's number of it.

    Raises:
        ResourceNotFoundError: there is no such resource with files.
    """
    folder = layout.place_folder(names[0])
    if len(names) > 1:
        folder = layout.assessor_folder(folder, names[1], path.rpartition("/")[2])
    return _found(list_own(client, Place(path, folder), label), Selection(label=label), folder)


def _found(resources: Iterator[ListedResource], wanted: Selection, folder: str) -> Listing:
    found = [(listed, wanted) for listed in resources]
    if not found:
        raise ResourceNotFoundError(f"{folder} has no resource {wanted.label} with files.")
    return iter(found)


def list_subject(client: XNATClient, subject: Place, wanted: Selection) -> Listing:
    """Yield the wanted resources of a subject and of all its sessions."""
    if wanted.resources:
        for listed in list_own(client, subject):
            yield listed, wanted
    for session in _sessions_of(client, subject):
        yield from list_scans(client, session, wanted)


def list_project(client: XNATClient, project: str, wanted: Selection) -> Listing:
    """Return the wanted resources of a project, of its subjects, and of their sessions, as they are read.

    Raises:
        ResourceNotFoundError: there is no such project, or the user may not see it.
    """
    rows = client.get_rows(data_path("projects", project, "subjects"), SubjectRow, _SUBJECT_PARAMS)
    top = Place(f"projects/{project}", layout.place_folder(project))
    subjects = [
        Place(f"{top.path}/subjects/{row.id}", f"{top.folder}/{layout.place_folder(row.label or row.id)}")
        for row in rows
    ]
    return _project_listing(client, top, subjects, wanted)


def _project_listing(
    client: XNATClient, project: Place, subjects: Sequence[Place], wanted: Selection
) -> Listing:
    if wanted.resources:
        for listed in list_own(client, project):
            yield listed, wanted
    yield from chain.from_iterable(
        _ahead(lambda subject: list(list_subject(client, subject, wanted)), subjects)
    )


def _ahead(read: Callable[[Place], list[Listed]], places: Sequence[Place]) -> Iterator[list[Listed]]:
    """Yield what is read of each place, in order, while the next few are being read."""
    waiting = deque(places)
    running: deque[Future[list[Listed]]] = deque()
    with ThreadPoolExecutor(_LISTED_AHEAD, thread_name_prefix="xnat-tui listing") as pool:
        try:
            while waiting or running:
                while waiting and len(running) < _LISTED_AHEAD:
                    running.append(pool.submit(read, waiting.popleft()))
                yield running.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def find_subject(client: XNATClient, subject: str, project: str | None = None) -> Place:
    """Return a subject by accession id, or by label where the project is given.

    Raises:
        ResourceNotFoundError: there is none, or the user may not see it.
    """
    above = ("projects", project) if project is not None else ()
    item = client.get_item(data_path(*above, "subjects", subject))
    subject_id, label = item.text("ID"), item.text("label")
    shown = subject if project is not None and subject != subject_id else label
    return Place("/".join((*above, "subjects", subject_id)), layout.place_folder(shown or subject_id))


def _sessions_of(client: XNATClient, subject: Place) -> Iterator[Place]:
    params = {"columns": _EXPERIMENT_COLUMNS, "limit": "*"}
    if subject.path.startswith("projects/"):
        path = data_path(*subject.path.split("/"), "experiments")
    else:
        path = data_path("experiments")
        params["subject_ID"] = subject.path.partition("/")[2]
        params["xsiType"] = "xnat:subjectAssessorData"
    for row in client.get_rows(path, ExperimentRow, params):
        place = _session_place(row)
        yield replace(place, folder=f"{subject.folder}/{place.folder}")


def _session_place(row: ExperimentRow) -> Place:
    return Place(f"experiments/{row.id}", layout.place_folder(row.label or row.id))
