"""Creating, changing, renaming, moving, sharing and deleting experiments and assessors."""

from __future__ import annotations

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import Experiment, Project, Subject
from xnat_tui.demo.archive.columns import EXPERIMENT_COLUMNS
from xnat_tui.demo.archive.types import TYPES, extends, type_named
from xnat_tui.demo.assignments import Assignments, implied_type, read_assignments
from xnat_tui.demo.calls import Call
from xnat_tui.demo.documents import experiment_item
from xnat_tui.demo.items import item
from xnat_tui.demo.places import demand, experiment_of, find_experiment, seen_project, target_project
from xnat_tui.demo.router import Route, archive
from xnat_tui.demo.routes.experiments import PLACES
from xnat_tui.demo.uploaded_xml import take_document

_FLAT, _IN_PROJECT, _OF_SUBJECT = PLACES
_STATUS_ACTIONS = {
    "_lock": "locked",
    "_unlock": "active",
    "activate": "active",
    "quarantine": "quarantine",
    "_obsolete": "obsolete",
}
_FIXED = ("ID", "label", "project", "subject_ID", "imageSession_ID", "date", "time")


def routes() -> list[Route]:
    """Return the routes of this module."""
    found = [
        *archive(_FLAT, put_flat, "PUT"),
        *archive(_IN_PROJECT, put_in_project, "PUT"),
        *archive(_OF_SUBJECT, put_of_subject, "PUT"),
        *archive("/projects/{project}/subjects/{subject}/experiments", create_by_post, "POST"),
    ]
    for place in PLACES:
        found += archive(place, delete, "DELETE")
        found += archive(f"{place}/projects/{{target}}", share, "PUT")
        found += archive(f"{place}/projects/{{target}}", unshare, "DELETE")
    for place in (_FLAT, _OF_SUBJECT):
        assessor = f"{place}/assessors/{{assessor}}"
        found += archive(assessor, put_assessor, "PUT")
        found += archive(assessor, delete_assessor, "DELETE")
        found += archive(f"{assessor}/projects/{{target}}", share_assessor, "PUT")
        found += archive(f"{assessor}/projects/{{target}}", unshare_assessor, "DELETE")
    return found


def put_flat(call: Call) -> Response:
    """Answer 200 and store nothing but a status, as XNAT does for a PUT on `/data/experiments/{ID}`."""
    experiment = experiment_of(call, "edit")
    if call.query.get("label"):
        call.archive.rename("experiment", experiment.id, experiment.project, call.query.get("label"))
        return answers.empty()
    _store_status(call, experiment)
    return answers.text(experiment.id)


def put_in_project(call: Call) -> Response:
    """Create or change by full paths only: shortcut names are not understood in this form."""
    take_document(call)
    project = _open_project(call)
    experiment = find_experiment(call)
    if experiment:
        return _change(call, experiment, project, shortcuts=False)
    subject_key = call.query.get("subject_ID") or _full(call, "subject_ID")
    if not subject_key:
        raise Refusal(422, "Submitted experiment record must include the subject.")
    return _create(call, project, _subject(call, project, subject_key), shortcuts=False)


def put_of_subject(call: Call) -> Response:
    """Create, change, rename, or move to the path's subject, which is created when it is unknown."""
    take_document(call)
    project = _open_project(call)
    experiment = find_experiment(call)
    if experiment is None:
        demand(call, "create", project.id)
        if not implied_type(call.query):
            raise Refusal(417, "Need PUT Contents")
        return _create(call, project, _subject(call, project, call.part("subject")), shortcuts=True)
    return _change(call, experiment, project, shortcuts=True)


def _open_project(call: Call) -> Project:
    project = call.archive.project(call.part("project"))
    if project is None or not call.archive.may_see(call.user, project.id):
        raise Refusal(404, f"Unable to identify project {call.part('project')}")
    return project


def _full(call: Call, field: str) -> str:
    """Return the value of a field that is given by a full path of whatever type."""
    return next((value for key, value in call.query if key.endswith(f"Data/{field}")), "")


def _subject(call: Call, project: Project, key: str) -> Subject:
    """Return a subject of a project, made on the fly when there is none of that label or id."""
    found = call.archive.find_subject(project.id, key)
    if found is None:
        demand(call, "create", project.id)
        made = call.archive.add_subject(project.id, key, insert_user=call.user.login)
        found = call.archive.subject(made)
    if found is None:
        raise Refusal(500)
    return found


def _concrete_type(call: Call) -> str:
    wanted = implied_type(call.query)
    if not wanted:
        raise Refusal(417, "Need PUT Contents")
    known = type_named(wanted)
    if not known or not TYPES[known].singular:
        raise Refusal(400, f"Unable to create an experiment of type {wanted}.")
    return known


def _create(call: Call, project: Project, subject: Subject, *, shortcuts: bool) -> Response:
    demand(call, "create", project.id)
    kind = _concrete_type(call)
    wanted = read_assignments(call.query, kind, EXPERIMENT_COLUMNS if shortcuts else None)
    with call.archive.bulk():
        made = call.archive.add_experiment(
            project.id, subject.id, call.part("experiment"), kind, insert_user=call.user.login
        )
        _store(call, made, wanted)
    return answers.text(made, 201)


def _store(call: Call, experiment_id: str, wanted: Assignments) -> None:
    """Store assignments; ids, labels and parents have requests of their own."""
    columns: dict[str, str] = {}
    for name in ("date", "time"):
        if name in wanted.values:
            columns[name] = wanted.values[name] or ""
    values = {name: value for name, value in wanted.values.items() if name not in _FIXED}
    call.archive.update_experiment(experiment_id, columns=columns, values=values, fields=wanted.fields)


