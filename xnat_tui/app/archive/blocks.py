"""Documents of any length that are drawn line by line: only what is visible is ever made into text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

from rich.text import Text

from xnat_tui.app.archive.look import Look
from xnat_tui.app.archive.table import Table
from xnat_tui.app.text import thousands


class Block(Protocol):
    """Some lines that belong together."""

    @property
    def height(self) -> int:
        """How many lines it has."""

    def line(self, at: int) -> Text:
        """One of its lines, without line ends."""


class Lines:
    """A block of lines that exist already."""

    def __init__(self, lines: Sequence[Text]) -> None:
        self._lines = lines

    @property
    def height(self) -> int:
        """How many lines it has."""
        return len(self._lines)

    def line(self, at: int) -> Text:
        """One of its lines."""
        return self._lines[at]


class Headed:
    """A block with a heading right above it."""

    def __init__(self, heading: Text, body: Block) -> None:
        self._heading = heading
        self._body = body

    @property
    def height(self) -> int:
        """How many lines it has."""
        return 1 + self._body.height

    def line(self, at: int) -> Text:
        """The heading, or a line of the block."""
        return self._body.line(at - 1) if at else self._heading


class Rows:
    """A block that draws a table's heading and rows when they are asked for."""

    def __init__(self, table: Table, width: int, look: Look) -> None:
        self._table = table
        self._widths = table.widths_in(width)
        self._look = look
        heading = [Text(table.title, style=look.heading)] if table.title else []
        self._above = [*heading, *([self._heads()] if any(head.title for head in table.heads) else [])]
        more = f"and {thousands(table.unshown)} more"
        self._below = [Text(more, style=look.dim)] if table.unshown else []

    @property
    def height(self) -> int:
        """How many lines it has."""
        return len(self._above) + len(self._table.rows) + len(self._below)

    def line(self, at: int) -> Text:
        """A heading, a row, or the word about further rows."""
        row = at - len(self._above)
        if row < 0:
            return self._above[at]
        if row >= len(self._table.rows):
            return self._below[row - len(self._table.rows)]
        style = self._look.failed if row in self._table.failed else ""
        return Text(self._cells(self._table.rows[row]), style=style)

    def _heads(self) -> Text:
        return Text(self._cells([head.title for head in self._table.heads]), style=self._look.dim)

    def _cells(self, values: Sequence[str]) -> str:
        return "  ".join(
            self._look.cell(value, cells, right=head.is_number)
            for value, cells, head in zip(values, self._widths, self._table.heads, strict=True)
        )


class Document:
    """Blocks one below the other, with an empty line between them."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = [block for block in blocks if block.height]
        heights = (block.height + 1 for block in self._blocks)
        self._starts = [0, *accumulate(heights)]

    @property
    def height(self) -> int:
        """How many lines it has."""
        return max(0, self._starts[-1] - 1)

    def line(self, at: int) -> Text:
        """One line; empty outside of the document and between blocks."""
        index = bisect_right(self._starts, at) - 1
        if not 0 <= index < len(self._blocks):
            return Text()
        within = at - self._starts[index]
        block = self._blocks[index]
        return block.line(within) if within < block.height else Text()
