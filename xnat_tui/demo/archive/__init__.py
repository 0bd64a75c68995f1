"""The archive: a database and plain files, and XNAT's rules of what may be stored in them.

It is the one place that knows tables and folders. It speaks of projects, subjects, experiments, scans,
resources, files and the prearchive, never of HTTP; only the numbers in `Refusal` are statuses.
"""

from __future__ import annotations

from xnat_tui.demo.archive.catalogs import Catalogs, Refreshing
from xnat_tui.demo.archive.experiments import Experiment, Experiments, NewExperiment
from xnat_tui.demo.archive.files import StoredFile
from xnat_tui.demo.archive.filters import QueryFailed
from xnat_tui.demo.archive.listing import Listing, Listings, Table
from xnat_tui.demo.archive.prearchive import NewPrearchiveSession, PrearchiveSession
from xnat_tui.demo.archive.prearchive_files import PrearchiveFile, PrearchiveFiles
from xnat_tui.demo.archive.projects import Project, Projects
from xnat_tui.demo.archive.resources import Owner, Resource, Resources
from xnat_tui.demo.archive.scans import Scan, Scans
from xnat_tui.demo.archive.subjects import NewSubject, Subject, Subjects
from xnat_tui.demo.archive.users import GUEST, User, Users
from xnat_tui.demo.archive.workflows import Workflow, Workflows

__all__ = [
    "GUEST",
    "Archive",
    "Experiment",
    "Listing",
    "NewExperiment",
    "NewPrearchiveSession",
    "NewSubject",
    "Owner",
    "PrearchiveFile",
    "PrearchiveSession",
    "Project",
    "QueryFailed",
    "Refreshing",
    "Resource",
    "Scan",
    "StoredFile",
    "Subject",
    "Table",
    "User",
    "Workflow",
]


class Archive(
    Users, Projects, Subjects, Experiments, Scans, Resources, Catalogs, PrearchiveFiles, Listings, Workflows
):
    """Everything that the demo server stores, in the folder `root`; safe to share by threads."""
