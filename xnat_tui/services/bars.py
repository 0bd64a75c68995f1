"""Progress bars in the terminal for scripts that ask for them. The one module below the app that uses rich.

It is imported only when a call says `show_progress=True`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from xnat_tui.models.summary import DownloadProgress


@contextmanager
def download_bar(title: str) -> Iterator[Callable[[DownloadProgress], None]]:
    """Show a bar within the block; the function given moves it.

    Args:
        title: what is downloaded, shown as it is.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[files]} files"),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as progress:
        # Names come from the server and may look like markup.
        task = progress.add_task(Text(title).markup, total=None, files="")

        def show(state: DownloadProgress) -> None:
            total = state.total_bytes if state.phase != "preparing" else None
            files = f"{state.current}/{state.total}"
            progress.update(task, total=total, completed=state.bytes_received, files=files)

        yield show
