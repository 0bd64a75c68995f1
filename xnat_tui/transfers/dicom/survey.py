"""A look over DICOM files before they move: which studies and series, and what is odd about them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from xnat_tui.core.cancel import CancelToken
from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.transfers.dicom.files import is_dicom_name, is_doubtful_name
from xnat_tui.transfers.dicom.header import DicomFile, read_header
from xnat_tui.transfers.dicom.source import DicomSource, FileListSource, SourceEntry


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that is not sent, and why: the reason follows the name, as in "notes.txt is not DICOM"."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class DicomSeries:
    """The files of one series of one study, in the source's order."""

    uid: str
    files: tuple[DicomFile, ...]

    @property
    def number(self) -> int | None:
        """Series number of the first file."""
        return self.files[0].series_number

    @property
    def description(self) -> str:
        """Series description of the first file."""
        return self.files[0].series_description

    @property
    def modality(self) -> str:
        """Modality of the first file."""
        return self.files[0].modality

    @property
    def size_bytes(self) -> int:
        """Bytes of all files."""
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class DicomStudy:
    """One study, its series ordered by number."""

    uid: str
    series: tuple[DicomSeries, ...]

    @property
    def first(self) -> DicomFile:
        """A file that speaks for the study: date, description, patient."""
        return self.series[0].files[0]

    @property
    def repeated_series_numbers(self) -> dict[int, tuple[str, ...]]:
        """Series numbers that several series bear, with the UIDs of those.

        XNAT names scans by series number, and must invent ids when they collide.
        """
        uids: dict[int, list[str]] = defaultdict(list)
        for series in self.series:
            if series.number is not None:
                uids[series.number].append(series.uid)
        return {number: tuple(same) for number, same in uids.items() if len(same) > 1}


@dataclass(frozen=True)
class DicomSurvey:
    """What a source holds.

    Attributes:
        files: every DICOM instance, in the source's order.
        skipped: every other file, with the reason.
    """

    files: tuple[DicomFile, ...]
    skipped: tuple[SkippedFile, ...] = ()

    @cached_property
    def studies(self) -> tuple[DicomStudy, ...]:
        """The studies, ordered by date."""
        return group_studies(self.files)

    @property
    def size_bytes(self) -> int:
        """Bytes of all instances."""
        return sum(file.size_bytes for file in self.files)

    @property
    def patient_names(self) -> tuple[str, ...]:
        """The different patient names, sorted; a name left empty is not among them."""
        return tuple(sorted({file.patient_name for file in self.files} - {""}))

    @property
    def patient_ids(self) -> tuple[str, ...]:
        """The different patient ids, sorted; an id left empty is not among them."""
        return tuple(sorted({file.patient_id for file in self.files} - {""}))

    @property
    def is_mixed(self) -> bool:
        """Whether there is more than one study: XNAT would make more than one session of them."""
        return len(self.studies) > 1

    @property
    def homeless(self) -> tuple[str, ...]:
        """Names of instances without a Study or Series Instance UID: most receivers refuse those."""
        return tuple(file.name for file in self.files if not file.study_uid or not file.series_uid)

    @property
    def duplicates(self) -> dict[str, tuple[str, ...]]:
        """SOP Instance UIDs that several files bear, with the names of those: a server keeps one of them."""
        names: dict[str, list[str]] = defaultdict(list)
        for file in self.files:
            names[file.sop_instance_uid].append(file.name)
        return {uid: tuple(same) for uid, same in names.items() if len(same) > 1}


def survey(
    source: DicomSource,
    *,
    include_extensionless: bool = True,
    cancel: CancelToken | None = None,
    on_file: Callable[[int], None] | None = None,
) -> DicomSurvey:
    """Read the header of every DICOM-like file of `source`; costs about a tenth of a millisecond per file.

    Args:
        source: folder, files or archive.
        include_extensionless: look into files without an extension too.
        cancel: stops the survey.
        on_file: told after each file how many were looked at.

    Raises:
        CancelledByUser: by `cancel`.
    """
    files: list[DicomFile] = []
    skipped: list[SkippedFile] = []
    # Somebody who names files one by one means them, whatever they are called.
    trust_names = isinstance(source, FileListSource)
    for looked_at, entry in enumerate(source.entries(), start=1):
        if cancel is not None:
            cancel.check()
        try:
            if not trust_names:
                _check_name(entry.name, include_extensionless)
            files.append(_read(source, entry))
        except InvalidValueError as error:
            skipped.append(SkippedFile(entry.name, error.message))
        if on_file is not None:
            on_file(looked_at)
    return DicomSurvey(tuple(files), tuple(skipped))


def group_studies(files: Iterable[DicomFile]) -> tuple[DicomStudy, ...]:
    """Group files by study and series UID."""
    studies: dict[str, dict[str, list[DicomFile]]] = {}
    for file in files:
        studies.setdefault(file.study_uid, {}).setdefault(file.series_uid, []).append(file)
    grouped = [DicomStudy(uid, _sorted_series(series)) for uid, series in studies.items()]
    return tuple(sorted(grouped, key=lambda one: (one.first.study_date, one.first.study_time, one.uid)))


def _sorted_series(series: dict[str, list[DicomFile]]) -> tuple[DicomSeries, ...]:
    grouped = [DicomSeries(uid, tuple(files)) for uid, files in series.items()]
    return tuple(sorted(grouped, key=lambda one: (one.number is None, one.number or 0, one.uid)))


def _check_name(name: str, include_extensionless: bool) -> None:
    last = os.path.basename(name)
    if last.upper() == "DICOMDIR":
        raise InvalidValueError("is a DICOMDIR, a list of other files")
    if not is_dicom_name(last) and not (include_extensionless and is_doubtful_name(last)):
        raise InvalidValueError("is not named as DICOM files are")


def _read(source: DicomSource, entry: SourceEntry) -> DicomFile:
    if entry.problem:
        raise InvalidValueError(entry.problem)
    try:
        with source.open(entry.name) as stream:
            return read_header(stream, entry.name, entry.size_bytes)
    except OSError as error:
        raise InvalidValueError(f"cannot be read: {error.strerror or error}") from error
