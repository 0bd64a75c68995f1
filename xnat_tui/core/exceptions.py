"""Every error that xnat-tui raises on purpose.

XnatTuiError
├── ConfigError             a configuration file or setting is wrong
├── InvalidValueError       an argument that no server could accept (also a ValueError)
├── ReadOnlyError           refused here, because the client is read-only
├── ConnectionLostError     no answer came
│   └── CertificateError    the server's TLS certificate is not trusted
├── ServerError             an answer came, and it says no
│   ├── AuthenticationError     who are you
│   ├── PermissionDeniedError   you may not
│   ├── ResourceNotFoundError   it is not there, or not for you
│   ├── ConflictError           it collides with something that exists
│   ├── InvalidRequestError     the server does not understand or accept the request
│   ├── ServerBusyError         not now: overloaded, starting or behind a broken proxy
│   └── UnexpectedAnswerError   something came that an XNAT server does not send
├── OperationError          the server took it, and it failed or did not do what was asked
│   └── UnsafeOperationError    refused here, because it would destroy more than named (also a RuntimeError)
└── CancelledByUser         not a failure
"""

from __future__ import annotations

from pathlib import Path


class XnatTuiError(Exception):
    """Root of all errors of this package.

    Attributes:
        message: one sentence for people.
        advice: one sentence that says what to do; empty when there is nothing to say.
    """

    advice: str = ""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        if advice:
            self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".rstrip()


class ConfigError(XnatTuiError):
    """A configuration file or setting is wrong; names the file and the key where they are known."""

    def __init__(self, message: str, *, file: Path | None = None, key: str = "", advice: str = "") -> None:
        where = f"{file}: " if file else ""
        what = f"{key}: " if key else ""
        super().__init__(f"{where}{what}{message}", advice=advice)
        self.file = file
        self.key = key


class InvalidValueError(XnatTuiError, ValueError):
    """An argument that no server could accept; nothing was sent."""


class ReadOnlyError(XnatTuiError):
    """The request would change something and the client is read-only; nothing was sent."""

    advice = "Start without --read-only to change things."


class ConnectionLostError(XnatTuiError):
    """No answer came: the server is unknown, refuses, is silent, or the line was cut."""

    advice = "Check the address and the network, then try again."


class CertificateError(ConnectionLostError):
    """The server's TLS certificate is not trusted; nothing was sent."""

    advice = "If the server uses its institution's own authority, name its file as ca_file in the profile."


class ServerError(XnatTuiError):
    """An answer came, and it says no.

    Attributes:
        status: HTTP status of the answer.
        method: HTTP method of the request.
        path: path of the request, without the server's address.
        server_message: the server's own sentence, "" when it gave none.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        method: str = "",
        path: str = "",
        server_message: str = "",
        advice: str = "",
    ) -> None:
        super().__init__(message, advice=advice)
        self.status = status
        self.method = method
        self.path = path
        self.server_message = server_message


class AuthenticationError(ServerError):
    """The server does not know who is asking: wrong credentials, or a session that ended."""

    advice = "Log in again."


class PermissionDeniedError(ServerError):
    """The user is known and may not do this."""

    advice = "Ask an owner of the project for the right to do this."


class ResourceNotFoundError(ServerError):
    """It is not there, or the user may not see it: an XNAT server says the same for both."""

    advice = "Check the name; what you may not see is answered as if it were not there."


class ConflictError(ServerError):
    """It collides with something that exists, such as a label in use; nothing was changed."""


class InvalidRequestError(ServerError):
    """The server does not understand or accept the request."""


class ServerBusyError(ServerError):
    """Not now: the server is overloaded, starting, or its proxy cannot reach it.

    Attributes:
        retry_after_s: seconds the server asked to wait, None when it did not say.
    """

    advice = "Wait a little, then try again."
    retry_after_s: float | None = None


class UnexpectedAnswerError(ServerError):
    """Something came that an XNAT server does not send there, such as a web page instead of data."""

    advice = "Check that the address is that of an XNAT server, including the path below which it lives."


class OperationError(XnatTuiError):
    """The server took the request, and it failed or did not do what was asked."""


class UnsafeOperationError(OperationError, RuntimeError):
    """Refused here, because it would destroy more than what was named; nothing was changed."""


class CancelledByUser(XnatTuiError):
    """Somebody stopped it. Not a failure, and never logged as one."""
