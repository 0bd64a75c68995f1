"""The places that jumps have led to, to go back and forth between them, as a web browser does."""

from __future__ import annotations

from xnat_tui.app.memory import Place

_LONGEST = 50


class Trail:
    """A line of places with a present one on it."""

    def __init__(self) -> None:
        self._behind: list[Place] = []
        self._ahead: list[Place] = []

    def leave(self, here: Place | None) -> None:
        """Remember where a jump starts; what was ahead is forgotten."""
        self._ahead.clear()
        if here is not None and not (self._behind and self._behind[-1].key == here.key):
            self._behind = [*self._behind, here][-_LONGEST:]

    def back(self, here: Place | None) -> Place | None:
        """The place before, None at the beginning."""
        return _step(self._behind, self._ahead, here)

    def forward(self, here: Place | None) -> Place | None:
        """The place that was left by going back, None at the end."""
        return _step(self._ahead, self._behind, here)


def _step(source: list[Place], target: list[Place], here: Place | None) -> Place | None:
    while source:
        place = source.pop()
        if here is None or place.key != here.key:
            if here is not None:
                target.append(here)
            return place
    return None
