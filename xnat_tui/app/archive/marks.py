"""What somebody marked: ids kept per level, so that they outlive refreshes, filters, sorting and closing."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from xnat_tui.app.archive.level import Level
from xnat_tui.app.archive.nodes import Kind, NodeRef, Path

_Group = tuple[Path, Kind]
_ID = attrgetter("id")


class Marks:
    """Marked things of any levels, and a range that is being drawn on one of them.

    A range counts as marked while it grows and shrinks; `end_range` makes it stay.
    """

    def __init__(self) -> None:
        self._groups: dict[_Group, dict[str, NodeRef]] = {}
        self._range_group: _Group | None = None
        self._range: dict[str, NodeRef] = {}

    def __len__(self) -> int:
        kept = sum(map(len, self._groups.values()))
        beneath = self._groups.get(self._range_group, {}) if self._range_group else {}
        return kept + len(self._range) - len(self._range.keys() & beneath.keys())

    def __contains__(self, ref: NodeRef) -> bool:
        if not self._groups and not self._range:
            return False
        group = _group(ref)
        return ref.id in self._groups.get(group, ()) or (group == self._range_group and ref.id in self._range)

    def refs(self) -> list[NodeRef]:
        """Everything that is marked, level by level."""
        found: dict[_Group, dict[str, NodeRef]] = {group: {**held} for group, held in self._groups.items()}
        if self._range_group:
            found.setdefault(self._range_group, {}).update(self._range)
        return [ref for held in found.values() for ref in held.values()]

    def toggle(self, siblings: Sequence[NodeRef]) -> None:
        """Mark things of one kind beside each other; when all of them are marked, unmark them."""
        if not siblings:
            return
        group = _group(siblings[0])
        held = self._groups.setdefault(group, {})
        wanted = _by_id(siblings)
        if not held.keys() >= wanted.keys():
            held.update(wanted)
        elif len(held) > len(wanted):
            self._groups[group] = {id: ref for id, ref in held.items() if id not in wanted}
        else:
            del self._groups[group]

    def draw_range(self, siblings: Sequence[NodeRef]) -> None:
        """Make these things of one kind beside each other the range."""
        self._range_group = _group(siblings[0]) if siblings else None
        self._range = _by_id(siblings)

    def end_range(self) -> None:
        """Keep the range as marks."""
        if self._range_group and self._range:
            self._groups.setdefault(self._range_group, {}).update(self._range)
        self.draw_range(())

    def clear(self) -> None:
        """Unmark everything."""
        self._groups.clear()
        self.draw_range(())

    def renew(self, parent: NodeRef, level: Level) -> None:
        """Forget what is gone after a level was listed anew, and take the new facts of the rest."""
        path = parent.path
        for group in [group for group in self._groups if group[0] == path]:
            held = self._groups[group]
            found = {id: at for id in held if (at := level.find(group[1], id)) is not None}
            self._groups[group] = {id: level.refs[at] for id, at in found.items()}
            if not found:
                del self._groups[group]


def _group(ref: NodeRef) -> _Group:
    return (ref.parent.path if ref.parent else (), ref.kind)


def _by_id(refs: Sequence[NodeRef]) -> dict[str, NodeRef]:
    return dict(zip(map(_ID, refs), refs, strict=True))
