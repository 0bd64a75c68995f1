"""The DICOM receiver, addressed by pynetdicom and by dcmtk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydicom.uid import UID, ExplicitVRLittleEndian, RLELossless
from pynetdicom.ae import ApplicationEntity
from pynetdicom.association import Association

from tests.demo.incoming import MR_IMAGE, dicom_object
from xnat_tui.demo.scp import DicomAddress
from xnat_tui.demo.serve import DemoServer

VERIFICATION = "1.2.840.10008.1.1"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
PRIVATE_CLASS = "1.2.3.4.5.6.7"
DEFLATED = "1.2.840.10008.1.2.1.99"
COMMENTS = "Project:RADIO Subject:S1 Session:S1_MR1"


@pytest.fixture(scope="module")
def radio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """A demo server with a DICOM receiver and one project."""
    with DemoServer(tmp_path_factory.mktemp("radio"), dicom_port=0) as server:
        server.archive.add_project("RADIO")
        yield server


@pytest.fixture
def address(radio: DemoServer) -> DicomAddress:
    assert radio.dicom
    return radio.dicom


@pytest.fixture
def dcmtk() -> str:
    """Where dcmtk's programs are."""
    found = shutil.which("storescu")
    if not found and not os.environ.get("CI"):
        pytest.skip("dcmtk is not installed")
    assert found
    return str(Path(found).parent)


def associate(address: DicomAddress, *syntaxes: str, sop_class: str = MR_IMAGE, aet: str = "") -> Association:
    entity = ApplicationEntity(ae_title="TESTER")
    entity.add_requested_context(VERIFICATION)
    entity.add_requested_context(sop_class, [UID(each) for each in syntaxes or [ExplicitVRLittleEndian]])
    return entity.associate(address.host, address.port, ae_title=aet or address.aet)


def waiting(server: DemoServer, tag: str) -> list[tuple[str, str]]:
    """Project and label of what waits of a study."""
    return [(each.project, each.name) for each in server.archive.prearchive_sessions(tag=tag)]


def test_an_echo_is_answered(address: DicomAddress) -> None:
    association = associate(address)
    assert association.send_c_echo().Status == 0
    association.release()


def test_a_stored_object_waits_in_the_prearchive(radio: DemoServer, address: DicomAddress) -> None:
    association = associate(address)
    found = dicom_object(study="1.5.1", PatientComments=COMMENTS)
    assert association.send_c_store(found).Status == 0
    association.release()
    (session,) = radio.archive.prearchive_sessions(tag="1.5.1")
    assert (session.project, session.subject, session.name) == ("RADIO", "S1", "S1_MR1")
    assert session.status == "RECEIVING"


def test_files_are_named_by_the_template(radio: DemoServer, address: DicomAddress) -> None:
    association = associate(address)
    association.send_c_store(dicom_object(study="1.5.2"))
    association.release()
    (session,) = radio.archive.prearchive_sessions(tag="1.5.2")
    (file,) = radio.archive.prearchive_files(session.id)
    assert file.name.startswith("1.5.2-1-1-")


def test_what_has_no_project_is_unassigned(radio: DemoServer, address: DicomAddress) -> None:
    association = associate(address)
    association.send_c_store(dicom_object(study="1.5.3"))
    association.release()
    assert waiting(radio, "1.5.3") == [("", "PAT_1")]


def test_another_title_is_rejected(address: DicomAddress) -> None:
    association = associate(address, aet="WRONG")
    assert association.is_rejected
    assert association.acceptor.primitive
    assert association.acceptor.primitive.diagnostic == 7  # called AE title not recognised


@pytest.mark.parametrize(
    ("sop_class", "syntax", "accepted"),
    [
        (MR_IMAGE, RLELossless, True),
        (SECONDARY_CAPTURE, "1.2.840.10008.1.2.4.90", True),
        (MR_IMAGE, DEFLATED, False),
        (PRIVATE_CLASS, ExplicitVRLittleEndian, False),
    ],
)
def test_contexts_are_those_of_a_real_server(
    address: DicomAddress, sop_class: str, syntax: str, accepted: bool
) -> None:
    association = associate(address, syntax, sop_class=sop_class)
    classes = {context.abstract_syntax for context in association.accepted_contexts}
    assert (sop_class in classes) == accepted
    association.release()


def test_associations_at_the_same_time_fill_one_session(radio: DemoServer, address: DicomAddress) -> None:
    def send(series: int) -> None:
        association = associate(address)
        for number in range(1, 6):
            found = dicom_object(number, series=series, study="1.5.4", PatientComments=COMMENTS)
            assert association.send_c_store(found).Status == 0
        association.release()

    senders = [threading.Thread(target=send, args=(series,)) for series in (1, 2, 3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    (session,) = radio.archive.prearchive_sessions(tag="1.5.4")
    assert len(radio.archive.prearchive_files(session.id)) == 15


def test_a_failing_disk_is_not_understood(tmp_path: Path) -> None:
    with DemoServer(tmp_path / "demo", dicom_port=0) as server:
        (server.archive.root / "prearchive").write_text("in the way")
        assert server.dicom
        association = associate(server.dicom)
        status = association.send_c_store(dicom_object())
        association.release()
    assert status.Status == 0xC000
    assert "unable to read DICOM object" in status.ErrorComment


def test_storescu_is_served(radio: DemoServer, address: DicomAddress, dcmtk: str, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        found = dicom_object(number, study="1.5.6", PatientComments=COMMENTS)
        found.save_as(tmp_path / f"{number}.dcm", enforce_file_format=True)
    command = [f"{dcmtk}/storescu", "-aec", address.aet, "+sd", address.host, str(address.port)]
    subprocess.run([*command, str(tmp_path)], check=True, timeout=30)
    (session,) = radio.archive.prearchive_sessions(tag="1.5.6")
    assert len(radio.archive.prearchive_files(session.id)) == 3


def test_the_receiver_is_listed(radio: DemoServer, address: DicomAddress) -> None:
    (found,) = httpx.get(f"{radio.url}/xapi/dicomscp", auth=("member", "member")).json()
    assert (found["aeTitle"], found["port"], found["enabled"]) == ("XNAT", address.port, True)


def test_a_server_without_receiver_lists_none(admin: httpx.Client, server: DemoServer) -> None:
    assert server.dicom is None
    assert admin.get("/xapi/dicomscp").json() == []


def test_a_receiver_ends_with_its_server_even_while_somebody_is_connected(tmp_path: Path) -> None:
    before = threading.active_count()
    with DemoServer(tmp_path / "demo", dicom_port=0) as server:
        assert server.dicom
        association = associate(server.dicom)
        assert association.is_established
    association.join()
    assert server.dicom is None
    assert threading.active_count() <= before


def test_dicom_libraries_are_loaded_on_demand_only() -> None:
    probe = (
        "import sys, xnat_tui.demo.serve\n"
        "print([name for name in ('pydicom', 'pynetdicom', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
