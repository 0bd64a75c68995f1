"""AWKWARD, a private project: everything that a real server may hold and a program may trip over."""

from __future__ import annotations

from collections.abc import Iterable

from xnat_tui.demo.sample import documents, texts
from xnat_tui.demo.sample.plan import (
    AssessorPlan,
    ProjectPlan,
    ResourcePlan,
    ScanPlan,
    SessionPlan,
    SubjectPlan,
)

_MR = "xnat:mrSessionData"


def awkward() -> ProjectPlan:
    """The plan of the project."""
    files = {name: f"The name of this file is {name!r}.\n".encode() for name in texts.FILE_NAMES}
    return ProjectPlan(
        "AWKWARD",
        texts.MARKUP,
        tuple(_subjects()),
        roles={"owner": "owner", "collaborator": "member"},
        secondary_id=texts.QUOTES,
        description=f"{texts.ESCAPES} {texts.SCRIPTS}\n{texts.LONG}",
        keywords=texts.BLANKS,
        pi=("[i]Bobby[/i]", 'O\'Neil "Tables"'),
        fields={"remark": texts.MARKUP},
        resources=(ResourcePlan("ODD_NAMES", files), ResourcePlan("EMPTY", {}, description=texts.MARKUP)),
    )


def _subjects() -> Iterable[SubjectPlan]:
    scans = tuple(_text_scans())
    session = SessionPlan("Texts_MR1", _MR, "2024-02-29", "23:59:59", "prisma", scans, texts.MARKUP)
    yield SubjectPlan(
        "Texts",
        (session,),
        group=texts.MARKUP,
        fields={"remark": texts.ESCAPES, "long": texts.LONG, "scripts": texts.SCRIPTS},
    )
    ordered = SessionPlan("Orders_MR1", _MR, "1999-12-31", scans=tuple(_ordered_scans()))
    yield SubjectPlan("Orders", (ordered,))
    yield SubjectPlan("Gaps", tuple(_sessions_with_gaps()))
    yield SubjectPlan("Empty", ())
    yield SubjectPlan("Digests", (_session_without_digests(),))
    yield SubjectPlan("a-very-long-label-" + "0123456789" * 4, (SessionPlan("L" * 64, _MR, "2024-03-01"),))


def _text_scans() -> Iterable[ScanPlan]:
    strings = {
        "MARKUP": texts.MARKUP,
        "QUOTES": texts.QUOTES,
        "ESCAPES": texts.ESCAPES,
        "SCRIPTS": texts.SCRIPTS,
        "LINES": texts.LINES,
        "BLANKS": texts.BLANKS,
        "LONG": texts.LONG,
    }
    for scan_id, string in strings.items():
        short = string[:60]
        yield ScanPlan(scan_id, "tiny t1", type=short, description=string, quality=short, note=string)
    yield ScanPlan("SLASH", "tiny t1", type="T1/T2, both [/]")


def _ordered_scans() -> Iterable[ScanPlan]:
    for scan_id in ("10", "9", "2", "1", "11", "2-MR1", "OT1", "BOLD_1", "BOLD_10", "BOLD_2"):
        yield ScanPlan(scan_id, "tiny bold", quality="")


def _sessions_with_gaps() -> Iterable[SessionPlan]:
    untyped = ScanPlan("1", "tiny t1", type="", description="", quality="")
    yield SessionPlan("Gaps_MR1", _MR, scanner="prisma", scans=(untyped,))
    without_files = ScanPlan("1", xsi_type="xnat:mrScanData", quality="")
    yield SessionPlan("Gaps_MR2", _MR, "2024-04-01", scans=(without_files,))
    yield SessionPlan("Gaps_MR3", _MR)
    channels = [{"channel": name, "hz": 500} for name in ("Fz", "Cz", "Pz")]
    recording = documents.table("EEG", "channels.csv", channels)
    yield SessionPlan("Gaps_EEG1", "xnat:eegSessionData", "2024-04-02", resources=(recording,))
    yield SessionPlan("Gaps_VARS1", "xnat:subjectVariablesData", "2024-04-03", note="Not an imaging session.")


def _session_without_digests() -> SessionPlan:
    files = {"a.bin": bytes(range(256)), "zero bytes.txt": b"", "deep/er/still/b.txt": b"b\n"}
    resource = ResourcePlan("OLD", files, description="older than the site's digests", digests=False)
    values = {"rater": texts.QUOTES, "pass": "0", "comments": texts.ESCAPES}
    verdict = AssessorPlan("Digests_MR1_QC", "xnat:qcManualAssessorData", values)
    scans = (ScanPlan("1", "tiny bold", resources=(resource,)),)
    return SessionPlan(
        "Digests_MR1", _MR, "2010-10-10", scans=scans, resources=(resource,), assessors=(verdict,)
    )
