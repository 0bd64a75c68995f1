"""A fault of our own: the program ends and says where, and shows no secrets."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ui.person import NARROW, Person
from xnat_tui.app.app import XnatTuiApp


def fail() -> None:
    password = "s3cret-" + "typed"
    raise ZeroDivisionError(len(password))


async def test_a_fault_is_told_without_the_values_of_variables(
    app_for: Callable[..., XnatTuiApp], capsys: pytest.CaptureFixture[str]
) -> None:
    app = app_for()
    with pytest.raises(ZeroDivisionError):
        async with app.run_test(size=NARROW) as pilot:
            await Person(pilot).see("BRAINS")
            app.call_later(fail)
            await pilot.pause()
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert "s3cret-typed" not in said
