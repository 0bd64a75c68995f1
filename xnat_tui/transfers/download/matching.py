"""Which item an entry of the server's ZIP is. An entry that is none is left alone, whatever it is called."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.transfers.download.safe_unpack import check_inside
from xnat_tui.transfers.items import Batch

_NAME = re.compile(r"(?:(?:^|/)scans/([^/]+))?/resources/([^/]+)/files/(.+)", re.DOTALL)

Resources = Mapping[tuple[str, str], str]
"""The server's numbers of resources by scan ("" for none) and label."""


class EntryNames:
    """Reads the names of entries: "<session>/scans/<id>-<type>/resources/<label>/files/<path>".

    XNAT makes these names by replacing text in others and sometimes replaces too much, in folders called as a
    scan is. Such an entry fits no item; its file comes alone then.
    """

    def __init__(self, resources: Resources) -> None:
        """Expect the files of these resources; of a single one, whatever the ZIP calls it."""
        self._resources = resources
        self._single = next(iter(resources.values())) if len(resources) == 1 else None

    @classmethod
    def of_batch(cls, batch: Batch) -> EntryNames:
        """Expect what a batch holds."""
        scan_ids = batch.scan_ids or ("",)
        pairs = zip(scan_ids, batch.resource_ids, strict=True)
        return cls({(scan_id, batch.label): resource_id for scan_id, resource_id in pairs})

    def read(self, name: str) -> tuple[str, str] | None:
        """Return the resource's number and the path in it, None when the name does not tell."""
        match = _NAME.search(name)
        if match is None:
            return None
        resource_id = self._single or self._resource_of(match[1] or "", match[2])
        return (resource_id, match[3]) if resource_id else None

    def _resource_of(self, scan_folder: str, label: str) -> str | None:
        """Return the resource of the scan whose folder this is, without relying on the scan's type."""
        scan_id = scan_folder
        while (scan_id, label) not in self._resources:
            scan_id, dash, _ = scan_id.rpartition("-")
            if not dash:
                return None
        return self._resources[scan_id, label]


def is_hostile(name: str) -> bool:
    """Tell whether an entry's name tries to lead out of the folder."""
    try:
        check_inside(name.removesuffix("/"))
    except InvalidValueError:
        return True
    return False
