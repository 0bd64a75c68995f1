"""The archive: a database and plain files, and XNAT's rules of what may be stored in them.

It is the one place that knows tables and folders. It speaks of projects, subjects, experiments, scans,
resources and files, never of HTTP; only the numbers in `Refusal` are statuses.
"""

from __future__ import annotations

from xnat_tui.demo.archive.experiments import Experiment, Experiments, NewExperiment
from xnat_tui.demo.archive.files import Files, StoredFile
from xnat_tui.demo.archive.filters import QueryFailed
from xnat_tui.demo.archive.listing import Listing, Listings, Table
from xnat_tui.demo.archive.projects import Project, Projects
from xnat_tui.demo.archive.resources import Owner, Resource, Resources
from xnat_tui.demo.archive.scans import Scan, Scans
from xnat_tui.demo.archive.subjects import NewSubject, Subject, Subjects
from xnat_tui.demo.archive.users import GUEST, User, Users

__all__ = [
    "GUEST",
    "Archive",
    "Experiment",
    "Listing",
    "NewExperiment",
    "NewSubject",
    "Owner",
    "Project",
    "QueryFailed",
    "Resource",
    "Scan",
    "StoredFile",
    "Subject",
    "Table",
    "User",
]


class Archive(Users, Projects, Subjects, Experiments, Scans, Resources, Files, Listings):
    """Everything that the demo server stores, in the folder `root`; safe to share by threads."""
