"""What the services share: the verbs, listings whole and in pages, and doing one thing to many at once."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

import httpx

from xnat_tui.core.client import XNATClient
from xnat_tui.core.connection import Content, Params
from xnat_tui.core.exceptions import ResourceNotFoundError, XnatTuiError
from xnat_tui.core.timeouts import Timeouts
from xnat_tui.core.uri import data_path
from xnat_tui.models.item import Item
from xnat_tui.models.rows import ExperimentRow
from xnat_tui.services.checks import check_limit
from xnat_tui.services.filters import can_be_matched
from xnat_tui.services.paging import Identified, read_pages

RowT = TypeVar("RowT")
PageRowT = TypeVar("PageRowT", bound=Identified)
Progress = Callable[[int, int, str], object]
"""Called with how many are done, how many there are, and the one just done."""


class BaseService:
    """A part of what an XNAT server can do, over a client that knows who is asking.

    What begins with an underscore is meant for services derived from it, here and elsewhere: the verbs, whole
    listings, and pages of those listings that XNAT can page. `filters.exact_filters` makes their parameters.

    Attributes:
        client: sends the requests; may be shared by services and threads.
    """

    def __init__(self, client: XNATClient) -> None:
        self.client = client

    def _get(self, path: str, params: Params | None = None) -> httpx.Response:
        return self.client.get(path, params)

    def _put(
        self,
        path: str,
        params: Params | None = None,
        content: Content | None = None,
        *,
        timeout: Timeouts | None = None,
    ) -> httpx.Response:
        return self.client.request("PUT", path, params=params, content=content, timeout=timeout)

    def _post(
        self,
        path: str,
        params: Params | None = None,
        content: Content | None = None,
        *,
        timeout: Timeouts | None = None,
    ) -> httpx.Response:
        return self.client.request("POST", path, params=params, content=content, timeout=timeout)

    def _delete(self, path: str, *, remove_files: bool = False) -> None:
        """Delete what is there; XNAT takes any value of `removeFiles` for yes, so no is left out."""
        self.client.delete(path, {"removeFiles": "true"} if remove_files else None)

    def _item(self, path: str) -> Item:
        return self.client.get_item(path)

    def _rows(self, path: str, row_type: type[RowT], params: Params | None = None) -> builtins.list[RowT]:
        """Return a whole listing; `limit=*` keeps servers from sending a first page only."""
        return self.client.get_rows(path, row_type, {"limit": "*", **(params or {})})

    def _table(self, path: str, params: Params | None = None) -> builtins.list[dict[str, str]]:
        """Return a whole listing with whatever columns the server gives."""
        return self._rows(path, dict[str, str], params)

    def _pages(
        self, path: str, row_type: type[PageRowT], params: Params, page_size: int, *, pages_are_full: bool
    ) -> Iterator[builtins.list[PageRowT]]:
        """Return an iterator over a listing that XNAT can page; `read_pages` says what comes."""

        def read(part: Params) -> builtins.list[PageRowT]:
            return self._rows(path, row_type, {**params, **part})

        return read_pages(read, page_size, pages_are_full=pages_are_full)

    def _first_rows(
        self, path: str, row_type: type[PageRowT], params: Params, limit: int | None, *, pages_are_full: bool
    ) -> builtins.list[PageRowT]:
        """Return at most `limit` rows of a listing that XNAT can page, all without a limit."""
        check_limit(limit)
        if limit is None:
            return self._rows(path, row_type, params)
        rows: builtins.list[PageRowT] = []
        for page in self._pages(path, row_type, params, limit, pages_are_full=pages_are_full):
            rows += page
            if len(rows) >= limit:
                break
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
        for column in ("label", "ID") if can_be_matched(session_id) else ():
            found = self._rows(listing, ExperimentRow, {"columns": "ID,label", column: session_id})
            # A database may compare regardless of case; only an exact match counts.
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
