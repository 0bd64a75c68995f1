"""The state of the connection: how long it waits, when it calls a server offline, what it says."""

from __future__ import annotations

from itertools import pairwise

from xnat_tui.app.link import Link, LinkState


def failing(times: int) -> list[LinkState]:
    """The states of a connection that gets no answer so many times, each probe sent when it is due."""
    now_s, state, states = 0.0, LinkState().answered(), []
    for _ in range(times):
        state = state.failed_to_answer(now_s)
        states.append(state)
        now_s = state.probe_at_s or now_s
    return states


def test_pauses_grow_and_stop_growing() -> None:
    times = [state.probe_at_s or 0.0 for state in failing(8)]
    assert [later - earlier for earlier, later in pairwise([0.0, *times])] == [1, 2, 4, 8, 16, 30, 30, 30]


def test_a_server_is_offline_after_some_tries_and_still_asked() -> None:
    assert [state.link for state in failing(6)] == [Link.RETRYING] * 4 + [Link.OFFLINE] * 2
    assert failing(20)[-1].probe_at_s is not None


def test_more_failed_reads_do_not_move_a_planned_probe() -> None:
    state = LinkState().lost(10.0)
    assert state.lost(10.4) is state


def test_an_answer_ends_all_that() -> None:
    assert failing(3)[-1].answered() == LinkState(Link.ONLINE)


def test_it_counts_down_in_words() -> None:
    state = failing(3)[-1]
    due_s = state.probe_at_s or 0.0
    assert [state.words(due_s - left) for left in (4.0, 2.9, 1.0, 0.1)] == [
        "retrying in 4 s",
        "retrying in 3 s",
        "retrying in 1 s",
        "retrying",
    ]
    assert state.probing().words(due_s) == "retrying"


def test_without_a_session_nothing_is_planned() -> None:
    state = failing(2)[-1].without_session(Link.EXPIRED)
    assert (state.words(0.0), state.probe_at_s) == ("session expired", None)
