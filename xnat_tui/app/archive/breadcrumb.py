"""Where somebody is, on one line: labels from the outermost in, shortened from the middle."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.text import fit, visible


def breadcrumb(labels: Sequence[str], width: int, glyphs: Glyphs) -> str:
    """The labels joined by the separator, in at most `width` cells.

    The first and the last stay; those between give way to an ellipsis, from the second on.
    """
    parts = [visible(label, 60, ascii_only=glyphs.ascii_only) for label in labels]
    joined = _join(parts, glyphs)
    dropped = 0
    while cell_len(joined) > width and dropped < len(parts) - 2:
        dropped += 1
        joined = _join([parts[0], glyphs.ellipsis, *parts[1 + dropped :]], glyphs)
    return fit(joined, width, ellipsis=glyphs.ellipsis) if cell_len(joined) > width else joined


def _join(parts: Sequence[str], glyphs: Glyphs) -> str:
    return f" {glyphs.separator} ".join(parts)
