"""The contract's tools: batches, retries, routes; and what refusals mean. No server."""

from __future__ import annotations

import httpx
import pytest

from xnat_tui.core.exceptions import (
    CertificateError,
    ConnectionLostError,
    InvalidRequestError,
    InvalidValueError,
    PermissionDeniedError,
    ServerBusyError,
    ServerError,
    XnatTuiError,
)
from xnat_tui.services.uploads import (
    archive_destination_params,
    is_retryable_status,
    split_into_batches,
    split_into_n_batches,
    upload_with_retry,
)
from xnat_tui.transfers.upload.batches import split_by_bytes
from xnat_tui.transfers.upload.retry import Patience, Trend, Verdict, judge
from xnat_tui.transfers.upload.target import Place, Stage, UploadTarget, parse_places


def test_batches_by_count_keep_the_order() -> None:
    assert split_into_batches([1, 2, 3, 4, 5], 2) == [[1, 2], [3, 4], [5]]
    assert split_into_batches([], 2) == []
    with pytest.raises(ValueError):
        split_into_batches([1], 0)


def test_n_batches_are_dealt_in_turn() -> None:
    assert split_into_n_batches([1, 2, 3, 4, 5], 2) == [[1, 3, 5], [2, 4]]
    assert split_into_n_batches([1], 4) == [[1]]
    with pytest.raises(ValueError):
        split_into_n_batches([1], 0)


def test_batches_by_bytes_are_even_and_in_order() -> None:
    sizes = [900, 10, 10, 300, 10, 300, 10, 300, 60, 100]

    batches = split_by_bytes(range(len(sizes)), lambda at: sizes[at], 2)

    assert sorted(at for batch in batches for at in batch) == list(range(len(sizes)))
    assert [sum(sizes[at] for at in batch) for batch in batches] == [1000, 1000]
    assert all(batch == sorted(batch) for batch in batches)


@pytest.mark.parametrize(
    ("files", "at_least", "most_files", "most_bytes", "batches"),
    [
        (10, 4, None, 1000, 4),
        (3, 4, None, 1000, 3),
        (10, 2, 3, 1000, 4),
        (10, 2, None, 20, 5),
        (0, 2, 5, 1, 0),
    ],
)
def test_batches_by_bytes_respect_all_limits(
    files: int, at_least: int, most_files: int | None, most_bytes: int, batches: int
) -> None:
    found = split_by_bytes(range(files), lambda _: 10, at_least, most_files=most_files, most_bytes=most_bytes)

    assert len(found) == batches
    assert all(len(batch) <= (most_files or files) for batch in found)


@pytest.mark.parametrize("status", [400, 429, 500, 501, 502, 503, 504, 507])
def test_statuses_that_warrant_a_retry(status: int) -> None:
    assert is_retryable_status(status)


@pytest.mark.parametrize("status", [200, 204, 301, 401, 403, 404, 409, 413])
def test_statuses_that_do_not(status: int) -> None:
    assert not is_retryable_status(status)


def _answering(*results: int | Exception):  # type: ignore[no-untyped-def]
    left = list(results)

    def upload() -> httpx.Response:
        result = left.pop(0)
        if isinstance(result, Exception):
            raise result
        return httpx.Response(result)

    return upload, left


def test_retries_wait_longer_each_time_and_return_the_success() -> None:
    waits: list[float] = []
    upload, left = _answering(503, httpx.ReadError("cut"), 400, 200)

    assert upload_with_retry(upload, sleep=waits.append).status_code == 200
    assert (waits, left) == ([2, 4, 8], [])


def test_a_refusal_is_returned_at_once() -> None:
    upload, left = _answering(403, 200)

    assert upload_with_retry(upload, sleep=pytest.fail).status_code == 403
    assert left == [200]


def test_the_last_answer_is_returned_and_the_last_error_raised() -> None:
    upload, _ = _answering(503, 500)
    assert upload_with_retry(upload, max_retries=1, backoff_base=3, sleep=lambda _: None).status_code == 500

    upload, _ = _answering(503, httpx.ConnectError("gone"))
    with pytest.raises(httpx.ConnectError, match="gone"):
        upload_with_retry(upload, max_retries=1, sleep=lambda _: None)


def test_routes_are_those_of_the_contract() -> None:
    assert archive_destination_params("P", True) == {"Direct-Archive": "true"}
    assert archive_destination_params("P", False) == {"dest": "/prearchive/projects/P"}


def test_batches_are_sent_without_commit() -> None:
    path = UploadTarget("P", "S 1", "E", direct_archive=False, overwrite="append").archive_path()

    assert path.startswith("/data/services/import?import-handler=DICOM-zip&")
    assert "dest=" not in path and "action=" not in path
    assert "&overwrite=append&PROJECT_ID=P&SUBJECT_ID=S+1&EXPT_LABEL=E&prevent_auto_commit=true" in path


def test_a_target_needs_names_and_a_known_mode() -> None:
    with pytest.raises(InvalidValueError):
        UploadTarget("P", "", "E")
    with pytest.raises(InvalidValueError):
        UploadTarget("P", "S", "E", overwrite="everything")  # type: ignore[arg-type]


def test_answers_of_the_import_service_are_understood() -> None:
    answer = (
        "/data/prearchive/projects/Unassigned/20260105_101530123/dicom_upload\r\n"
        "/xapi/direct-archive/DEMO/1.2.840/SUBJ01_MR1\r\n"
        "/data/archive/projects/DEMO/subjects/SUBJ01/experiments/SUBJ01_MR1\r\n"
    )

    assert parse_places(answer) == [
        Place(answer.split()[0], Stage.PREARCHIVE, "Unassigned", "dicom_upload"),
        Place(answer.split()[1], Stage.DIRECT_ARCHIVE, "DEMO", "SUBJ01_MR1", "1.2.840"),
        Place(answer.split()[2], Stage.ARCHIVE, "DEMO", "SUBJ01_MR1"),
    ]
    assert parse_places("") == []


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (ConnectionLostError("cut"), Verdict.PASSING),
        (CertificateError("odd"), Verdict.REFUSED),
        (ServerBusyError("busy", status=503), Verdict.PASSING),
        (ServerError("failed", status=500), Verdict.PASSING),
        (PermissionDeniedError("no", status=403), Verdict.REFUSED),
        (InvalidRequestError("disk full", status=400, server_message="unable to read"), Verdict.AMBIGUOUS),
        (
            InvalidRequestError("odd", status=400, server_message="Parameter dest format error"),
            Verdict.REFUSED,
        ),
    ],
)
def test_what_refusals_mean(error: XnatTuiError, verdict: Verdict) -> None:
    assert judge(error) is verdict


def test_equal_failures_from_the_start_are_noticed_and_others_are_not() -> None:
    trend = Trend(3)
    said = [trend.note_failure(ServerError(f"cannot read IM{number:04}.dcm")) for number in range(3)]
    assert said == [False, False, True]

    trend = Trend(3)
    trend.note_success()
    assert not any(trend.note_failure(ServerError("no")) for _ in range(10))


def test_waits_grow_to_a_limit() -> None:
    patience = Patience(first_wait_s=1, longest_wait_s=8)

    assert 0.7 < patience.wait_s(1) < 1.3
    assert 5.9 < patience.wait_s(20) < 10.1
