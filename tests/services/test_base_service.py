"""A service of one's own on the verbs of BaseService, against the demo server."""

from __future__ import annotations

import pytest

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import ResourceNotFoundError
from xnat_tui.core.uri import data_path
from xnat_tui.services.base import BaseService


class Notes(BaseService):
    """Projects as places for a sentence."""

    def open(self, name: str) -> str:
        return self._post(data_path("projects"), {"ID": name}).text

    def write(self, name: str, sentence: str) -> None:
        self._put(data_path("projects", name), {"description": sentence})

    def read(self, name: str) -> str:
        document = self._get(data_path("projects", name), {"format": "json"}).json()
        return str(document["items"][0]["data_fields"]["description"])

    def names(self) -> set[str]:
        return {row["ID"] for row in self._table(data_path("projects"))}

    def burn(self, name: str) -> None:
        self._delete(data_path("projects", name), remove_files=True)


def test_a_service_of_ones_own_needs_no_more_than_the_verbs(client: XNATClient) -> None:
    notes = Notes(client)
    assert notes.open("NOTE").endswith("/NOTE")
    notes.write("NOTE", "Remember the milk.")
    assert notes.read("NOTE") == "Remember the milk."
    assert "NOTE" in notes.names()
    notes.burn("NOTE")
    assert "NOTE" not in notes.names()
    with pytest.raises(ResourceNotFoundError):
        notes.read("NOTE")
