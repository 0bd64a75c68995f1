"""What the Files tab shows: the files of a thing with sizes, digests and tags, and how it is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.text import Text

from xnat_tui.app.archive.blocks import Block, Headed, Rows
from xnat_tui.app.archive.detail_text import draw_sentence
from xnat_tui.app.archive.look import Look
from xnat_tui.app.archive.table import Head, Table
from xnat_tui.app.text import human_size, number, plural
from xnat_tui.models.rows import FileRow
from xnat_tui.models.sorting import natural_key, sorted_in_steps

_HEADS = (
    Head("of", rank=2),
    Head("resource"),
    Head("file"),
    Head("size", is_number=True, rank=2),
    Head("tags", rank=0),
    Head("digest", rank=0),
)


@dataclass(frozen=True)
class FileListing:
    """The files of one thing.

    Attributes:
        table: one row per file.
        total_bytes: their sizes together, as far as known.
        unsized: how many have no size.
    """

    table: Table
    total_bytes: int
    unsized: int


def list_files(rows: Iterable[FileRow], *, across: bool) -> FileListing:
    """Sort and measure the rows of a listing.

    Args:
        rows: the files.
        across: whether they come from several places, which are then told by columns of their own.
    """
    listed = [_cells(row, across) for row in rows]
    files = sorted_in_steps(listed, lambda cells: tuple(map(natural_key, cells[:3])))
    sizes = [number(cells[3]) for cells in files]
    shown = [(*cells[:3], human_size(size), *cells[4:]) for cells, size in zip(files, sizes, strict=True)]
    known = [size for size in sizes if size is not None]
    return FileListing(Table.of("", _HEADS, shown), sum(known), len(sizes) - len(known))


def _cells(row: FileRow, across: bool) -> tuple[str, ...]:
    where = (_owner(row.uri), row.collection) if across else ("", "")
    return *where, row.path, row.size, row.file_tags, row.digest


def _owner(uri: str) -> str:
    """The scan or assessor whose file it is; "" for one of the thing itself."""
    above = uri.partition("/resources/")[0]
    for word, named in (("scans", "scan {}"), ("assessors", "{}")):
        _, found, rest = above.partition(f"/{word}/")
        if found:
            return named.format(rest.partition("/")[0])
    return ""


def draw_files(listing: FileListing, width: int, look: Look) -> list[Block]:
    """A total, then the files."""
    count = len(listing.table.rows)
    if not count:
        return draw_sentence("No files here.", width, look)
    total = f"{plural(count, 'file')} · {human_size(listing.total_bytes)}"
    if listing.unsized:
        total += f" · {plural(listing.unsized, 'file')} of unknown size"
    return [Headed(Text(total, style=look.heading), Rows(listing.table, width, look))]
