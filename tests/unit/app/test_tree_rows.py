"""Rows of the tree in little room: a fact gives way only to a name that needs its cells."""

from __future__ import annotations

import pytest

from tests.unit.app.things import SUBJECT
from xnat_tui.app.archive.node import Node
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.archive.tree_rows import RowLook, pieces
from xnat_tui.app.glyphs import UNICODE
from xnat_tui.models.rows import ExperimentRow


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("SUB-007_MR1", ["SUB-007_MR1", "MR", "2024-03-11"]),
        ("SUB-007_PET12345", ["SUB-007_PET12345", "2024-03-11"]),
    ],
)
def test_a_fact_stays_as_long_as_the_label_has_room(label: str, shown: list[str]) -> None:
    row = ExperimentRow(id="E1", label=label, xsi_type="xnat:mrSessionData", date="2024-03-11")
    node = Node(NodeRef(Kind.SESSION, "E1", label, SUBJECT, row), None)
    text = "".join(piece.text for piece in pieces(node, 43, RowLook(UNICODE)))
    assert len(text) == 43
    assert text.split() == [UNICODE.closed, *shown]
