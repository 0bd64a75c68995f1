"""The house themes, quiet with one accent colour, and one of high contrast; tokens for states and panes."""

from __future__ import annotations

from textual.theme import Theme

DEFAULT = "xnat-dark"

_DARK = Theme(
    name=DEFAULT,
    primary="#7aa2c8",
    secondary="#8b93a1",
    accent="#e0a458",
    foreground="#d5d9df",
    background="#14171c",
    surface="#191d23",
    panel="#20252d",
    success="#7fb685",
    warning="#d9b35b",
    error="#e0736b",
    dark=True,
    variables={
        "pane-border": "#39414d",
        "pane-border-focus": "#7aa2c8",
        "text-dim": "#8b94a1",
        "row-cursor": "#2c4257",
        "row-cursor-blurred": "#232931",
        "state-good": "#7fb685",
        "state-waiting": "#d9b35b",
        "state-failed": "#e0736b",
    },
)

_LIGHT = Theme(
    name="xnat-light",
    primary="#2f5f8a",
    secondary="#6a7280",
    accent="#98570a",
    foreground="#24292f",
    background="#fbfaf7",
    surface="#f5f3ee",
    panel="#ebe8e1",
    success="#2a6f36",
    warning="#7d5800",
    error="#b3362d",
    dark=False,
    variables={
        "pane-border": "#cfcac0",
        "pane-border-focus": "#2f5f8a",
        "text-dim": "#5f6670",
        "row-cursor": "#cfe0ef",
        "row-cursor-blurred": "#e6e3db",
        "state-good": "#2a6f36",
        "state-waiting": "#7d5800",
        "state-failed": "#b3362d",
    },
)

_HIGH_CONTRAST = Theme(
    name="xnat-high-contrast",
    primary="#8fd0ff",
    secondary="#d0d0d0",
    accent="#ffd24d",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1a1a1a",
    success="#6df08a",
    warning="#ffd24d",
    error="#ff9d94",
    dark=True,
    variables={
        "pane-border": "#a0a0a0",
        "pane-border-focus": "#ffd24d",
        "text-dim": "#c8c8c8",
        "row-cursor": "#00478f",
        "row-cursor-blurred": "#333333",
        "state-good": "#6df08a",
        "state-waiting": "#ffd24d",
        "state-failed": "#ff9d94",
    },
)

HOUSE_THEMES = (_DARK, _LIGHT, _HIGH_CONTRAST)


def tokens(theme: Theme) -> dict[str, str]:
    """Our own style variables, made from the colours of a theme that does not set them itself."""
    colours = theme.to_color_system().generate()
    return {
        "pane-border": colours["border-blurred"],
        "pane-border-focus": colours["border"],
        "text-dim": colours["foreground-darken-2"],
        "row-cursor": colours["primary-muted"],
        "row-cursor-blurred": colours["panel"],
        "state-good": colours["success"],
        "state-waiting": colours["warning"],
        "state-failed": colours["error"],
    }
