"""ONCO, a public project: chest CT and PET of patients at two times."""

from __future__ import annotations

from datetime import date, timedelta

from xnat_tui.demo.sample import documents
from xnat_tui.demo.sample.plan import AssessorPlan, ProjectPlan, ScanPlan, SessionPlan, SubjectPlan

PATIENTS = 10
_WITHOUT_PET = {4, 9}
_STAGES = ("IA", "IB", "II", "IIIA")


def oncology() -> ProjectPlan:
    """The plan of the project."""
    readme = "Chest CT and whole-body FDG PET. Open to everybody; the tumours are ellipsoids.\n"
    return ProjectPlan(
        "ONCO",
        "Lung nodules, CT and PET",
        tuple(_patient(number) for number in range(1, PATIENTS + 1)),
        roles={"member": "owner", "owner": "member"},
        secondary_id="Onco",
        description="A public teaching collection.",
        keywords="lung CT PET public",
        pi=("Tomás", "Eriksen"),
        accessibility="public",
        resources=(documents.text("README", "README.txt", readme),),
    )


def _patient(number: int) -> SubjectPlan:
    label = f"PAT{number:02}"
    day = date(2022, 9, 5) + timedelta(days=11 * number)
    sessions = [_ct_session(f"{label}_CT", day)]
    if number not in _WITHOUT_PET:
        sessions.append(_pet_session(f"{label}_PETCT", day + timedelta(days=9)))
    return SubjectPlan(
        label,
        tuple(sessions),
        group="smoker" if number % 2 else "never smoked",
        gender="male" if number % 3 else "female",
        birth_year=1946 + (number * 5) % 30,
        demographics={"weight": 58 + 3 * number, "height": 158 + 2 * number},
        fields={"stage": _STAGES[number % 4]},
        build=number % 3,
    )


def _ct_session(label: str, day: date) -> SessionPlan:
    scans = (ScanPlan("201", "chest ct", snapshots=True), ScanPlan("202", "lung ct"))
    nodule = documents.json_document(
        "RTSTRUCT", "nodule.json", {"diameter_mm": 24, "lobe": "left upper"}, box="out"
    )
    outline = AssessorPlan(
        f"{label}_ROI", "icr:roiCollectionData", {"name": "Nodule"}, day.isoformat(), (nodule,)
    )
    return SessionPlan(
        label, "xnat:ctSessionData", day.isoformat(), "11:05:00", "revolution", scans, assessors=(outline,)
    )


def _pet_session(label: str, day: date) -> SessionPlan:
    scans = (ScanPlan("1", "ct for pet"), ScanPlan("2", "body pet", snapshots=True))
    return SessionPlan(label, "xnat:petSessionData", day.isoformat(), "13:20:00", "vision", scans)
