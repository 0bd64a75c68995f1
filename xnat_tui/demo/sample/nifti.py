"""Writes NIfTI-1 files (header of 348 bytes, one file, gzip), as converters leave them beside DICOM."""

from __future__ import annotations

import gzip
import struct

import numpy as np

from xnat_tui.demo.sample.geometry import Floats, Grid

_INT16 = 4
_MM_AND_SECONDS = 2 | 8
_SCANNER_SPACE = 1


def nifti_gz(volumes: list[Floats], grid: Grid, *, repetition_s: float = 0.0) -> bytes:
    """A gzipped NIfTI-1 file of volumes on one grid; the same input gives the same bytes."""
    header = _header(grid, len(volumes), repetition_s)
    voxels = b"".join(np.clip(np.rint(volume), -32768, 32767).astype("<i2").tobytes() for volume in volumes)
    return gzip.compress(header + b"\0\0\0\0" + voxels, compresslevel=6, mtime=0)


def _header(grid: Grid, volumes: int, repetition_s: float) -> bytes:
    """The 348 bytes of nifti1.h; voxels are stored with the column running fastest."""
    header = bytearray(348)
    struct.pack_into("<i", header, 0, 348)
    dimensions = 4 if volumes > 1 else 3
    struct.pack_into("<8h", header, 40, dimensions, grid.columns, grid.rows, grid.slices, volumes, 1, 1, 1)
    struct.pack_into("<hh", header, 70, _INT16, 16)
    struct.pack_into("<8f", header, 76, 1, grid.pixel_mm, grid.pixel_mm, grid.step_mm, repetition_s, 0, 0, 0)
    struct.pack_into("<fff", header, 108, 352, 1, 0)
    struct.pack_into("<B", header, 123, _MM_AND_SECONDS)
    struct.pack_into("<80s", header, 148, b"xnat-tui demo phantom")
    struct.pack_into("<hh", header, 252, 0, _SCANNER_SPACE)
    struct.pack_into("<12f", header, 280, *grid.affine_ras()[:3].ravel())
    struct.pack_into("<4s", header, 344, b"n+1\0")
    return bytes(header)
