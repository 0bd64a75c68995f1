"""The palette's places: everything that was loaded, favourites, and where somebody was lately."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, cast

from rich.text import Text
from textual.command import DiscoveryHit, Hit, Hits, Provider

from xnat_tui.app.archive.jump_choices import describe
from xnat_tui.app.memory import Place
from xnat_tui.app.providers.ranking import lit, rank

if TYPE_CHECKING:
    from xnat_tui.app.app import XnatTuiApp

_MOST = 40
_MOST_DISCOVERED = 12
_WIDEST = 100


class PlaceProvider(Provider):
    """Places of the server that is open; choosing one goes there."""

    async def startup(self) -> None:
        """Gather what is loaded, beside the thread that draws."""
        self._seen = await asyncio.to_thread(self._program.jumps.gatherer())

    async def search(self, query: str) -> Hits:
        """Favourites and recent places by any word of theirs, then all loaded things, the best ones only."""
        known = set()
        for place in self._kept():
            score, spots = rank(query, place.labels[-1])
            if score:
                known.add(place.key)
                yield self._hit(place, min(1.0, score + 0.04), spots)
        for finds in self._seen.ranked(query, most=_MOST):
            for find in finds:
                if find.ref.path not in known:
                    yield self._hit(Place.of(find.ref), find.score, find.spots)
            await asyncio.sleep(0)

    async def discover(self) -> Hits:
        """Favourites, then recent places."""
        for number, place in enumerate(self._kept()[:_MOST_DISCOVERED]):
            yield DiscoveryHit(self._row(place), self._command(place), text=f"1 {number:03}")

    @property
    def _program(self) -> XnatTuiApp:
        return cast("XnatTuiApp", self.app)

    def _kept(self) -> list[Place]:
        """Favourites and recent places, each once."""
        favourites, recent = self._program.jumps.kept()
        return list({place.key: place for place in [*favourites, *recent]}.values())

    def _hit(self, place: Place, score: float, spots: tuple[int, ...]) -> Hit:
        row = lit(self._row(place), spots, self.match_style)
        return Hit(score, row, self._command(place), text=" ".join(place.labels))

    def _command(self, place: Place) -> partial[None]:
        return partial(self._program.jumps.go, place)

    def _row(self, place: Place) -> Text:
        width = min(_WIDEST, self.screen.size.width - 12)
        label, rest = describe(place, width, self._program.jumps.glyphs)
        return Text(label, no_wrap=True).append(rest.rstrip(), style="dim")
