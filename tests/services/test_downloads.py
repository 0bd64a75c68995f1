"""DownloadService as its contract has it: every method, every parameter, what comes and where it goes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.transfers.download.bulk import on_disk
from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import InvalidValueError, ResourceNotFoundError
from xnat_tui.demo.serve import DemoServer
from xnat_tui.models.summary import DownloadProgress
from xnat_tui.services.downloads import DownloadService
from xnat_tui.services.resources import ResourceService
from xnat_tui.transfers.flow import Flow

SESSION, PROJECT = "SUB-001_MR1", "BRAINS"
T1 = f"{SESSION}/scans/1-T1w/resources"


@pytest.fixture
def service(client: XNATClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DownloadService:
    monkeypatch.setenv("XNAT_TUI_STATE_DIR", str(tmp_path / "state"))
    return DownloadService(client)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def accession_id(demo: DemoServer) -> str:
    session = demo.archive.find_experiment(PROJECT, SESSION)
    assert session is not None
    return session.id


def names_in(file: Path) -> list[str]:
    with zipfile.ZipFile(file) as packed:
        return sorted(packed.namelist())


def test_a_session_comes_in_the_layout_of_the_servers_zip(service: DownloadService, out: Path) -> None:
    summary = service.download_session(SESSION, out, PROJECT, verify=True)
    found = on_disk(out)
    assert summary.success
    assert summary.verified == summary.succeeded == len(found)
    assert f"{T1}/DICOM/files/SUB-001_MR1-1-0001.dcm" in found
    assert f"{SESSION}/resources/QC/files/quality.csv" in found
    assert not any("/assessors/" in name for name in found)


def test_the_contracts_example_runs(
    service: DownloadService, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.download_session(project=PROJECT, session=SESSION, dest=str(out), show_progress=True)  # type: ignore[call-arg]
    assert on_disk(out)
    assert SESSION in capsys.readouterr().out


def test_an_accession_id_needs_no_project(demo: DemoServer, service: DownloadService, out: Path) -> None:
    service.download_session(accession_id(demo), out)
    assert all(name.startswith(f"{SESSION}/") for name in on_disk(out))


def test_a_session_without_its_own_resources(service: DownloadService, out: Path) -> None:
    service.download_session(SESSION, out, PROJECT, include_resources=False)
    assert all(name.startswith(f"{SESSION}/scans/") for name in on_disk(out))


def test_a_session_with_its_assessors(service: DownloadService, out: Path) -> None:
    service.download_session(SESSION, out, PROJECT, include_assessors=True)
    assert f"{SESSION}/assessors/SUB-001_MR1_QC/out/resources/REPORT/files/qc.json" in on_disk(out)


@pytest.mark.parametrize("pattern", ["*.gif", "*qc*"])
def test_a_pattern_chooses_files(service: DownloadService, out: Path, pattern: str) -> None:
    summary = service.download_session(SESSION, out, PROJECT, pattern=pattern)
    names = [Path(name).name for name in on_disk(out)]
    assert sorted(names) == ["SUB-001_MR1_1_qc.gif", "SUB-001_MR1_1_qc_t.gif"]
    assert summary.total_files == 2


def test_one_connection_is_enough(service: DownloadService, out: Path) -> None:
    assert service.download_session(SESSION, out, PROJECT, parallel=False).success


def test_progress_is_told_from_listing_to_end(service: DownloadService, out: Path) -> None:
    told: list[DownloadProgress] = []
    summary = service.download_session(SESSION, out, PROJECT, progress_callback=told.append)
    assert (told[0].phase, told[-1].phase) == ("preparing", "complete")
    assert (told[-1].current, told[-1].total, told[-1].percent) == (
        summary.total_files,
        summary.total_files,
        100,
    )


def test_a_callback_that_fails_ends_the_download(service: DownloadService, out: Path) -> None:
    def fail(state: DownloadProgress) -> None:
        if state.phase == "downloading":
            raise KeyError("mine")

    slow = Flow(limit_bytes_per_s=200_000)
    with pytest.raises(KeyError, match="mine"):
        service.download_session(SESSION, out, PROJECT, progress_callback=fail, flow=slow)


def test_a_session_that_is_not_there(service: DownloadService, out: Path) -> None:
    with pytest.raises(ResourceNotFoundError):
        service.download_session("NOBODY", out, PROJECT)
    with pytest.raises(ResourceNotFoundError):
        service.download_session("XNAT_E99999", out)
    assert not out.exists()


def test_a_resource_comes_as_a_zip_called_after_it(service: DownloadService, out: Path) -> None:
    summary = service.download_resource(SESSION, "DICOM", out, scan_id="1", project=PROJECT)
    assert summary.output_path == out / "DICOM.zip"
    assert names_in(out / "DICOM.zip") == [f"{T1}/DICOM/files/SUB-001_MR1-1-000{n}.dcm" for n in (1, 2, 3)]
    assert list(on_disk(out)) == ["DICOM.zip"]


def test_a_resource_of_the_session_under_a_chosen_name(service: DownloadService, out: Path) -> None:
    service.download_resource(SESSION, "QC", out, project=PROJECT, zip_filename="quality.zip")
    assert names_in(out / "quality.zip") == [f"{SESSION}/resources/QC/files/quality.csv"]


def test_a_resource_as_files(service: DownloadService, out: Path) -> None:
    service.download_resource(SESSION, "NIFTI", out, scan_id="1", project=PROJECT, extract=True)
    assert list(on_disk(out)) == [f"{T1}/NIFTI/files/SUB-001_MR1_1_T1w.nii.gz"]


def test_a_resource_that_is_not_there(service: DownloadService, out: Path) -> None:
    with pytest.raises(ResourceNotFoundError, match="no resource NOTHING"):
        service.download_resource(SESSION, "NOTHING", out, project=PROJECT)
    assert not out.exists()


def test_a_zip_that_is_cut_is_fetched_again_and_never_left_half(
    demo: DemoServer, service: DownloadService, out: Path
) -> None:
    demo.faults.add("cut", "*/resources/*/files", skip=0, after_bytes=3000, times=2)
    service.download_resource(SESSION, "DICOM", out, scan_id="1", project=PROJECT)
    assert len(names_in(out / "DICOM.zip")) == 3
    assert list(on_disk(out)) == ["DICOM.zip"]


def test_one_scan(service: DownloadService, out: Path) -> None:
    service.download_scan(SESSION, "1", out, PROJECT)
    assert {name.split("/")[4] for name in on_disk(out)} == {"DICOM", "NIFTI", "SNAPSHOTS"}
    assert all(name.startswith(f"{T1}/") for name in on_disk(out))


def test_one_resource_of_a_scan(service: DownloadService, out: Path) -> None:
    service.download_scan(SESSION, "1", out, PROJECT, resource="SNAPSHOTS")
    assert len(on_disk(out)) == 2


@pytest.mark.parametrize("scan_id", ["*", "ALL", "1,2"])
def test_one_scan_is_one_scan(service: DownloadService, out: Path, scan_id: str) -> None:
    with pytest.raises(InvalidValueError):
        service.download_scan(SESSION, scan_id, out, PROJECT)


def test_a_scan_that_is_not_there(service: DownloadService, out: Path) -> None:
    with pytest.raises(ResourceNotFoundError, match="no scan 99"):
        service.download_scans(SESSION, ["1", "99"], out, PROJECT)


def test_scans_come_as_one_zip(service: DownloadService, out: Path) -> None:
    service.download_scans(SESSION, ["1", "10"], out, project=PROJECT, resource="DICOM")
    folders = {name.split("/")[2] for name in names_in(out / "scans.zip")}
    assert folders == {"1-T1w", "10-MR"}


def test_all_scans_under_a_chosen_name(service: DownloadService, out: Path) -> None:
    service.download_scans(SESSION, ["ALL"], out, PROJECT, zip_filename="all.zip")
    assert len({name.split("/")[2] for name in names_in(out / "all.zip")}) == 4


def test_scans_as_files(service: DownloadService, out: Path) -> None:
    service.download_scans(SESSION, ["2-MR1"], out, PROJECT, subject="SUB-001", extract=True, verify=True)
    assert on_disk(out)
    assert all(name.startswith(f"{SESSION}/scans/2-MR1-BOLD/") for name in on_disk(out))


def test_scans_as_files_beside_their_zip(client: XNATClient, service: DownloadService, out: Path) -> None:
    summary = service.download_scans(
        SESSION, ["1", "2"], out, PROJECT, extract=True, cleanup=False, verify=True
    )
    found = on_disk(out)
    assert sorted(found) == sorted([*names_in(out / "scans.zip"), "scans.zip"])
    assert summary.verified == len(found) - 1
    fetched = [entry.path for entry in client.request_log.entries() if "format=zip" in entry.path]
    assert len(fetched) == 1


def test_a_subject_with_all_its_sessions(service: DownloadService, out: Path) -> None:
    service.download_subject("SUB-001", out, PROJECT)
    assert {name.split("/")[1] for name in on_disk(out)} == {"resources", "SUB-001_MR1", "SUB-001_PET1"}


def test_a_subject_by_accession_id(demo: DemoServer, service: DownloadService, out: Path) -> None:
    subject = demo.archive.find_subject(PROJECT, "SUB-001")
    assert subject is not None
    service.download_subject(subject.id, out, include_resources=False)
    assert {name.split("/")[1] for name in on_disk(out)} == {"SUB-001_MR1", "SUB-001_PET1"}


def test_a_project_with_what_is_shared_into_it(service: DownloadService, out: Path) -> None:
    summary = service.download_project(PROJECT, out, verify=True)
    folders = {"/".join(name.split("/")[:3]) for name in on_disk(out)}
    assert {
        "BRAINS/resources/README",
        "BRAINS/SUB-001/resources",
        "BRAINS/SUB-001/SUB-001_MR1",
        "BRAINS/PAT01/PAT01_CT",
    } <= folders
    assert summary.verified == len(on_disk(out))


def test_names_that_no_disk_likes_are_mapped_and_reported(service: DownloadService, out: Path) -> None:
    summary = service.download_project("AWKWARD", out, verify=True)
    assert summary.success
    assert (summary.unverified, summary.verified) == (1, summary.total_files - 1)
    assert {Path(name).name for name in summary.renamed} == {"a b & c;d=e_f.txt", "it's _quoted_.txt"}


def test_a_user_sees_only_what_the_user_may_see(
    client_for: object, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XNAT_TUI_STATE_DIR", str(tmp_path / "state"))
    service = DownloadService(client_for("member"))  # type: ignore[operator]
    with pytest.raises(ResourceNotFoundError):
        service.download_project("AWKWARD", out)


def test_a_resource_through_its_own_service(client: XNATClient, service: DownloadService, out: Path) -> None:
    resources = ResourceService(client)
    resources.download(project=PROJECT, session=SESSION, resource="QC", dest=out)  # type: ignore[call-arg]
    assert list(on_disk(out)) == [f"{SESSION}/resources/QC/files/quality.csv"]
    again = service.download_session(SESSION, out, PROJECT, pattern="quality.csv", resume=True)
    assert (again.skipped, again.succeeded) == (1, 0)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ({"project": PROJECT}, "BRAINS/resources/README/files/README.md"),
        ({"project": PROJECT, "subject_id": "SUB-001"}, "SUB-001/resources/CONSENT/files/consent.txt"),
        (
            {"project": PROJECT, "session_id": SESSION, "assessor_id": "SUB-001_MR1_QC"},
            f"{SESSION}/assessors/SUB-001_MR1_QC/out/resources/REPORT/files/qc.json",
        ),
        (
            {"project": PROJECT, "session_id": SESSION, "scan_id": "1"},
            f"{T1}/NIFTI/files/SUB-001_MR1_1_T1w.nii.gz",
        ),
    ],
    ids=["project", "subject", "assessor", "scan"],
)
def test_resources_of_all_levels_through_their_service(
    client: XNATClient, service: DownloadService, out: Path, place: dict[str, Any], name: str
) -> None:
    label = name.split("/resources/")[1].split("/")[0]
    place = {"session_id": None, **place}
    summary = ResourceService(client).download(resource_label=label, output_dir=out, verify=True, **place)
    assert (summary.verified, list(on_disk(out))) == (1, [name])
