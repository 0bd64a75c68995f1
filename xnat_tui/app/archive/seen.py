"""Everything that was loaded so far, searched by label and id, drawn or not. No Textual, no I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from xnat_tui.app.archive.haystack import Haystack, folded
from xnat_tui.app.archive.node import Node
from xnat_tui.app.archive.nodes import Kind, NodeRef

_SLICE = 5000
"""Things looked at between two pauses of a slow search: a few milliseconds."""


@dataclass(frozen=True)
class Find:
    """A thing that fits a word.

    Attributes:
        ref: the thing.
        score: 1 for the word itself, less the less it fits.
        spots: positions in the label that fit the word; () when its id does.
    """

    ref: NodeRef
    score: float
    spots: tuple[int, ...] = ()


class Seen:
    """A snapshot of the loaded things; making one of 100 000 takes some tens of milliseconds."""

    def __init__(self, refs: Iterable[NodeRef]) -> None:
        by_kind: dict[Kind, list[NodeRef]] = {kind: [] for kind in Kind}
        for ref in refs:
            by_kind[ref.kind].append(ref)
        self._stacks = {kind: Haystack(refs) for kind, refs in by_kind.items() if refs}

    def __len__(self) -> int:
        return sum(len(stack.refs) for stack in self._stacks.values())

    def named(self, word: str, kind: Kind | None = None, *, most: int = 50) -> list[NodeRef]:
        """The things whose label or id is the word; those written exactly so, if there are any."""
        text = folded(word)
        found = list(islice(chain.from_iterable(stack.equal(text) for stack in self._of(kind)), most))
        exact = [ref for ref in found if word in (ref.label, ref.id)]
        return exact or found

    def matching(self, word: str, kind: Kind | None = None, *, most: int = 50) -> list[NodeRef]:
        """The things whose label or id holds the word: those that begin with it first."""
        text, stacks = folded(word), self._of(kind)
        starting = chain.from_iterable(islice(stack.starting(text), most) for stack in stacks)
        containing = chain.from_iterable(islice(stack.containing(text), 2 * most) for stack in stacks)
        return list(islice(_once(chain(starting, containing)), most))

    def completion(self, word: str, kind: Kind | None = None) -> str:
        """The first label that begins with the word, "" when there is none."""
        found = chain.from_iterable(stack.starting(folded(word)) for stack in self._of(kind))
        first = next(found, None) if word else None
        return first.label if first and first.label.casefold().startswith(word.casefold()) else ""

    def ranked(self, word: str, *, most: int = 40) -> Iterator[list[Find]]:
        """The best finds for a word, best first, at most so many in all, in several helpings.

        A helping may be empty: it is a moment in which a caller may let others go on.
        """
        if not word:
            return
        known: set[int] = set()
        for helping in self._helpings(folded(word), most):
            fresh = [find for find in helping if id(find.ref) not in known][: most - len(known)]
            known.update(id(find.ref) for find in fresh)
            yield fresh
            if len(known) >= most:
                return

    def _helpings(self, text: str, most: int) -> Iterator[list[Find]]:
        for stack in self._stacks.values():
            yield [_find(ref, text, 1.0) for ref in islice(stack.equal(text), most)]
        for stack in self._stacks.values():
            yield [_find(ref, text, 0.9) for ref in islice(stack.starting(text), most)]
        for stack in self._stacks.values():
            yield [_find(ref, text, 0.7) for ref in islice(stack.containing(text), 3 * most)]
        for stack in self._stacks.values():
            for start in range(0, len(stack.refs), _SLICE):
                finds = (
                    Find(ref, 0.5 * len(text) / (spots[-1] - spots[0] + 1), spots)
                    for ref, spots in stack.scattered(text, start, start + _SLICE)
                )
                yield sorted(finds, key=lambda find: -find.score)

    def _of(self, kind: Kind | None) -> list[Haystack]:
        """The things of a kind; what XNAT calls an experiment is a session or an assessor."""
        kinds = list(Kind) if kind is None else [kind]
        if kind is Kind.SESSION:
            kinds.append(Kind.ASSESSOR)
        return [self._stacks[kind] for kind in kinds if kind in self._stacks]


def project_first(refs: Iterable[NodeRef], project: str) -> list[NodeRef]:
    """The things in the same order, but those of one project before all others."""

    def is_elsewhere(ref: NodeRef) -> bool:
        around = ref.nearest(Kind.PROJECT)
        return around is None or around.id != project

    return sorted(refs, key=is_elsewhere)


def _once(refs: Iterable[NodeRef]) -> Iterator[NodeRef]:
    known: set[int] = set()
    for ref in refs:
        if id(ref) not in known:
            known.add(id(ref))
            yield ref


def _find(ref: NodeRef, text: str, score: float) -> Find:
    start = folded(ref.label).find(text)
    # A letter may fold into two; then the positions would be those of other letters.
    if start < 0 or len(folded(ref.label)) != len(ref.label):
        return Find(ref, score)
    return Find(ref, score, tuple(range(start, start + len(text))))


def loaded_levels(root: Node) -> list[Sequence[NodeRef]]:
    """The children of all nodes that were listed, a level before what lies below it. Touches no child."""
    levels: list[Sequence[NodeRef]] = []
    waiting = deque([root])
    while waiting:
        node = waiting.popleft()
        if node.level is not None:
            levels.append(node.level.refs)
            waiting += node.touched.values()
    return levels
