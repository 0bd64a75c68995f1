"""The themes: enough contrast to read, computed after WCAG 2.2, and every token in every theme."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from xnat_tui.app.themes import DEFAULT, HOUSE_THEMES, tokens

BY_NAME = {theme.name: theme for theme in HOUSE_THEMES}
GROUNDS = ("background", "surface", "panel", "row-cursor", "row-cursor-blurred")
STATES = ("state-good", "state-waiting", "state-failed", "primary", "accent")


def colour(theme: Theme, token: str) -> Color:
    values = {**theme.to_color_system().generate(), **tokens(theme), **theme.variables}
    return Color.parse(values[token])


def luminance(colour: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_that_of_the_specification() -> None:
    assert contrast(Color.parse("#000"), Color.parse("#fff")) == pytest.approx(21)
    assert contrast(Color.parse("#777"), Color.parse("#fff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", BY_NAME)
def test_text_can_be_read(name: str, ground: str) -> None:
    theme = BY_NAME[name]
    assert contrast(colour(theme, "foreground"), colour(theme, ground)) >= 7.0


@pytest.mark.parametrize("ground", GROUNDS)
def test_high_contrast_means_dim_text_and_states_too(ground: str) -> None:
    theme = BY_NAME["xnat-high-contrast"]
    for token in ("text-dim", *STATES):
        assert contrast(colour(theme, token), colour(theme, ground)) >= 4.5, token


@pytest.mark.parametrize("name", BY_NAME)
def test_what_is_dim_or_coloured_can_be_read(name: str) -> None:
    theme = BY_NAME[name]
    for token in ("text-dim", *STATES):
        assert contrast(colour(theme, token), colour(theme, "background")) >= 4.5, token


def test_the_default_is_one_of_them() -> None:
    assert DEFAULT in BY_NAME


@pytest.mark.parametrize("theme", [*HOUSE_THEMES, *BUILTIN_THEMES.values()], ids=lambda theme: theme.name)
def test_every_theme_has_all_tokens(theme: Theme) -> None:
    assert set(BY_NAME[DEFAULT].variables) == set(tokens(theme))
