"""The watchdog on a clock of the test's own: when it asks, when it rests, when it lets a session end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from xnat_tui.app.link import Link, LinkState
from xnat_tui.app.watchdog import Watchdog


class _Planned:
    def __init__(self, at_s: float, what: Callable[[], None]) -> None:
        self.at_s, self.what, self.is_on = at_s, what, True

    def stop(self) -> None:
        self.is_on = False


class World:
    """Time, a server, and a watchdog that sees both; also a log of what it did."""

    def __init__(self, idle_limit_s: float | None = None) -> None:
        self.now_s = 0.0
        self.idle_limit_s = idle_limit_s
        self.answered_at_s = 0.0
        self.done: list[tuple[str, float]] = []
        self.shown: list[str] = []
        self.plans: list[_Planned] = []
        self.dog = Watchdog(
            self._plan,
            lambda: self._note("probe"),
            lambda: self._note("keep alive"),
            self._show,
            clock=lambda: self.now_s,
        )
        self.dog.watch(self)

    @property
    def session_ends_in_s(self) -> float | None:
        if self.idle_limit_s is None:
            return None
        return self.answered_at_s + self.idle_limit_s - self.now_s

    def answer(self) -> bool:
        self.answered_at_s = self.now_s
        return self.dog.answered()

    def pass_time(self, seconds: float) -> None:
        end_s = self.now_s + seconds
        while due := [plan for plan in self.plans if plan.is_on and plan.at_s <= end_s]:
            plan = min(due, key=lambda plan: plan.at_s)
            plan.stop()
            self.now_s = plan.at_s
            plan.what()
        self.now_s = end_s

    @property
    def is_idle(self) -> bool:
        return not any(plan.is_on for plan in self.plans)

    def _plan(self, seconds: float, what: Callable[[], None]) -> _Planned:
        plan = _Planned(self.now_s + seconds, what)
        self.plans.append(plan)
        return plan

    def _note(self, what: str) -> None:
        self.done.append((what, self.now_s))

    def _show(self, state: LinkState, words: str) -> None:
        self.shown.append(words)


def test_it_plans_nothing_while_all_is_well() -> None:
    world = World()
    world.answer()
    world.pass_time(10_000)
    assert world.is_idle and world.done == []


def test_it_asks_again_and_says_so_every_second() -> None:
    world = World()
    world.answer()
    world.dog.lost()
    world.pass_time(1)
    assert world.done == [("probe", 1.0)]
    world.dog.unanswered()
    world.pass_time(2)
    assert world.shown[-3:] == ["retrying in 2 s", "retrying in 1 s", "retrying"]
    assert [what for what, _ in world.done] == ["probe", "probe"]


def test_it_tells_once_that_the_server_is_back() -> None:
    world = World()
    world.answer()
    world.dog.lost()
    assert [world.answer(), world.answer()] == [True, False]
    assert world.is_idle


def test_offline_it_is_still_asked_slowly() -> None:
    world = World()
    for _ in range(8):
        world.dog.unanswered()
        world.pass_time(30)
    assert world.dog.state.link is Link.OFFLINE
    assert world.done[-1][1] - world.done[-2][1] == pytest.approx(30)


def test_a_session_in_use_is_kept_before_it_ends() -> None:
    world = World(idle_limit_s=900)
    world.answer()
    world.pass_time(500)
    world.dog.used()
    world.pass_time(395)
    assert world.done == [("keep alive", pytest.approx(840))]


def test_a_session_that_nobody_uses_may_end() -> None:
    world = World(idle_limit_s=900)
    world.dog.used()
    world.pass_time(1)
    world.answer()
    world.pass_time(10_000)
    assert world.done == [] and world.is_idle


def test_somebody_who_comes_back_in_time_keeps_it() -> None:
    world = World(idle_limit_s=900)
    world.pass_time(1)
    world.answer()
    world.pass_time(870)
    world.dog.used()
    world.pass_time(1)
    assert [what for what, _ in world.done] == ["keep alive"]


def test_answers_to_other_questions_keep_it_too() -> None:
    world = World(idle_limit_s=900)
    for _ in range(10):
        world.dog.used()
        world.answer()
        world.pass_time(300)
    assert world.done == []


def test_without_a_log_in_it_waits_for_a_person() -> None:
    world = World(idle_limit_s=900)
    world.answer()
    world.dog.without_session(Link.EXPIRED)
    world.dog.used()
    world.pass_time(10_000)
    assert world.is_idle and world.done == []
    assert world.shown[-1] == "session expired"
