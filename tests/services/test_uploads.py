"""UploadService and the uploads of ResourceService: the contract's parameters, examples and errors."""

from __future__ import annotations

import hashlib
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.transfers.dicom.peers import StoreScp
from tests.transfers.dicom.samples import make_slice, write_slices
from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import (
    AuthenticationError,
    ConflictError,
    InvalidValueError,
    OperationError,
    ReadOnlyError,
    ResourceNotFoundError,
)
from xnat_tui.demo.archive import Archive
from xnat_tui.demo.serve import DemoServer
from xnat_tui.models.upload import UploadProgress, UploadProof, UploadState
from xnat_tui.services import uploads as contract
from xnat_tui.services.resources import ResourceService
from xnat_tui.services.uploads import UploadService
from xnat_tui.transfers.upload.retry import Patience

QUICK = Patience(tries=2, first_wait_s=0.01)


@pytest.fixture
def uploads(archive: Archive, client: XNATClient) -> UploadService:
    return UploadService(client, patience=QUICK)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_slices(tmp_path / "source", 6)
    return tmp_path / "source"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    (folder / "sub").mkdir(parents=True)
    (folder / "analysis.nii.gz").write_bytes(b"analysis" * 1000)
    (folder / "report 1.pdf").write_bytes(b"report")
    (folder / "sub" / "größe.txt").write_bytes("größe".encode())
    (folder / "empty.log").write_bytes(b"")
    return folder


def test_the_example_of_the_contract(client: XNATClient, archive: Archive, source: Path) -> None:
    service = UploadService(client)

    # Upload DICOM files with 8 workers
    summary = service.upload_dicom(
        project="LAB",
        subject="SUB001",
        session="SESSION01",
        files=[source / "00000.dcm", str(source / "00001.dcm")],
        workers=8,
        show_progress=True,
    )

    assert summary.success, summary.errors
    assert archive.find_experiment("LAB", "SESSION01")


def test_the_tools_of_the_contract_are_there() -> None:
    for name in contract.__all__:
        assert getattr(contract, name)


def test_dicom_files_are_collected_by_name_and_content(source: Path) -> None:
    (source / "IM0001").write_bytes((source / "00000.dcm").read_bytes())
    (source / "notes").write_text("no")

    names = [path.name for path in contract.collect_dicom_files(source)]

    assert names == [*(f"{number:05}.dcm" for number in range(6)), "IM0001"]
    with pytest.raises(ValueError, match="not a directory"):
        contract.collect_dicom_files(source / "notes")


def test_another_user_may_upload(uploads: UploadService, demo: DemoServer, source: Path) -> None:
    with pytest.raises(AuthenticationError):
        uploads.upload_dicom_parallel(source, "LAB", "S", "E", username="admin", password="wrong")

    summary = uploads.upload_dicom_parallel(source, "LAB", "S", "E", username="admin", password="admin")

    assert summary.success, summary.errors


def test_parameters_that_cannot_be_are_refused(uploads: UploadService, source: Path) -> None:
    with pytest.raises(ValueError, match="archive_format"):
        uploads.upload_dicom_parallel(source, "LAB", "S", "E", archive_format="rar")
    with pytest.raises(ValueError, match="overwrite"):
        uploads.upload_dicom_parallel(source, "LAB", "S", "E", overwrite="maybe")
    with pytest.raises(ValueError, match="batch"):
        uploads.upload_dicom("LAB", "S", "E", source, batch_size=0)
    with pytest.raises(FileNotFoundError):
        uploads.upload_dicom_gradual(source / "nothing", "LAB", "S", "E")
    with pytest.raises(ValueError):
        uploads.upload_dicom_gradual(source / "00000.dcm", "LAB", "S", "E")
    with pytest.raises(FileNotFoundError):
        uploads.upload_dicom_gradual_files(files=[source / "no"], project="LAB", subject="S", session="E")
    with pytest.raises(ValueError):
        uploads.upload_dicom_gradual_files(files=[source], project="LAB", subject="S", session="E")


def test_a_project_that_cannot_be_seen_gets_nothing(uploads: UploadService, source: Path) -> None:
    with pytest.raises(ResourceNotFoundError):
        uploads.upload_dicom_gradual(source, "NOSUCH", "S", "E")


def test_a_read_only_client_sends_nothing(demo: DemoServer, archive: Archive, source: Path) -> None:
    with XNATClient(demo.url, "admin", "admin", read_only=True) as client:
        with pytest.raises(ReadOnlyError):
            UploadService(client).upload_dicom_gradual(source, "LAB", "S", "E")
        with pytest.raises(ReadOnlyError):
            ResourceService(client).upload("S1_MR1", "QC", source, project="LAB")


