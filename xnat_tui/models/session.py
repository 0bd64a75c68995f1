"""Sessions: what XNAT calls experiments when it means data collected from a subject."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from xnat_tui.models.base import Day, Moment, Number, Text, XnatModel, custom_variables_of, shares_of
from xnat_tui.models.item import Item


class Session(XnatModel):
    """An imaging session or another experiment of a subject.

    Attributes:
        id: accession id, unique on the server ("XNAT_E00042").
        xsi_type: XNAT's type ("xnat:mrSessionData").
        session_date: day of the acquisition; None when unknown.
        session_time: time of day, "HH:MM:SS".
        scanner: the scanner's name, else its maker and model; "" in listings.
        scan_count: None where the scans were not counted, as in listings.
        note: free text.
        insert_date: when it was made, in the server's local time.
        custom_variables: values of the project's own variables; {} in listings.
        shared_into: projects that show it beside its own; () in listings.
    """

    id: Text = ""
    label: Text = ""
    project: Text = ""
    subject_id: Text = ""
    subject_label: Text = ""
    xsi_type: Text = Field("", alias="xsitype")
    session_date: Day = Field(None, alias="date")
    session_time: Text = Field("", alias="time")
    visit_id: Text = ""
    scanner: Text = ""
    operator: Text = ""
    note: Text = ""
    study_uid: Text = Field("", alias="uid")
    insert_date: Moment = None
    insert_user: Text = ""
    scan_count: Number = None
    custom_variables: dict[str, str] = Field(default_factory=dict)
    shared_into: tuple[str, ...] = ()

    @property
    def modality(self) -> str:
        """The modality that the type stands for, "MR" for xnat:mrSessionData; "" for other experiments."""
        return modality_of(self.xsi_type)

    @classmethod
    def _facts_below(cls, item: Item) -> dict[str, Any]:
        machine = f"{item.text('scanner/manufacturer')} {item.text('scanner/model')}".strip()
        return {
            "scanner": item.text("scanner") or machine,
            "scan_count": len(item.group("scans/scan")),
            "custom_variables": custom_variables_of(item),
            "shared_into": shares_of(item),
        }


def modality_of(xsi_type: str) -> str:
    """Return the modality in a type's name: "MR" for xnat:mrSessionData, "" for no imaging session."""
    name = xsi_type.rpartition(":")[2]
    return name.removesuffix("SessionData").upper() if name.endswith("SessionData") else ""
