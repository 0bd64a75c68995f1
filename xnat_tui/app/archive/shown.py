"""Which children of a level stand, in which order, and where each one stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence


class Shown:
    """The numbers of the children that stand, from top to bottom.

    Args:
        numbers: numbers of children in their level.
        ascending: whether they ascend, so that one is found without looking at all.
    """

    __slots__ = ("_ascending", "numbers")

    def __init__(self, numbers: Sequence[int] = (), *, ascending: bool = True) -> None:
        self.numbers = numbers
        self._ascending = ascending

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, place: int) -> int:
        return self.numbers[place]

    def place(self, number: int) -> int | None:
        """Where the child of this number stands; None when it does not."""
        return self.places([number]).get(number)

    def places(self, wanted: Iterable[int]) -> dict[int, int]:
        """Where the children of these numbers stand; those that do not are left out."""
        if self._ascending:
            found = ((number, bisect_left(self.numbers, number)) for number in wanted)
            return {
                number: at for number, at in found if at < len(self.numbers) and self.numbers[at] == number
            }
        sought = set(wanted)
        if not sought:
            return {}
        return {number: at for at, number in enumerate(self.numbers) if number in sought}

    def nearest(self, number: int) -> int:
        """Where the child stands, or the next one after it, or the last one; 0 where none stands."""
        if (place := self.place(number)) is not None:
            return place
        at = bisect_left(self.numbers, number) if self._ascending else 0
        return max(0, min(at, len(self.numbers) - 1))
