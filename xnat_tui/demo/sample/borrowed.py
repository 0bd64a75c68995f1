"""REAL, a protected project: files of real scanners, many of them odd, that pydicom's packages ship."""

from __future__ import annotations

from collections.abc import Iterable

from xnat_tui.demo.sample import documents
from xnat_tui.demo.sample.plan import ProjectPlan, ScanPlan, SessionPlan, SubjectPlan


def borrowed() -> ProjectPlan:
    """The plan of the project."""
    readme = "Public test files that come with pydicom and pydicom-data, grouped as an archive would.\n"
    return ProjectPlan(
        "REAL",
        "Real files of real scanners",
        tuple(_subjects()),
        roles={"owner": "owner", "member": "collaborator"},
        secondary_id="Real",
        description="Small, old and odd: other transfer syntaxes, no pixels, waveforms, plans.",
        keywords="DICOM test files",
        pi=("Pia", "Dicom"),
        accessibility="protected",
        resources=(documents.text("README", "README.txt", readme),),
    )


def _subjects() -> Iterable[SubjectPlan]:
    yield SubjectPlan(
        "Heads",
        (
            _session("Heads_CT1", "ct", "", "stroke ct", "stroke ct j2k", "brain ct"),
            _session("Heads_MR1", "mr", "2003-05-05", "mr localizer", "mr pilot", "mr angio"),
        ),
    )
    yield SubjectPlan(
        "Bodies",
        (
            _session("Bodies_MR1", "mr", "2005-11-30", "abdomen mr", "shoulder mr"),
            _session("Bodies_CT1", "ct", "2001-01-01", "heart ct scout", "heart ct", "spine ct"),
            _session("Bodies_SEG1", "ct", "2003-04-17", "liver segmentation"),
        ),
        gender="male",
    )
    yield SubjectPlan("Sound", (_session("Sound_US1", "us", "2004-08-26", "lymph node us", "heart us"),))
    yield SubjectPlan(
        "Films",
        (
            _session("Films_CR1", "cr", "2004-08-26", "leg cr", "chest cr"),
            _session("Films_CR2", "cr", "", "neck cr"),
        ),
        gender="female",
    )
    yield SubjectPlan(
        "Phantoms",
        (
            _session("Phantoms_MR1", "mr", "2000-01-01", "enhanced mr", "small mr", "small mr rle"),
            _session("Phantoms_CT1", "ct", "2020-09-13", "headers only"),
        ),
    )
    yield SubjectPlan(
        "Papers",
        (
            _session("Papers_RT1", "rt", "2003-07-16", "treatment plan", "dose"),
            _session("Papers_ECG1", "ecg", "2013-01-25", "ecg"),
            _session("Papers_SR1", "sr", "", "report"),
        ),
    )


def _session(label: str, stem: str, day: str, *series: str) -> SessionPlan:
    scans = tuple(ScanPlan(str(number), real=name) for number, name in enumerate(series, 1))
    return SessionPlan(label, f"xnat:{stem}SessionData", day, "00:00:00", scans=scans)
