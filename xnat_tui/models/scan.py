"""Scans: the series of a session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from xnat_tui.models.base import Number, Text, XnatModel, custom_variables_of
from xnat_tui.models.item import Item


class Scan(XnatModel):
    """A scan.

    Attributes:
        scan_id: unique in its session; a text ("4", "4-MR2", "OT1").
        type: what the site calls this kind of scan ("T1w").
        quality: "usable", "questionable", "unusable", or the site's own words.
        xsi_type: XNAT's type ("xnat:mrScanData"), which need not fit that of the session.
        frames: images or volumes.
        file_count: files of all its resources; None where nobody counted.
        size_bytes: their total; None where nobody counted.
    """

    scan_id: Text = Field("", alias="id")
    type: Text = ""
    quality: Text = ""
    xsi_type: Text = Field("", alias="xsitype")
    series_description: Text = ""
    note: Text = ""
    frames: Number = None
    series_uid: Text = Field("", alias="uid")
    start_time: Text = Field("", alias="starttime")
    file_count: Number = None
    size_bytes: Number = Field(None, alias="file_size")
    custom_variables: dict[str, str] = Field(default_factory=dict)

    @property
    def id(self) -> str:
        """The same as `scan_id`, under the name that all other models have."""
        return self.scan_id

    @classmethod
    def _facts_below(cls, item: Item) -> dict[str, Any]:
        resources = item.group("file")
        return {
            "file_count": sum_counted([file.text("file_count") for file in resources]),
            "file_size": sum_counted([file.text("file_size") for file in resources]),
            "custom_variables": custom_variables_of(item),
        }


def sum_counted(cells: Sequence[str]) -> int | None:
    """Return the sum of what the server counted; None where it has not counted everything."""
    return sum(map(int, cells)) if all(cell.isdecimal() for cell in cells) else None
