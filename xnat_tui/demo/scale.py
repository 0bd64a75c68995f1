"""Large data on request: a project of very many subjects, a session of very many files; not the sample."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO

from xnat_tui.demo.archive import Archive, NewExperiment, NewSubject, Owner

_BULK_SCANS = 4
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}
_MADE = datetime(2024, 1, 1, 6, 0)
_TYPES = ("xnat:mrSessionData", "xnat:petSessionData", "xnat:ctSessionData")


def parse_scale(text: str) -> tuple[int, int]:
    """Read "10000x3": number of subjects, sessions of each.

    Raises:
        ValueError: the text is no such pair of whole numbers above zero.
    """
    found = re.fullmatch(r"([0-9]+)[xX]([0-9]+)", text.strip())
    if not found or 0 in (pair := (int(found[1]), int(found[2]))):
        raise ValueError(f'"{text}" is not a scale: write SUBJECTSxSESSIONS, for example 10000x3.')
    return pair


def parse_bulk(text: str) -> tuple[int, int]:
    """Read "2000x500K": number of files, bytes of each; K, M and G are powers of 1024 (500K is 512 000).

    Raises:
        ValueError: the text is no such pair.
    """
    found = re.fullmatch(r"([0-9]+)[xX]([0-9]+)([KMG]?)B?", text.strip(), re.IGNORECASE)
    if not found or 0 in (pair := (int(found[1]), int(found[2]) * _UNITS[found[3].upper()])):
        raise ValueError(f'"{text}" is not a bulk size: write FILESxSIZE, for example 2000x500K.')
    return pair


def scale_project(subjects: int, sessions_each: int) -> str:
    """The id of the project that `plant_scale` makes."""
    return f"SCALE_{subjects}x{sessions_each}"


def bulk_project(files: int, size_bytes: int) -> str:
    """The id of the project that `plant_bulk` makes."""
    return f"BULK_{files}x{size_bytes}"


def plant_scale(archive: Archive, subjects: int, sessions_each: int) -> None:
    """Add a project with that many subjects, each with that many sessions without scans or files.

    The owner of the demo owns it too. Takes some seconds for 100 000 subjects.

    Raises:
        Refusal: 409 when the archive has the project already.
    """
    name = f"{subjects:,} subjects with {sessions_each:,} sessions each".replace(",", " ")
    project = scale_project(subjects, sessions_each)
    with archive.bulk():
        archive.add_project(project, name=name, inserted=_MADE)
        archive.grant(project, "owner", "owner")
        labels = [f"S{number:06}" for number in range(1, subjects + 1)]
        ids = archive.add_subjects(project, (NewSubject(label, inserted=_MADE) for label in labels))
        sessions = (
            _session(subject_id, label, number)
            for subject_id, label in zip(ids, labels, strict=True)
            for number in range(1, sessions_each + 1)
        )
        archive.add_experiments(project, sessions)


def _session(subject_id: str, subject_label: str, number: int) -> NewExperiment:
    day = date(2015, 1, 1) + timedelta(days=int(subject_label[1:]) % 3000 + 30 * number)
    kind = _TYPES[number % len(_TYPES)]
    return NewExperiment(f"{subject_label}_{number}", kind, subject_id, date=day.isoformat(), inserted=_MADE)


def plant_bulk(archive: Archive, files: int, size_bytes: int) -> None:
    """Add a project with one session of that many files of that size, spread over a few scans.

    The bytes look like noise, differ from file to file, and are the same every time.

    Raises:
        Refusal: 409 when the archive has the project already.
    """
    project = bulk_project(files, size_bytes)
    with archive.bulk():
        archive.add_project(project, name=f"{files} files of {size_bytes} bytes", inserted=_MADE)
        archive.grant(project, "owner", "owner")
        subject_id = archive.add_subject(project, "BULK-1", inserted=_MADE)
        session_id = archive.add_experiment(
            project, subject_id, "BULK-1_MR1", "xnat:mrSessionData", date="2024-01-01", inserted=_MADE
        )
        scans = min(files, _BULK_SCANS)
        for scan in range(scans):
            _plant_bulk_scan(archive, session_id, str(scan + 1), range(scan, files, scans), size_bytes)


def _plant_bulk_scan(
    archive: Archive, session_id: str, scan_id: str, numbers: range, size_bytes: int
) -> None:
    archive.add_scan(session_id, scan_id, "xnat:mrScanData", type="BULK", quality="usable", inserted=_MADE)
    owner = Owner.scan(session_id, scan_id)
    resource_id = archive.add_resource(owner, "RAW", format="BINARY", content="RAW", inserted=_MADE)
    for number in numbers:
        content = BytesIO(b"".join(_noise(number, size_bytes)))
        archive.add_file(resource_id, f"{number:06}.raw", content, format="BINARY", content="RAW")


def _noise(number: int, size_bytes: int) -> Iterator[bytes]:
    """Pieces of a stream that belongs to a number, `size_bytes` in all."""
    piece = hashlib.shake_128(str(number).encode()).digest(min(size_bytes, 1 << 16))
    for offset in range(0, size_bytes, len(piece)):
        yield piece[: size_bytes - offset]