def test_the_plan_says_what_is_there_and_what_will_be(
    uploads: UploadService, client: XNATClient, source: Path
) -> None:
    other = make_slice(study="1.2.3.77", series="1.2.3.77.1")
    other.PatientName = "Roe^Richard"
    other.save_as(source / "other.dcm", enforce_file_format=True)
    again = make_slice(series="1.2.3.1.2", series_number=1)
    again.save_as(source / "again.dcm", enforce_file_format=True)
    (source / "notes.txt").write_text("no")
    before = len(client.request_log.entries())

    plan = uploads.plan_upload("LAB", "S1", "S1_MR1", source, direct_archive=False)

    assert (plan.total_files, len(plan.series), plan.is_mixed) == (8, 3, True)
    assert plan.patient_names == ("Doe^Jane", "Roe^Richard")
    assert plan.ignored == ("notes.txt is not named as DICOM files are",)
    assert [study.repeated_series_numbers for study in plan.studies] == [(1,), ()]
    assert (plan.subject_exists, plan.session_exists, plan.existing_scans) == (True, True, ("1", "2", "10"))
    assert any(series.exists for series in plan.series)
    assert plan.prearchive_code == 4
    assert plan.outcome.startswith("The project archives by itself")
    assert len(plan.warnings) == 4
    sent = client.request_log.entries()[before:]
    assert {entry.method for entry in sent} == {"GET"}


@pytest.mark.parametrize(("code", "sentence"), [(0, "stay in the prearchive"), (5, "archives by itself")])
def test_the_plan_foretells_the_projects_own_setting(
    code: int, sentence: str, uploads: UploadService, client: XNATClient, source: Path
) -> None:
    client.put(f"/data/projects/LAB/prearchive_code/{code}")

    plan = uploads.plan_upload("LAB", "NEW", "NEW_MR1", source, direct_archive=False)

    assert sentence in plan.outcome
    assert (plan.subject_exists, plan.session_exists, plan.warnings) == (False, False, ())


def test_a_folder_goes_into_a_resource_with_its_folders(
    uploads: UploadService, client: XNATClient, reports: Path
) -> None:
    seen: list[UploadProgress] = []

    summary = uploads.upload_resource(
        "S1_MR1", "REPORTS", reports, project="LAB", progress_callback=seen.append
    )

    assert summary.success, summary.errors
    assert summary.proofs == {UploadProof.SAME_BYTES: 4}
    files = ResourceService(client).list_files("S1_MR1", "REPORTS", project="LAB")
    assert sorted(file.path for file in files) == [
        "analysis.nii.gz",
        "empty.log",
        "report 1.pdf",
        "sub/größe.txt",
    ]
    assert seen[-1].is_complete


def test_a_folder_can_go_as_one_archive(uploads: UploadService, client: XNATClient, reports: Path) -> None:
    summary = uploads.upload_resource("S1_MR1", "REPORTS", reports, project="LAB", scan_id="1", extract=True)

    assert summary.success, summary.errors
    assert summary.proofs == {UploadProof.SAME_BYTES: 4}
    puts = [entry for entry in client.request_log.entries() if entry.method == "PUT"]
    assert len(puts) == 1


def test_files_that_exist_stay_unless_overwritten(
    uploads: UploadService, client: XNATClient, reports: Path
) -> None:
    uploads.upload_resource("S1_MR1", "REPORTS", reports / "report 1.pdf", project="LAB")
    (reports / "report 1.pdf").write_bytes(b"changed")

    kept = uploads.upload_resource("S1_MR1", "REPORTS", reports, project="LAB")
    assert [(each.state, Path(each.name).name) for each in kept.failures] == [
        (UploadState.DUPLICATE, "report 1.pdf")
    ]

    replaced = uploads.upload_resource("S1_MR1", "REPORTS", reports, project="LAB", overwrite=True)
    assert replaced.success, replaced.errors
    files = ResourceService(client).list_files("S1_MR1", "REPORTS", project="LAB")
    digests = {file.path: file.digest for file in files}
    assert digests["report 1.pdf"] == hashlib.md5(b"changed").hexdigest()


def test_who_may_not_edit_is_told_although_the_server_says_nothing(
    demo: DemoServer, archive: Archive, reports: Path
) -> None:
    archive.grant("LAB", "collaborator", "collaborator")
    with XNATClient(demo.url, "collaborator", "collaborator") as client:
        summary = UploadService(client, patience=QUICK).upload_resource(
            "S1_MR1", "QC", reports / "report 1.pdf", project="LAB"
        )

    assert not summary.success
    assert summary.states == {UploadState.MISSING: 1}
    assert "may you edit" in summary.errors[0]


def test_a_wrong_digest_on_the_server_is_never_success(uploads: UploadService, reports: Path) -> None:
    path = reports / "report 1.pdf"
    summary = uploads.upload_resource(
        "S1_MR1",
        "REPORTS",
        path,
        project="LAB",
        progress_callback=lambda state: path.write_bytes(b"tropes") if state.phase == "processing" else None,
    )

    assert not summary.success
    assert "digest" in summary.errors[0]


