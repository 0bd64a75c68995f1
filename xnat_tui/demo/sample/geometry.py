"""Where the voxels of a series lie in the patient. What is there is phantom.py.

Coordinates are DICOM's (PS3.3 C.7.6.2): millimetres; x grows to the patient's left, y to the back, z to
the head.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Vector = tuple[float, float, float]
Floats = NDArray[np.float32]


class Plane(Enum):
    """An anatomical plane, as the directions in which columns, rows and slices follow each other."""

    AXIAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    CORONAL = ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0))
    SAGITTAL = ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0))

    @property
    def along_row(self) -> Vector:
        """Direction from one column to the next."""
        return self.value[0]

    @property
    def along_column(self) -> Vector:
        """Direction from one row to the next."""
        return self.value[1]

    @property
    def normal(self) -> Vector:
        """Direction from one slice to the next: the cross product of the other two."""
        a, b = self.value
        return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])

    @property
    def shows_sides(self) -> bool:
        """Whether left and right of the patient are both in the picture."""
        return self is not Plane.SAGITTAL


@dataclass(frozen=True, slots=True)
class Grid:
    """A regular block of voxels, centred in the patient's origin unless `centre_mm` says otherwise."""

    plane: Plane
    slices: int
    rows: int
    columns: int
    pixel_mm: float
    step_mm: float
    centre_mm: Vector = (0.0, 0.0, 0.0)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Slices, rows, columns: the order of axes of every volume of this package."""
        return self.slices, self.rows, self.columns

    @property
    def orientation(self) -> list[float]:
        """The six numbers of ImageOrientationPatient."""
        return [*self.plane.along_row, *self.plane.along_column]

    def position_mm(self, index: int) -> list[float]:
        """ImagePositionPatient of a slice: the centre of its first voxel."""
        steps = (
            (index - (self.slices - 1) / 2) * self.step_mm,
            -(self.rows - 1) / 2 * self.pixel_mm,
            -(self.columns - 1) / 2 * self.pixel_mm,
        )
        directions = (self.plane.normal, self.plane.along_column, self.plane.along_row)
        return [
            self.centre_mm[axis] + sum(step * way[axis] for step, way in zip(steps, directions, strict=True))
            for axis in range(3)
        ]

    def coordinates_mm(self) -> tuple[Floats, Floats, Floats]:
        """The x, y and z of the voxels as three arrays that broadcast to `shape`."""
        first, last = np.array(self.position_mm(0)), np.array(self.position_mm(self.slices - 1))
        slice_way = (last - first) / max(self.slices - 1, 1)
        ways = (
            slice_way,
            np.array(self.plane.along_column) * self.pixel_mm,
            np.array(self.plane.along_row) * self.pixel_mm,
        )
        x, y, z = (self._coordinate(axis, first[axis], [way[axis] for way in ways]) for axis in range(3))
        return x, y, z

    def _coordinate(self, axis: int, start: float, ways: list[float]) -> Floats:
        """One coordinate; only one of the three voxel axes moves it, for the planes are not oblique."""
        moving = max(range(3), key=lambda dimension: abs(ways[dimension]))
        shape = [1, 1, 1]
        shape[moving] = self.shape[moving]
        values = start + ways[moving] * np.arange(self.shape[moving])
        return values.astype(np.float32).reshape(shape)

    def affine_ras(self) -> NDArray[np.float64]:
        """From (column, row, slice) to NIfTI's millimetres, where x grows to the right and y forward."""
        matrix = np.eye(4)
        matrix[:3, 0] = np.array(self.plane.along_row) * self.pixel_mm
        matrix[:3, 1] = np.array(self.plane.along_column) * self.pixel_mm
        matrix[:3, 2] = np.array(self.plane.normal) * self.step_mm
        matrix[:3, 3] = self.position_mm(0)
        matrix[:2] *= -1
        return matrix
