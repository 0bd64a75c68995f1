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
from xnat_tui.models.upload import UploadProgress

_Move = Callable[[int, int | None, str], None]


@contextmanager
def download_bar(title: str) -> Iterator[Callable[[DownloadProgress], None]]:
    """Show a bar within the block; the function given moves it.

    Args:
        title: what is downloaded, shown as it is.
    """
    with _bar(title) as move:

        def show(state: DownloadProgress) -> None:
            total = state.total_bytes if state.phase != "preparing" else None
            move(_file_bytes(state), total, f"{state.current}/{state.total}")

        yield show


@contextmanager
def upload_bar(title: str) -> Iterator[Callable[[UploadProgress], None]]:
    """Show a bar within the block; the function given moves it.

    Args:
        title: what is uploaded, shown as it is.
    """
    with _bar(title) as move:

        def show(state: UploadProgress) -> None:
            total = state.total_bytes if state.phase != "preparing" else None
            move(_file_bytes(state), total, f"{state.current}/{state.total}")

        yield show


def _file_bytes(state: DownloadProgress | UploadProgress) -> int:
    """Return how much of the files is done; archive headers and repeats go over the wire besides."""
    return round(state.percent / 100 * state.total_bytes)


@contextmanager
def _bar(title: str) -> Iterator[_Move]:
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

        def move(done_bytes: int, total_bytes: int | None, files: str) -> None:
            progress.update(task, total=total_bytes, completed=done_bytes, files=files)

        yield move
