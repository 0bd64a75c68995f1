"""What the services share: reading listings, and doing one thing to many objects at once."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from xnat_tui.core.client import XNATClient
from xnat_tui.core.connection import Params
from xnat_tui.core.exceptions import ResourceNotFoundError, XnatTuiError
from xnat_tui.core.uri import data_path
from xnat_tui.models.item import Item
from xnat_tui.models.rows import ExperimentRow, ListingRow
from xnat_tui.services.checks import check_limit

RowT = TypeVar("RowT", bound=ListingRow)
Progress = Callable[[int, int, str], object]
"""Called with how many are done, how many there are, and the one just done."""


class BaseService:
    """A part of what an XNAT server can do, over a client that knows who is asking.

    Attributes:
        client: sends the requests; may be shared by services and threads.
    """

    def __init__(self, client: XNATClient) -> None:
        self.client = client

    def _item(self, path: str) -> Item:
        return self.client.get_item(path)

    def _rows(self, path: str, row_type: type[RowT], params: Params | None = None) -> builtins.list[RowT]:
        """Return a whole listing; `limit=*` keeps servers from sending a first page only."""
        return self.client.get_rows(path, row_type, {"limit": "*", **(params or {})})

    def _first_rows(
        self, path: str, row_type: type[RowT], params: Params, limit: int | None, *, pages_are_full: bool
    ) -> builtins.list[RowT]:
        """Return at most `limit` rows of a listing that XNAT can page.

        Servers before 1.8.9 ignore the limit and send everything. Where the server drops unreadable rows
        after cutting the page (`pages_are_full` is false) a short page does not mean that there is no more.
        """
        check_limit(limit)
        if limit is None:
            return self._rows(path, row_type, params)
        rows = self._rows(path, row_type, {**params, "limit": limit})
        if len(rows) < limit and not pages_are_full:
            rows = self._rows(path, row_type, params)
        return rows[:limit]

    def _experiment_id(self, session_id: str, project: str | None) -> str:
        """Return the accession id of an experiment; without a project `session_id` must be one already.

        There is no path to scans by project and label: a server answers it with the experiment instead. The
        listing is asked and not the experiment, whose document may take a server minutes.

        Raises:
            ResourceNotFoundError: the project has no such experiment.
        """
        if project is None:
            return session_id
        listing = data_path("projects", project, "experiments")
        for column in ("label", "ID"):
            found = self._rows(listing, ExperimentRow, {"columns": "ID,label", column: session_id})
            # The filter takes "*" and "," for patterns; only an exact match counts.
            for row in found:
                if session_id in (row.label, row.id):
                    return row.id
        # Image assessors, and sessions shared under another label, escape the listing's filters.
        return self._item(data_path("projects", project, "experiments", session_id)).text("ID")

    def _exists(self, path: str) -> bool:
        try:
            self._item(path)
        except ResourceNotFoundError:
            return False
        return True


def do_to_each(
    task: Callable[[str], object],
    names: Sequence[str],
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> Mapping[str, XnatTuiError | None]:
    """Do something to each of several things, and go on after failures.

    Args:
        task: does it to one; called by several threads when `workers` is above 1.
        names: the things; twice the same counts once.
        workers: how many threads.
        progress: called in the caller's thread after each, failed ones too.

    Returns:
        The error of each, None for success, in the order of `names`.
    """
    outcome: dict[str, XnatTuiError | None] = dict.fromkeys(names)

    def attempt(name: str) -> XnatTuiError | None:
        try:
            task(name)
        except XnatTuiError as error:
            return error
        return None

    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        futures = {pool.submit(attempt, name): name for name in outcome}
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                outcome[futures[future]] = future.result()
                if progress is not None:
                    progress(done, len(outcome), futures[future])
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return outcome
