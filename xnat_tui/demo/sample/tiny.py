"""The tiny sample of tests: one of each kind of thing, in three projects."""

from __future__ import annotations

from xnat_tui.demo.sample import documents, texts
from xnat_tui.demo.sample.plan import (
    AssessorPlan,
    ProjectPlan,
    ResourcePlan,
    SamplePlan,
    ScanPlan,
    SessionPlan,
    SharePlan,
    SubjectPlan,
)

_MR, _CT, _PET = "xnat:mrSessionData", "xnat:ctSessionData", "xnat:petSessionData"


def tiny() -> SamplePlan:
    """The plan of the tiny sample."""
    shares = (
        SharePlan("BRAINS", "SUB-002", "AWKWARD", "Guest", {"SUB-002_MR1": "Guest_MR1"}),
        SharePlan("ONCO", "PAT01", "BRAINS", "PAT01", {"PAT01_CT": "PAT01_CT"}),
    )
    return SamplePlan((_brains(), _onco(), _awkward()), shares)


def _brains() -> ProjectPlan:
    readme = "# Ageing brain cohort\n\nPictures are drawn, people are invented.\n"
    consent = documents.text("CONSENT", "consent.txt", "SUB-001 agreed on 2024-01-29.\n")
    return ProjectPlan(
        "BRAINS",
        "Ageing brain cohort",
        (
            SubjectPlan(
                "SUB-001",
                (_first_session(), _pet_session()),
                group="control",
                gender="female",
                birth_year=1950,
                demographics={"handedness": "left"},
                fields={"apoe": "e3/e4"},
                resources=(consent,),
            ),
            SubjectPlan(
                "SUB-002",
                (_second_session(),),
                gender="male",
                birth_year=1961,
                fields={"apoe": "e3/e3"},
                build=1,
            ),
        ),
        roles={"owner": "owner", "member": "member", "collaborator": "collaborator"},
        secondary_id="Brains",
        description="Brains of healthy people between 50 and 85.",
        pi=("Ada", "Ramirez"),
        fields={"ethics": "approved"},
        resources=(documents.text("README", "README.md", readme),),
    )


def _first_session() -> SessionPlan:
    settings = documents.json_document("JSON", "bold.json", {"TaskName": "rest", "RepetitionTime": 2.0})
    label, day = "SUB-001_MR1", "2024-01-29"
    return SessionPlan(
        label,
        _MR,
        day,
        scanner="prisma",
        scans=(
            ScanPlan("1", "tiny t1", nifti=True, snapshots=True),
            ScanPlan("2", "tiny bold", quality="questionable", note="slight motion", resources=(settings,)),
            ScanPlan("2-MR1", "tiny bold", quality="unusable"),
            ScanPlan("10", real="small mr"),
        ),
        note="First visit.",
        fields={"visit": "1"},
        resources=(documents.quality_table(label),),
        assessors=(documents.manual_qc(label, day),),
    )


def _pet_session() -> SessionPlan:
    scans = (ScanPlan("1", "tiny pet", snapshots=True),)
    return SessionPlan("SUB-001_PET1", _PET, "2024-02-19", scanner="vision", scans=scans)


def _second_session() -> SessionPlan:
    return SessionPlan("SUB-002_MR1", _MR, "2024-02-05", scanner="ingenia", scans=(ScanPlan("1", "tiny t1"),))


def _onco() -> ProjectPlan:
    sessions = (
        SessionPlan("PAT01_CT", _CT, "2022-09-16", scanner="revolution", scans=(ScanPlan("201", "tiny ct"),)),
        SessionPlan("PAT01_CT2", _CT, scans=(ScanPlan("1", real="spine ct"), ScanPlan("2", real="heart ct"))),
    )
    return ProjectPlan(
        "ONCO",
        "Lung nodules, CT and PET",
        (SubjectPlan("PAT01", sessions, gender="male", fields={"stage": "II"}),),
        roles={"member": "owner", "owner": "member"},
        secondary_id="Onco",
        accessibility="public",
    )


def _awkward() -> ProjectPlan:
    odd_files = {name: name.encode() for name in texts.FILE_NAMES[:6]} | {"folder/deep file.txt": b"deep\n"}
    values = {"rater": texts.QUOTES, "pass": "0", "comments": texts.MARKUP}
    session = SessionPlan(
        "Texts_MR1",
        _MR,
        "2024-02-29",
        scans=(
            ScanPlan(
                "1", "tiny t1", type=texts.MARKUP, description=texts.ESCAPES, note=texts.QUOTES, quality=""
            ),
            ScanPlan("OT1", "tiny bold", type="", description=texts.SCRIPTS, quality="questionable"),
        ),
        note=texts.LONG,
        fields={"remark": texts.SCRIPTS},
        resources=(ResourcePlan("OLD", {"no digest.bin": b"\0\1\2"}, digests=False),),
        assessors=(AssessorPlan("Texts_MR1_QC", "xnat:qcManualAssessorData", values),),
    )
    sessions = (
        session,
        SessionPlan("Texts_MR2", _MR),
        SessionPlan("Texts_VARS1", "xnat:subjectVariablesData", "2024-03-01"),
    )
    return ProjectPlan(
        "AWKWARD",
        texts.MARKUP,
        (
            SubjectPlan("Texts", sessions, fields={"remark": texts.MARKUP}),
            SubjectPlan("Empty"),
        ),
        roles={"owner": "owner", "collaborator": "member"},
        secondary_id=texts.QUOTES,
        description=texts.ESCAPES,
        resources=(ResourcePlan("ODD_NAMES", odd_files), ResourcePlan("EMPTY", {})),
    )
