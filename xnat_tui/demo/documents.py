"""Turns objects of the archive into items: which fields and which groups of children each has."""

from __future__ import annotations

from collections.abc import Mapping

from xnat_tui.demo.archive import Archive, Experiment, Owner, Project, Resource, Scan, Subject
from xnat_tui.demo.archive.types import extends
from xnat_tui.demo.items import Item


def project_item(archive: Archive, project: Project) -> Item:
    """Return a project; its accessibility is not part of it, as on a real server."""
    pi = {"firstname": project.pi_firstname, "lastname": project.pi_lastname}
    investigators = [
        Item("xnat:investigatorData", {"firstname": first, "lastname": last})
        for first, last in project.investigators
    ]
    aliases = [Item("xnat:projectData_alias", {"alias": alias}) for alias in archive.aliases(project.id)]
    fields = {
        "ID": project.id,
        "id": project.id,
        "secondary_ID": project.secondary_id,
        "name": project.name,
        "description": project.description,
        "keywords": project.keywords,
        "active": True,
    }
    children = {
        "PI": [Item("xnat:investigatorData", pi)] if any(pi.values()) else [],
        "investigators/investigator": investigators,
        "aliases/alias": aliases,
        "resources/resource": _resources(archive, Owner.project(project.id)),
        "fields/field": _custom("xnat:projectData_field", project.fields),
    }
    return Item("xnat:projectData", fields, children, project.insert_date)


def subject_item(archive: Archive, subject: Subject, label: str = "") -> Item:
    """Return a subject with the whole tree of its experiments; `label` is the one in a sharing project."""
    fields = {
        "ID": subject.id,
        "id": subject.id,
        "project": subject.project,
        "label": label or subject.label,
        "group": subject.group,
        "insert_date": subject.insert_date,
        "insert_user": subject.insert_user,
        **subject.values,
    }
    demographics = Item("xnat:demographicData", subject.demographics, {}, subject.insert_date)
    experiments = [experiment_item(archive, found) for found in archive.experiments_of_subject(subject.id)]
    shares = archive.shares("subject", subject.id)
    children = {
        "demographics": [demographics] if subject.demographics else [],
        "experiments/experiment": experiments,
        "resources/resource": _resources(archive, Owner.subject(subject.id)),
        "fields/field": _custom("xnat:subjectData_field", subject.fields),
        "sharing/share": [_share("xnat:projectParticipant", *share) for share in shares],
    }
    return Item("xnat:subjectData", fields, children, subject.insert_date)


def experiment_item(archive: Archive, experiment: Experiment, label: str = "") -> Item:
    """Return an experiment with its scans, assessors and resources."""
    fields = {
        "ID": experiment.id,
        "id": experiment.id,
        "project": experiment.project,
        "label": label or experiment.label,
        "subject_ID": experiment.subject_id,
        "imageSession_ID": experiment.session_id,
        "date": experiment.date,
        "time": experiment.time,
        **experiment.values,
    }
    shares = archive.shares("experiment", experiment.id)
    children = {
        "sharing/share": [_share("xnat:experimentData_share", *share) for share in shares],
        "fields/field": _custom("xnat:experimentData_field", experiment.fields),
        "resources/resource": _resources(archive, Owner.experiment(experiment.id), ""),
    }
    if extends(experiment.xsi_type, "xnat:imageSessionData"):
        assessors = archive.assessors(experiment.id)
        by_scan: dict[int, list[Item]] = {}
        for resource in archive.scan_resources(experiment.id):
            by_scan.setdefault(resource.scan_pk, []).append(resource_item(archive, resource))
        scans = archive.scans(experiment.id)
        children["scans/scan"] = [_scan_item(archive, s, experiment, by_scan.get(s.pk, [])) for s in scans]
        children["assessors/assessor"] = [experiment_item(archive, found) for found in assessors]
    if experiment.session_id:
        for box in ("in", "out"):
            children[f"{box}/file"] = _resources(archive, Owner.experiment(experiment.id), box)
    return Item(experiment.xsi_type, fields, children, experiment.insert_date)


def scan_item(archive: Archive, scan: Scan, session: Experiment) -> Item:
    """Return a scan with its resources."""
    return _scan_item(archive, scan, session, _resources(archive, Owner.scan(session.id, scan.id)))


def _scan_item(archive: Archive, scan: Scan, session: Experiment, resources: list[Item]) -> Item:
    fields = {
        "xnat_imagescandata_id": scan.pk,
        "xnat_imageScanData_id": scan.pk,
        "project": session.project,
        "ID": scan.id,
        "image_session_ID": scan.session_id,
        "type": scan.type,
        "quality": scan.quality,
        "series_description": scan.series_description,
        "note": scan.note,
        **scan.values,
    }
    shares = [_share("xnat:imageScanData_share", *share) for share in archive.scan_shares(scan.pk)]
    return Item(scan.xsi_type, fields, {"file": resources, "sharing/share": shares}, scan.insert_date)


def _resources(archive: Archive, owner: Owner, box: str | None = None) -> list[Item]:
    found = archive.resources(owner)
    return [resource_item(archive, each) for each in found if box is None or each.box == box]


def resource_item(archive: Archive, resource: Resource) -> Item:
    """Return a resource; its `URI` is the catalog's place on the server's disk, not a URL."""
    folder = archive.files_root / str(resource.id)
    fields = {
        "xnat_abstractresource_id": resource.id,
        "xnat_abstractResource_id": resource.id,
        "label": resource.label,
        "format": resource.format,
        "content": resource.content,
        "description": resource.description,
        "URI": str(folder / f"{resource.label or resource.id}_catalog.xml"),
        "file_count": resource.file_count,
        "file_size": resource.file_size,
    }
    tags = [Item("xnat:abstractResource_tag", {"tag": tag}) for tag in resource.tags]
    return Item("xnat:resourceCatalog", fields, {"tags/tag": tags}, resource.insert_date)


def _custom(xsi_type: str, fields: Mapping[str, str]) -> list[Item]:
    return [Item(xsi_type, {"name": name, "field": value}) for name, value in fields.items()]


def _share(xsi_type: str, project: str, label: str) -> Item:
    return Item(xsi_type, {"project": project, "label": label})
