"""Connections to one server: more while that pays, fewer when it complains; and the tap of a job."""

from __future__ import annotations

import pytest

from xnat_tui.core.cancel import CancelToken
from xnat_tui.core.exceptions import CancelledByUser
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.limits import ServerLimit


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def run_at(limit: ServerLimit, clock: Clock, rates: list[int]) -> list[int]:
    """Return the slots allowed after each second at a rate in bytes per second, all slots in use."""
    moved, allowed = 0, []
    for rate in rates:
        slots = [limit.slot(CancelToken()) for _ in range(limit.allowed)]
        for slot in slots:
            slot.__enter__()
        clock.now += 1
        moved += rate
        limit.observe(moved)
        for slot in slots:
            slot.__exit__(None, None, None)
        allowed.append(limit.allowed)
    return allowed


def test_connections_are_added_while_throughput_grows() -> None:
    clock = Clock()
    limit = ServerLimit(8, start=1, clock=clock)
    assert run_at(limit, clock, [100, 200, 300, 310, 310]) == [2, 3, 4, 4, 4]


def test_there_are_never_more_than_allowed() -> None:
    clock = Clock()
    assert run_at(ServerLimit(3, start=2, clock=clock), clock, [100, 200, 400, 800])[-1] == 3


def test_a_complaint_halves_the_connections() -> None:
    limit = ServerLimit(8, start=8)
    limit.complain()
    assert limit.allowed == 4
    for _ in range(5):
        limit.complain()
    assert limit.allowed == 1


def test_no_slot_is_given_before_the_server_wants_to_be_asked_again() -> None:
    clock, cancel = Clock(), CancelToken()
    limit = ServerLimit(2, clock=clock)
    limit.complain(retry_after_s=5)
    cancel.set()
    with pytest.raises(CancelledByUser), limit.slot(cancel):
        pass
    clock.now += 6
    with limit.slot(CancelToken()):
        pass


def test_whoever_waits_for_a_slot_can_be_cancelled() -> None:
    limit, cancel = ServerLimit(1, start=1), CancelToken()
    with limit.slot(cancel):
        cancel.set()
        with pytest.raises(CancelledByUser), limit.slot(cancel):
            pass


def test_a_cancelled_flow_lets_nothing_through_even_when_paused() -> None:
    flow = Flow()
    flow.pause()
    flow.cancel.set()
    with pytest.raises(CancelledByUser):
        flow.check()


def test_cancelling_wakes_whoever_waits_elsewhere() -> None:
    token, woken = CancelToken(), []
    with token.waking(lambda: woken.append(1)):
        token.set()
    assert woken == [1]
    with pytest.raises(CancelledByUser), token.waking(lambda: woken.append(2)):
        pass
    assert woken == [1]
