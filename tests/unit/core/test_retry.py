from __future__ import annotations

from datetime import UTC, datetime

import pytest

from xnat_tui.core.retry import is_worth_repeating, parse_retry_after_s, wait_before_repeat_s

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


def test_waits_double_with_jitter_around_them():
    middle = [wait_before_repeat_s(n, jitter=lambda: 0.5) for n in range(4)]
    assert middle == [1, 2, 4, 8]
    assert wait_before_repeat_s(2, jitter=lambda: 0.0) == 3
    assert wait_before_repeat_s(2, jitter=lambda: 1.0) == 5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("5", 5),
        (" 0 ", 0),
        ("Thu, 01 Jan 2026 12:00:30 GMT", 30),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0),
        ("Thu, 01 Jan 2026 12:00:30 -0000", 30),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    assert parse_retry_after_s(header, NOW) == seconds


def test_a_long_retry_after_is_capped():
    assert wait_before_repeat_s(0, "86400") == 60
    assert wait_before_repeat_s(0, "Thu, 01 Jan 2026 12:00:09 GMT", now=lambda: NOW) == 9


@pytest.mark.parametrize(
    ("method", "status", "done", "worth"),
    [
        ("GET", 503, 0, True),
        ("HEAD", 429, 3, True),
        ("GET", 500, 0, True),
        ("GET", 500, 1, False),
        ("GET", 404, 0, False),
        ("GET", 200, 0, False),
        ("GET", 501, 0, False),
        ("PUT", 503, 0, False),
        ("POST", 502, 0, False),
        ("DELETE", 504, 0, False),
    ],
)
def test_only_safe_requests_meet_a_busy_server_again(method, status, done, worth):
    assert is_worth_repeating(method, status, done) is worth
