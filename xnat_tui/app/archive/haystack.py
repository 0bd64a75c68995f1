"""Many things of one kind as one long text: a word is found among 100 000 labels in a millisecond."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain

from xnat_tui.app.archive.nodes import NodeRef

# Each thing is written as _LABEL label _ID id: a search that includes a mark finds beginnings and ends.
_LABEL, _ID = "\n", "\x1f"
_MARKS = str.maketrans({_LABEL: " ", _ID: " "})


def folded(text: str) -> str:
    """The text as it is compared: without case, and without the signs that part the things."""
    text = text.casefold()
    return text if text.isprintable() else text.translate(_MARKS)


def scattered_pattern(word: str) -> re.Pattern[str]:
    """Matches a text that holds the letters in this order, with gaps; one group for each letter."""
    return re.compile(".*?".join(f"({re.escape(letter)})" for letter in word), re.DOTALL)


class Haystack:
    """Things that can be found by label and id.

    Attributes:
        refs: the things, in the order of the tree.
        labels: their labels, folded.
    """

    def __init__(self, refs: Sequence[NodeRef]) -> None:
        self.refs = refs
        self.labels = [folded(ref.label) for ref in refs]
        parts = [
            f"{_LABEL}{label}{_ID}{folded(ref.id)}" for label, ref in zip(self.labels, refs, strict=True)
        ]
        self._text = "".join(parts) + _LABEL
        self._starts = list(accumulate(map(len, parts), initial=0))

    def equal(self, word: str) -> Iterator[NodeRef]:
        """The things whose label or id is the folded word."""
        return self._found(f"{_LABEL}{word}{_ID}", f"{_ID}{word}{_LABEL}")

    def starting(self, word: str) -> Iterator[NodeRef]:
        """The things whose label, then those whose id begins with the folded word."""
        return self._found(f"{_LABEL}{word}", f"{_ID}{word}")

    def containing(self, word: str) -> Iterator[NodeRef]:
        """The things whose label or id holds the folded word."""
        return self._found(word)

    def scattered(self, word: str, start: int, stop: int) -> Iterator[tuple[NodeRef, tuple[int, ...]]]:
        """Those from `start` to `stop` whose label holds the letters in this order, and where."""
        pattern = scattered_pattern(word)
        for ref, label in zip(self.refs[start:stop], self.labels[start:stop], strict=True):
            if match := pattern.search(label):
                yield ref, tuple(match.start(group) for group in range(1, len(word) + 1))

    def _found(self, *needles: str) -> Iterator[NodeRef]:
        known: set[int] = set()
        for at in chain.from_iterable(map(self._hits, needles)):
            if at not in known:
                known.add(at)
                yield self.refs[at]

    def _hits(self, needle: str) -> Iterator[int]:
        at = self._text.find(needle)
        while 0 <= at < self._starts[-1]:
            number = bisect_right(self._starts, at) - 1
            yield number
            at = self._text.find(needle, self._starts[number + 1])
