"""What the screens remember between two runs: per server profile, and per user. No Textual.

Each memory is one small JSON file in the state folder, replaced in one step and readable by its owner only.
A file that is damaged, or of a version that we do not know, is forgotten, never an error; a value in it that
makes no sense is forgotten alone.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import msgspec

from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.core.paths import make_private

_VERSION = 1
_MOST_RECENT = 50
_MOST_TYPED = 100


class Step(msgspec.Struct, frozen=True, array_like=True):
    """One thing on the way to a place: its kind, the server's id within its parent, and its label."""

    kind: Kind
    id: str
    label: str


class Place(msgspec.Struct, frozen=True):
    """One thing of the archive, told by the way to it.

    Attributes:
        steps: from the project down to the thing itself; never empty.
    """

    steps: tuple[Step, ...]

    @classmethod
    def of(cls, ref: NodeRef) -> Place:
        """The place of a thing that a listing gave."""
        return cls(tuple(Step(part.kind, part.id, part.label) for part in ref.lineage()))

    @property
    def key(self) -> tuple[tuple[Kind, str], ...]:
        """What tells it from all other places, whatever they are labelled by now."""
        return tuple((step.kind, step.id) for step in self.steps)

    @property
    def labels(self) -> tuple[str, ...]:
        """For people, from the project down."""
        return tuple(step.label for step in self.steps)


class _Kept(msgspec.Struct):
    """Values with defaults that are read from a file and written back when they have changed."""

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what was kept; whatever cannot be used is at its default. Never fails."""
        kept, raw = cls(), _read(file)
        for field in msgspec.structs.fields(cls):
            with suppress(msgspec.ValidationError, KeyError):
                setattr(kept, field.name, msgspec.convert(raw[field.name], field.type))
        return kept

    def save(self, file: Path) -> None:
        """Write it unless that is what the file says already. A folder that cannot be written is no error."""
        text = msgspec.json.encode({"version": _VERSION, **msgspec.structs.asdict(self)})
        with suppress(OSError):
            if not file.exists() or file.read_bytes() != text:
                _replace(file, text)


class Memory(_Kept):
    """What belongs to one profile. Set the attributes at will; the app saves them from time to time.

    Attributes:
        tree_width: columns of the tree pane, None for its share of the screen.
        sort: by kind of the rows, the id of the column they are sorted by; with a leading "-" downwards.
        is_wide: whether the tree shows its wide columns.
        detail_tab: id of the tab that the details show, "" for the first one.
        favourites: things that are listed first and offered first, in the order in which they were chosen.
        recent: places visited, newest first.
        typed: lines that were typed after `:`, newest first.
        last: where the cursor was, to start there again.
    """

    tree_width: int | None = None
    sort: dict[str, str] = {}
    is_wide: bool = False
    detail_tab: str = ""
    favourites: list[Place] = []
    recent: list[Place] = []
    typed: list[str] = []
    last: Place | None = None

    def visit(self, place: Place) -> None:
        """Put a place in front of the recent ones."""
        others = (other for other in self.recent if other.key != place.key)
        self.recent = [place, *others][:_MOST_RECENT]

    def note_typed(self, line: str) -> None:
        """Put a line in front of those that were typed after `:`."""
        self.typed = [line, *(other for other in self.typed if other != line)][:_MOST_TYPED]

    def is_favourite(self, place: Place) -> bool:
        """Tell whether this very thing is one of the favourites."""
        return any(other.key == place.key for other in self.favourites)

    def toggle_favourite(self, place: Place) -> bool:
        """Make it a favourite, or no longer; return whether it is one now."""
        others = [other for other in self.favourites if other.key != place.key]
        is_new = len(others) == len(self.favourites)
        self.favourites = [*others, place] if is_new else others
        return is_new


class UserMemory(_Kept):
    """What belongs to the user, whatever the server.

    Attributes:
        theme: name of the theme that was chosen last, "" for the one of the configuration.
        servers: names of profiles and addresses of servers without one, last used first.
    """

    theme: str = ""
    servers: list[str] = []

    def used(self, server: str) -> None:
        """Put a server in front of those used before."""
        self.servers = [server, *(other for other in self.servers if other != server)]


def memory_file(state_dir: Path, profile_key: str) -> Path:
    """The file of one profile; `profile_key` is its name, or the address of a server without a profile."""
    readable = re.sub(r"[^A-Za-z0-9.-]+", "-", profile_key)[:40].strip("-.")
    digest = hashlib.sha256(profile_key.encode()).hexdigest()[:12]
    return state_dir / "memory" / f"{readable}-{digest}.json"


def user_memory_file(state_dir: Path) -> Path:
    """The file of what belongs to the user."""
    return state_dir / "memory" / "user.json"


def _read(file: Path) -> dict[str, Any]:
    try:
        raw = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError):
        return {}
    return raw if raw.get("version") == _VERSION else {}


def _replace(file: Path, text: bytes) -> None:
    make_private(file.parent)
    with tempfile.NamedTemporaryFile("wb", dir=file.parent, delete=False) as draft:
        draft.write(text)
    os.replace(draft.name, file)
