"""Subjects: the participants of a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from xnat_tui.models.base import Day, Moment, Number, Text, XnatModel, custom_variables_of, shares_of
from xnat_tui.models.item import Item


class Subject(XnatModel):
    """A subject.

    Attributes:
        id: accession id, unique on the server ("XNAT_S00012").
        label: its name in the project it was read from.
        project: the owning project, also where the subject is shared in.
        group: the study group or cohort.
        dob: date of birth.
        yob: year of birth.
        age: in years, where it was entered as such.
        insert_date: when it was made, in the server's local time.
        session_count: its experiments; None where they were not counted, as in listings.
        custom_variables: values of the project's own variables; {} in listings.
        shared_into: projects that show it beside its own; () in listings.
    """

    id: Text = ""
    label: Text = ""
    project: Text = ""
    group: Text = ""
    gender: Text = ""
    handedness: Text = ""
    dob: Day = None
    yob: Number = None
    age: Number = None
    insert_date: Moment = None
    insert_user: Text = ""
    session_count: Number = None
    custom_variables: dict[str, str] = Field(default_factory=dict)
    shared_into: tuple[str, ...] = ()

    @classmethod
    def _fields_below(cls, item: Item) -> Mapping[str, Any]:
        return next((child.fields for child in item.group("demographics")), {})

    @classmethod
    def _facts_below(cls, item: Item) -> dict[str, Any]:
        return {
            "session_count": len(item.group("experiments/experiment")),
            "custom_variables": custom_variables_of(item),
            "shared_into": shares_of(item),
        }
