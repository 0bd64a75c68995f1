"""Splits files into batches: by count, as scripts ask for, or by bytes, so that none becomes the tail."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from typing import TypeVar

from xnat_tui.core.exceptions import InvalidValueError

MOST_BATCH_BYTES = 256 * 1024 * 1024
"""More would have to be sent again when a connection breaks near the end."""

T = TypeVar("T")


def split_into_batches(files: Sequence[T], batch_size: int) -> list[list[T]]:
    """Split files into batches of `batch_size`, in order; the last may be smaller.

    Raises:
        InvalidValueError: `batch_size` is less than 1 (a ValueError).
    """
    if batch_size < 1:
        raise InvalidValueError(f"A batch cannot hold {batch_size} files.")
    return [list(files[start : start + batch_size]) for start in range(0, len(files), batch_size)]


def split_into_n_batches(files: Sequence[T], num_batches: int) -> list[list[T]]:
    """Split files into `num_batches` batches, dealt in turn like cards; none is empty, so there may be fewer.

    Raises:
        InvalidValueError: `num_batches` is less than 1 (a ValueError).
    """
    if num_batches < 1:
        raise InvalidValueError(f"Files cannot be split into {num_batches} batches.")
    return [list(files[start::num_batches]) for start in range(min(num_batches, len(files)))]


def split_by_bytes(
    files: Sequence[T],
    size_of: Callable[[T], int],
    at_least: int,
    *,
    most_files: int | None = None,
    most_bytes: int = MOST_BATCH_BYTES,
) -> list[list[T]]:
    """Split files into batches of about equal bytes, each in the given order.

    Args:
        files: what to split.
        size_of: bytes of a file.
        at_least: how many batches, unless there are fewer files.
        most_files: no batch holds more files than this.
        most_bytes: more batches are made rather than bigger ones, unless a single file is bigger.
    """
    if not files:
        return []
    total_bytes = sum(map(size_of, files))
    count = max(at_least, -(-total_bytes // most_bytes), -(-len(files) // (most_files or len(files))))
    count = min(count, len(files))
    # The biggest first, each to the batch that has least.
    loads = [(0, 0, number) for number in range(count)]
    places: list[list[int]] = [[] for _ in range(count)]
    for place in sorted(range(len(files)), key=lambda place: size_of(files[place]), reverse=True):
        size_bytes, held, number = heapq.heappop(loads)
        places[number].append(place)
        if held + 1 != most_files:
            heapq.heappush(loads, (size_bytes + size_of(files[place]), held + 1, number))
    return [[files[place] for place in sorted(batch)] for batch in places]
