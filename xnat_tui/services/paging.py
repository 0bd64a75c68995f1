"""Listings in pages, as far as XNAT's paging can be trusted.

XNAT pages the listings of subjects and of experiments, since 1.8.9; older servers ignore that a page was
asked for and send everything. It orders nothing, so pages may overlap. From listings of types without
permissions of their own it drops what the user may not read after cutting the page, so that a short one need
not be the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Protocol, TypeVar

from xnat_tui.core.connection import Params
from xnat_tui.core.exceptions import InvalidValueError


class Identified(Protocol):
    """A row that is told from others by an id."""

    @property
    def id(self) -> str:
        """Unique in the listing."""
        ...


RowT = TypeVar("RowT", bound=Identified)


def read_pages(
    read: Callable[[Params], list[RowT]], page_size: int, *, pages_are_full: bool
) -> Iterator[list[RowT]]:
    """Return an iterator over a listing in pages, none of them empty, each row once, in the server's order.

    A page holds more than `page_size` rows where the server cannot give less: all of them from one that does
    not page, all that are left once it has dropped some.

    Args:
        read: asks for a part of the listing, with the given parameters beside the listing's own.
        page_size: how many rows to ask for at once.
        pages_are_full: the server drops nothing, so that a short page is the last one.

    Raises:
        InvalidValueError: `page_size` is below 1.
    """
    if page_size < 1:
        raise InvalidValueError(f"A page must have room for at least 1 row, not {page_size}.")
    return _pages(read, page_size, pages_are_full)


def _pages(
    read: Callable[[Params], list[RowT]], page_size: int, pages_are_full: bool
) -> Iterator[list[RowT]]:
    seen: set[str] = set()
    for offset in count(0, page_size):
        rows = read({"limit": page_size, "offset": offset})
        is_last = len(rows) != page_size
        if len(rows) < page_size and not pages_are_full:
            rows = read({"limit": "*"})
        fresh = [row for row in rows if row.id not in seen]
        if fresh:
            yield fresh
        # A server that does not page has answered with the same rows again.
        if is_last or not fresh:
            return
        seen.update(row.id for row in fresh)
