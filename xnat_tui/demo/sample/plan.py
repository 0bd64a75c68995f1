"""What a sample holds, as plain values; the tables that fill them are in the modules named after projects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ResourcePlan:
    """A resource with small files: path in the resource to content."""

    label: str
    files: Mapping[str, bytes]
    format: str = ""
    content: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    box: str = ""
    digests: bool = True


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """A scan, made from a protocol, from real files, or (both empty) of resources alone.

    Attributes:
        id: unique in its session; a text.
        protocol: name in `protocols.PROTOCOLS`.
        real: name in `real_series.REAL_SERIES`.
        type: None takes the protocol's.
        description: None takes the protocol's.
        nifti: whether a converted copy lies beside the DICOM files.
        snapshots: whether pictures have been made already.
    """

    id: str
    protocol: str = ""
    real: str = ""
    type: str | None = None
    description: str | None = None
    quality: str = "usable"
    note: str = ""
    xsi_type: str = ""
    nifti: bool = False
    snapshots: bool = False
    resources: tuple[ResourcePlan, ...] = ()


@dataclass(frozen=True, slots=True)
class AssessorPlan:
    """An image assessor of a session."""

    label: str
    xsi_type: str
    values: Mapping[str, str]
    date: str = ""
    resources: tuple[ResourcePlan, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """A session; without `date` XNAT knows none, though its files may."""

    label: str
    xsi_type: str
    date: str = ""
    time: str = "09:30:00"
    scanner: str = ""
    scans: tuple[ScanPlan, ...] = ()
    note: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    resources: tuple[ResourcePlan, ...] = ()
    assessors: tuple[AssessorPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class SubjectPlan:
    """A subject and how it looks inside: `build` and `shrinkage` are those of `artist.Person`."""

    label: str
    sessions: tuple[SessionPlan, ...] = ()
    group: str = ""
    gender: str = "unknown"
    birth_year: int = 0
    demographics: Mapping[str, str | int] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    resources: tuple[ResourcePlan, ...] = ()
    build: int = 0
    shrinkage: float = 0.0


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """A project; `roles` maps log-ins to owner, member or collaborator."""

    id: str
    name: str
    subjects: tuple[SubjectPlan, ...]
    roles: Mapping[str, str]
    secondary_id: str = ""
    description: str = ""
    keywords: str = ""
    pi: tuple[str, str] = ("", "")
    investigators: tuple[tuple[str, str], ...] = ()
    accessibility: str = "private"
    fields: Mapping[str, str] = field(default_factory=dict)
    resources: tuple[ResourcePlan, ...] = ()


@dataclass(frozen=True, slots=True)
class SharePlan:
    """A subject of one project shown in another, with those of its sessions that are named."""

    owner: str
    subject: str
    project: str
    label: str
    sessions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """All that one seed plants."""

    projects: tuple[ProjectPlan, ...]
    shares: tuple[SharePlan, ...] = ()
