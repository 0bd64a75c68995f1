"""Renaming many subjects by a pattern, as a plan that is complete before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypedDict

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.services.checks import check_new_label

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


Renamed = TypedDict("Renamed", {"from": str, "to": str})
"""A label before and after."""


class Skipped(TypedDict):
    """A subject that is left alone, and why."""

    label: str
    reason: str


class RenameFailure(TypedDict):
    """A subject that could not be renamed or merged, and why."""

    label: str
    error: str


class RenameSummary(TypedDict):
    """What became, or would become in a dry run, of every subject whose label matched."""

    renamed: list[Renamed]
    merged: list[Renamed]
    skipped: list[Skipped]
    errors: list[RenameFailure]
    dry_run: bool


class Verdict(Enum):
    """What is to become of a subject whose label matched."""

    RENAME = "rename"
    MERGE = "merge"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Step:
    """One subject of a plan.

    Attributes:
        label: its label now.
        target: the label that the template gives.
        reason: why it is skipped; "" otherwise.
    """

    label: str
    target: str
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LabelPattern:
    """What labels are matched, and what becomes of them.

    Attributes:
        pattern: regular expression that must match a whole label.
        template: the new label; {1} or {name} stands for a group of the pattern, {0} for the whole label.
    """

    pattern: re.Pattern[str]
    template: str

    @classmethod
    def parse(cls, match_pattern: str, to_template: str) -> LabelPattern:
        """Return the pattern of two texts.

        Raises:
            InvalidValueError: `match_pattern` is no regular expression, or `to_template` names a group that
                it does not have.
        """
        try:
            pattern = re.compile(match_pattern)
        except re.error as error:
            raise InvalidValueError(
                f"The pattern {match_pattern!r} is no regular expression: {error}."
            ) from error
        groups = {*map(str, range(pattern.groups + 1)), *pattern.groupindex}
        for name in _PLACEHOLDER.findall(to_template):
            if name not in groups:
                raise InvalidValueError(
                    f"The template names {{{name}}}, a group that the pattern does not have."
                )
        return cls(pattern, to_template)

    def target_of(self, label: str) -> str | None:
        """Return the new label, None when the pattern does not match the whole of `label`."""
        match = self.pattern.fullmatch(label)
        if match is None:
            return None

        def fill(placeholder: re.Match[str]) -> str:
            name = placeholder[1]
            return match[int(name) if name.isdecimal() else name] or ""

        return _PLACEHOLDER.sub(fill, self.template)


def plan_renames(
    labels: Iterable[str], pattern: LabelPattern, *, fixed: Collection[str] = (), merge: bool = False
) -> list[Step]:
    """Return what is to be done, in the order of `labels`; labels that do not match have no step.

    A label in use is never given twice, whoever uses it, matched or not. A subject whose target is itself to
    be renamed (chains, swaps) is skipped in any case: the outcome would depend on the order.

    Args:
        labels: all labels in use in the project.
        pattern: what matches and what becomes of it.
        fixed: labels that are in use and cannot be renamed, those of subjects shared into the project.
        merge: merge into the subject that has the target label, where one has or gets it.
    """
    in_use = list(labels)
    targets = {label: target for label in in_use if (target := pattern.target_of(label)) is not None}
    moving = {label for label, target in targets.items() if target != label and label not in fixed}
    taken = set(in_use)
    steps = []
    for label, target in targets.items():
        step = _judge(label, target, taken, moving, fixed, merge)
        if step.verdict is Verdict.RENAME:
            taken.add(target)
        steps.append(step)
    return steps


def _judge(
    label: str,
    target: str,
    taken: Collection[str],
    moving: Collection[str],
    fixed: Collection[str],
    merge: bool,
) -> Step:
    def skip(reason: str) -> Step:
        return Step(label, target, Verdict.SKIP, reason)

    if target == label:
        return skip("no change")
    if label in fixed:
        return skip("shared in from another project")
    try:
        check_new_label(target, "The new label")
    except InvalidValueError as error:
        return skip(str(error))
    if target not in taken:
        return Step(label, target, Verdict.RENAME)
    if target in moving:
        return skip(f"{target} is itself to be renamed")
    if target in fixed:
        return skip(f"{target} is in use by a subject shared in from another project")
    if not merge:
        return skip(f"{target} is in use; it would have to be merged")
    return Step(label, target, Verdict.MERGE)
