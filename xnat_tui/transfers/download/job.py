"""A download: one job from the listing to the last proven file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from xnat_tui.core.access import Access
from xnat_tui.core.exceptions import CancelledByUser, OperationError
from xnat_tui.models.summary import DownloadFailure, DownloadProgress, DownloadSummary
from xnat_tui.transfers.download.board import Board, Work
from xnat_tui.transfers.download.destination import Destination
from xnat_tui.transfers.download.fetcher import Fetcher, Shop
from xnat_tui.transfers.download.listing import ListedResource, Selection
from xnat_tui.transfers.download.matching import EntryNames
from xnat_tui.transfers.download.planning import Plan, Planner, batches_of
from xnat_tui.transfers.download.settler import Settler
from xnat_tui.transfers.download.tally import Tally
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.items import Outcome, Proof
from xnat_tui.transfers.journal import Journal
from xnat_tui.transfers.limits import ServerLimit

_TICK_S = 0.2

ProgressCallback = Callable[[DownloadProgress], object]
"""Called with the state of a download about five times a second, from the thread that waits for it."""


@dataclass(frozen=True, slots=True)
class DownloadOptions:
    """How to download.

    Attributes:
        resume: leave what is complete already; otherwise everything is fetched again.
        verify: compare the digests of all files that the server has one of.
        workers: most connections at the same time.
    """

    resume: bool = False
    verify: bool = False
    workers: int = 4


class Download:
    """One job; `run` does it, and may be called once."""

    def __init__(
        self,
        access: Access,
        destination: Destination,
        journal: Journal,
        options: DownloadOptions,
        *,
        flow: Flow | None = None,
        limit: ServerLimit | None = None,
        progress: ProgressCallback | None = None,
    ) -> None:
        """Prepare a job; nothing is moved yet.

        Args:
            access: the log-in to use.
            destination: where everything goes.
            journal: knows what earlier runs brought, and is told what this one brings.
            options: how to download.
            flow: the job's tap: cancel, pause, bandwidth.
            limit: the server's slots, shared with other jobs.
            progress: told how far the job is.
        """
        self._access = access
        self._destination = destination
        self._journal = journal
        self._options = options
        self._flow = flow or Flow()
        self._limit = limit or ServerLimit(options.workers)
        self._progress = progress or (lambda _: None)
        self._tally = Tally()
        self._plan = Plan()
        self._started_at = time.monotonic()
        self._error: BaseException | None = None
        self._working = 0
        self._ended = threading.Event()

    def run(
        self, listing: Iterable[tuple[ListedResource, Selection]], *, kept_zip: Path | None = None
    ) -> DownloadSummary:
        """Fetch what is wanted of the listed resources and return what became of it.

        Args:
            listing: resources, and what is wanted of each.
            kept_zip: a ZIP on the disk that holds them; only what it lacks is fetched.

        Raises:
            CancelledByUser: somebody stopped it; what has arrived stays.
            AuthenticationError: the log-in ended and could not be renewed.
            OperationError: there is no room, or the journal cannot be used.
        """
        self._make_plan(listing)
        if self._plan.needs:
            self._destination.check_free_space(self._plan.needed_bytes)
            with Settler(self._destination, self._journal) as settler:
                shop = self._open_shop(settler.add, is_fetched=kept_zip is not None)
                if kept_zip is not None:
                    self._unpack(kept_zip, shop)
                self._fetch(shop)
        self._progress(self._state("complete" if self._is_success else "error"))
        return self._summary()

    def _make_plan(self, listing: Iterable[tuple[ListedResource, Selection]]) -> None:
        options = self._options
        planner = Planner(self._destination, self._journal, resume=options.resume, verify=options.verify)
        self._plan = planner.plan
        for listed, wanted in listing:
            self._flow.check()
            planner.add(listed, wanted)
            self._progress(self._state("preparing"))

    def _open_shop(self, settle: Callable[[Outcome], None], *, is_fetched: bool) -> Shop:
        needs = [] if is_fetched else self._plan.needs
        batches, singles = batches_of(needs, self._options.workers)
        board = Board(
            *(batches, singles, self._journal.waiting, self._flow.cancel),
            may_steal=lambda: self._limit.has_free_slot,
        )
        return Shop(
            *(self._access, self._flow, self._limit, self._destination, board, self._tally),
            settle=settle,
            verify=self._options.verify,
        )

    def _unpack(self, kept_zip: Path, shop: Shop) -> None:
        resources = [need.listed for need in self._plan.needs]
        work = Work(self._journal.waiting(listed.id for listed in resources))
        names = EntryNames({(listed.scan_id, listed.label or listed.id): listed.id for listed in resources})
        try:
            Fetcher(shop).unpack_file(kept_zip, work, names)
        except OSError as error:
            raise _explained(error, self._destination.root) from error
        shop.board.put_back(work.left)

    def _fetch(self, shop: Shop) -> None:
        workers = [
            threading.Thread(target=self._work, args=(shop,), name=f"xnat-tui download {number}", daemon=True)
            for number in range(self._options.workers)
        ]
        self._working = len(workers)
        for worker in workers:
            worker.start()
        try:
            while not self._ended.wait(_TICK_S):
                self._limit.observe(self._flow.moved_bytes)
                self._progress(self._state("downloading"))
        except BaseException:
            self._flow.cancel.set()
            raise
        finally:
            for worker in workers:
                worker.join()
        if self._error is not None:
            raise _explained(self._error, self._destination.root)

    def _work(self, shop: Shop) -> None:
        try:
            Fetcher(shop).run()
        except BaseException as error:
            if self._error is None or isinstance(self._error, CancelledByUser):
                self._error = error
            self._flow.cancel.set()
        finally:
            with shop.lock:
                self._working -= 1
                if not self._working:
                    self._ended.set()

    @property
    def _is_success(self) -> bool:
        return not self._tally.failed and not self._plan.refused

    def _state(self, phase: str) -> DownloadProgress:
        plan, tally = self._plan, self._tally
        skipped = sum(plan.skipped.values())
        return DownloadProgress(
            phase=phase,
            current=skipped + tally.arrived_files + len(tally.failed),
            total=plan.total_files,
            bytes_received=self._flow.moved_bytes,
            total_bytes=plan.needed_bytes,
            file_path=tally.current,
            success=self._is_success,
            errors=tuple(outcome.error for outcome in tally.failed[:10]),
        )

    def _summary(self) -> DownloadSummary:
        plan, tally = self._plan, self._tally
        failures = [DownloadFailure(each.item.target, each.error) for each in tally.failed]
        failures += [DownloadFailure(uri, reason) for uri, reason in plan.refused]
        proofs = {proof: plan.skipped[proof] + tally.arrived[proof] for proof in Proof}
        return DownloadSummary(
            output_path=self._destination.root,
            total_files=plan.total_files + len(plan.refused),
            succeeded=tally.arrived_files,
            skipped=sum(plan.skipped.values()),
            failures=tuple(failures),
            verified=proofs[Proof.VERIFIED],
            unverified=proofs[Proof.UNVERIFIED],
            total_bytes=plan.total_bytes,
            bytes_received=self._flow.moved_bytes,
            duration_s=time.monotonic() - self._started_at,
            renamed=dict(plan.renamed),
            refused_entries=tuple(tally.hostile),
        )


def _explained(error: BaseException, root: Path) -> BaseException:
    """Return the error to raise for one that ended a worker."""
    if not isinstance(error, OSError):
        return error
    explained = OperationError(
        f"The disk of {root} takes no more: {error.strerror or error}.",
        advice="What has arrived stays. Free some space, then start again with resume=True.",
    )
    explained.__cause__ = error
    return explained
