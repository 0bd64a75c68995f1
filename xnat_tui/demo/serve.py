"""Runs the demo server in a thread of this process, for tests, scripts and the command line."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import uvicorn

from xnat_tui.demo.app import make_app
from xnat_tui.demo.archive import Archive
from xnat_tui.demo.calls import Demo, Settings
from xnat_tui.demo.faults import Faults
from xnat_tui.demo.ingest.settings import IngestSettings
from xnat_tui.demo.people import ADMIN, PEOPLE, add_people
from xnat_tui.demo.sessions import Sessions

if TYPE_CHECKING:
    from xnat_tui.demo.scp import DicomAddress, DicomReceiver

_START_S = 15.0


def bind_loopback(port: int) -> socket.socket:
    """Take a port of this machine, or a free one for 0, without answering on it yet.

    Raises:
        OSError: the port is in use.
    """
    # Naming TCP makes asyncio switch Nagle's delay off, which else costs 40 ms for each answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener


class DemoServer:
    """A demo server on loopback, running from `start()` to `stop()` or inside a `with` block.

    Args:
        data_dir: the archive's folder; made when missing. The four users are added when missing.
        port: 0 takes a free one.
        session_timeout_s: idle time after which sessions die.
        open_site: guests may look at public projects.
        context_path: path below which the server lives, such as "/xnat".
        dicom_port: port of the DICOM receiver; 0 takes a free one, None starts none.
        ingest: how the site treats data that come in; the defaults are those of a real server, but quicker.
        clock: seconds that only grow, by which the idle time of sessions is told.
        listener: a port that was taken before, instead of `port`.

    Attributes:
        archive: what is stored, for direct access.
        faults: the faults to come.
        users: passwords by login.
        user: the administrator's login.
        password: the administrator's password.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int = 0,
        session_timeout_s: float = 900,
        open_site: bool = False,
        context_path: str = "",
        dicom_port: int | None = None,
        ingest: IngestSettings | None = None,
        clock: Callable[[], float] = time.monotonic,
        listener: socket.socket | None = None,
    ) -> None:
        self.archive = Archive(data_dir)
        self.faults = Faults()
        self.users = {person.login: person.password for person in PEOPLE}
        self.user, self.password = ADMIN.login, ADMIN.password
        self._port = port
        self._listener = listener
        self._settings = Settings(
            session_timeout_s, open_site, context_path, ingest or IngestSettings(), clock
        )
        self._app = make_app(self.archive, self.faults, self._settings)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        add_people(self.archive)
        self._dicom_port = dicom_port
        self._receiver: DicomReceiver | None = None

    @property
    def url(self) -> str:
        """The base URL, with the context path and without a slash at the end."""
        return f"http://127.0.0.1:{self._port}{self._settings.context_path}"

    @property
    def port(self) -> int:
        """The port; 0 before the start when a free one is to be taken."""
        return self._port

    @property
    def dicom(self) -> DicomAddress | None:
        """Where the DICOM receiver listens; None when there is none."""
        receivers = self._demo.receivers
        return receivers[0] if receivers else None

    @property
    def _demo(self) -> Demo:
        demo: Demo = self._app.state.demo
        return demo

    @property
    def sessions(self) -> Sessions:
        """The log-in sessions of the server."""
        return self._demo.sessions

    def start(self) -> None:
        """Listen and answer; returns when the server is ready.

        Raises:
            OSError: a port is in use.
        """
        self._start_web()
        self._demo.intake.start()
        if self._dicom_port is not None:
            self._start_receiver(self._dicom_port)

    def _start_receiver(self, port: int) -> None:
        from xnat_tui.demo.scp import DicomReceiver

        user = self.archive.find_user(ADMIN.login)
        assert user is not None
        self._receiver = DicomReceiver(self._demo.intake, user, port)
        self._demo.receivers.append(self._receiver.start())

    def _start_web(self) -> None:
        listener = self._listener or bind_loopback(self._port)
        self._port = listener.getsockname()[1]
        config = uvicorn.Config(
            self._app,
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="xnat-demo", daemon=True
        )
        self._thread.start()
        self._wait_until_ready(self._server, self._thread)

    def _wait_until_ready(self, server: uvicorn.Server, thread: threading.Thread) -> None:
        deadline = time.monotonic() + _START_S
        while not server.started:
            if not thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the demo server did not start")
            time.sleep(0.005)

    def stop(self) -> None:
        """End all connections and threads, and close the archive; harmless when not running."""
        if self._receiver:
            self._receiver.stop()
            self._demo.receivers.clear()
        self._receiver = None
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join()
        self._server = self._thread = None
        self._demo.intake.stop()
        self.archive.close()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
