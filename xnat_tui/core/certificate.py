"""The certificate that a server presents, for people to look at. Looking at it is not trusting it."""

from __future__ import annotations

import hashlib
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from xnat_tui.core import der
from xnat_tui.core.exceptions import ConnectionLostError

_SUBJECT_ALT_NAME = "2.5.29.17"
_ATTRIBUTES = {
    "2.5.4.3": "CN",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.6": "C",
}
_VERSION_TAG = 0xA0
_EXTENSIONS_TAG = 0xA3
_DNS_NAME_TAG = 0x82
_IP_ADDRESS_TAG = 0x87


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate (RFC 5280) says about itself; nothing of it is proven.

    Attributes:
        subject: whom it was issued for.
        issuer: who issued it.
        names: host names and addresses that it is for.
        valid_from: from when it counts, UTC.
        valid_until: until when it counts, UTC.
        sha256: SHA-256 fingerprint of the whole certificate, as pairs of hexadecimal digits.
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime
    sha256: str


def fetch_certificate(base_url: str, *, timeout_s: float = 10.0) -> Certificate:
    """Ask the server for its certificate and believe nothing; no request is sent.

    Raises:
        ConnectionLostError: the server shows none, or none that can be read.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, parts.port or 443), timeout_s) as line,
            context.wrap_socket(line, server_hostname=host) as secured,
        ):
            presented = secured.getpeercert(binary_form=True)
        return read_certificate(presented or b"")
    except (OSError, ValueError) as error:
        raise ConnectionLostError(f"The certificate of {parts.netloc} cannot be shown: {error}.") from error


def read_certificate(data: bytes) -> Certificate:
    """Return what a certificate in DER form says.

    Raises:
        ValueError: it is not a certificate.
    """
    try:
        body = next(der.read_values(data)).parts[0].parts
        fields = body[1:] if body[0].tag == _VERSION_TAG else body
        _serial, _algorithm, issuer, validity, subject, _key, *others = fields
        valid_from, valid_until = (_time(moment) for moment in validity.parts)
    except (IndexError, StopIteration) as error:
        raise ValueError("it is not a certificate") from error
    return Certificate(
        subject=_name(subject),
        issuer=_name(issuer),
        names=_alternative_names(others),
        valid_from=valid_from,
        valid_until=valid_until,
        sha256=hashlib.sha256(data).digest().hex(":").upper(),
    )


def _name(name: der.Value) -> str:
    """A distinguished name, most particular part first; parts that have no usual short name are left out."""
    parts = []
    for relative in name.parts:
        for attribute in relative.parts:
            kind, value = attribute.parts
            if short := _ATTRIBUTES.get(der.object_id(kind)):
                parts.append(f"{short}={_text(value)}")
    return ", ".join(reversed(parts))


def _text(value: der.Value) -> str:
    encoding = "utf-16-be" if value.tag == der.BMP_STRING else "utf-8"
    return value.contents.decode(encoding, errors="replace")


def _time(value: der.Value) -> datetime:
    text = value.contents.decode("ascii")
    if value.tag == der.UTC_TIME:
        # RFC 5280, 4.1.2.5.1: years from 50 on are of the last century.
        text = ("19" if text[:2] >= "50" else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def _alternative_names(fields: list[der.Value]) -> tuple[str, ...]:
    extensions = [part for field in fields if field.tag == _EXTENSIONS_TAG for part in field.parts[0].parts]
    for extension in extensions:
        kind, *_, value = extension.parts
        if der.object_id(kind) == _SUBJECT_ALT_NAME:
            names = next(der.read_values(value.contents)).parts
            return tuple(shown for name in names if (shown := _alternative_name(name)))
    return ()


def _alternative_name(name: der.Value) -> str:
    if name.tag == _DNS_NAME_TAG:
        return name.contents.decode("ascii", errors="replace")
    if name.tag == _IP_ADDRESS_TAG:
        return str(ipaddress.ip_address(name.contents))
    return ""
