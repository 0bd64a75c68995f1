"""The demo server in the foreground of this process, from filling its folder until somebody ends it."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xnat_tui.demo import presence
from xnat_tui.demo.folder import DemoFolder, FolderError, fill, fill_extras

# How long a server waits for its first user, and how long it stays after its last one.
_FIRST_USER_S = 60.0
_AFTER_LAST_USER_S = 3.0

Ready = dict[str, Any]


@dataclass(frozen=True)
class ServeOptions:
    """What `xnat-tui demo` can be told.

    Attributes:
        data: the data folder.
        port: HTTP port on loopback; 0 takes a free one.
        dicom_port: port of the DICOM receiver; 0 takes a free one.
        scale: subjects and sessions each of a project without files, None for none.
        bulk: number and size in bytes of the files of one big session, None for none.
        while_used: end when nobody uses the folder any more, instead of at a signal only.
    """

    data: Path
    port: int = 0
    dicom_port: int = 0
    scale: tuple[int, int] | None = None
    bulk: tuple[int, int] | None = None
    while_used: bool = False


def serve(options: ServeOptions, announce: Callable[[Ready], None]) -> None:
    """Run the server until a signal ends it, or until nobody uses it if so told.

    Args:
        options: where and how.
        announce: is called once, when the server answers, with `url`, `user`, `password` and `dicom`.

    Raises:
        FolderError: the folder is unfit, or another server runs on it.
        OSError: a port is in use.
    """
    from xnat_tui.demo.serve import bind_loopback

    folder = DemoFolder(options.data)
    folder.check()
    lock = presence.server_lock(folder.root)
    alone = presence.users_lock(folder.root)
    if not lock.acquire():
        raise FolderError(f"A demo server already runs on {folder.root}. Name another folder with --data.")
    try:
        with bind_loopback(options.port) as listener:  # at once: filling the folder takes long
            fill(folder)
            fill_extras(folder, options.scale, options.bulk)
            _answer(folder, listener, options, announce, alone)
    finally:
        folder.ready_file.unlink(missing_ok=True)
        lock.release()
        alone.release()


def _answer(
    folder: DemoFolder,
    listener: socket.socket,
    options: ServeOptions,
    announce: Callable[[Ready], None],
    alone: presence.FolderLock,
) -> None:
    """Run the server on a filled folder."""
    from xnat_tui.demo.serve import DemoServer

    server = DemoServer(folder.archive, dicom_port=options.dicom_port, listener=listener)
    with server, _stop_signals() as stop:
        ready: Ready = {
            "url": server.url,
            "user": server.user,
            "password": server.password,
            "dicom": server.dicom._asdict() if server.dicom else None,
        }
        folder.write_ready({key: value for key, value in ready.items() if key != "password"})
        announce(ready)
        _wait(stop, alone if options.while_used else None)


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set, instead of what they did before."""
    stop = threading.Event()
    signals = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: stop.set()) for number in signals]
    try:
        yield stop
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _wait(stop: threading.Event, alone: presence.FolderLock | None) -> None:
    """Return at a signal or, given the users' lock, when there have been no users for long enough.

    The lock is then held, so that nobody starts to use a server that is ending.
    """
    patience_s = _FIRST_USER_S
    unused_since = time.monotonic()
    while not stop.wait(0.5):
        if alone is None:
            continue
        if not alone.acquire():
            unused_since, patience_s = time.monotonic(), _AFTER_LAST_USER_S
        elif time.monotonic() - unused_since > patience_s:
            return
        else:
            alone.release()
