"""What an upload would do, found out without sending anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlannedSeries:
    """A series in the source.

    Attributes:
        number: series number, by which XNAT names the scan; None when it has none.
        exists: the session on the server has a scan of this id.
    """

    uid: str
    number: int | None
    description: str
    modality: str
    files: int
    size_bytes: int
    exists: bool = False


@dataclass(frozen=True, slots=True)
class PlannedStudy:
    """A study in the source; each becomes a session of its own."""

    uid: str
    date: str
    description: str
    patient_name: str
    patient_id: str
    series: tuple[PlannedSeries, ...]
    repeated_series_numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class UploadPlan:
    """What an upload would do.

    Attributes:
        project: id of the target project; subject and session likewise labels.
        studies: what the source holds, in order of date.
        ignored: files that would not be sent, with the reason.
        patient_names: the different names in the files, which are sent as they are.
        duplicates: SOP Instance UIDs that several files bear; the server keeps one file of each.
        homeless: files without study or series, which most servers refuse.
        subject_exists: the project has this subject.
        session_exists: the project has this session.
        existing_scans: ids of the scans of that session.
        waiting: sessions of this name that lie in the project's prearchive.
        prearchive_code: the project's setting: 0 leaves what comes in the prearchive, 4 archives it, 5
            archives it and replaces files; None when the server does not tell.
        outcome: a sentence: where the data will end.
    """

    project: str
    subject: str
    session: str
    studies: tuple[PlannedStudy, ...]
    ignored: tuple[str, ...] = ()
    patient_names: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()
    homeless: tuple[str, ...] = ()
    subject_exists: bool = False
    session_exists: bool = False
    existing_scans: tuple[str, ...] = ()
    waiting: int = 0
    prearchive_code: int | None = None
    outcome: str = ""

    @property
    def series(self) -> tuple[PlannedSeries, ...]:
        """All series of all studies."""
        return tuple(series for study in self.studies for series in study.series)

    @property
    def total_files(self) -> int:
        """Files that would be sent."""
        return sum(series.files for series in self.series)

    @property
    def total_bytes(self) -> int:
        """Their length."""
        return sum(series.size_bytes for series in self.series)

    @property
    def is_mixed(self) -> bool:
        """Whether there is more than one study."""
        return len(self.studies) > 1

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know before sending, a sentence for each."""
        return tuple(self._warn())

    def _warn(self) -> Iterator[str]:
        if self.is_mixed:
            yield f"{len(self.studies)} studies would share one label; the server makes a session of each."
        if len(self.patient_names) > 1:
            yield f"There are {len(self.patient_names)} patient names: {'; '.join(self.patient_names)}."
        for study in self.studies:
            for number in study.repeated_series_numbers:
                yield f"Several series have the number {number}; the server invents ids for all but one."
        if self.duplicates:
            yield f"{len(self.duplicates)} instances are there more than once; the server keeps one of each."
        if self.homeless:
            yield f"{len(self.homeless)} files belong to no study or series."
        if self.existing_scans:
            yield f"The session exists, with the scans {', '.join(self.existing_scans)}."
        elif self.session_exists:
            yield "The session exists, without scans."
        if self.waiting:
            yield "A session of this name waits in the prearchive of the project already."
