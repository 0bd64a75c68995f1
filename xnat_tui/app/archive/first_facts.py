"""What the first bytes of a NIfTI or DICOM file say about it. Whole headers are not read here."""

from __future__ import annotations

import struct
import zlib

from xnat_tui.app.archive.detail import FactGroup, known_facts
from xnat_tui.transfers.dicom.elements import OddEncodingError, TooShortError, read_elements, read_meta

_GZIP = b"\x1f\x8b"
_NIFTI_BYTES = 540
_NIFTI_TYPES = {
    2: "uint8", 4: "int16", 8: "int32", 16: "float32", 32: "complex64", 64: "float64", 128: "RGB",
    256: "int8", 512: "uint16", 768: "uint32", 1024: "int64", 1280: "uint64", 2304: "RGBA",
}  # fmt: skip

_IMPLICIT = "1.2.840.10008.1.2"
_TRANSFER_SYNTAX = 0x00020010
_STUDY_DATE = 0x00080020
_ROWS, _COLUMNS, _BITS, _FRAMES = 0x00280010, 0x00280011, 0x00280100, 0x00280008
_DICOM_FACTS = {
    0x00080060: "modality",
    0x00080070: "manufacturer",
    0x00081090: "model",
    0x00081030: "study",
    0x0008103E: "series",
    0x00200011: "series number",
    0x00200013: "instance",
    0x00180050: "slice thickness",
    _FRAMES: "frames",
}
_SYNTAXES = {
    _IMPLICIT: "implicit little endian",
    "1.2.840.10008.1.2.1": "explicit little endian",
    "1.2.840.10008.1.2.5": "RLE lossless",
    "1.2.840.10008.1.2.4.50": "JPEG baseline",
    "1.2.840.10008.1.2.4.70": "JPEG lossless",
    "1.2.840.10008.1.2.4.80": "JPEG-LS lossless",
    "1.2.840.10008.1.2.4.90": "JPEG 2000 lossless",
    "1.2.840.10008.1.2.4.91": "JPEG 2000",
}


def of_image(name: str, start: bytes) -> FactGroup | None:
    """The facts of an image file; None for what is neither NIfTI nor DICOM, or is damaged.

    Args:
        name: the file's name in lower case.
        start: its first bytes, 64 KiB or all of it.
    """
    if start[128:132] == b"DICM":
        return _of_dicom(start)
    if name.endswith((".nii", ".nii.gz", ".hdr")):
        return _of_nifti(_unpacked(start) if start.startswith(_GZIP) else start)
    return None


def _unpacked(start: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(start, _NIFTI_BYTES)
    except zlib.error:
        return b""


def _of_nifti(header: bytes) -> FactGroup | None:
    """Read a header of NIfTI-1 (348 bytes) or NIfTI-2 (540 bytes), in either byte order."""
    for order in "<>":
        if header[:4] == struct.pack(f"{order}i", 348) and len(header) >= 348:
            dim = struct.unpack_from(f"{order}8h", header, 40)
            steps = struct.unpack_from(f"{order}8f", header, 76)
            kind = struct.unpack_from(f"{order}h", header, 70)[0]
            return _describe_nifti("NIfTI-1", dim, steps, kind, header[148:228])
        if header[:4] == struct.pack(f"{order}i", 540) and len(header) >= _NIFTI_BYTES:
            dim = struct.unpack_from(f"{order}8q", header, 16)
            steps = struct.unpack_from(f"{order}8d", header, 104)
            kind = struct.unpack_from(f"{order}h", header, 12)[0]
            return _describe_nifti("NIfTI-2", dim, steps, kind, header[240:320])
    return None


def _describe_nifti(
    title: str, dim: tuple[int, ...], steps: tuple[float, ...], kind: int, description: bytes
) -> FactGroup:
    sides = dim[1 : 1 + max(1, min(dim[0], 7))]
    is_series = len(sides) > 3 and sides[3] > 1
    return FactGroup(
        title,
        known_facts(
            [
                ("voxels", " x ".join(map(str, sides[:3]))),
                ("voxel size", " x ".join(f"{step:.3g}" for step in steps[1:4]) + " mm"),
                ("volumes", str(sides[3]) if is_series else ""),
                ("repetition", f"{steps[4]:.4g}" if is_series and steps[4] else ""),
                ("values", _NIFTI_TYPES.get(kind, f"type {kind}")),
                ("description", description.split(b"\0")[0].decode("latin-1").strip()),
            ]
        ),
    )


def _of_dicom(start: bytes) -> FactGroup | None:
    try:
        meta, offset = read_meta(start, 132)
        syntax = _text(meta.get(_TRANSFER_SYNTAX, b""))
        wanted = {*_DICOM_FACTS, _STUDY_DATE, _ROWS, _COLUMNS, _BITS}
        found = read_elements(start, offset, explicit=syntax != _IMPLICIT, wanted=wanted, last=_BITS)
    except (OddEncodingError, TooShortError):
        return None
    facts = [(name, _text(found.get(tag, b""))) for tag, name in _DICOM_FACTS.items()]
    facts.insert(2, ("study date", _as_date(_text(found.get(_STUDY_DATE, b"")))))
    pixels = [int.from_bytes(found.get(tag, b""), "little") for tag in (_COLUMNS, _ROWS)]
    facts.append(("pixels", f"{pixels[0]} x {pixels[1]}" if all(pixels) else ""))
    bits = int.from_bytes(found.get(_BITS, b""), "little")
    facts.append(("bits", str(bits) if bits else ""))
    return FactGroup("DICOM", known_facts([*facts, ("encoding", _SYNTAXES.get(syntax, syntax))]))


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace").strip(" \0")


def _as_date(value: str) -> str:
    """A DICOM date as ISO writes it; anything else as it is."""
    return f"{value[:4]}-{value[4:6]}-{value[6:]}" if len(value) == 8 and value.isdecimal() else value
