"""What is to be moved and how: compares the listing with disk and journal, and cuts the work by bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.transfers.download import verify
from xnat_tui.transfers.download.destination import Destination
from xnat_tui.transfers.download.listing import ListedResource, Selection, digest_of, size_of
from xnat_tui.transfers.download.safe_unpack import Names
from xnat_tui.transfers.item_table import KnownItem
from xnat_tui.transfers.items import Batch, Item, ItemState, Proof
from xnat_tui.transfers.journal import Journal

BIG_FILE_BYTES = 32 * 1024 * 1024
"""From this size on a file travels alone, so that a cut costs no more than what was in flight."""

_SMALLEST_ZIP_BYTES, _LARGEST_ZIP_BYTES = 8 * 1024 * 1024, 128 * 1024 * 1024
_FEWEST_IN_ZIP = 4
_BATCHES_PER_WORKER = 3

Known = tuple[Item, ItemState, Proof | None]


@dataclass(slots=True)
class ResourceNeed:
    """What of one resource is to be moved.

    Attributes:
        listed: the resource, without its files.
        files: how many files.
        size_bytes: of them, as far as the server says.
        comes_whole: nothing of it is here, so that its ZIP brings nothing twice.
        is_big: most of its bytes are in big files.
    """

    listed: ListedResource
    files: int
    size_bytes: int
    comes_whole: bool
    is_big: bool


@dataclass(slots=True)
class Plan:
    """What a job will do.

    Attributes:
        needs: what is to be moved of each resource.
        total_files: wanted files, those included that are here already.
        total_bytes: of them, as far as the server says.
        skipped: files that are here already, by what is proven of them.
        skipped_bytes: of them.
        refused: files that no safe name could be made for, with the reason.
        renamed: names on the server by those on the disk, where they differ.
    """

    needs: list[ResourceNeed] = field(default_factory=list)
    total_files: int = 0
    total_bytes: int = 0
    skipped: dict[Proof, int] = field(default_factory=lambda: dict.fromkeys(Proof, 0))
    skipped_bytes: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)

    @property
    def needed_bytes(self) -> int:
        """Bytes still to be moved, as far as the server says."""
        return sum(need.size_bytes for need in self.needs)


class Planner:
    """Makes the plan of one job."""

    def __init__(self, destination: Destination, journal: Journal, *, resume: bool, verify: bool) -> None:
        """Plan for a destination.

        Args:
            destination: where everything goes.
            journal: gets all items.
            resume: leave what is complete already; otherwise everything is fetched again.
            verify: complete means that the digest was compared, where there is one.
        """
        self._destination = destination
        self._journal = journal
        self._resume = resume
        self._verify = verify
        self.plan = Plan()

    def add(self, listed: ListedResource, wanted: Selection) -> None:
        """Take a listed resource into the plan."""
        folder = self._journal.folder(listed.id) or self._journal.give_folder(listed.id, listed.folder)
        known = self._journal.known(listed.id)
        rows = [self._look_at(item, known) for item in self._items(listed, wanted, folder, known)]
        self._journal.add(rows)
        self._count(listed, rows)

    def _items(
        self, listed: ListedResource, wanted: Selection, folder: str, known: dict[str, KnownItem]
    ) -> Iterator[Item]:
        names = Names()
        for row in sorted(listed.files, key=lambda row: (row.path not in known, row.path)):
            before = known[row.path].target.removeprefix(f"{folder}/") if row.path in known else ""
            try:
                name = names.give(row.path, wish=before)
            except InvalidValueError as error:
                if wanted.wants_file(row):
                    self.plan.refused.append((row.uri, error.message))
                continue
            target = f"{folder}/{name}"
            if wanted.wants_file(row):
                if name != row.path:
                    self.plan.renamed[target] = row.path
                yield Item(listed.id, row.path, listed.owner, size_of(row), digest_of(row), target)

    def _look_at(self, item: Item, known: dict[str, KnownItem]) -> Known:
        proof = self._proof_of_present(item, known.get(item.path)) if self._resume else None
        return (item, ItemState.WAITING if proof is None else ItemState.DONE, proof)

    def _proof_of_present(self, item: Item, known: KnownItem | None) -> Proof | None:
        """Return what is proven of a file that is here and complete, None for all others."""
        size_bytes = self._destination.size_of(item.target)
        is_recorded = known is not None and known.state == ItemState.DONE and known.digest == item.digest
        if size_bytes is None or size_bytes != item.size_bytes:
            return None
        if known is not None and is_recorded and (known.proof == Proof.VERIFIED or not self._verify):
            return Proof(known.proof)
        # Nobody wrote down that this file is the one that the server lists, or it changed there since.
        must_compare = self._verify or known is not None
        try:
            path = self._destination.path(item)
            digest = verify.digest_file(path) if item.digest and must_compare else None
            return verify.prove(item, size_bytes, digest)
        except (verify.MismatchError, OSError):
            return None

    def _count(self, listed: ListedResource, rows: Sequence[Known]) -> None:
        plan = self.plan
        plan.total_files += len(rows)
        plan.total_bytes += sum(item.size_bytes or 0 for item, _, _ in rows)
        waiting = [item.size_bytes or 0 for item, _, proof in rows if proof is None]
        for item, _, proof in rows:
            if proof is not None:
                plan.skipped[proof] += 1
                plan.skipped_bytes += item.size_bytes or 0
        if waiting:
            big_bytes = sum(size for size in waiting if size >= BIG_FILE_BYTES)
            is_whole = len(waiting) == len(listed.files)
            is_big = big_bytes * 2 > sum(waiting)
            # The files are in the journal; a plan that kept them would grow with their number.
            bare = replace(listed, files=())
            plan.needs.append(ResourceNeed(bare, len(waiting), sum(waiting), is_whole, is_big))


def batches_of(needs: Iterable[ResourceNeed], workers: int) -> tuple[list[Batch], list[str]]:
    """Cut the work for several workers.

    Returns:
        What comes in ZIPs, and the numbers of the resources whose files come one by one.
    """
    needs = list(needs)
    zips = [need for need in needs if need.comes_whole and not need.is_big and need.files >= _FEWEST_IN_ZIP]
    singles = [need.listed.id for need in needs if need not in zips]
    total_bytes = sum(need.size_bytes for need in zips)
    most_bytes = total_bytes // max(1, workers * _BATCHES_PER_WORKER)
    most_bytes = min(max(most_bytes, _SMALLEST_ZIP_BYTES), _LARGEST_ZIP_BYTES)
    groups: dict[tuple[str, str], list[ResourceNeed]] = defaultdict(list)
    for need in zips:
        groups[_session_of(need.listed), need.listed.label].append(need)
    batches = [batch for group in groups.values() for batch in _packed(group, most_bytes)]
    return batches, singles


def _session_of(listed: ListedResource) -> str:
    return listed.owner.partition("/scans/")[0] if listed.scan_id else listed.owner


def _packed(group: Sequence[ResourceNeed], most_bytes: int) -> Iterator[Batch]:
    """Yield batches of scans of about that many bytes; what has no scan or odd names comes alone."""
    together: list[ResourceNeed] = []
    for need in group:
        if not _can_share(need.listed):
            yield _batch([need])
            continue
        if together and sum(each.size_bytes for each in together) + need.size_bytes > most_bytes:
            yield _batch(together)
            together = []
        together.append(need)
    if together:
        yield _batch(together)


def _can_share(listed: ListedResource) -> bool:
    # XNAT takes commas for lists, and labels of digits alone for numbers.
    is_plain = listed.label and not listed.label.isdigit() and "," not in listed.label
    return bool(listed.scan_id and is_plain and "," not in listed.scan_id)


def _batch(needs: Sequence[ResourceNeed]) -> Batch:
    first = needs[0].listed
    is_alone = len(needs) == 1
    return Batch(
        session=first.owner if is_alone else _session_of(first),
        scan_ids=() if is_alone else tuple(need.listed.scan_id for need in needs),
        label=first.id if is_alone else first.label,
        resource_ids=tuple(need.listed.id for need in needs),
        size_bytes=sum(need.size_bytes for need in needs),
        files=sum(need.files for need in needs),
    )
