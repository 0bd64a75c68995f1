"""The headers of generated series, which agree with each other. Pixels and files are dicom.py's business.

Attributes and their types follow the modules of DICOM PS3.3 (MR, CT and PET image objects).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from xnat_tui.demo.sample.contrast import CONTRASTS
from xnat_tui.demo.sample.geometry import Grid
from xnat_tui.demo.sample.protocols import MODALITIES, Protocol
from xnat_tui.demo.sample.study import Study, make_uid, series_uid

_PRIVATE_CREATOR = "XNAT-TUI DEMO"
_IMAGE_TYPES = {
    "MR": ["ORIGINAL", "PRIMARY", "M"],
    "CT": ["ORIGINAL", "PRIMARY", "AXIAL"],
    "PET": ["ORIGINAL", "PRIMARY"],
}


def series_header(study: Study, scan_id: str, protocol: Protocol) -> Dataset:
    """What all files of a series have in common."""
    modality = MODALITIES[protocol.modality]
    header = Dataset()
    header.SpecificCharacterSet = "ISO_IR 192"
    header.SOPClassUID = modality.sop_class_uid
    header.Modality = modality.dicom
    _describe_patient(header, study)
    _describe_study(header, study)
    _describe_series(header, study, scan_id, protocol)
    for keyword, value in protocol.header.items():
        setattr(header, keyword, value)
    if protocol.modality == "MR":
        header.MagneticFieldStrength = study.scanner.field_strength_t
        header.ImagingFrequency = round(42.577 * study.scanner.field_strength_t, 3)
    if protocol.modality == "PET":
        _describe_tracer(header, study, protocol)
    _add_private_tags(header, study, protocol)
    return header


def _describe_patient(header: Dataset, study: Study) -> None:
    header.PatientName = study.subject_label
    header.PatientID = study.session_label
    header.PatientBirthDate = study.birth_date
    header.PatientSex = study.sex
    if study.age_years:
        header.PatientAge = f"{study.age_years:03}Y"
    header.PatientWeight = study.weight_kg
    header.PatientComments = (
        f"Project:{study.project_id} Subject:{study.subject_label} Session:{study.session_label}"
    )


def _describe_study(header: Dataset, study: Study) -> None:
    header.StudyInstanceUID = study.uid
    header.StudyID = f"{int(study.uid.removeprefix('2.25.')) % 10_000:04}"
    header.AccessionNumber = f"ACC{int(study.uid.removeprefix('2.25.')) % 1_000_000:06}"
    header.StudyDate = study.begin.strftime("%Y%m%d")
    header.StudyTime = study.begin.strftime("%H%M%S")
    header.StudyDescription = f"{study.project_id} {study.session_label}"
    header.ReferringPhysicianName = ""
    header.OperatorsName = "Operator^Demo"
    header.Manufacturer = study.scanner.manufacturer
    header.ManufacturerModelName = study.scanner.model
    header.StationName = study.scanner.station
    header.InstitutionName = study.scanner.institution
    header.DeviceSerialNumber = f"{sum(map(ord, study.scanner.station)) * 37}"
    header.SoftwareVersions = "demo 1.0"
    header.FrameOfReferenceUID = make_uid(study.uid, "frame of reference")
    header.PositionReferenceIndicator = ""


def _describe_series(header: Dataset, study: Study, scan_id: str, protocol: Protocol) -> None:
    number = _series_number(scan_id)
    begin = _series_begin(study, scan_id)
    header.SeriesInstanceUID = series_uid(study, scan_id)
    header.SeriesNumber = number
    header.SeriesDescription = protocol.description
    header.ProtocolName = protocol.description
    header.SeriesDate = header.AcquisitionDate = header.ContentDate = begin.strftime("%Y%m%d")
    header.SeriesTime = begin.strftime("%H%M%S")
    header.ImageType = _IMAGE_TYPES[protocol.modality]
    header.SliceThickness = header.SpacingBetweenSlices = protocol.grids[0].step_mm
    header.PixelSpacing = [protocol.grids[0].pixel_mm] * 2
    header.WindowCenter = CONTRASTS[protocol.contrast].window_centre
    header.WindowWidth = CONTRASTS[protocol.contrast].window_width
    header.BodyPartExamined = "BRAIN" if protocol.body == "head" else "CHEST"
    header.PatientPosition = "HFS"


def _series_number(scan_id: str) -> int:
    digits = "".join(letter for letter in scan_id.split("-")[0] if letter.isdigit())
    return int(digits or "1")


def _series_begin(study: Study, scan_id: str) -> datetime:
    return study.begin + timedelta(minutes=4 * _series_number(scan_id))


def _describe_tracer(header: Dataset, study: Study, protocol: Protocol) -> None:
    tracer = Dataset()
    tracer.Radiopharmaceutical = "FDG"
    tracer.RadiopharmaceuticalStartTime = (study.begin - timedelta(minutes=60)).strftime("%H%M%S")
    tracer.RadionuclideTotalDose = 2.55e8
    tracer.RadionuclideHalfLife = 6586.2
    tracer.RadionuclidePositronFraction = 0.967
    nuclide = Dataset()
    nuclide.CodeValue, nuclide.CodingSchemeDesignator, nuclide.CodeMeaning = "C-111A1", "SRT", "^18^Fluorine"
    tracer.RadionuclideCodeSequence = Sequence([nuclide])
    header.RadiopharmaceuticalInformationSequence = Sequence([tracer])
    header.NumberOfSlices = protocol.frames
    header.FrameReferenceTime = 300_000.0


def _add_private_tags(header: Dataset, study: Study, protocol: Protocol) -> None:
    block = header.private_block(0x0029, _PRIVATE_CREATOR, create=True)
    block.add_new(0x01, "LO", f"contrast {protocol.contrast}")
    block.add_new(0x02, "US", study.person.build)
    block.add_new(0x03, "OB", bytes(range(16)))


def instance_header(study: Study, scan_id: str, protocol: Protocol, grid: Grid, instance: int) -> Dataset:
    """What differs from file to file, except the pixels; `instance` counts the files of the series from 1."""
    volume, index = _volume_and_slice(protocol, grid, instance)
    repetition_s = float(str(protocol.header.get("RepetitionTime", 0))) / 1000
    begin = _series_begin(study, scan_id) + timedelta(seconds=volume * repetition_s)
    position_mm = grid.position_mm(index)
    header = Dataset()
    header.SOPInstanceUID = make_uid(series_uid(study, scan_id), str(instance))
    header.InstanceNumber = instance
    header.AcquisitionTime = header.ContentTime = begin.strftime("%H%M%S.%f")
    header.AcquisitionNumber = volume + 1
    header.ImagePositionPatient = [round(value, 4) for value in position_mm]
    header.ImageOrientationPatient = grid.orientation
    along = sum(p * n for p, n in zip(position_mm, grid.plane.normal, strict=True))
    header.SliceLocation = round(along, 4)
    if protocol.modality == "PET":
        header.ImageIndex = instance
    if protocol.type == "DWI":
        header.DiffusionBValue = 1000.0 if volume else 0.0
    return header


def _volume_and_slice(protocol: Protocol, grid: Grid, instance: int) -> tuple[int, int]:
    """Which volume of a series a file belongs to, and which slice of its grid it is, both from 0."""
    before = protocol.grids[: protocol.grids.index(grid)]
    volume, offset = divmod(instance - 1, protocol.frames // protocol.volumes)
    return volume, offset - sum(other.slices for other in before)
