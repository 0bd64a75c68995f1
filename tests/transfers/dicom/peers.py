"""Real DICOM receivers on free loopback ports: DCMTK's storescp, Orthanc, and pynetdicom with a behaviour."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from pydicom.uid import AllTransferSyntaxes
from pynetdicom import AE, AllStoragePresentationContexts, evt
from pynetdicom.sop_class import Verification

from xnat_tui.transfers.dicom.peer import DicomPeer, StoreTimeouts

SHORT = StoreTimeouts(connect_s=1, acse_s=1, dimse_s=1, network_s=1)
_START_S = 20.0
_END_S = 2.0


def need_program(name: str) -> str:
    """The path of a Debian program; without it the test is skipped, or fails where tests must be complete."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if not found:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{name} is not installed")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(fact: Callable[[], bool], seconds: float = _START_S) -> None:
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def peer_at(port: int, timeouts: StoreTimeouts | None = None) -> DicomPeer:
    return DicomPeer("127.0.0.1", "ANY", port, "TEST", timeouts or StoreTimeouts())


class Process:
    """A program that listens, ended with the block."""

    def __init__(self, command: list[str], port: int) -> None:
        self.port = port
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self) -> Self:
        wait_until(lambda: self.process.poll() is not None or listens(self.port))
        assert self.process.poll() is None, "the peer did not start"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()


class StoreScp(Process):
    """DCMTK's storescp: one association at a time, unless told to fork."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        port = free_port()
        super().__init__([need_program("storescp"), *options, "-od", str(folder), str(port)], port)

    def kept(self) -> list[Path]:
        return sorted(self.folder.iterdir())


class Orthanc(Process):
    """Orthanc with its storage in a temporary folder and without plugins."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.http_port = free_port()
        port = free_port()
        settings = {
            "StorageDirectory": str(folder / "storage"),
            "IndexDirectory": str(folder / "storage"),
            "HttpPort": self.http_port,
            "DicomPort": port,
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": False,
            "DicomAlwaysAllowStore": True,
            "DicomCheckCalledAet": False,
            "Plugins": [],
        }
        (folder / "orthanc.json").write_text(json.dumps(settings))
        super().__init__([need_program("Orthanc"), str(folder / "orthanc.json")], port)

    def __enter__(self) -> Self:
        super().__enter__()
        wait_until(lambda: listens(self.http_port))
        return self

    def kept(self) -> list[Path]:
        """Every instance that it holds, fetched over REST."""
        return [self._fetch(name) for name in json.loads(self._get("/instances"))]

    def _fetch(self, name: str) -> Path:
        target = self.folder / f"{name}.dcm"
        target.write_bytes(self._get(f"/instances/{name}/file"))
        return target

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}{path}", timeout=30) as answer:
            return bytes(answer.read())


class Behaviour:
    """A pynetdicom receiver that answers each C-STORE as `answer` says, and remembers the UIDs that came."""

    def __init__(self, answer: Callable[[evt.Event, int], int]) -> None:
        self._answer = answer
        self._lock = threading.Lock()
        self.received: list[str] = []

    def on_store(self, event: evt.Event) -> int:
        with self._lock:
            self.received.append(str(event.request.AffectedSOPInstanceUID))
            count = len(self.received)
        return self._answer(event, count)


@contextmanager
def behaving(
    answer: Callable[[evt.Event, int], int] = lambda event, count: 0,
    *,
    called: str = "",
    most_associations: int = 10,
    echo_status: int = 0,
    storage: bool = True,
) -> Iterator[tuple[int, Behaviour]]:
    """Run a receiver; yields its port and its memory."""
    behaviour = Behaviour(answer)
    application = AE("SCP")
    application.require_called_aet = bool(called)
    application.ae_title = called or "SCP"
    application.maximum_associations = most_associations
    application.network_timeout = None
    application.add_supported_context(Verification)
    if storage:
        for context in AllStoragePresentationContexts:
            application.add_supported_context(context.abstract_syntax, list(AllTransferSyntaxes))
    handlers: list[Any] = [
        (evt.EVT_C_STORE, behaviour.on_store),
        (evt.EVT_C_ECHO, lambda event: echo_status),
    ]
    port = free_port()
    server = application.start_server(("127.0.0.1", port), block=False, evt_handlers=handlers)
    assert server is not None
    try:
        yield port, behaviour
    finally:
        associations = server.active_associations
        server.shutdown()
        for association in associations:
            association.join(_END_S)


@contextmanager
def saying(reply: bytes) -> Iterator[int]:
    """A listener that takes what comes, says `reply` to it, and is silent from then on; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connections: list[socket.socket] = []

        def serve() -> None:
            try:
                while True:
                    connection, _ = listener.accept()
                    connections.append(connection)
                    connection.recv(1 << 16)
                    connection.sendall(reply)
            except OSError:
                return

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in connections:
                connection.close()
