"""How long listings were when last seen. On a site open to guests a shorter one may be a dead session's."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

_MOST_LISTINGS = 1000


class ListingSizes:
    """Number of rows by listing, for the listings seen last; shared by threads."""

    def __init__(self) -> None:
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, path: str, params: Mapping[str, object] | None, rows: int) -> bool:
        """Remember how many rows a listing has now; return whether it had more when last seen."""
        listing = f"{path}?{sorted((params or {}).items())}"
        with self._lock:
            before = self._sizes.pop(listing, 0)
            self._sizes[listing] = rows
            if len(self._sizes) > _MOST_LISTINGS:
                self._sizes.popitem(last=False)
        return rows < before
