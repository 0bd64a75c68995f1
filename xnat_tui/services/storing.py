"""C-STORE of a folder as scripts call it: find, verify, send, and keep a log of what did not arrive."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from xnat_tui.core.exceptions import InvalidValueError, OperationError
from xnat_tui.core.paths import make_private, state_dir
from xnat_tui.models.store import DICOMStoreSummary
from xnat_tui.transfers.dicom.peer import DicomPeer
from xnat_tui.transfers.dicom.source import FolderSource
from xnat_tui.transfers.dicom.store import send_files, write_store_log
from xnat_tui.transfers.dicom.survey import survey


class NothingToSendError(OperationError, RuntimeError):
    """There are no DICOM files where some were expected."""


def store_folder(root: Path, peer: DicomPeer, *, workers: int = 4, cleanup: bool = True) -> DICOMStoreSummary:
    """Send the DICOM files below a folder and return how many arrived.

    Args:
        root: the folder.
        peer: where to send them.
        workers: how many associations at most.
        cleanup: remove the log when all arrived; otherwise it is kept below the program's state folder.

    Raises:
        InvalidValueError: `root` is not a directory, or `workers` is not possible (a ValueError).
        NothingToSendError: there are no DICOM files (a RuntimeError).
        PeerLostError, PeerRefusedError, UnspeakableError: nothing was sent (RuntimeErrors).
    """
    if not root.is_dir():
        raise InvalidValueError(f"{root} is not a directory.")
    with FolderSource(root) as source:
        files = survey(source).files
        if not files:
            raise NothingToSendError(f"There are no DICOM files in {root}.")
        report = send_files(source, files, peer, workers=workers)
    logs = make_private(state_dir() / "c-store")
    workspace = Path(tempfile.mkdtemp(prefix="", dir=logs))
    write_store_log(report, workspace)
    if cleanup and report.success:
        shutil.rmtree(workspace)
        return report.summarise()
    return report.summarise(log_dir=workspace, workspace=None if cleanup else workspace)
