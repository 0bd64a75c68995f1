"""A table of texts with the widths that its columns want: plain values, no drawing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

_MOST_CELLS = 60
"""Cells that one column wants at most."""


_LEAST_CELLS = 6
"""Cells that it keeps."""


@dataclass(frozen=True)
class Head:
    """A column.

    Attributes:
        title: what stands above it.
        is_number: aligned at the right.
        rank: where there is too little room, columns of low rank give way first.
    """

    title: str
    is_number: bool = False
    rank: int = 1


@dataclass(frozen=True)
class Table:
    """Rows of texts below a title.

    Attributes:
        title: heading of the whole table; "" for none.
        heads: the columns; those in which no row says anything are not among them.
        rows: as many texts each as there are heads; anything that a server sent.
        widths: cells that each column wants.
        unshown: how many more rows there are elsewhere.
        failed: indexes of rows that tell of a failure.
    """

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    unshown: int = 0
    failed: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        title: str,
        heads: Sequence[Head],
        rows: Sequence[tuple[str, ...]],
        *,
        unshown: int = 0,
        failed: Collection[int] = (),
    ) -> Table:
        """Measure the columns and leave out empty ones; with 100 000 rows this takes a moment."""
        wanted = [max((cell_len(row[at]) for row in rows), default=0) for at in range(len(heads))]
        used = [at for at, cells in enumerate(wanted) if cells]
        kept = rows if len(used) == len(heads) else [tuple(row[at] for at in used) for row in rows]
        widths = (max(cell_len(heads[at].title), min(_MOST_CELLS, wanted[at])) for at in used)
        shown = tuple(heads[at] for at in used)
        return cls(title, shown, tuple(kept), tuple(widths), unshown, frozenset(failed))

    def widths_in(self, room: int) -> list[int]:
        """Widths with which a line takes `room` cells at most: the widest of the lowest rank give way."""
        widths = list(self.widths)
        excess = sum(widths) + 2 * max(0, len(widths) - 1) - room
        for rank in sorted({head.rank for head in self.heads}):
            flexible = [at for at, head in enumerate(self.heads) if head.rank == rank]
            while excess > 0 and (at := _widest(widths, flexible)) is not None:
                widths[at] -= 1
                excess -= 1
        return widths


def _widest(widths: Sequence[int], among: Sequence[int]) -> int | None:
    """The widest of these columns that can still give way."""
    at = max(among, key=lambda index: widths[index], default=None)
    return at if at is not None and widths[at] > _LEAST_CELLS else None
