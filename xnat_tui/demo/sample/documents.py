"""Small text resources of the sample: README, JSON, CSV and the like."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Mapping, Sequence

from xnat_tui.demo.sample.plan import AssessorPlan, ResourcePlan

_COMMENTS = ("no artefacts", "slight motion", "ghosting in the phase direction", "frontal sinus drop-out")


def text(label: str, name: str, content: str, *, description: str = "") -> ResourcePlan:
    """A resource of one text file."""
    return ResourcePlan(label, {name: content.encode()}, format="TEXT", description=description)


def json_document(label: str, name: str, content: Mapping[str, object], *, box: str = "") -> ResourcePlan:
    """A resource of one JSON file."""
    data = json.dumps(content, indent=2, ensure_ascii=False).encode()
    return ResourcePlan(label, {name: data}, format="JSON", content="metadata", tags=("json",), box=box)


def table(label: str, name: str, rows: Sequence[Mapping[str, object]]) -> ResourcePlan:
    """A resource of one CSV file with a heading."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return ResourcePlan(
        label, {name: sheet.getvalue().encode()}, format="CSV", content="table", tags=("csv", "qc")
    )


def quality_table(session_label: str) -> ResourcePlan:
    """A CSV of quality measures of a session; the same for the same label."""
    chance = random.Random(session_label)
    rows = [
        {
            "scan": number,
            "snr": round(chance.uniform(14, 40), 2),
            "motion_mm": round(chance.expovariate(3), 3),
        }
        for number in range(1, 8)
    ]
    return table("QC", "quality.csv", rows)


def manual_qc(session_label: str, date: str) -> AssessorPlan:
    """A person's verdict on a session, with a report in its own resource; the same for the same label."""
    chance = random.Random(session_label)
    passed = "1" if chance.random() < 0.8 else "0"
    comment = chance.choice(_COMMENTS)
    report = json_document("REPORT", "qc.json", {"session": session_label, "comment": comment}, box="out")
    values = {"rater": chance.choice(("mri", "kl", "sw")), "pass": passed, "comments": comment}
    return AssessorPlan(f"{session_label}_QC", "xnat:qcManualAssessorData", values, date, (report,))
