"""What a refusal means for an upload: try again, try a few times, or never. And the contract's retry."""

from __future__ import annotations

import logging
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

import httpx

from xnat_tui.core.exceptions import (
    CertificateError,
    ConnectionLostError,
    InvalidValueError,
    ServerBusyError,
    ServerError,
    XnatTuiError,
)

_LOG = logging.getLogger(__name__)

# XNAT answers 400 to nearly everything that goes wrong in an import, a full disk included. These it says of
# the request alone.
_HOPELESS = re.compile(
    r"unsupported format|dest format error|identify upload format|importer implementation|overwrite flag"
    r"|project portion of prearchive path|src uri is invalid|unknown src file|limited to one uploaded",
    re.IGNORECASE,
)
_NAMES = re.compile(r"\S*[\d/.]\S*")


class Verdict(Enum):
    """What to do after a request that failed."""

    PASSING = auto()
    """It may well succeed in a moment."""
    AMBIGUOUS = auto()
    """It may, or may never; a few tries tell."""
    REFUSED = auto()
    """The same request will be refused again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often, and after which waits, to try again.

    Attributes:
        tries: how often what may pass is tried in one pass.
        ambiguous_tries: how often what may never succeed is tried, all passes together.
        first_wait_s: wait before the second try; doubled for each that follows, give or take a quarter.
        longest_wait_s: never wait longer.
        equal_failures: so many items that fail in the same way, before anything succeeded, end the job.
    """

    tries: int = 5
    ambiguous_tries: int = 3
    first_wait_s: float = 1.0
    longest_wait_s: float = 32.0
    equal_failures: int = 5

    def wait_s(self, tries_done: int) -> float:
        """Return how long to wait before the next try."""
        wait_s = min(self.first_wait_s * 2.0 ** (tries_done - 1), self.longest_wait_s)
        return wait_s * (0.75 + 0.5 * random.random())


def judge(error: XnatTuiError) -> Verdict:
    """Tell whether a request that failed with `error` is worth another try."""
    if isinstance(error, CertificateError):
        return Verdict.REFUSED
    if isinstance(error, ConnectionLostError | ServerBusyError):
        return Verdict.PASSING
    if not isinstance(error, ServerError) or not is_retryable_status(error.status):
        return Verdict.REFUSED
    if error.status != 400:
        return Verdict.PASSING
    return Verdict.REFUSED if _HOPELESS.search(error.server_message) else Verdict.AMBIGUOUS


def is_retryable_status(status_code: int) -> bool:
    """Tell whether an HTTP status warrants another try.

    XNAT answers 400 to passing troubles too (sessions that are just being made, a full disk), so it does, as
    429 and 5xx do. Successes, 401, 403 and all other 4xx do not.
    """
    return status_code in (400, 429) or 500 <= status_code <= 599


def upload_with_retry(
    upload_fn: Callable[[], httpx.Response],
    *,
    max_retries: int = 5,
    backoff_base: int = 2,
    label: str = "upload",
    sleep: Callable[[float], object] = time.sleep,
) -> httpx.Response:
    """Perform an upload, and again after passing errors.

    Args:
        upload_fn: performs it; called several times, so doing it twice must be harmless.
        max_retries: how often it is repeated.
        backoff_base: waits are this many seconds to the power of 1, 2, 3, ...
        label: what the log calls it.
        sleep: waits.

    Returns:
        The first answer that is not worth a repeat: a success, or a refusal. When repeats do not help, the
        last answer.

    Raises:
        InvalidValueError: `max_retries` is negative.
        httpx.TransportError: the last one, when there was no answer at the last try.
    """
    if max_retries < 0:
        raise InvalidValueError(f"{max_retries} retries are not possible.")
    for tries_left in range(max_retries, -1, -1):
        try:
            response = upload_fn()
            if not is_retryable_status(response.status_code) or not tries_left:
                return response
            what = f"status {response.status_code}"
        except httpx.TransportError as error:
            if not tries_left:
                raise
            what = str(error) or type(error).__name__
        wait_s = float(backoff_base ** (max_retries - tries_left + 1))
        _LOG.warning("%s: %s, next try in %g s", label, what, wait_s)
        sleep(wait_s)
    raise AssertionError("unreachable")


class Trend:
    """Notices when everything fails alike from the start, so that one sentence does for ten thousand."""

    def __init__(self, equal_failures: int) -> None:
        self._equal_failures = equal_failures
        self._failures: Counter[str] = Counter()
        self._has_succeeded = False
        self._lock = threading.Lock()

    def note_success(self) -> None:
        """Something arrived."""
        with self._lock:
            self._has_succeeded = True

    def note_failure(self, error: XnatTuiError) -> bool:
        """Take note of an item that failed for good; return whether going on is pointless."""
        kind = _NAMES.sub("#", error.message)
        with self._lock:
            self._failures[kind] += 1
            return not self._has_succeeded and self._failures[kind] >= self._equal_failures
