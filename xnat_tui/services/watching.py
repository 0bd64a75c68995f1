"""Who looks on while a service works for long: a callback, a bar in the terminal, the tap of the job."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from xnat_tui.transfers.download.job import ProgressCallback
from xnat_tui.transfers.flow import Flow


@dataclass(frozen=True, slots=True)
class Watch:
    """The onlookers of one transfer.

    Attributes:
        title: what is transferred, for people.
        callback: told how far it is.
        shows_bar: draw a bar in the terminal.
        flow: cancels, pauses or slows it down.
    """

    title: str
    callback: ProgressCallback | None = None
    shows_bar: bool = False
    flow: Flow = field(default_factory=Flow)

    @contextlib.contextmanager
    def progress(self) -> Iterator[ProgressCallback | None]:
        """Give the function that a job tells its progress to."""
        if not self.shows_bar:
            yield self.callback
            return
        from xnat_tui.services.bars import download_bar

        with download_bar(self.title) as show:
            callback = self.callback
            yield show if callback is None else lambda state: (show(state), callback(state))
