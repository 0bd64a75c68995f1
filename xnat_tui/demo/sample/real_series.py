"""Real series, from the files that pydicom and pydicom-data ship; nothing is downloaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydicom.data import get_testdata_file, get_testdata_files


@dataclass(frozen=True, slots=True)
class RealSeries:
    """Where the files of a series are found, and as what XNAT would have archived them."""

    pattern: str
    xsi_type: str
    type: str
    description: str = ""


_TREE = "dicomdirtests"

REAL_SERIES: Mapping[str, RealSeries] = {
    "spine ct": RealSeries("CT_small.dcm", "xnat:ctScanData", "CT", "GE spine, one slice"),
    "small mr": RealSeries("MR_small.dcm", "xnat:mrScanData", "MR", "Toshiba 64x64"),
    "small mr rle": RealSeries("MR_small_RLE.dcm", "xnat:mrScanData", "MR", "Toshiba 64x64 RLE"),
    "stroke ct": RealSeries("693_UNCR.dcm", "xnat:ctScanData", "CT", "5/5mm Plain"),
    "stroke ct j2k": RealSeries("693_J2KR.dcm", "xnat:ctScanData", "CT", "5/5mm Plain JPEG 2000"),
    "shoulder mr": RealSeries("MR2_J2KI.dcm", "xnat:mrScanData", "PD", "Shoulder"),
    "abdomen mr": RealSeries(
        "MR-SIEMENS-DICOM-WithOverlays.dcm", "xnat:mrScanData", "T1w", "marked lesion<MPR Collection>"
    ),
    "enhanced mr": RealSeries("emri_small.dcm", "xnat:mrScanData", "", "Enhanced MR, 10 frames"),
    "lymph node us": RealSeries("US1_J2KI.dcm", "xnat:usScanData", "US", "Lymph node"),
    "heart us": RealSeries("examples_ybr_color.dcm", "xnat:usScanData", "US", "Cine, 30 frames"),
    "leg cr": RealSeries("RG3_J2KI.dcm", "xnat:crScanData", "CR", "Leg"),
    "chest cr": RealSeries("RG1_J2KI.dcm", "xnat:crScanData", "CR", "Chest PA"),
    "liver segmentation": RealSeries("liver.dcm", "xnat:segScanData", "SEG", "Liver Segmentation"),
    "dose": RealSeries("rtdose.dcm", "xnat:otherDicomScanData", "RTDOSE", "Dose"),
    "treatment plan": RealSeries("rtplan.dcm", "xnat:otherDicomScanData", "RTPLAN", "Plan"),
    "ecg": RealSeries("waveform_ecg.dcm", "xnat:otherDicomScanData", "ECG", "12-lead ECG"),
    "report": RealSeries("reportsi.dcm", "xnat:srScanData", "SR", "IHE Year 2 - Simple Image Report"),
    "mr localizer": RealSeries(f"{_TREE}/98892003/MR1/*", "xnat:mrScanData", "SCOUT", "FAST LOCALIZER"),
    "mr pilot": RealSeries(f"{_TREE}/98892003/MR2/*", "xnat:mrScanData", "SCOUT", "T/S/C RF FAST PILOT"),
    "mr angio": RealSeries(
        "dicomdirtests/98892003/MR700/*", "xnat:mrScanData", "ANGIO", "ANGIO Projected from   C"
    ),
    "heart ct scout": RealSeries(f"{_TREE}/98892001/CT2N/*", "xnat:ctScanData", "SCOUT", "Scout"),
    "heart ct": RealSeries(
        "dicomdirtests/98892001/CT5N/*", "xnat:ctScanData", "CT", "SmartScore - Gated 0.5 sec"
    ),
    "brain ct": RealSeries(f"{_TREE}/77654033/CT2/*", "xnat:ctScanData", "CT", "Routine Brain"),
    "neck cr": RealSeries(f"{_TREE}/77654033/CR1/*", "xnat:crScanData", "CR", "Cervical LAT"),
    "headers only": RealSeries(
        "dicomdirtests/TINY_ALPHA/PT000000/ST000000/SE000000/*",
        "xnat:ctScanData",
        "CT",
        "50 headers, no pixels",
    ),
}


def find_files(name: str) -> list[Path]:
    """The files of a real series, sorted by name.

    Raises:
        FileNotFoundError: the package that ships them is not installed.
    """
    pattern = REAL_SERIES[name].pattern
    if "*" in pattern:
        found = [path for path in map(Path, get_testdata_files(pattern)) if path.is_file()]
    else:
        path = get_testdata_file(pattern, download=False)
        found = [Path(path)] if isinstance(path, str) else []
    if not found:
        raise FileNotFoundError(f"The sample file {pattern} is missing: install pydicom-data.")
    return sorted(found)
