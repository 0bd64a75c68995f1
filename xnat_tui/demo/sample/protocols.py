"""The series that the demo scanners can make, as tables. artist.py draws them, dicom.py writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xnat_tui.demo.sample.geometry import Grid, Plane

HeaderValue = str | int | float | list[str] | list[int] | list[float]


@dataclass(frozen=True, slots=True)
class Modality:
    """What DICOM and XNAT call one way of taking pictures."""

    dicom: str
    sop_class_uid: str
    session_type: str
    scan_type: str


@dataclass(frozen=True, slots=True)
class Scanner:
    """A machine, as its pictures name it."""

    manufacturer: str
    model: str
    station: str
    institution: str
    field_strength_t: float = 0.0


@dataclass(frozen=True, slots=True)
class Protocol:
    """One series: what it shows, where its voxels lie, and what its header says about how it was made."""

    description: str
    type: str
    modality: str
    contrast: str
    grids: tuple[Grid, ...]
    header: Mapping[str, HeaderValue] = field(default_factory=dict)
    body: str = "head"
    volumes: int = 1
    compressed: bool = False

    @property
    def frames(self) -> int:
        """How many files the series has: slices of all grids, as often as there are volumes."""
        return self.volumes * sum(grid.slices for grid in self.grids)


MODALITIES: Mapping[str, Modality] = {
    "MR": Modality("MR", "1.2.840.10008.5.1.4.1.1.4", "xnat:mrSessionData", "xnat:mrScanData"),
    "CT": Modality("CT", "1.2.840.10008.5.1.4.1.1.2", "xnat:ctSessionData", "xnat:ctScanData"),
    "PET": Modality("PT", "1.2.840.10008.5.1.4.1.1.128", "xnat:petSessionData", "xnat:petScanData"),
}

SCANNERS: Mapping[str, Scanner] = {
    "prisma": Scanner("SIEMENS", "Prisma", "MRC35177", "Site A", 3.0),
    "premier": Scanner("GE MEDICAL SYSTEMS", "SIGNA Premier", "PREMIER2", "Site B", 3.0),
    "ingenia": Scanner("Philips Medical Systems", "Ingenia", "INGENIA15", "Site C", 1.5),
    "force": Scanner("SIEMENS", "SOMATOM Force", "CT75630", "Site A"),
    "revolution": Scanner("GE MEDICAL SYSTEMS", "Revolution CT", "RCT01", "Site B"),
    "vision": Scanner("SIEMENS", "Biograph128_Vision 600", "PETCT1", "Site A"),
}


def _grid(plane: Plane, slices: int, size: tuple[int, int], pixel_mm: float, step_mm: float) -> Grid:
    return Grid(plane, slices, *size, pixel_mm, step_mm)


def _mr(
    te_ms: float, tr_ms: float, flip_deg: float, sequence: str, ti_ms: float = 0.0
) -> dict[str, HeaderValue]:
    header: dict[str, HeaderValue] = {
        "EchoTime": te_ms,
        "RepetitionTime": tr_ms,
        "FlipAngle": flip_deg,
        "ScanningSequence": sequence.split(" ")[0],
        "SequenceName": sequence.split(" ")[1],
        "SequenceVariant": "SK",
        "ScanOptions": "FS",
        "MRAcquisitionType": "3D" if "3d" in sequence else "2D",
        "NumberOfAverages": 1,
        "PixelBandwidth": 200,
    }
    return header | ({"InversionTime": ti_ms} if ti_ms else {})


def _ct(kernel: str, current_ma: int) -> dict[str, HeaderValue]:
    return {
        "KVP": 120,
        "XRayTubeCurrent": current_ma,
        "ExposureTime": 500,
        "ConvolutionKernel": kernel,
        "GantryDetectorTilt": 0,
        "ReconstructionDiameter": 400,
    }


_PET: dict[str, HeaderValue] = {
    "Units": "BQML",
    "CountsSource": "EMISSION",
    "SeriesType": ["STATIC", "IMAGE"],
    "CorrectedImage": ["NORM", "DTIM", "ATTN", "SCAT", "DECY", "RAN"],
    "DecayCorrection": "START",
    "AttenuationCorrectionMethod": "CT-derived mu-map",
    "ReconstructionMethod": "PSF+TOF 4i5s",
    "ActualFrameDuration": 600_000,
}

_AX, _COR, _SAG = Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL

PROTOCOLS: Mapping[str, Protocol] = {
    "localizer": Protocol(
        "localizer",
        "SCOUT",
        "MR",
        "T1w",
        tuple(_grid(plane, 1, (96, 96), 2.6, 10) for plane in (_SAG, _COR, _AX)),
        _mr(4.0, 20.0, 40, "GR fl2d1"),
    ),
    "t1": Protocol(
        "t1_mprage_sag_p2",
        "T1w",
        "MR",
        "T1w",
        (_grid(_SAG, 30, (128, 128), 1.9, 5.0),),
        _mr(2.98, 2300.0, 9, "GR tfl3d1", ti_ms=900.0),
    ),
    "t2": Protocol(
        "t2_tse_tra",
        "T2w",
        "MR",
        "T2w",
        (_grid(_AX, 20, (128, 112), 1.8, 8.0),),
        _mr(96.0, 5200.0, 150, "SE tse2d1"),
    ),
    "flair": Protocol(
        "t2_flair_cor",
        "FLAIR",
        "MR",
        "FLAIR",
        (_grid(_COR, 18, (112, 96), 2.1, 9.5),),
        _mr(89.0, 9000.0, 150, "IR tir2d1", ti_ms=2500.0),
    ),
    "bold": Protocol(
        "ep2d_bold_rest",
        "BOLD",
        "MR",
        "BOLD",
        (_grid(_AX, 10, (64, 64), 3.4, 14.0),),
        _mr(30.0, 2000.0, 77, "EP epfid2d1"),
        volumes=7,
    ),
    "dwi": Protocol(
        "ep2d_diff_b1000",
        "DWI",
        "MR",
        "DWI",
        (_grid(_AX, 8, (64, 64), 3.4, 16.0),),
        _mr(88.0, 6400.0, 90, "EP ep_b1000"),
        volumes=5,
    ),
    "t2 packed": Protocol(
        "t2_tse_cor_RLE",
        "T2w",
        "MR",
        "T2w",
        (_grid(_COR, 8, (96, 96), 2.3, 18.0),),
        _mr(96.0, 5200.0, 150, "SE tse2d1"),
        compressed=True,
    ),
    "head ct": Protocol(
        "Head 3.0 H31s",
        "CT",
        "CT",
        "CT brain",
        (_grid(_AX, 24, (128, 128), 1.8, 7.0),),
        _ct("H31s", 240),
    ),
    "bone ct": Protocol(
        "Head 1.0 H70h",
        "CT",
        "CT",
        "CT bone",
        (_grid(_AX, 16, (128, 128), 1.8, 10.0),),
        _ct("H70h", 240),
    ),
    "chest ct": Protocol(
        "Thorax 5.0 B31f",
        "CT",
        "CT",
        "CT soft",
        (_grid(_AX, 26, (112, 144), 2.6, 12.0),),
        _ct("B31f", 110),
        "chest",
    ),
    "lung ct": Protocol(
        "Thorax 2.0 B70f",
        "CT lung",
        "CT",
        "CT lung",
        (_grid(_COR, 12, (128, 144), 2.6, 16.0),),
        _ct("B70f", 110) | {"ImageType": ["DERIVED", "SECONDARY", "MPR"]},
        "chest",
    ),
    "ct for pet": Protocol(
        "CT AC 4.0 B19f",
        "CTAC",
        "CT",
        "CT soft",
        (_grid(_AX, 14, (96, 128), 3.0, 22.0),),
        _ct("B19f", 40),
        "chest",
    ),
    "head pet": Protocol(
        "PET FDG brain AC", "PET", "PET", "PET brain", (_grid(_AX, 20, (96, 96), 2.5, 8.0),), _PET
    ),
    "body pet": Protocol(
        "PET WB AC", "PET", "PET", "PET body", (_grid(_COR, 22, (144, 112), 3.3, 10.0),), _PET, "chest"
    ),
    "tiny t1": Protocol(
        "t1_tiny",
        "T1w",
        "MR",
        "T1w",
        (_grid(_AX, 3, (48, 48), 4.6, 30.0),),
        _mr(2.98, 2300.0, 9, "GR tfl3d1", 900.0),
    ),
    "tiny bold": Protocol(
        "bold_tiny",
        "BOLD",
        "MR",
        "BOLD",
        (_grid(_AX, 2, (32, 32), 7.0, 40.0),),
        _mr(30.0, 2000.0, 77, "EP epfid2d1"),
        volumes=2,
    ),
    "tiny ct": Protocol(
        "ct_tiny", "CT", "CT", "CT soft", (_grid(_AX, 3, (48, 64), 5.8, 40.0),), _ct("B31f", 110), "chest"
    ),
    "tiny pet": Protocol("pet_tiny", "PET", "PET", "PET brain", (_grid(_AX, 3, (48, 48), 4.6, 30.0),), _PET),
}
