"""The DICOM program at the other end: where it is, how long it may be silent, and how it fails us."""

from __future__ import annotations

from dataclasses import dataclass

from xnat_tui.core.exceptions import ConnectionLostError, InvalidValueError, OperationError

_LONGEST_TITLE = 16
_PORTS = range(1, 65536)


@dataclass(frozen=True, slots=True)
class StoreTimeouts:
    """Seconds of silence after which a peer is given up.

    Attributes:
        connect_s: until the TCP connection stands.
        acse_s: until the peer answers to the proposal of an association, or to its end.
        dimse_s: until the peer answers to an instance that it received in full.
        network_s: until the peer takes the next bytes.
    """

    connect_s: float = 10.0
    acse_s: float = 30.0
    dimse_s: float = 60.0
    network_s: float = 60.0


@dataclass(frozen=True, slots=True)
class DicomPeer:
    """Address and names of the two ends.

    Attributes:
        host: name or address of the peer.
        called_aet: the peer's AE title: 1 to 16 ASCII characters, no backslash (DICOM PS3.5, table 6.2-1).
        port: 104 is DICOM's own, 11112 the usual one of programs without privileges, 8104 XNAT's.
        calling_aet: our AE title; many peers accept only those they know.
        timeouts: how long the peer may be silent.

    Raises:
        InvalidValueError: an address or title that cannot be; nothing was sent.
    """

    host: str
    called_aet: str
    port: int = 104
    calling_aet: str = "XNATCTL"
    timeouts: StoreTimeouts = StoreTimeouts()

    def __post_init__(self) -> None:
        if not self.host.strip():
            raise InvalidValueError("The DICOM host is missing.")
        if self.port not in _PORTS:
            raise InvalidValueError(f"{self.port} is no port: it must be from 1 to 65535.")
        for title in (self.called_aet, self.calling_aet):
            _check_title(title)

    def __str__(self) -> str:
        return f"{self.called_aet} at {self.host}:{self.port}"


class PeerLostError(ConnectionLostError, RuntimeError):
    """The peer cannot be reached, is silent, or ended the association.

    Attributes:
        is_silence: it was waited for in vain.
    """

    advice = "Check host, port and network, and that the DICOM receiver runs."
    is_silence: bool = False


class PeerRefusedError(OperationError, RuntimeError):
    """The peer answered, and does not want an association or a verification with us.

    Attributes:
        is_passing: the peer says that it may be otherwise soon.
    """

    advice = "Check both AE titles, and that the receiver knows ours."
    is_passing: bool = False


class UnspeakableError(OperationError, RuntimeError):
    """The peer says something that is not DICOM, or not what belongs there."""

    advice = "Check that a DICOM receiver listens on this port."


def _check_title(title: str) -> None:
    if not title.strip():
        raise InvalidValueError("An AE title is missing.")
    if len(title.strip()) > _LONGEST_TITLE:
        raise InvalidValueError(f"The AE title {title!r} is longer than {_LONGEST_TITLE} characters.")
    if not title.isascii() or not title.isprintable() or "\\" in title:
        raise InvalidValueError(f"The AE title {title!r} has characters that AE titles cannot have.")
