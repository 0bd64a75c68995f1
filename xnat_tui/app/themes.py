"""The two house themes: quiet, one accent colour, tokens for states and panes."""

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
        "text-dim": "#818a97",
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
    accent="#a8620c",
    foreground="#24292f",
    background="#fbfaf7",
    surface="#f5f3ee",
    panel="#ebe8e1",
    success="#2f7a3c",
    warning="#8f6400",
    error="#b3362d",
    dark=False,
    variables={
        "pane-border": "#cfcac0",
        "pane-border-focus": "#2f5f8a",
        "text-dim": "#6d747e",
        "row-cursor": "#cfe0ef",
        "row-cursor-blurred": "#e6e3db",
        "state-good": "#2f7a3c",
        "state-waiting": "#8f6400",
        "state-failed": "#b3362d",
    },
)

HOUSE_THEMES = (_DARK, _LIGHT)


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
