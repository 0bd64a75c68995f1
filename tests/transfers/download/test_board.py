"""Who moves what: every item is handed out once, idle workers take from the tail, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from xnat_tui.core.cancel import CancelToken
from xnat_tui.transfers.download.board import Board, Work
from xnat_tui.transfers.items import Batch, Item

MIB = 1024 * 1024


def items(resource_id: str, count: int, size_bytes: int = MIB) -> list[Item]:
    return [
        Item(resource_id, f"{n:04}", "experiments/E/scans/1", size_bytes, "", f"{n}") for n in range(count)
    ]


def board_of(stock: dict[str, list[Item]], *, as_zips: bool) -> Board:
    def load(resource_ids: Iterable[str]) -> list[Item]:
        return [item for resource_id in resource_ids for item in stock[resource_id]]

    batches = [
        Batch("experiments/E", (), id, (id,), sum(item.size_bytes or 0 for item in each), len(each))
        for id, each in stock.items()
    ]
    return Board(batches if as_zips else [], [] if as_zips else list(stock), load, CancelToken())


def taken(board: Board) -> Work:
    work = board.take()
    assert work is not None
    return work


def test_the_biggest_batch_goes_first() -> None:
    board = board_of({"1": items("1", 2), "2": items("2", 9)}, as_zips=True)
    assert [len(taken(board).left), len(taken(board).left)] == [9, 2]


def test_an_idle_worker_takes_from_the_tail_of_the_longest() -> None:
    board = board_of({"1": items("1", 20)}, as_zips=True)
    first = taken(board)
    assert board.claim(first, "1", "0000")
    stolen = taken(board)
    assert stolen.batch is None
    assert [item.path for item in stolen.left][-1] == "0019"
    assert board.claim(first, "1", "0019") is None
    assert len(first.left) + len(stolen.left) == 19


def test_what_a_cut_zip_did_not_bring_comes_alone_unless_nothing_of_it_came() -> None:
    batch = Batch("experiments/E", ("1", "2"), "R", ("1", "2"), 10, 10)
    board = Board([batch], [], lambda _: [*items("1", 5), *items("2", 5)], CancelToken())
    both = taken(board)
    assert board.claim_next(both)
    board.finish(both)
    whole, rest = taken(board), taken(board)
    assert whole.batch is not None
    assert whole.batch.resource_ids == ("2",)
    assert rest.batch is None
    assert [item.path for item in rest.left] == ["0001", "0002", "0003", "0004"]


def test_every_item_is_moved_exactly_once_by_many_workers() -> None:
    stock = {str(number): items(str(number), 50) for number in range(8)}
    board = board_of(stock, as_zips=True)
    moved: list[tuple[str, str]] = []

    def work() -> None:
        while (mine := board.take()) is not None:
            while (item := board.claim_next(mine)) is not None:
                moved.append((item.resource_id, item.path))
            board.finish(mine)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(moved) == sorted((item.resource_id, item.path) for each in stock.values() for item in each)
