"""What the go bar offers while somebody types: places to choose from, and the rest of the word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from xnat_tui.app.archive.jump import COMMANDS, word_in
from xnat_tui.app.archive.seen import Seen, project_first
from xnat_tui.app.glyphs import Glyphs
from xnat_tui.app.memory import Place
from xnat_tui.app.text import fit, visible

_MOST = 50
_LABEL_CELLS, _KIND_CELLS = 30, 10


@dataclass(frozen=True)
class Suggestions:
    """Where somebody was and what was loaded, as far as it helps with typing.

    Attributes:
        seen: everything loaded; None while that is being gathered.
        recent: places visited, newest first.
        typed: lines typed before, newest first.
        project: ID of the project under the cursor, "" for none.
    """

    seen: Seen | None
    recent: Sequence[Place] = ()
    typed: Sequence[str] = ()
    project: str = ""

    def places(self, line: str) -> list[Place]:
        """What the line may mean among what is loaded; the recent places for an empty line."""
        kind, word = word_in(line)
        if not word:
            found = [place for place in self.recent if kind in (None, place.steps[-1].kind)]
            return found[:_MOST]
        if self.seen is None:
            return []
        exact = project_first(self.seen.named(word, kind), self.project)
        others = [ref for ref in self.seen.matching(word, kind, most=_MOST) if ref not in exact]
        return [Place.of(ref) for ref in [*exact, *others]][:_MOST]

    def named(self, line: str) -> list[Place]:
        """The loaded things that have exactly this name."""
        kind, word = word_in(line)
        if self.seen is None or not word or line.strip() in COMMANDS:
            return []
        return [Place.of(ref) for ref in project_first(self.seen.named(word, kind), self.project)]

    def completion(self, line: str) -> str:
        """The whole line as it may be meant, "" when nothing begins so."""
        earlier = (typed for typed in (*self.typed, *COMMANDS) if typed.startswith(line))
        if whole := next(earlier, ""):
            return whole
        kind, word = word_in(line)
        label = self.seen.completion(word, kind) if self.seen and word else ""
        # A label with characters that act cannot be typed, and the line would draw them as they are.
        is_typable = label == visible(label) and line.endswith(word)
        return line + label[len(word) :] if label and is_typable else ""


def describe(place: Place, width: int, glyphs: Glyphs) -> tuple[str, str]:
    """One line for a choice, in two parts: its label, and dimmer what it is and where."""
    safe = [visible(label, 80, ascii_only=glyphs.ascii_only) for label in place.labels]
    label = fit(safe[-1], max(_LABEL_CELLS, min(cell_len(safe[-1]), width // 2)), ellipsis=glyphs.ellipsis)
    kind = fit(place.steps[-1].kind.value, _KIND_CELLS)
    around = f" {glyphs.separator} ".join(safe[:-1])
    room = width - cell_len(label) - _KIND_CELLS - 4
    return label, fit(f"  {kind}  {around}", max(0, room + _KIND_CELLS + 4), ellipsis=glyphs.ellipsis)
