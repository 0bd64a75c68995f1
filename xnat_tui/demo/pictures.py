"""Renders DICOM files as XNAT does: GIF snapshots and thumbnails of a scan, a JPEG of a single file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.pixels.utils import pixel_array

Pixels = NDArray[np.uint8]


def snapshot(
    paths: Sequence[Path], size: int | None = None, *, montage: tuple[int, int] | None = None
) -> bytes:
    """A GIF of a scan: its middle picture, or pictures at equal distances in a montage.

    Args:
        paths: the files of the scan, in any order; those that are no pictures are passed over.
        size: longest side in pixels; None keeps the size of the pixels.
        montage: columns and rows of a contact sheet.

    Raises:
        ValueError: none of the files can be shown.
    """
    ordered = _in_order(paths)
    columns, rows = montage or (1, 1)
    pictures = [_render(path) for path in _spread(ordered, columns * rows)]
    return _encode(_fit(_tile(pictures, columns, rows), size), "GIF")


def jpeg(path: Path) -> bytes:
    """A JPEG of one DICOM file; of its middle frame, if it has several.

    Raises:
        ValueError: the file cannot be shown.
    """
    return _encode(_render(path), "JPEG")


def _in_order(paths: Sequence[Path]) -> list[Path]:
    """The pictures among the files by instance number, then name; reads headers only.

    Raises:
        ValueError: there is none.
    """
    found = []
    for path in paths:
        header = _read(path, ["InstanceNumber", "Rows"])
        if header is not None and header.get("Rows"):
            found.append((int(header.get("InstanceNumber") or 0), path.name, path))
    if not found:
        raise ValueError("None of the files holds a picture.")
    return [path for _, _, path in sorted(found)]


def _read(path: Path, tags: list[str]) -> Dataset | None:
    """Some elements of a DICOM file; None for a file that is not DICOM."""
    try:
        return dcmread(path, specific_tags=tags, stop_before_pixels=True, force=True)
    except Exception:  # pydicom raises whatever the broken bytes provoke
        return None


def _spread(paths: Sequence[Path], count: int) -> list[Path]:
    """As many of the files as asked for, from the middles of equal parts of the list."""
    count = min(count, len(paths))
    return [paths[int((part + 0.5) * len(paths) / count)] for part in range(count)]


def _render(path: Path) -> Image.Image:
    try:
        header = dcmread(path, force=True)
        return Image.fromarray(_to_bytes(header, _middle_frame(header)))
    except Exception as error:  # decoders raise all sorts of errors; to the caller they mean one thing
        raise ValueError(f"{path.name} cannot be shown: {error}") from error


def _middle_frame(header: Dataset) -> NDArray[Any]:
    frames = int(header.get("NumberOfFrames") or 1)
    return pixel_array(header, index=frames // 2)


def _to_bytes(header: Dataset, pixels: NDArray[Any]) -> Pixels:
    """Eight-bit grey or colour values of a decoded frame."""
    kind = header.PhotometricInterpretation
    if kind == "PALETTE COLOR":
        pixels = apply_color_lut(pixels, header)
    if pixels.ndim == 3:
        return _high_bytes(pixels)
    values = apply_modality_lut(pixels, header).astype(np.float64)
    low, high = _window(header, values)
    grey = np.clip((values - low) / max(high - low, 1e-6), 0, 1)
    shown: Pixels = ((1 - grey if kind == "MONOCHROME1" else grey) * 255).astype(np.uint8)
    return shown


def _high_bytes(pixels: NDArray[Any]) -> Pixels:
    colours: Pixels = (pixels >> (8 * pixels.dtype.itemsize - 8)).astype(np.uint8)
    return colours


def _window(header: Dataset, values: NDArray[np.float64]) -> tuple[float, float]:
    """The values that become black and white: the header's first window, else all but the outliers."""
    centre, width = _first(header.get("WindowCenter")), _first(header.get("WindowWidth"))
    if centre is None or not width:
        low, high = np.percentile(values, (0.5, 99.5))
        return float(low), float(high)
    return centre - width / 2, centre + width / 2


def _first(value: object) -> float | None:
    if isinstance(value, MultiValue):
        value = value[0] if value else None
    return None if value in (None, "") else float(str(value))


def _tile(pictures: list[Image.Image], columns: int, rows: int) -> Image.Image:
    """Lay pictures out in reading order on cells of the largest one's size."""
    if columns * rows == 1:
        return pictures[0]
    width = max(picture.width for picture in pictures)
    height = max(picture.height for picture in pictures)
    sheet = Image.new(
        "RGB" if any(p.mode == "RGB" for p in pictures) else "L", (columns * width, rows * height)
    )
    for number, picture in enumerate(pictures):
        sheet.paste(picture, (number % columns * width, number // columns * height))
    return sheet


def _fit(picture: Image.Image, size: int | None) -> Image.Image:
    if size is None:
        return picture
    scale = size / max(picture.size)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.BILINEAR)


def _encode(picture: Image.Image, form: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form)
    return buffer.getvalue()
