"""The refresh of catalogs, against a server whose catalogs have gone stale."""

from __future__ import annotations

import pytest

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import InvalidValueError, ResourceNotFoundError
from xnat_tui.demo.archive import Archive
from xnat_tui.demo.serve import DemoServer
from xnat_tui.services.admin import AdminService


@pytest.fixture
def admin(archive: Archive, client: XNATClient) -> AdminService:
    return AdminService(client)


def _refreshed(client: XNATClient) -> list[str]:
    paths = [entry.path for entry in client.request_log.entries() if entry.method == "POST"]
    return sorted(
        path.partition("?")[2] for path in paths if path.startswith("/data/services/refresh/catalog")
    )


def test_all_experiments_of_a_project_are_refreshed(admin: AdminService, client: XNATClient) -> None:
    calls: list[tuple[int, int]] = []

    found = admin.refresh_catalogs(
        project="LAB", progress_callback=lambda done, total, _: calls.append((done, total))
    )

    assert found == {"refreshed": 3, "failed": 0, "errors": []}
    assert calls == [(1, 3), (2, 3), (3, 3)]
    assert len(_refreshed(client)) == 3


@pytest.mark.parametrize("parallel", [True, False])
def test_chosen_experiments_with_chosen_options(
    parallel: bool, admin: AdminService, archive: Archive, client: XNATClient
) -> None:
    experiment = archive.find_experiment("LAB", "S1_MR1")
    assert experiment

    found = admin.refresh_catalogs(
        "LAB", ["S1_MR1"], options=["checksum", "populateStats"], parallel=parallel, workers=2
    )

    assert found["refreshed"] == 1
    assert _refreshed(client) == [
        f"resource=%2Farchive%2Fexperiments%2F{experiment.id}&options=checksum%2CpopulateStats"
    ]


def test_no_more_than_the_limit(admin: AdminService) -> None:
    assert admin.refresh_catalogs("LAB", limit=2)["refreshed"] == 2


def test_failures_are_told_and_do_not_stop_the_rest(admin: AdminService, demo: DemoServer) -> None:
    demo.faults.add("status", "/data/services/refresh/catalog", method="POST", status=500, times=1)

    found = admin.refresh_catalogs("LAB", workers=1)

    assert (found["refreshed"], found["failed"], len(found["errors"])) == (2, 1, 1)
    assert "500" in found["errors"][0]


def test_unknown_options_and_projects_are_refused(admin: AdminService) -> None:
    with pytest.raises(InvalidValueError, match="everything"):
        admin.refresh_catalogs("LAB", options=["everything"])
    with pytest.raises(ResourceNotFoundError):
        admin.refresh_catalogs("NOSUCH")
