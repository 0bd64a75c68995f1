"""What the filter line means: which rows of the tree stay, and which part of a text is to be highlighted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xnat_tui.app.archive import columns
from xnat_tui.app.archive.nodes import NodeRef


def folded_text(ref: NodeRef) -> str:
    """What a filter looks at: label and note as the tree shows them, whatever the letters' case."""
    return f"{columns.tree_label(ref)}  {columns.tree_note(ref)}".casefold()


@dataclass(frozen=True)
class Filter:
    """A text that rows hold, or must not hold.

    Attributes:
        text: what was typed; "!" in front turns the meaning round, and empty lets everything pass.
    """

    text: str = ""

    @property
    def is_inverted(self) -> bool:
        """Whether the rows that hold the text go."""
        return self.text.startswith("!")

    @property
    def needle(self) -> str:
        """What is searched for."""
        return self.text.removeprefix("!").casefold()

    def __bool__(self) -> bool:
        """Whether it keeps anything back."""
        return bool(self.needle)

    def passing(self, folded: Sequence[str], among: Sequence[int]) -> list[int]:
        """Which of the numbered texts pass, in the order in which their numbers come."""
        needle = self.needle
        if self.is_inverted:
            return [at for at in among if needle not in folded[at]]
        return [at for at in among if needle in folded[at]]

    def span(self, shown: str) -> tuple[int, int]:
        """Where a shown text holds what is searched for, as start and end; (0, 0) for nowhere."""
        folded = shown.casefold()
        start = folded.find(self.needle) if self and not self.is_inverted else -1
        if start < 0 or len(folded) != len(shown):
            return 0, 0
        return start, start + len(self.needle)


EVERYTHING = Filter()
"""No filter."""
