"""The sample: always the same, consistent, and with one of everything that a browser must be able to show."""

from __future__ import annotations

import gzip
import re
import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import FileDataset

from xnat_tui.demo.archive import Archive, Owner
from xnat_tui.demo.sample import plant, texts
from xnat_tui.demo.sample.geometry import Grid, Plane
from xnat_tui.demo.sample.protocols import PROTOCOLS
from xnat_tui.demo.sample.real_series import REAL_SERIES, find_files

Contents = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive(tmp_path_factory.mktemp("tiny")) as archive:
        plant(archive, "tiny")
        yield archive


def _contents(archive: Archive) -> Contents:
    """Size, digest and place of every stored file, and every label with its accession id."""
    found: Contents = {}
    for owner in _owners(archive):
        for resource in archive.resources(owner):
            found[(str(owner), resource.label)] = resource.insert_date
            for file in archive.files(resource.id):
                found[(str(owner), f"{resource.id}/{file.path}")] = f"{file.size_bytes} {file.digest}"
    return found


def _owners(archive: Archive) -> Iterator[Owner]:
    for project in archive.projects():
        yield Owner.project(project.id)
    for number in range(1, 200):
        if archive.subject(f"XNAT_S{number:05}"):
            yield Owner.subject(f"XNAT_S{number:05}")
        if archive.experiment(session := f"XNAT_E{number:05}"):
            yield Owner.experiment(session)
            yield from (Owner.scan(session, scan.id) for scan in archive.scans(session))


def _pictures(archive: Archive, project: str, label: str, scan: str) -> list[FileDataset]:
    session = archive.find_experiment(project, label)
    assert session
    resource = next(r for r in archive.resources(Owner.scan(session.id, scan)) if r.label == "DICOM")
    return [dcmread(archive.file_location(resource.id, file.path)) for file in archive.files(resource.id)]


def test_two_plants_are_equal(tiny: Archive, tmp_path: Path) -> None:
    with Archive(tmp_path) as other:
        plant(other, "tiny")
        assert _contents(other) == _contents(tiny)


def test_an_unknown_seed_is_refused(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive, pytest.raises(ValueError, match="choose full or tiny"):
        plant(archive, "huge")


def test_tiny_is_small_and_has_every_kind_of_thing(tiny: Archive) -> None:
    owners = list(_owners(tiny))
    files = [file for owner in owners for r in tiny.resources(owner) for file in tiny.files(r.id)]
    assert len(files) < 100
    assert sum(file.size_bytes for file in files) < 1_500_000
    assert {owner.kind for owner in owners if tiny.resources(owner)} == {
        "project",
        "subject",
        "experiment",
        "scan",
    }
    assert tiny.assessors("XNAT_E00001")
    assert {project.accessibility for project in tiny.projects()} == {"private", "public"}
    shared = tiny.find_subject("AWKWARD", "Guest")
    assert shared and shared.project == "BRAINS"
    assert tiny.find_experiment("BRAINS", "PAT01_CT")


def test_users_have_the_roles_of_the_sample(tiny: Archive) -> None:
    member, owner = tiny.check_password("member", "member"), tiny.check_password("owner", "owner")
    assert member and owner
    assert tiny.readable_projects(member) == ["BRAINS", "ONCO"]
    assert [tiny.role(owner, project) for project in ("BRAINS", "ONCO")] == ["owner", "member"]
    admin = tiny.find_user("admin")
    assert admin and admin.admin


def test_awkward_texts_are_stored_as_they_are(tiny: Archive) -> None:
    session = tiny.find_experiment("AWKWARD", "Texts_MR1")
    project = tiny.project("AWKWARD")
    assert session and project
    assert project.name == texts.MARKUP
    assert tiny.scans(session.id)[0].series_description == texts.ESCAPES
    assert len(texts.LONG) == 200


@pytest.mark.parametrize(
    ("session", "scan", "modality", "count"),
    [("SUB-001_MR1", "1", "MR", 3), ("SUB-001_MR1", "2", "MR", 4), ("SUB-001_PET1", "1", "PT", 3)],
)
def test_headers_of_a_series_agree(tiny: Archive, session: str, scan: str, modality: str, count: int) -> None:
    headers = _pictures(tiny, "BRAINS", session, scan)
    assert [header.InstanceNumber for header in headers] == list(range(1, count + 1))
    assert len({header.SOPInstanceUID for header in headers}) == count
    assert {header.file_meta.MediaStorageSOPInstanceUID for header in headers} == {
        header.SOPInstanceUID for header in headers
    }
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "Modality"):
        assert len({str(header[keyword].value) for header in headers}) == 1
    assert headers[0].Modality == modality
    assert headers[0].PatientID == session


def test_slices_follow_the_normal_of_their_plane() -> None:
    for plane in Plane:
        grid = Grid(plane, slices=4, rows=8, columns=6, pixel_mm=2.0, step_mm=5.0)
        row, column = np.array(grid.orientation[:3]), np.array(grid.orientation[3:])
        normal = np.cross(row, column)
        positions = np.array([grid.position_mm(index) for index in range(4)])
        assert np.allclose(np.diff(positions @ normal), 5.0)
        assert np.allclose(positions.mean(axis=0) + row * 5 + column * 7, 0)


def test_ct_is_stored_with_its_rescale(tiny: Archive) -> None:
    header = _pictures(tiny, "ONCO", "PAT01_CT", "201")[1]
    hounsfield = header.pixel_array.astype(int) * header.RescaleSlope + header.RescaleIntercept
    assert hounsfield[0, -1] == pytest.approx(-1000, abs=60)
    assert 0 < np.median(hounsfield[hounsfield > -300]) < 150
    assert header.ConvolutionKernel and header.KVP == 120


def test_pet_names_its_tracer(tiny: Archive) -> None:
    header = _pictures(tiny, "BRAINS", "SUB-001_PET1", "1")[0]
    tracer = header.RadiopharmaceuticalInformationSequence[0]
    assert (header.Units, tracer.Radiopharmaceutical) == ("BQML", "FDG")
    assert header.pixel_array.max() * header.RescaleSlope > 5000


def test_nifti_header_fits_its_voxels(tiny: Archive) -> None:
    resource = next(r for r in tiny.resources(Owner.scan("XNAT_E00001", "1")) if r.label == "NIFTI")
    (file,) = tiny.files(resource.id)
    data = gzip.decompress(tiny.file_location(resource.id, file.path).read_bytes())
    grid = PROTOCOLS["tiny t1"].grids[0]
    assert struct.unpack_from("<i", data) == (348,)
    assert data[344:348] == b"n+1\0"
    assert struct.unpack_from("<4h", data, 40) == (3, grid.columns, grid.rows, grid.slices)
    assert len(data) == 352 + 2 * grid.columns * grid.rows * grid.slices


def test_every_real_series_has_readable_files() -> None:
    for name in REAL_SERIES:
        for path in find_files(name):
            assert dcmread(path, stop_before_pixels=True).SOPClassUID


def test_full_keeps_its_promises(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        plant(archive, "full")
        sizes = [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()]
        experiments = [e for n in range(1, 300) if (e := archive.experiment(f"XNAT_E{n:05}"))]
        kinds = Counter(experiment.xsi_type for experiment in experiments if experiment.subject_id)
        scan_ids = [scan.id for experiment in experiments for scan in archive.scans(experiment.id)]
    assert sum(sizes) < 150_000_000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in [*scan_ids, *(e.label for e in experiments)])
    assert sum(kinds.values()) >= 60
    assert {"xnat:mrSessionData", "xnat:ctSessionData", "xnat:petSessionData"} <= kinds.keys()
