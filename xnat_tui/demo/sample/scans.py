"""Plants scans: generated or real DICOM, converted NIfTI and ready snapshots."""

from __future__ import annotations

from datetime import datetime, timedelta

from xnat_tui.demo.archive import Archive, Owner
from xnat_tui.demo.pictures import snapshot
from xnat_tui.demo.sample.artist import Artist
from xnat_tui.demo.sample.dicom import write_series
from xnat_tui.demo.sample.nifti import nifti_gz
from xnat_tui.demo.sample.plan import ResourcePlan, ScanPlan
from xnat_tui.demo.sample.protocols import MODALITIES, PROTOCOLS, Protocol
from xnat_tui.demo.sample.real_series import REAL_SERIES, find_files
from xnat_tui.demo.sample.resources import add_resource
from xnat_tui.demo.sample.study import Study, series_uid

_THUMBNAIL_PIXELS = 96
_SNAPSHOT_PIXELS = 256


class ScanPlanter:
    """Adds scans to sessions of one archive."""

    def __init__(self, archive: Archive, artist: Artist) -> None:
        self._archive = archive
        self._artist = artist

    def plant(self, session_id: str, study: Study, plan: ScanPlan) -> None:
        """Add a scan with all its resources."""
        self._add_scan(session_id, study, plan)
        owner = Owner.scan(session_id, plan.id)
        if plan.protocol:
            self._add_series(owner, study, plan, PROTOCOLS[plan.protocol])
        elif plan.real:
            self._add_real_files(owner, study, plan)
        for resource in plan.resources:
            add_resource(self._archive, owner, resource, _archived(study))

    def _add_scan(self, session_id: str, study: Study, plan: ScanPlan) -> None:
        usual_type = usual_description = xsi_type = ""
        values: dict[str, object] = {}
        if plan.protocol:
            protocol = PROTOCOLS[plan.protocol]
            usual_type, usual_description = protocol.type, protocol.description
            xsi_type = MODALITIES[protocol.modality].scan_type
            values = _scan_values(study, plan.id, protocol)
        elif plan.real:
            series = REAL_SERIES[plan.real]
            usual_type, usual_description, xsi_type = series.type, series.description, series.xsi_type
        self._archive.add_scan(
            session_id,
            plan.id,
            plan.xsi_type or xsi_type,
            type=usual_type if plan.type is None else plan.type,
            quality=plan.quality,
            series_description=usual_description if plan.description is None else plan.description,
            note=plan.note,
            values=values,
            inserted=_archived(study),
        )

    def _add_series(self, owner: Owner, study: Study, plan: ScanPlan, protocol: Protocol) -> None:
        resource_id = self._add_dicom_resource(owner, study)
        for name, data in write_series(self._artist, study, plan.id, protocol):
            self._archive.add_file(resource_id, name, data, format="DICOM", content="RAW")
        derived = []
        if plan.nifti:
            derived.append(self._convert(study, plan, protocol))
        if plan.snapshots:
            derived.append(self._take_pictures(resource_id, study, plan))
        for resource in derived:
            add_resource(self._archive, owner, resource, _archived(study))

    def _add_real_files(self, owner: Owner, study: Study, plan: ScanPlan) -> None:
        resource_id = self._add_dicom_resource(owner, study)
        for path in find_files(plan.real):
            name = path.name if path.suffix else f"{path.name}.dcm"
            self._archive.add_file(resource_id, name, path, format="DICOM", content="RAW")

    def _add_dicom_resource(self, owner: Owner, study: Study) -> int:
        moment = _archived(study)
        return self._archive.add_resource(owner, "DICOM", format="DICOM", content="RAW", inserted=moment)

    def _convert(self, study: Study, plan: ScanPlan, protocol: Protocol) -> ResourcePlan:
        """The NIfTI copy of a series; drawn again without noise, which packs well."""
        volumes = [volume for _, volume in self._artist.volumes(protocol, study.person, seed=None)]
        repetition_s = float(str(protocol.header.get("RepetitionTime", 0))) / 1000
        name = f"{study.session_label}_{plan.id}_{protocol.type}".replace(" ", "_")
        files = {f"{name}.nii.gz": nifti_gz(volumes, protocol.grids[0], repetition_s=repetition_s)}
        return ResourcePlan("NIFTI", files, format="NIFTI", content="converted", tags=("derived",))

    def _take_pictures(self, resource_id: int, study: Study, plan: ScanPlan) -> ResourcePlan:
        files = self._archive.files(resource_id)
        middle = [self._archive.file_location(resource_id, files[len(files) // 2].path)]
        name = f"{study.session_label}_{plan.id}"
        pictures = {
            f"{name}_qc.gif": snapshot(middle, _SNAPSHOT_PIXELS),
            f"{name}_qc_t.gif": snapshot(middle, _THUMBNAIL_PIXELS),
        }
        return ResourcePlan("SNAPSHOTS", pictures, format="GIF", content="SNAPSHOTS")


def _archived(study: Study) -> datetime:
    return study.begin + timedelta(hours=3)


def _scan_values(study: Study, scan_id: str, protocol: Protocol) -> dict[str, object]:
    """What XNAT reads from the files of a scan, under its schema's paths."""
    grid = protocol.grids[0]
    values: dict[str, object] = {
        "UID": series_uid(study, scan_id),
        "frames": protocol.frames,
        "modality": MODALITIES[protocol.modality].dicom,
        "scanner": study.scanner.station,
        "scanner/manufacturer": study.scanner.manufacturer,
        "scanner/model": study.scanner.model,
        "protocolName": protocol.description,
        "bodyPartExamined": "BRAIN" if protocol.body == "head" else "CHEST",
        "startTime": study.begin.strftime("%H:%M:%S"),
        "parameters/voxelRes/x": grid.pixel_mm,
        "parameters/voxelRes/y": grid.pixel_mm,
        "parameters/voxelRes/z": grid.step_mm,
    }
    if protocol.modality == "MR":
        values["fieldStrength"] = str(study.scanner.field_strength_t)
        names = {"tr": "RepetitionTime", "te": "EchoTime", "ti": "InversionTime", "flip": "FlipAngle"}
        found = {path: protocol.header.get(keyword) for path, keyword in names.items()}
        values |= {f"parameters/{path}": value for path, value in found.items() if value is not None}
    if protocol.modality == "CT":
        values["parameters/kvp"] = protocol.header["KVP"]
        values["parameters/convolutionKernel"] = protocol.header["ConvolutionKernel"]
    return values
