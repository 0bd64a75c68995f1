"""Puts a sample plan into an archive. What is planned is in the modules named after projects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from xnat_tui.demo.archive import Archive, Owner
from xnat_tui.demo.sample.artist import Artist, Person
from xnat_tui.demo.sample.history import note_addition, note_session
from xnat_tui.demo.sample.plan import (
    AssessorPlan,
    ProjectPlan,
    ResourcePlan,
    SamplePlan,
    SessionPlan,
    SharePlan,
    SubjectPlan,
)
from xnat_tui.demo.sample.protocols import MODALITIES, SCANNERS, Scanner
from xnat_tui.demo.sample.resources import add_resource
from xnat_tui.demo.sample.scans import ScanPlanter
from xnat_tui.demo.sample.study import Study

_UNDATED = datetime(2023, 6, 1)
_UNKNOWN_SCANNER = Scanner("", "", "", "")


class Planter:
    """Fills one archive, in the order of the plan, so that the numbers it gives are always the same."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._scans = ScanPlanter(archive, Artist())

    def plant(self, plan: SamplePlan) -> None:
        """Add all projects of a plan, then its shares."""
        for project in plan.projects:
            with self._archive.bulk():
                self._plant_project(project)
        with self._archive.bulk():
            for share in plan.shares:
                self._share(share)

    def _plant_project(self, plan: ProjectPlan) -> None:
        founded = datetime(2023, 1, 9, 8, 0)
        self._archive.add_project(
            plan.id,
            name=plan.name,
            secondary_id=plan.secondary_id,
            description=plan.description,
            keywords=plan.keywords,
            pi_firstname=plan.pi[0],
            pi_lastname=plan.pi[1],
            accessibility=plan.accessibility,
            investigators=plan.investigators,
            fields=plan.fields,
            inserted=founded,
        )
        note_addition(self._archive, "xnat:projectData", plan.id, plan.id, login="admin", added=founded)
        for login, role in plan.roles.items():
            self._archive.grant(plan.id, login, role)
        self._add_resources(Owner.project(plan.id), plan.resources)
        for subject in plan.subjects:
            self._plant_subject(plan, subject)

    def _plant_subject(self, project: ProjectPlan, plan: SubjectPlan) -> None:
        demographics: dict[str, object] = {"gender": plan.gender, **plan.demographics}
        if plan.birth_year:
            demographics["yob"] = plan.birth_year
        begin = _begin(plan.sessions[0]) if plan.sessions else _UNDATED
        subject_id = self._archive.add_subject(
            project.id,
            plan.label,
            group=plan.group,
            demographics=demographics,
            fields=plan.fields,
            insert_user="owner",
            inserted=begin,
        )
        note_addition(self._archive, "xnat:subjectData", subject_id, project.id, login="owner", added=begin)
        self._add_resources(Owner.subject(subject_id), plan.resources)
        for session in plan.sessions:
            self._plant_session(project, plan, subject_id, session)

    def _plant_session(
        self, project: ProjectPlan, subject: SubjectPlan, subject_id: str, plan: SessionPlan
    ) -> None:
        study = _study(project, subject, plan)
        stored = study.begin + timedelta(hours=3)
        session_id = self._archive.add_experiment(
            project.id,
            subject_id,
            plan.label,
            plan.xsi_type,
            date=plan.date,
            time=plan.time if plan.date else "",
            values=_session_values(study, plan),
            fields=plan.fields,
            insert_user="owner",
            inserted=stored,
        )
        note_session(self._archive, plan.xsi_type, session_id, project.id, stored)
        for scan in plan.scans:
            self._scans.plant(session_id, study, scan)
        self._add_resources(Owner.experiment(session_id), plan.resources, study.begin + timedelta(hours=4))
        for assessor in plan.assessors:
            self._plant_assessor(session_id, study, assessor)

    def _plant_assessor(self, session_id: str, study: Study, plan: AssessorPlan) -> None:
        inserted = study.begin + timedelta(days=1)
        assessor_id = self._archive.add_assessor(
            session_id, plan.label, plan.xsi_type, date=plan.date, values=plan.values, inserted=inserted
        )
        note_addition(
            self._archive, plan.xsi_type, assessor_id, study.project_id, login="member", added=inserted
        )
        self._add_resources(Owner.experiment(assessor_id), plan.resources, inserted)

    def _add_resources(
        self, owner: Owner, plans: Iterable[ResourcePlan], inserted: datetime = _UNDATED
    ) -> None:
        for plan in plans:
            add_resource(self._archive, owner, plan, inserted)

    def _share(self, plan: SharePlan) -> None:
        subject = self._archive.find_subject(plan.owner, plan.subject)
        if subject is None:
            raise LookupError(f"The plan shares {plan.subject}, which {plan.owner} does not have.")
        self._archive.share_subject(subject.id, plan.project, plan.label)
        for label, shown_as in plan.sessions.items():
            session = self._archive.find_experiment(plan.owner, label)
            if session is None:
                raise LookupError(f"The plan shares {label}, which {plan.owner} does not have.")
            self._archive.share_experiment(session.id, plan.project, shown_as)


def _begin(plan: SessionPlan) -> datetime:
    return datetime.fromisoformat(f"{plan.date}T{plan.time}") if plan.date else _UNDATED


def _study(project: ProjectPlan, subject: SubjectPlan, plan: SessionPlan) -> Study:
    begin = _begin(plan)
    return Study(
        project_id=project.id,
        subject_label=subject.label,
        session_label=plan.label,
        scanner=SCANNERS.get(plan.scanner, _UNKNOWN_SCANNER),
        begin=begin,
        sex={"male": "M", "female": "F"}.get(subject.gender, "O"),
        birth_date=f"{subject.birth_year}0701" if subject.birth_year else "",
        age_years=begin.year - subject.birth_year if subject.birth_year else 0,
        person=Person(subject.build, subject.shrinkage),
    )


def _session_values(study: Study, plan: SessionPlan) -> dict[str, object]:
    """What XNAT reads from the files when it archives a session, under its schema's paths."""
    scanner = study.scanner
    modalities = (
        modality.dicom for modality in MODALITIES.values() if modality.session_type == plan.xsi_type
    )
    known: dict[str, object] = {
        "modality": next(modalities, ""),
        "UID": study.uid if plan.scanner else "",
        "scanner": scanner.station,
        "scanner/manufacturer": scanner.manufacturer,
        "scanner/model": scanner.model,
        "acquisition_site": scanner.institution,
        "dcmPatientId": study.session_label if plan.scanner else "",
        "dcmPatientName": study.subject_label if plan.scanner else "",
        "note": plan.note,
    }
    if scanner.field_strength_t:
        known["fieldStrength"] = str(scanner.field_strength_t)
    if plan.xsi_type == "xnat:petSessionData" and plan.scanner:
        known |= {"tracer/name": "FDG", "tracer/isotope": "F-18", "tracer/dose": 255.0}
    return {path: value for path, value in known.items() if value != ""}
