"""What a row of the archive tree stands for: plain values, no input or output, no Textual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from xnat_tui.models.sorting import natural_key


class Kind(StrEnum):
    """The kinds of things in the hierarchy; the value is XNAT's word for one of them."""

    SITE = "site"
    PROJECT = "project"
    SUBJECT = "subject"
    SESSION = "session"
    SCAN = "scan"
    ASSESSOR = "assessor"
    RESOURCE = "resource"
    FILE = "file"

    @property
    def plural(self) -> str:
        """The word for several of them."""
        return f"{self.value}s"


class Standing(StrEnum):
    """How near a project is to the user; the value names the section of the list in which it stands."""

    FAVOURITE = "favourites"
    YOURS = "yours"
    OTHER = "others"


CHILD_KIND = {
    Kind.SITE: Kind.PROJECT,
    Kind.PROJECT: Kind.SUBJECT,
    Kind.SUBJECT: Kind.SESSION,
    Kind.SESSION: Kind.SCAN,
    Kind.SCAN: Kind.RESOURCE,
    Kind.ASSESSOR: Kind.RESOURCE,
    Kind.RESOURCE: Kind.FILE,
}
"""The main kind of children of each kind; resources and assessors come beside them."""


Path = tuple[tuple[Kind, str], ...]
"""Kinds and ids from the project down: what names a thing now and after a refresh."""


class NodeRef(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One thing of the archive as its listing gave it, with the chain of things it lies in.

    Attributes:
        kind: what it is.
        id: the server's id within its parent (project ID, accession ID, scan ID, resource id, path of a file
            within its resource).
        label: what people call it; may hold any character.
        parent: what it was listed under; None for the site.
        row: the row or model of the listing, for the facts of `columns`.
        count: how many it holds of its main kind of children; None when the listing does not say.
        size_bytes: how big it is; None when the listing does not say.
        standing: how near a project is to the user; None where nobody asked.
    """

    kind: Kind
    id: str
    label: str
    parent: NodeRef | None = None
    row: object = None
    count: int | None = None
    size_bytes: int | None = None
    standing: Standing | None = None

    @property
    def key(self) -> tuple[Kind, str]:
        """What tells it from the other children of its parent, now and after a refresh."""
        return self.kind, self.id

    @property
    def path(self) -> Path:
        """What names it on its server; () for the site."""
        return tuple(ref.key for ref in self.lineage())

    @property
    def is_leaf(self) -> bool:
        """Whether it can never have children."""
        return self.kind is Kind.FILE

    def lineage(self) -> tuple[NodeRef, ...]:
        """The things it lies in and itself, from the project down; () for the site."""
        return tuple(reversed([ref for ref in self._upwards() if ref.kind is not Kind.SITE]))

    def nearest(self, kind: Kind) -> NodeRef | None:
        """Itself or the closest thing around it that is of this kind."""
        return next((ref for ref in self._upwards() if ref.kind is kind), None)

    def _upwards(self) -> Iterator[NodeRef]:
        ref: NodeRef | None = self
        while ref is not None:
            yield ref
            ref = ref.parent

    @property
    def owner(self) -> str:
        """The project it belongs to when that is another than the one it is shown in, else ""."""
        owner = str(getattr(self.row, "project", ""))
        shown_in = self.nearest(Kind.PROJECT)
        return owner if shown_in is not None and owner != shown_in.id else ""


SITE = NodeRef(Kind.SITE, "", "")
"""What all projects lie in."""


def in_sections(projects: Iterable[NodeRef]) -> list[NodeRef]:
    """The projects section by section, each in natural order of the IDs."""
    order = list(Standing)
    return sorted(
        projects, key=lambda ref: (order.index(ref.standing or Standing.OTHER), natural_key(ref.id))
    )
