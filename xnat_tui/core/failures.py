"""Why no answer came: exceptions of httpx, sockets and TLS turned into ours, in precise sentences."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from xnat_tui.core.exceptions import CertificateError, ConnectionLostError
from xnat_tui.core.timeouts import Timeouts


def explain_failure(error: httpx.RequestError, base_url: str, timeouts: Timeouts) -> ConnectionLostError:
    """Return the error to raise in place of `error`: a CertificateError where TLS trust is the reason."""
    parts = urlsplit(base_url)
    server = parts.netloc
    untrusted = _first_cause(error, ssl.SSLCertVerificationError)
    if untrusted is not None:
        return _explain_certificate(untrusted, server)
    if _first_cause(error, ssl.SSLError) is not None:
        return ConnectionLostError(
            f"No secure connection to {server} could be made: it speaks no TLS there, or none that we know.",
            advice="Check the port, and whether the address starts with http:// instead of https://.",
        )
    if isinstance(error, httpx.TimeoutException):
        return ConnectionLostError(_explain_timeout(error, server, timeouts))
    if isinstance(error, httpx.ProxyError):
        return ConnectionLostError(
            f"The proxy on the way to {server} did not help: {error}.",
            advice="Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY in the environment.",
        )
    if isinstance(error, httpx.ConnectError):
        return ConnectionLostError(_explain_refusal(error, server, parts.hostname or server))
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return ConnectionLostError(f"This request cannot be sent: {error}.")
    if isinstance(error, httpx.DecodingError):
        return ConnectionLostError(f"The answer of {server} arrived damaged: {error}.")
    return ConnectionLostError(f"The connection to {server} was cut before the answer was complete.")


def explain_socket_failure(error: OSError, base_url: str, timeouts: Timeouts) -> ConnectionLostError:
    """Return the error to raise for one that a socket gave: the same sentences as for those of httpx."""
    if isinstance(error, TimeoutError):
        wrapped: httpx.RequestError = httpx.ReadTimeout(str(error))
    elif isinstance(error, ConnectionResetError | BrokenPipeError | ssl.SSLEOFError):
        wrapped = httpx.ReadError(str(error))
    else:
        wrapped = httpx.ConnectError(str(error))
    wrapped.__cause__ = error
    return explain_failure(wrapped, base_url, timeouts)


def is_passing(error: httpx.RequestError) -> bool:
    """Tell whether the same request may well succeed in a moment.

    A read time-out is not counted: the server still works on the first request and would get a second one.
    """
    if isinstance(error, httpx.ReadTimeout | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return False
    return _first_cause(error, ssl.SSLCertVerificationError) is None


def is_before_connection(error: httpx.RequestError) -> bool:
    """Tell whether no connection was made at all, so that the server has seen nothing."""
    return isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)


CauseT = TypeVar("CauseT", bound=BaseException)


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__


def _first_cause(error: BaseException, kind: type[CauseT]) -> CauseT | None:
    return next((cause for cause in _causes(error) if isinstance(cause, kind)), None)


_TIMEOUT_SENTENCES: tuple[tuple[type[httpx.TimeoutException], str, str], ...] = (
    (httpx.ConnectTimeout, "connect_s", "{server} did not take the connection within {limit:g} s."),
    (httpx.ReadTimeout, "read_s", "{server} took the request, then was silent for {limit:g} s."),
    (httpx.WriteTimeout, "write_s", "{server} stopped taking the data we sent for {limit:g} s."),
    (httpx.PoolTimeout, "pool_s", "All connections to {server} were in use for {limit:g} s."),
)


def _explain_timeout(error: httpx.TimeoutException, server: str, timeouts: Timeouts) -> str:
    for kind, phase, sentence in _TIMEOUT_SENTENCES:
        if isinstance(error, kind):
            return sentence.format(server=server, limit=getattr(timeouts, phase) or 0)
    return f"{server} did not answer in time."


def _explain_refusal(error: httpx.ConnectError, server: str, host: str) -> str:
    if _first_cause(error, socket.gaierror) is not None:
        return f"There is no server named {host!r}, or its name cannot be looked up from here."
    # Connecting tries several addresses in turn; only the innermost cause carries the system's reason.
    codes = {cause.errno for cause in _causes(error) if isinstance(cause, OSError)}
    if errno.ECONNREFUSED in codes:
        return f"Nothing answers at {server}: the connection was refused."
    if codes & {errno.EHOSTUNREACH, errno.ENETUNREACH}:
        return f"There is no way from here to {server} in the network."
    return f"No connection to {server} could be made: {error}."


# Codes of OpenSSL's X509_V_ERR_*.
_CERTIFICATE_REASONS = {
    9: "it is not valid yet; is the clock of this machine right",
    10: "it has expired",
    18: "it is self-signed",
    19: "its chain ends in a self-signed authority that this machine does not know",
    20: "it was issued by an authority that this machine does not know",
    21: "it was issued by an authority that this machine does not know",
    23: "it was revoked",
    62: "it was issued for another host name",
    64: "it was issued for another address",
}

_ADVICE_BY_CODE = {
    10: "Tell the server's administrator to renew it.",
    62: "Use the name for which the certificate was issued.",
    64: "Use the name for which the certificate was issued.",
}


def _explain_certificate(error: ssl.SSLCertVerificationError, server: str) -> CertificateError:
    code = error.verify_code
    detail = re.sub(r"\s*\(_ssl\.c:\d+\)", "", error.verify_message or str(error)).rstrip(".")
    reason = _CERTIFICATE_REASONS.get(code, detail)
    return CertificateError(
        f"The certificate of {server} is not trusted: {reason}.", advice=_ADVICE_BY_CODE.get(code, "")
    )
