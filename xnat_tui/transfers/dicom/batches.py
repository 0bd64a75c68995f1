"""Dividing files among requests, archives or associations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from xnat_tui.core.exceptions import InvalidValueError

T = TypeVar("T")


def split_into_batches(files: Sequence[T], batch_size: int) -> list[list[T]]:
    """Split `files` into batches of `batch_size`, in order; the last one may be smaller.

    Raises:
        InvalidValueError: `batch_size` is less than 1.
    """
    if batch_size < 1:
        raise InvalidValueError(f"A batch of {batch_size} files is not possible.")
    return [list(files[at : at + batch_size]) for at in range(0, len(files), batch_size)]


def split_into_n_batches(files: Sequence[T], num_batches: int) -> list[list[T]]:
    """Split `files` round-robin into `num_batches` batches of nearly equal count; fewer if files are fewer.

    Raises:
        InvalidValueError: `num_batches` is less than 1.
    """
    if num_batches < 1:
        raise InvalidValueError(f"{num_batches} batches are not possible.")
    return [list(files[at::num_batches]) for at in range(min(num_batches, len(files)))]


def split_by_bytes(files: Sequence[T], size_of: Callable[[T], int], batch_bytes: int) -> list[list[T]]:
    """Split `files` into consecutive batches of at most `batch_bytes`; a bigger file is a batch of its own.

    Raises:
        InvalidValueError: `batch_bytes` is less than 1.
    """
    if batch_bytes < 1:
        raise InvalidValueError(f"Batches of {batch_bytes} bytes are not possible.")
    batches: list[list[T]] = []
    room = 0
    for file in files:
        size = size_of(file)
        if not batches or size > room:
            batches.append([])
            room = batch_bytes
        batches[-1].append(file)
        room -= size
    return batches
