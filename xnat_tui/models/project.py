"""Projects: the top of the hierarchy."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from xnat_tui.models.base import Number, Text, XnatModel, custom_variables_of
from xnat_tui.models.item import Item


class Project(XnatModel):
    """A project.

    Attributes:
        name: what XNAT's pages call the title.
        secondary_id: what XNAT's pages call the running title.
        keywords: separated by commas or blanks, as people typed them.
        accessibility: "private", "protected" or "public"; "" where it was not asked for, as in listings.
        subject_count: own and shared-in subjects; None where they were not counted, as in listings.
        custom_variables: values of the project's own variables; {} in listings.
    """

    id: Text = ""
    name: Text = ""
    secondary_id: Text = ""
    description: Text = ""
    keywords: Text = ""
    pi_firstname: Text = ""
    pi_lastname: Text = ""
    accessibility: Text = Field("", alias="project_access")
    subject_count: Number = None
    custom_variables: dict[str, str] = Field(default_factory=dict)

    @property
    def pi(self) -> str:
        """The principal investigator's full name, "" when there is none."""
        return f"{self.pi_firstname} {self.pi_lastname}".strip()

    @classmethod
    def _facts_below(cls, item: Item) -> dict[str, Any]:
        return {**_investigator_of(item), "custom_variables": custom_variables_of(item)}


def _investigator_of(item: Item) -> dict[str, str]:
    person = next(iter(item.group("PI")), None)
    if person is None:
        names = {"pi_firstname": item.text("pi_firstname", "PI/firstname")}
        return names | {"pi_lastname": item.text("pi_lastname", "PI/lastname")}
    return {"pi_firstname": person.text("firstname"), "pi_lastname": person.text("lastname")}
