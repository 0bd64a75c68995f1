"""Experiments: sessions and other subject assessors, and the image assessors below sessions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict, Unpack

from xnat_tui.demo.archive.sharing import Sharing
from xnat_tui.demo.archive.store import Row, stamp, to_json
from xnat_tui.demo.refusal import Refusal

_COLUMNS = (
    "id, project, subject_id, session_id, label, xsi_type, date, time, vals, fields, status,"
    " insert_date, insert_user, last_modified"
)


@dataclass(frozen=True)
class Experiment:
    """One experiment, as its owning project knows it.

    Attributes:
        subject_id: the subject; empty for image assessors.
        session_id: the session that an image assessor assesses; empty for everything else.
        values: other fields of the schema, by their path ("scanner/manufacturer").
        fields: custom variables.
    """

    id: str
    project: str
    subject_id: str
    session_id: str
    label: str
    xsi_type: str
    date: str
    time: str
    values: Mapping[str, Any]
    fields: Mapping[str, str]
    status: str
    insert_date: str
    insert_user: str
    last_modified: str


class ExperimentDetails(TypedDict, total=False):
    """What else may be known of a new experiment.

    Attributes:
        date: ISO date.
        time: "HH:MM:SS".
        values: other fields by their path.
        fields: custom variables.
        inserted: when it was made; now by default.
    """

    date: str
    time: str
    values: Mapping[str, Any]
    fields: Mapping[str, str]
    inserted: datetime | None


@dataclass(frozen=True)
class NewExperiment:
    """What is known of an experiment that is to be added; see `Experiment` for the meaning."""

    label: str
    xsi_type: str
    subject_id: str = ""
    session_id: str = ""
    date: str = ""
    time: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    inserted: datetime | None = None


def _experiment(row: Row) -> Experiment:
    parents = (row[2] or "", row[3] or "")
    texts = [json.loads(text) for text in row[8:10]]
    return Experiment(*(*row[:2], *parents, *row[4:8], *texts, *row[10:]))


class Experiments(Sharing):
    """The part of the archive that keeps experiments."""

    def add_experiment(
        self,
        project_id: str,
        subject_id: str,
        label: str,
        xsi_type: str,
        *,
        insert_user: str = "admin",
        **details: Unpack[ExperimentDetails],
    ) -> str:
        """Add a session or another assessor of a subject; return its accession id ("XNAT_E00042").

        Args:
            project_id: the owning project.
            subject_id: the subject's accession id.
            label: unique in the project.
            xsi_type: such as "xnat:mrSessionData".
            insert_user: login of the maker.
            details: what else is known of it.

        Raises:
            Refusal: 409 when the label is in use in the project.
        """
        new = NewExperiment(label, xsi_type, subject_id, **details)
        return self._add_one(project_id, new, insert_user)

    def add_assessor(
        self,
        session_id: str,
        label: str,
        xsi_type: str,
        *,
        insert_user: str = "admin",
        **details: Unpack[ExperimentDetails],
    ) -> str:
        """Add an image assessor to a session, in the session's project; return its accession id.

        Raises:
            Refusal: 404 for an unknown session, 409 when the label is in use in the project.
        """
        session = self.experiment(session_id)
        if session is None:
            raise Refusal(404)
        new = NewExperiment(label, xsi_type, session_id=session_id, **details)
        return self._add_one(session.project, new, insert_user)

    def _add_one(self, project_id: str, new: NewExperiment, insert_user: str) -> str:
        with self.bulk():
            if self.find_experiment(project_id, new.label):
                raise Refusal(409, "Specified experiment already exists.")
            return self.add_experiments(project_id, [new], insert_user=insert_user)[0]

    def add_experiments(
        self, project_id: str, experiments: Iterable[NewExperiment], *, insert_user: str = "admin"
    ) -> list[str]:
        """Add many experiments at once, trusting that their labels are new; return their accession ids."""
        rows = []
        found = list(experiments)
        with self.bulk():
            for number, new in zip(self._take_numbers("experiment", len(found)), found, strict=True):
                moment = stamp(new.inserted)
                who = (
                    f"XNAT_E{number:05d}",
                    project_id,
                    new.subject_id or None,
                    new.session_id or None,
                    new.label,
                )
                what = (new.xsi_type, new.date, new.time, to_json(new.values), to_json(new.fields))
                rows.append((*who, *what, "active", moment, insert_user, moment))
            marks = ", ".join("?" * 14)
            self._db.executemany(f"INSERT INTO experiments ({_COLUMNS}) VALUES ({marks})", rows)
        return [row[0] for row in rows]

    def experiment(self, experiment_id: str) -> Experiment | None:
        """Return the experiment of an accession id, or None."""
        row = self._row(f"SELECT {_COLUMNS} FROM experiments WHERE id = ?", experiment_id)
        return _experiment(row) if row else None

    def find_experiment(self, project_id: str, key: str) -> Experiment | None:
        """Return an experiment of a project, own or shared in, by label (tried first) or accession id."""
        found = self._find_id("experiment", project_id, key)
        return self.experiment(found) if found else None

    def experiments_of_subject(self, subject_id: str) -> list[Experiment]:
        """Return the experiments of a subject in the order of their making."""
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM experiments WHERE subject_id = ? ORDER BY rowid", subject_id
        )
        return [_experiment(row) for row in rows]

    def assessors(self, session_id: str) -> list[Experiment]:
        """Return the image assessors of a session in the order of their making."""
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM experiments WHERE session_id = ? ORDER BY rowid", session_id
        )
        return [_experiment(row) for row in rows]

    def update_experiment(
        self,
        experiment_id: str,
        *,
        columns: Mapping[str, str] | None = None,
        values: Mapping[str, Any] | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        """Change what is given and keep the rest.

        Args:
            experiment_id: accession id.
            columns: any of date, time, status, subject_id.
            values: other fields by their path; None clears one.
            fields: custom variables.
        """
        self._change("experiment", experiment_id, columns or {}, {"vals": values, "fields": fields})

    def share_experiment(self, experiment_id: str, project_id: str, label: str = "") -> None:
        """Show an experiment in one more project, there under its own label or another; its scans too.

        Raises:
            Refusal: 404 for an unknown one, 409 when it is there already or the label is in use.
        """
        with self.bulk():
            self._share("experiment", experiment_id, project_id, label)
            sql = "INSERT OR IGNORE INTO scan_shares SELECT pk, ?, id FROM scans WHERE session_id = ?"
            self._run(sql, project_id, experiment_id)

    def unshare_experiment(self, experiment_id: str, project_id: str) -> bool:
        """Take a share back; False when there was none."""
        with self.bulk():
            self._unshare_scans(experiment_id, project_id)
            return self._unshare("experiment", experiment_id, project_id)

    def _unshare_scans(self, session_id: str, project_id: str) -> None:
        sql = (
            "DELETE FROM scan_shares WHERE project = ?"
            " AND scan_pk IN (SELECT pk FROM scans WHERE session_id = ?)"
        )
        self._run(sql, project_id, session_id)

    def move_experiment(self, experiment_id: str, project_id: str, label: str = "") -> None:
        """Make another project the owner of an experiment and of its assessors.

        Raises:
            Refusal: 404 for an unknown one, 409 when the label is in use there.
        """
        with self.bulk():
            self._move("experiment", experiment_id, project_id, label)
            self._unshare_scans(experiment_id, project_id)
            assessors = "UPDATE OR IGNORE experiments SET project = ? WHERE session_id = ?"
            self._run(assessors, project_id, experiment_id)

    def delete_experiment(self, experiment_id: str) -> None:
        """Delete an experiment with its scans, assessors, resources and files."""
        with self.bulk():
            self._run("DELETE FROM experiments WHERE id = ?", experiment_id)
            self._sweep_folders()
