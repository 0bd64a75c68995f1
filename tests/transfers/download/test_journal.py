"""The journal: what it writes survives, who may read it, and which journal mode fits the file system."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from xnat_tui.core.exceptions import OperationError
from xnat_tui.transfers.items import Item, ItemState, Outcome, Proof
from xnat_tui.transfers.journal import Journal, journal_mode

ITEM = Item("7", "a/b.dcm", "experiments/E1/scans/2", 10, "d" * 32, "S/a/b.dcm")


def test_what_was_recorded_is_known_to_the_next_run(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "private" / "j.db") as journal:
        journal.add([(ITEM, ItemState.WAITING, None)])
        assert journal.waiting(["7"]) == [ITEM]
        journal.record([Outcome(ITEM, Proof.VERIFIED)])
        assert journal.waiting(["7"]) == []
    with Journal.open(tmp_path / "private" / "j.db") as journal:
        known = journal.known("7")["a/b.dcm"]
        assert (known.state, known.proof, known.target) == ("done", "verified", "S/a/b.dcm")


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "private" / "j.db"
    Journal.open(file).close()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_items_of_an_earlier_run_are_left_alone(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "j.db") as journal:
        journal.add([(ITEM, ItemState.WAITING, None)])
    with Journal.open(tmp_path / "j.db") as journal:
        assert journal.waiting(["7"]) == []


def test_jobs_share_a_connection_and_not_their_items(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "queue.db", check_same_thread=False)
    one, two = Journal(connection, "one"), Journal(connection, "two")
    one.add([(ITEM, ItemState.WAITING, None)])
    assert (one.waiting(["7"]), two.waiting(["7"])) == ([ITEM], [])
    connection.close()


def test_two_resources_never_get_one_folder(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "j.db") as journal:
        given = [journal.give_folder(number, folder) for number, folder in (("1", "S/A"), ("2", "S/a"))]
        assert given == ["S/A", "S/a~2"]
        assert journal.folder("2") == "S/a~2"


def test_a_journal_that_cannot_be_used_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "j.db").write_bytes(b"not a database, but long enough to be taken for one" * 100)
    with pytest.raises(OperationError, match=r"j\.db cannot be used"):
        Journal.open(tmp_path / "j.db")


@pytest.mark.parametrize(
    ("mounts", "mode"),
    [
        ("disk / ext4 rw 0 0\n", "WAL"),
        ("disk / ext4 rw 0 0\nserver:/home {folder} nfs4 rw 0 0\n", "DELETE"),
        ("disk / ext4 rw 0 0\nserver:/other /elsewhere nfs4 rw 0 0\n", "WAL"),
        ("server:/ / nfs rw 0 0\ndisk {folder} xfs rw 0 0\n", "WAL"),
    ],
)
def test_the_mode_fits_the_file_system(mounts: str, mode: str, tmp_path: Path) -> None:
    table = tmp_path / "mounts"
    table.write_text(mounts.format(folder=tmp_path))
    assert journal_mode(tmp_path / "j.db", table) == mode


def test_an_unknown_file_system_gets_the_mode_that_is_right_everywhere(tmp_path: Path) -> None:
    assert journal_mode(tmp_path / "j.db", tmp_path / "missing") == "DELETE"
