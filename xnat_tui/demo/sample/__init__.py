"""Sample data for the demo server, the same every time: `plant` fills an empty archive.

The pictures are drawn (phantom, contrast, artist), written as DICOM (dicom) and NIfTI (nifti) or borrowed
from pydicom's packages (real_series); what exists is planned as values (plan, and one module for each
project) and put into the archive by planting and scans.
"""

from __future__ import annotations

from xnat_tui.demo.archive import Archive
from xnat_tui.demo.people import add_people
from xnat_tui.demo.sample.awkward import awkward
from xnat_tui.demo.sample.borrowed import borrowed
from xnat_tui.demo.sample.brains import brains
from xnat_tui.demo.sample.oncology import oncology
from xnat_tui.demo.sample.plan import SamplePlan, SharePlan
from xnat_tui.demo.sample.planting import Planter
from xnat_tui.demo.sample.tiny import tiny


def plant(archive: Archive, seed: str = "full") -> None:
    """Add the sample's data, and its users where they are missing, to an archive without projects.

    Args:
        archive: the archive; numbers, ids, UIDs and bytes are the same whenever it was empty before.
        seed: "full" has 4 projects, some 70 sessions and 90 MB; "tiny" one of each kind of thing in 1 MB.

    Raises:
        ValueError: there is no such seed.
        FileNotFoundError: pydicom-data, which ships the real series of the full sample, is not installed.
    """
    plans = {"full": _full, "tiny": tiny}
    if seed not in plans:
        raise ValueError(f'There is no seed "{seed}": choose full or tiny.')
    add_people(archive)
    Planter(archive).plant(plans[seed]())


def _full() -> SamplePlan:
    shares = (
        SharePlan("BRAINS", "SUB-003", "AWKWARD", "Guest-003", {"SUB-003_MR1": "Guest-003_MR1"}),
        SharePlan("BRAINS", "SUB-004", "REAL", "SUB-004", {"SUB-004_PET1": "SUB-004_PET1"}),
        SharePlan("ONCO", "PAT01", "BRAINS", "PAT01", {"PAT01_PETCT": "Control-PETCT"}),
        SharePlan("ONCO", "PAT02", "BRAINS", "Control-02"),
    )
    return SamplePlan((brains(), oncology(), borrowed(), awkward()), shares)