def test_resource_uploads_go_on_where_they_were_stopped(
    uploads: UploadService, demo: DemoServer, client: XNATClient, reports: Path
) -> None:
    demo.faults.add("status", "*/files/report*", method="PUT", status=403, times=1)
    first = uploads.upload_resource("S1_MR1", "REPORTS", reports, project="LAB")
    assert (first.succeeded, first.failed) == (3, 1)
    before = len(client.request_log.entries())

    second = uploads.upload_resource("S1_MR1", "REPORTS", reports, project="LAB", resume=True)

    assert (second.success, second.skipped, second.succeeded) == (True, 3, 1)
    assert sum(entry.method == "PUT" for entry in client.request_log.entries()[before:]) == 1


def test_the_resource_example_of_the_contract(resources: ResourceService, reports: Path) -> None:
    # Upload files to a resource
    summary = resources.upload(
        project="LAB",
        session="S1_MR1",
        resource="PROCESSED",
        files=[reports / "analysis.nii.gz", str(reports / "report 1.pdf")],
    )

    assert summary.success, summary.errors
    assert summary.proof is UploadProof.SAME_BYTES


def test_one_file_is_uploaded_or_an_error_raised(resources: ResourceService, reports: Path) -> None:
    path = reports / "report 1.pdf"

    result = resources.upload_file("S1_MR1", "QC", path, project="LAB")
    assert (result["name"], result["size_bytes"], result["proof"]) == ("report 1.pdf", 6, "same bytes")

    with pytest.raises(ConflictError, match="already"):
        resources.upload_file("S1_MR1", "QC", path, project="LAB")
    assert resources.upload_file("S1_MR1", "QC", path, project="LAB", overwrite=True)
    with pytest.raises(FileNotFoundError):
        resources.upload_file("S1_MR1", "QC", reports / "no", project="LAB")
    with pytest.raises(InvalidValueError, match="digits"):
        resources.upload_file("S1_MR1", "12", path, project="LAB")
    with pytest.raises(ResourceNotFoundError):
        resources.upload_file("NOSUCH", "QC", path, project="LAB")


def test_an_archive_is_unpacked_by_the_server(resources: ResourceService, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "results.zip", "w") as packed:
        packed.writestr("deep/a.txt", "a")

    result = resources.upload_file("S1_MR1", "QC", tmp_path / "results.zip", project="LAB", extract=True)

    assert result["proof"] == "instance present"
    assert [file.path for file in resources.list_files("S1_MR1", "QC", project="LAB")] == ["deep/a.txt"]


def test_a_tar_is_unpacked_on_request_only(resources: ResourceService, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "results.tar.gz", "w:gz") as packed:
        packed.add(__file__, "a/copy.py")

    summary = resources.upload("S1_MR1", "QC", tmp_path / "results.tar.gz", project="LAB")
    assert (summary.success, summary.proof) == (True, UploadProof.SAME_BYTES)
    unpacked = resources.upload("S1_MR1", "QC", tmp_path / "results.tar.gz", project="LAB", extract=True)
    assert (unpacked.success, unpacked.proof) == (True, UploadProof.INSTANCE_PRESENT)
    again = resources.upload("S1_MR1", "QC", tmp_path / "results.tar.gz", project="LAB", extract=True)
    assert again.states == {UploadState.DUPLICATE: 1}


def test_projects_and_subjects_have_resources_too(resources: ResourceService, reports: Path) -> None:
    assert resources.upload(None, "DOCS", reports / "report 1.pdf", project="LAB").success
    assert resources.upload(None, "DOCS", reports / "report 1.pdf", project="LAB", subject="S1").success


def test_c_store_needs_a_folder_with_dicom_and_a_receiver(uploads: UploadService, source: Path) -> None:
    with pytest.raises(ValueError, match="not a directory"):
        uploads.upload_dicom_store(source / "00000.dcm", "127.0.0.1", "XNAT")
    (source / "empty").mkdir()
    with pytest.raises(RuntimeError, match="no DICOM"):
        uploads.upload_dicom_store(source / "empty", "127.0.0.1", "XNAT")
    with pytest.raises(RuntimeError):
        uploads.upload_dicom_store(source, "127.0.0.1", "XNAT", port=1)


def test_c_store_brings_every_instance(uploads: UploadService, source: Path, tmp_path: Path) -> None:
    with StoreScp(tmp_path / "kept") as receiver:
        summary = uploads.upload_dicom_store(source, "127.0.0.1", "ANY", port=receiver.port, workers=1)

        assert (summary.total_files, summary.sent, summary.failed, summary.success) == (6, 6, 0, True)
        assert (summary.log_dir, summary.workspace) == (None, None)
        assert len(receiver.kept()) == 6
        kept = uploads.upload_dicom_store(source, "127.0.0.1", "ANY", port=receiver.port, cleanup=False)

    assert kept.log_dir is not None and kept.log_dir == kept.workspace
    assert len((kept.log_dir / "c-store.tsv").read_text().splitlines()) == 7


def test_nothing_arrived_is_an_error_for_one_file(
    resources: ResourceService, demo: DemoServer, reports: Path
) -> None:
    demo.faults.add("status", "*/files/*", method="PUT", status=403, times=None)

    with pytest.raises(OperationError, match="did not arrive"):
        resources.upload_file("S1_MR1", "QC", reports / "report 1.pdf", project="LAB")
