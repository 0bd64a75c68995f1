"""Two names for one parameter."""

from __future__ import annotations

import pytest

from xnat_tui.services.aliases import aliases


@aliases(session="session_id", scan="scan_id")
def place(session_id: str, scan_id: str, project: str | None = None) -> tuple[str, str, str | None]:
    return session_id, scan_id, project


def test_both_names_work() -> None:
    assert place("E", scan="1") == place(session_id="E", scan_id="1") == place(scan="1", session="E")


def test_a_value_under_both_names_is_refused() -> None:
    with pytest.raises(TypeError, match="session_id twice; session means the same"):
        place(session="E", session_id="F", scan="1")
    with pytest.raises(TypeError, match="twice"):
        place("E", "1", session="F")


def test_a_missing_value_is_named_with_both_names() -> None:
    with pytest.raises(TypeError, match=r"place\(\) needs scan_id or scan\."):
        place(session="E")


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(TypeError, match="subject"):
        place("E", "1", subject="S")


def test_an_alias_of_nothing_is_a_mistake_of_the_author() -> None:
    with pytest.raises(TypeError, match="no parameter subject_id"):
        aliases(subject="subject_id")(len)


def test_name_and_signature_stay() -> None:
    assert place.__name__ == "place"
