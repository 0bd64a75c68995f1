"""Adds a planned resource to whatever owns it."""

from __future__ import annotations

from datetime import datetime

from xnat_tui.demo.archive import Archive, Owner
from xnat_tui.demo.sample.plan import ResourcePlan


def add_resource(archive: Archive, owner: Owner, plan: ResourcePlan, inserted: datetime) -> None:
    """Add a resource with its files."""
    resource_id = archive.add_resource(
        owner,
        plan.label,
        format=plan.format,
        content=plan.content,
        tags=plan.tags,
        description=plan.description,
        box=plan.box,
        inserted=inserted,
    )
    for path, data in plan.files.items():
        archive.add_file(
            resource_id,
            path,
            data,
            format=plan.format,
            content=plan.content,
            tags=plan.tags,
            digest=plan.digests,
        )
