"""What came of killing one kind of job."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Ordeal:
    """The count of what happened.

    Attributes:
        job: its name.
        files: how many files each job moves.
        kills: how often it was killed.
        jobs: how many were begun and brought to their end.
        there: files that were there already, summed over the kills.
        again: how many of these were moved again.
        remark: what else is to be said.
    """

    job: str
    files: int
    kills: int = 0
    jobs: int = 0
    there: int = 0
    again: int = 0
    remark: str = ""

    def row(self) -> list[str]:
        """Return the cells of a table."""
        cells = [self.job, self.files, self.kills, self.jobs, self.there, self.again, self.remark]
        return [str(cell) for cell in cells]
