from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from xnat_tui.core.requestlog import RequestLog, mask_path


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/data/projects?format=json", "/data/projects?format=json"),
        ("/data/services/tokens/validate/alias-1/s3cret", "/data/services/tokens/validate/***"),
        ("/data/services/tokens/invalidate/alias-1", "/data/services/tokens/invalidate/***"),
        ("/data/services/tokens/issue", "/data/services/tokens/issue"),
        ("/data/x;jsessionid=ABCDEF?a=1", "/data/x;jsessionid=***?a=1"),
        ("/x?password=a%20b&user=c", "/x?password=***&user=c"),
        (
            "/x?XNAT_CSRF=abc&secret=x&JSESSIONID=y&access_token=z",
            "/x?XNAT_CSRF=***&secret=***&JSESSIONID=***&access_token=***",
        ),
    ],
)
def test_secrets_in_paths_are_masked(path, shown):
    assert mask_path(path) == shown


def test_a_path_of_any_length_is_kept_short():
    assert len(mask_path("/data/" + "x" * 100_000)) < 2100


def test_only_the_last_requests_are_kept():
    log = RequestLog(kept=3)
    for number in range(5):
        log.record("GET", f"/{number}")
    assert [entry.path for entry in log.entries()] == ["/2", "/3", "/4"]
    assert log.version == 5


def test_threads_lose_no_entry():
    log = RequestLog()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: log.record("GET", f"/{number}"), range(400)))
    assert log.version == 400
    assert len({entry.path for entry in log.entries()}) == 400
