"""Which requests are worth repeating, and how long to wait before. The waiting itself is the client's."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SAFE_METHODS = frozenset({"GET", "HEAD"})

LONGEST_WAIT_S = 60.0
"""However long a server asks to wait, a person is told after this many seconds."""

_PASSING_STATUSES = frozenset({429, 502, 503, 504})


def is_worth_repeating(method: str, status: int, times_before: int) -> bool:
    """Tell whether an answer with `status` may be another one next time, and asking again changes nothing.

    Args:
        method: HTTP method.
        status: HTTP status of the answer.
        times_before: how often this request was answered with this status before.
    """
    # A 500 may be a passing state of the server's database, but mostly it is a fault that stays.
    is_passing = status in _PASSING_STATUSES or (status == 500 and times_before == 0)
    return method in SAFE_METHODS and is_passing


def wait_before_repeat_s(
    repeats_done: int,
    retry_after: str = "",
    *,
    jitter: Callable[[], float] = random.random,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> float:
    """Return the seconds to wait: 1, 2, 4, 8, ... give or take a quarter, or what the server asked for.

    Args:
        repeats_done: how often the request was repeated already.
        retry_after: the answer's Retry-After header, in seconds or as a date.
        jitter: a number from 0 to 1, so that many clients do not come back at the same instant.
        now: the current time, for dates.
    """
    asked_s = parse_retry_after_s(retry_after, now())
    if asked_s is not None:
        return min(asked_s, LONGEST_WAIT_S)
    return float(min(2.0**repeats_done, LONGEST_WAIT_S) * (0.75 + 0.5 * jitter()))


def parse_retry_after_s(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, None when it says nothing readable."""
    value = value.strip()
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