def _store_status(call: Call, experiment: Experiment) -> None:
    for key, status in _STATUS_ACTIONS.items():
        if call.query.flag(key):
            demand(call, "delete", experiment.project)
            call.archive.update_experiment(experiment.id, columns={"status": status})


def _change(call: Call, experiment: Experiment, project: Project, *, shortcuts: bool) -> Response:
    """Rename if `label` is given, and then nothing else; else move and change."""
    demand(call, "edit", experiment.project)
    label = call.query.get("label")
    if label:
        call.archive.rename("experiment", experiment.id, project.id, label)
        return answers.empty()
    _move(call, experiment, project)
    _store(call, experiment.id, _known(call, experiment, shortcuts))
    _store_status(call, experiment)
    return answers.text(experiment.id)


def _known(call: Call, experiment: Experiment, shortcuts: bool) -> Assignments:
    """Return what a change sets; unprefixed names count only next to `xsiType`."""
    names = EXPERIMENT_COLUMNS if shortcuts and call.query.get("xsiType") else None
    return read_assignments(call.query, experiment.xsi_type, names)


def _move(call: Call, experiment: Experiment, project: Project) -> None:
    """Give an experiment to the subject that the path or `subject_ID` names."""
    key = call.query.get("subject_ID") or call.part("subject")
    if not key or experiment.session_id:
        return
    subject = _subject(call, project, key)
    if subject.id != experiment.subject_id:
        call.archive.update_experiment(experiment.id, columns={"subject_id": subject.id})


def create_by_post(call: Call) -> Response:
    """Create an experiment named by `label` for a known subject; answer its URL."""
    project = seen_project(call)
    demand(call, "create", project.id)
    subject = call.archive.find_subject(project.id, call.part("subject"))
    if subject is None:
        raise Refusal(404, f"Unable to identify subject {call.part('subject')}")
    take_document(call)
    kind, label = _concrete_type(call), call.query.get("label") or _full(call, "label")
    if not label:
        raise Refusal(422, "Experiment label is required.")
    with call.archive.bulk():
        made = call.archive.add_experiment(project.id, subject.id, label, kind, insert_user=call.user.login)
        _store(call, made, read_assignments(call.query, kind, EXPERIMENT_COLUMNS))
    uri = f"{call.base_url}data/experiments/{made}"
    return answers.made(uri)


def put_assessor(call: Call) -> Response:
    """Create (201) or change (200) an image assessor; answer its id."""
    session = experiment_of(call)
    found = find_experiment(call, "assessor")
    if found:
        demand(call, "edit", found.project)
        if call.query.get("label"):
            call.archive.rename("experiment", found.id, found.project, call.query.get("label"))
            return answers.empty()
        _store(call, found.id, read_assignments(call.query, found.xsi_type, EXPERIMENT_COLUMNS))
        return answers.text(found.id)
    demand(call, "create", session.project)
    kind = _concrete_type(call)
    if not extends(kind, "xnat:imageAssessorData"):
        raise Refusal(422, f"{kind} is not an image assessor.")
    with call.archive.bulk():
        made = call.archive.add_assessor(session.id, call.part("assessor"), kind, insert_user=call.user.login)
        _store(call, made, read_assignments(call.query, kind, EXPERIMENT_COLUMNS))
    return answers.text(made, 201)


def share(call: Call) -> Response:
    """Share an experiment into a project or, with `primary=true`, make that project its owner."""
    return _share(call, experiment_of(call))


def share_assessor(call: Call) -> Response:
    """Share an assessor into a project."""
    return _share(call, experiment_of(call, part="assessor"))


def _share(call: Call, experiment: Experiment) -> Response:
    target = target_project(call)
    label = call.query.get("label")
    if call.query.get("primary") == "true":
        demand(call, "delete", experiment.project)
        call.archive.move_experiment(experiment.id, target.id, label)
        return answers.empty()
    call.archive.share_experiment(experiment.id, target.id, label)
    return item(call, experiment_item(call.archive, experiment))


def unshare(call: Call) -> Response:
    """Take a share back, 200 also when there was none; from the owning project it deletes, also 200."""
    return _unshare(call, experiment_of(call))


def unshare_assessor(call: Call) -> Response:
    """Take the share of an assessor back."""
    return _unshare(call, experiment_of(call, part="assessor"))


def _unshare(call: Call, experiment: Experiment) -> Response:
    target = call.archive.project(call.part("target"))
    if target is None:
        raise Refusal(404)
    demand(call, "delete", target.id)
    if target.id == experiment.project:
        call.archive.delete_experiment(experiment.id)
    else:
        call.archive.unshare_experiment(experiment.id, target.id)
    return answers.empty()


def delete(call: Call) -> Response:
    """Delete an experiment; in a project into which it is shared, only the share.

    A path with more behind the experiment is one that no route takes, such as `.../scans/1` below a
    project; it is refused.
    """
    experiment = experiment_of(call)
    if call.rest.strip("/"):
        raise Refusal(400, f"Unexpected path: {call.rest}")
    return _delete(call, experiment)


def delete_assessor(call: Call) -> Response:
    """Delete an image assessor."""
    return _delete(call, experiment_of(call, part="assessor"))


def _delete(call: Call, experiment: Experiment) -> Response:
    project = call.archive.project(call.part("project"))
    shares = dict(call.archive.shares("experiment", experiment.id))
    if project and project.id in shares:
        demand(call, "delete", project.id)
        call.archive.unshare_experiment(experiment.id, project.id)
    else:
        demand(call, "delete", experiment.project)
        call.archive.delete_experiment(experiment.id)
    return answers.empty()
