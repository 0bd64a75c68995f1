"""The children of one thing, prepared so that 100 000 of them can be drawn, found and filtered at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import msgspec

from xnat_tui.app.archive.filtering import folded_text
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.archive.ordering import NATURAL, Order, arrange

Orders = Mapping[Kind, Order]
"""The order of the rows of each kind that is not in natural order."""


class Level:
    """The children of one thing as a listing gave them.

    Making one takes a moment for 100 000 children, and is done on a thread beside the one that draws.

    Attributes:
        refs: the children, kinds together, each kind in natural order.
        folded: what a filter looks at, for each child.
    """

    def __init__(self, refs: list[NodeRef], orders: Orders | None = None) -> None:
        """Prepare children.

        Args:
            refs: the children.
            orders: the orders in which they are likely to be shown first.
        """
        self.refs = refs
        self.folded = [folded_text(ref) for ref in refs]
        self._kinds = {
            kind: range(run[0], run[-1] + 1)
            for kind, numbers in groupby(range(len(refs)), key=lambda at: refs[at].kind)
            if (run := list(numbers))
        }
        self._at = {kind: {refs[at].id: at for at in run} for kind, run in self._kinds.items()}
        self._arranged: dict[tuple[tuple[Kind, Order], ...], Sequence[int]] = {(): range(len(refs))}
        self.arranged(orders or {})

    def __len__(self) -> int:
        return len(self.refs)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of children that there are."""
        return tuple(self._kinds)

    def find(self, kind: Kind, id: str) -> int | None:
        """Which child it is; None for none."""
        return self._at.get(kind, {}).get(id)

    def numbers(self, kind: Kind) -> range:
        """The numbers of the children of this kind."""
        return self._kinds.get(kind, range(0))

    def count(self, kind: Kind) -> int:
        """How many children of this kind there are."""
        return len(self.numbers(kind))

    def find_named(self, kind: Kind, name: str) -> int | None:
        """Which child has this id, or else this label; None for none."""
        if (at := self.find(kind, name)) is not None:
            return at
        return next((at for at in self.numbers(kind) if self.refs[at].label == name), None)

    def set_count(self, at: int, count: int) -> None:
        """Note how many things a child holds, which its listing did not say."""
        self.refs[at] = msgspec.structs.replace(self.refs[at], count=count)

    def arranged(self, orders: Orders) -> Sequence[int]:
        """The numbers of all children in the order asked for; a range when that is the natural one.

        Each order is found once; for many children this is nothing for the thread that draws.
        """
        own = tuple((kind, orders[kind]) for kind in self._kinds if orders.get(kind, NATURAL) != NATURAL)
        if own not in self._arranged:
            self._arranged[own] = self._arrange(dict(own))
        return self._arranged[own]

    def _arrange(self, own: dict[Kind, Order]) -> Sequence[int]:
        found: list[int] = []
        for kind, run in self._kinds.items():
            found.extend(arrange(self.refs, run, own[kind]) if kind in own else run)
        return found
