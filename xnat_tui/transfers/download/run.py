"""Runs one download from start to end for callers that wait for it: folder, journal, connections, report."""

from __future__ import annotations

from pathlib import Path

from xnat_tui.core.client import XNATClient
from xnat_tui.models.summary import DownloadSummary
from xnat_tui.transfers.download.destination import Destination
from xnat_tui.transfers.download.job import Download, DownloadOptions, ProgressCallback
from xnat_tui.transfers.download.places import Listing
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.journal import Journal, journal_file
from xnat_tui.transfers.limits import ServerLimit


def download(
    client: XNATClient,
    scope: str,
    listing: Listing,
    root: Path,
    options: DownloadOptions,
    *,
    flow: Flow | None = None,
    limit: ServerLimit | None = None,
    progress: ProgressCallback | None = None,
    kept_zip: Path | None = None,
) -> DownloadSummary:
    """Bring what a listing wants into a folder, with a journal that later calls for this folder go on with.

    Args:
        client: who is asking.
        scope: what is downloaded, "experiments/XNAT_E1"; the same is not downloaded twice at the same time.
        listing: the resources and what is wanted of them.
        root: the folder, made if needed.
        options: how to download.
        flow: cancels, pauses or slows down this job.
        limit: the connections to this server, when they are shared with other jobs.
        progress: told how far it is.
        kept_zip: a ZIP on the disk that holds what is wanted.

    Raises:
        CancelledByUser: somebody stopped it; what has arrived stays.
        AuthenticationError: the log-in ended and could not be renewed.
        OperationError: the same is being downloaded into this folder, the disk is full, or the journal
            cannot be used.
    """
    with (
        Destination(root, scope) as destination,
        Journal.open(journal_file(client.base_url, root)) as journal,
    ):
        limit = limit or ServerLimit(options.workers)
        job = Download(
            client.access, destination, journal, options, flow=flow, limit=limit, progress=progress
        )
        return job.run(listing, kept_zip=kept_zip)
