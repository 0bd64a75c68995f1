"""BRAINS, a private cohort: MR twice, some PET and CT, everything filled in as a careful study does."""

from __future__ import annotations

from datetime import date, timedelta

from xnat_tui.demo.sample import documents
from xnat_tui.demo.sample.plan import ProjectPlan, ResourcePlan, ScanPlan, SessionPlan, SubjectPlan

SUBJECTS = 18
_FIRST_VISIT = date(2024, 1, 29)
_FULLY_SCANNED = {1, 2, 7, 12}
_SEEN_TWICE = range(1, 10)
_WITH_PET = {2, 4, 7, 9, 15}
_WITH_CT = {3, 7, 11}
_SITES = ("prisma", "premier", "ingenia")
_HANDS = ("right", "right", "left", "ambidextrous")


def brains() -> ProjectPlan:
    """The plan of the project."""
    subjects = tuple(_subject(number) for number in range(1, SUBJECTS + 1))
    return ProjectPlan(
        "BRAINS",
        "Ageing brain cohort",
        subjects,
        roles={"owner": "owner", "member": "member", "collaborator": "collaborator"},
        secondary_id="Brains",
        description="Brains of healthy people between 50 and 85, seen twice, one year apart.",
        keywords="ageing MR PET longitudinal",
        pi=("Ada", "Ramirez"),
        investigators=(("Kofi", "Lindqvist"), ("Mei", "Okafor")),
        fields={"funding": "DEMO-2024-17", "ethics": "approved"},
        resources=_project_resources(subjects),
    )


def _project_resources(subjects: tuple[SubjectPlan, ...]) -> tuple[ResourcePlan, ...]:
    rows = [
        {"subject": subject.label, "group": subject.group, "sex": subject.gender, "born": subject.birth_year}
        for subject in subjects
    ]
    readme = (
        "# Ageing brain cohort\n\nPictures are drawn, people are invented.\n\n- MR twice\n- PET in some\n"
    )
    design = {"visits": 2, "months_apart": 12, "sites": list(_SITES)}
    return (
        documents.text("README", "README.md", readme, description="Read this first"),
        documents.table("PARTICIPANTS", "participants.csv", rows),
        documents.json_document("PROTOCOL", "protocol.json", design),
    )


def _subject(number: int) -> SubjectPlan:
    label = f"SUB-{number:03}"
    consent = documents.text("CONSENT", "consent.txt", f"{label} agreed on {_visit(number, 0)}.\n")
    return SubjectPlan(
        label,
        tuple(_sessions(number, label)),
        group="control" if number % 3 else "memory complaints",
        gender="female" if number % 2 else "male",
        birth_year=1939 + (number * 11) % 34,
        demographics={"handedness": _HANDS[number % 4], "education": 9 + number % 8},
        fields={"apoe": ("e3/e3", "e3/e4", "e2/e3")[number % 3], "mmse": str(24 + number % 7)},
        resources=(consent,) if number % 4 == 1 else (),
        build=number % 3,
        shrinkage=0.5 if number % 3 == 0 else 0.0,
    )


def _visit(number: int, days_later: int) -> str:
    return (_FIRST_VISIT + timedelta(days=7 * (number - 1) + days_later)).isoformat()


def _sessions(number: int, label: str) -> list[SessionPlan]:
    sessions = [_mr_session(number, f"{label}_MR1", _visit(number, 0))]
    if number in _SEEN_TWICE:
        sessions.append(_mr_session(number, f"{label}_MR2", _visit(number, 364)))
    if number in _WITH_PET:
        sessions.append(_pet_session(f"{label}_PET1", _visit(number, 21)))
    if number in _WITH_CT:
        sessions.append(_ct_session(f"{label}_CT1", _visit(number, 52)))
    return sessions


def _mr_session(number: int, label: str, day: str) -> SessionPlan:
    full = number in _FULLY_SCANNED and label.endswith("_MR1")
    return SessionPlan(
        label,
        "xnat:mrSessionData",
        day,
        time=f"{8 + number % 9:02}:{(number * 13) % 60:02}:00",
        scanner=_SITES[(number - 1) % 3],
        scans=_full_scans() if full else _short_scans(number),
        note="Subject moved during the last series." if number % 5 == 0 else "",
        fields={"visit": label[-1], "caffeine": "no" if number % 2 else "yes"},
        resources=(documents.quality_table(label),) if number % 2 else (),
        assessors=(documents.manual_qc(label, day),) if number % 3 != 2 else (),
    )


def _full_scans() -> tuple[ScanPlan, ...]:
    settings = documents.json_document(
        "JSON", "bold.json", {"TaskName": "rest", "RepetitionTime": 2.0, "Volumes": 7}
    )
    notes = documents.text("NOTES", "report.txt", "Scanner report: no warnings.\n")
    return (
        ScanPlan("1", "localizer"),
        ScanPlan("2", "t1", nifti=True, snapshots=True),
        ScanPlan("2-MR1", "t1", quality="unusable", note="Aborted and repeated: wrong table position."),
        ScanPlan("3", "t2", snapshots=True),
        ScanPlan("4", "bold", quality="questionable", nifti=True, resources=(settings,)),
        ScanPlan("5", "flair"),
        ScanPlan("6", "dwi", quality="", nifti=True),
        ScanPlan("10", "t2 packed"),
        ScanPlan(
            "OT1",
            type="REPORT",
            description="Scanner report",
            quality="",
            xsi_type="xnat:otherDicomScanData",
            resources=(notes,),
        ),
    )


def _short_scans(number: int) -> tuple[ScanPlan, ...]:
    quality = ("usable", "usable", "questionable", "usable", "unusable")[number % 5]
    third = ScanPlan("3", "flair", snapshots=True) if number % 2 else ScanPlan("3", "t2")
    return (
        ScanPlan("1", "localizer"),
        ScanPlan("2", "t1", quality=quality, nifti=number % 4 == 0),
        third,
    )


def _pet_session(label: str, day: str) -> SessionPlan:
    scans = (ScanPlan("1", "head pet", snapshots=True, nifti=True),)
    dose = documents.json_document(
        "DOSE", "injection.json", {"tracer": "FDG", "dose_MBq": 255, "glucose_mmol": 5.4}
    )
    return SessionPlan(label, "xnat:petSessionData", day, "10:15:00", "vision", scans, resources=(dose,))


def _ct_session(label: str, day: str) -> SessionPlan:
    scans = (ScanPlan("2", "head ct", snapshots=True), ScanPlan("3", "bone ct"))
    return SessionPlan(label, "xnat:ctSessionData", day, "14:40:00", "force", scans)
