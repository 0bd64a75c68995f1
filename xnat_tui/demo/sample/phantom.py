"""A head and a chest made of ellipsoids, painted on a grid. How bright a tissue is, says contrast.py.

The bodies are not symmetric: a lesion sits in the left half, and a letter R stands on the patient's right,
so that a picture shown the wrong way round is seen to be wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from xnat_tui.demo.sample.geometry import Floats, Grid, Vector


@dataclass(frozen=True, slots=True)
class Blob:
    """An ellipsoid of one tissue; waves of `depth` radii fold its surface, where they have a length."""

    tissue: str
    centre_mm: Vector
    radii_mm: Vector
    depth: float = 0.0
    waves_mm: Vector = (25.0, 28.0, 30.0)


Body = tuple[Blob, ...]

# Painted in this order: what is inside comes later.
HEAD: Body = (
    Blob("muscle", (0, 22, -92), (50, 48, 62)),
    Blob("bone", (0, 42, -85), (15, 16, 60)),
    Blob("scalp", (0, 0, 0), (76, 95, 92)),
    Blob("scalp", (0, -96, -34), (10, 12, 17)),
    Blob("scalp", (-76, 8, -22), (7, 14, 20)),
    Blob("scalp", (76, 8, -22), (7, 14, 20)),
    Blob("muscle", (0, -52, -62), (50, 40, 36)),
    Blob("bone", (0, 0, 2), (71, 90, 86)),
    Blob("csf", (0, 0, 3), (65, 83, 79)),
    Blob("grey", (0, 0, 4), (62, 80, 75), 0.07),
    Blob("white", (0, 0, 5), (54, 71, 65), 0.24),
    Blob("csf", (0, -4, 42), (1.5, 74, 36)),
    Blob("white", (0, 2, 20), (14, 40, 9)),
    Blob("grey", (-22, -8, 4), (11, 17, 13)),
    Blob("grey", (22, -8, 4), (11, 17, 13)),
    Blob("csf", (-9, -16, 14), (6, 20, 9)),
    Blob("csf", (9, -16, 14), (6, 20, 9)),
    Blob("csf", (-16, 16, 12), (6, 18, 10)),
    Blob("csf", (16, 16, 12), (6, 18, 10)),
    Blob("csf", (0, 44, -40), (56, 36, 30)),
    Blob("grey", (0, 45, -42), (51, 31, 25), 0.09),
    Blob("white", (0, 40, -42), (30, 16, 14), 0.12),
    Blob("white", (0, 16, -46), (13, 13, 34)),
    Blob("csf", (0, 30, -36), (5, 5, 9)),
    Blob("air", (0, -80, -38), (14, 18, 15)),
    Blob("eye", (-31, -74, -20), (13, 13, 13)),
    Blob("eye", (31, -74, -20), (13, 13, 13)),
    Blob("lesion", (33, 28, 30), (10, 12, 10)),
)

CHEST: Body = (
    Blob("fat", (0, 0, 0), (175, 118, 260)),
    Blob("muscle", (0, 0, 0), (162, 105, 255)),
    Blob("bone", (0, 0, 0), (140, 94, 190), 0.045, (0, 0, 28)),
    Blob("muscle", (0, 0, 0), (134, 88, 185)),
    Blob("lung", (-68, -4, 25), (54, 72, 125)),
    Blob("lung", (70, -2, 25), (50, 72, 125)),
    Blob("liver", (-42, -6, -112), (88, 72, 62)),
    Blob("spleen", (84, 40, -112), (30, 26, 40)),
    Blob("blood", (22, -26, -20), (48, 42, 50)),
    Blob("muscle", (24, -28, -20), (30, 26, 32)),
    Blob("blood", (14, 42, 0), (13, 13, 200)),
    Blob("air", (0, 4, 90), (9, 9, 80)),
    Blob("bone", (0, 68, 0), (21, 20, 240)),
    Blob("blood", (0, 84, 0), (8, 7, 240)),
    Blob("bone", (0, -92, 20), (17, 6, 75)),
    Blob("lesion", (82, -14, 42), (13, 12, 12)),
    Blob("lesion", (30, 20, 34), (8, 8, 9)),
)

BODIES: Mapping[str, Body] = {"head": HEAD, "chest": CHEST}

_LETTER_R = ("####.", "#...#", "#...#", "####.", "#.#..", "#..#.", "#...#")
_EDGE_MM = 1.6


def individual(body: Body, build: int, *, shrinkage: float = 0.0) -> Body:
    """A person of that body: `build` varies size and lesion, `shrinkage` (0-1) widens the ventricles."""
    scale = 1 + 0.022 * ((build * 7) % 5 - 2)
    shift = ((build * 5) % 7 - 3) * 3.0
    return tuple(_personal(blob, scale, shift, 1 + 0.5 * shrinkage) for blob in body)


def _personal(blob: Blob, scale: float, shift: float, widening: float) -> Blob:
    x, y, z = (value * scale for value in blob.centre_mm)
    radii = tuple(value * scale for value in blob.radii_mm)
    inner_csf = blob.tissue == "csf" and max(blob.radii_mm) < 25
    if blob.tissue == "lesion":
        y, z = y + shift, z - shift / 2
    grown = tuple(radius * (widening if inner_csf else 1.0) for radius in radii)
    return replace(blob, centre_mm=(x, y, z), radii_mm=(grown[0], grown[1], grown[2]))


def paint(body: Iterable[Blob], signal: Mapping[str, float], grid: Grid) -> Floats:
    """The volume of that body on the grid, in the unit of `signal`; tissues without a signal are left out."""
    x, y, z = grid.coordinates_mm()
    volume = np.full(grid.shape, signal["air"], dtype=np.float32)
    for blob in body:
        if blob.tissue in signal:
            share = _share(blob, x, y, z)
            volume += share * (np.float32(signal[blob.tissue]) - volume)
    return volume


def _share(blob: Blob, x: Floats, y: Floats, z: Floats) -> Floats:
    """How much of each voxel the ellipsoid fills, 0-1, with an edge as soft as partial volume makes it."""
    (cx, cy, cz), (rx, ry, rz) = blob.centre_mm, blob.radii_mm
    radius = np.sqrt(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 + ((z - cz) / rz) ** 2)
    if blob.depth:
        lengths = zip((x, y, z), blob.waves_mm, strict=True)
        waves = (np.sin(2 * np.pi * axis / wave_mm) for axis, wave_mm in lengths if wave_mm)
        radius = radius + blob.depth * math.prod(waves)
    edge = _EDGE_MM / min(blob.radii_mm)
    share: Floats = np.clip((1 - radius) / edge + 0.5, 0, 1).astype(np.float32)
    return share


def stamp_side(volume: Floats, grid: Grid, value: float) -> None:
    """Write an R at the patient's right, like a lead letter on a film; sagittal planes show no sides."""
    if not grid.plane.shows_sides:
        return
    dot = max(1, grid.rows // 64)
    dots = [[mark == "#" for mark in line] for line in _LETTER_R]
    letter = np.kron(dots, np.ones((dot, dot))).astype(bool)
    height, width = letter.shape
    margin = 2 * dot
    volume[:, margin : margin + height, margin : margin + width][:, letter] = value
