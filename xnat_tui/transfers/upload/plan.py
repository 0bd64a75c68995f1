"""The pre-flight of an upload: what the source holds, what the server has, and where the data would end."""

from __future__ import annotations

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import PermissionDeniedError, ResourceNotFoundError
from xnat_tui.core.uri import data_path
from xnat_tui.models.preflight import PlannedSeries, PlannedStudy, UploadPlan
from xnat_tui.models.rows import ScanRow
from xnat_tui.models.sorting import natural_sorted
from xnat_tui.transfers.dicom.survey import DicomStudy, DicomSurvey
from xnat_tui.transfers.download import places
from xnat_tui.transfers.upload.target import UploadTarget

_FIRST_AUTO_CODE, _OVERWRITING_CODE = 4, 5


def plan_upload(client: XNATClient, found: DicomSurvey, target: UploadTarget) -> UploadPlan:
    """Return what an upload of `found` would do; nothing is sent.

    Raises:
        ResourceNotFoundError: there is no such project, or the user may not see it.
    """
    project = target.project
    client.get_item(data_path("projects", project))
    code = _prearchive_code(client, project)
    scans = _existing_scans(client, target)
    return UploadPlan(
        *(project, target.subject, target.session),
        studies=tuple(_planned(study, frozenset(scans or ())) for study in found.studies),
        ignored=tuple(f"{skipped.name} {skipped.reason}" for skipped in found.skipped),
        patient_names=found.patient_names,
        duplicates=tuple(found.duplicates),
        homeless=found.homeless,
        subject_exists=_has_subject(client, target),
        session_exists=scans is not None,
        existing_scans=scans or (),
        waiting=_count_waiting(client, target),
        prearchive_code=code,
        outcome=foresee(target, code, session_exists=scans is not None),
    )


def foresee(target: UploadTarget, prearchive_code: int | None, *, session_exists: bool = False) -> str:
    """Return a sentence: where the data end, by the wish of the user and the project's setting."""
    where = f"{target.project}/{target.subject}/{target.session}"
    if target.direct_archive:
        sentence = f"The data go straight into the archive, as {where}."
        if session_exists:
            sentence = f"The session {where} exists: the data go to the prearchive first, {_merge(target)}."
        return sentence
    if prearchive_code is None:
        return "The data go to the prearchive; whether the project archives them from there is not known."
    if prearchive_code >= _FIRST_AUTO_CODE:
        replaces = prearchive_code == _OVERWRITING_CODE
        manner = ", replacing files of the same name" if replaces else ", adding to it"
        more = manner if session_exists else ""
        return f"The project archives by itself what comes to its prearchive: the data end as {where}{more}."
    return f"The data stay in the prearchive of {target.project} until somebody archives them."


def _merge(target: UploadTarget) -> str:
    if target.overwrite == "delete":
        return "then into it, replacing files of the same name"
    return "then into it; files of the same name are a conflict, which leaves them in the prearchive"


def _planned(study: DicomStudy, existing: frozenset[str]) -> PlannedStudy:
    first = study.first
    series = tuple(
        PlannedSeries(
            *(one.uid, one.number, one.description, one.modality, len(one.files), one.size_bytes),
            exists=str(one.number) in existing,
        )
        for one in study.series
    )
    return PlannedStudy(
        *(study.uid, first.study_date, first.study_description, first.patient_name, first.patient_id),
        series=series,
        repeated_series_numbers=tuple(study.repeated_series_numbers),
    )


def _prearchive_code(client: XNATClient, project: str) -> int | None:
    """Return the project's setting; XNAT answers with a bare number, whatever is asked for."""
    try:
        text = client.get_text(data_path("projects", project, "prearchive_code")).strip()
    except (PermissionDeniedError, ResourceNotFoundError):
        return None
    return int(text) if text.isdecimal() else None


def _existing_scans(client: XNATClient, target: UploadTarget) -> tuple[str, ...] | None:
    """Return the ids of the session's scans; None when there is no such session."""
    try:
        session = places.find_session(client, target.session, target.project)
    except ResourceNotFoundError:
        return None
    rows = client.get_rows(data_path(*session.path.split("/"), "scans"), ScanRow, {"columns": "ID"})
    return tuple(row.id for row in natural_sorted(rows, lambda row: row.id))


def _has_subject(client: XNATClient, target: UploadTarget) -> bool:
    try:
        places.find_subject(client, target.subject, target.project)
    except ResourceNotFoundError:
        return False
    return True


def _count_waiting(client: XNATClient, target: UploadTarget) -> int:
    try:
        rows = client.get_table(data_path("prearchive", "projects", target.project))
    except PermissionDeniedError:
        return 0
    return sum(row.get("name") == target.session for row in rows)
