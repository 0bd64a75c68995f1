"""Draws the volumes of a series: a body in a contrast, with noise. Writing them is dicom.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from xnat_tui.demo.sample.contrast import CONTRASTS
from xnat_tui.demo.sample.geometry import Floats, Grid
from xnat_tui.demo.sample.phantom import BODIES, individual, paint, stamp_side
from xnat_tui.demo.sample.protocols import Protocol


@dataclass(frozen=True, slots=True)
class Person:
    """Whose body is drawn: one of a few builds, with a brain that has shrunk by a share of 0 to 1."""

    build: int = 0
    shrinkage: float = 0.0


class Artist:
    """Draws volumes, and remembers the clean ones: people of one build share everything but the noise."""

    def __init__(self) -> None:
        self._clean: dict[tuple[Person, str, str, Grid], Floats] = {}

    def volumes(self, protocol: Protocol, person: Person, seed: int | None) -> Iterator[tuple[Grid, Floats]]:
        """The volumes of a series in order, in the unit of its contrast; without a seed there is no noise."""
        noise = 0.0 if seed is None else CONTRASTS[protocol.contrast].noise
        random = np.random.default_rng(seed or 0)
        for repetition in range(protocol.volumes):
            for grid in protocol.grids:
                clean = self._volume(protocol, person, grid)
                drift = 1 + 0.02 * np.sin(repetition)
                yield grid, clean * np.float32(drift) + noise * random.standard_normal(grid.shape, np.float32)

    def _volume(self, protocol: Protocol, person: Person, grid: Grid) -> Floats:
        key = (person, protocol.body, protocol.contrast, grid)
        if key not in self._clean:
            contrast = CONTRASTS[protocol.contrast]
            body = individual(BODIES[protocol.body], person.build, shrinkage=person.shrinkage)
            volume = paint(body, contrast.signal, grid)
            stamp_side(volume, grid, contrast.letter)
            self._clean[key] = volume
        return self._clean[key]
