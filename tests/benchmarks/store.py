"""C-STORE of 500 slices of 0.5 MB into storescp and Orthanc, and of 20 000 small ones without loss."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import interleave, ours, run, shell
from tests.benchmarks.receivers import NO_DELAY, Orthanc, Receiver, StoreScp
from tests.benchmarks.report import Comparison, Section, Table
from tests.benchmarks.slices import write_slices
from tests.benchmarks.stage import Form, work_folder

_OURS, _STORESCU = "xnat-tui, up to 4 associations", "storescu, one association"
_ONE = "xnat-tui, one association"
_KINDS: tuple[type[StoreScp] | type[Orthanc], ...] = (StoreScp, Orthanc)
_SMALL_SIDE = 100


def measure(form: Form) -> Iterator[Section]:
    """Measure each receiver, as installed and without its delay, then send very many instances."""
    count = form.pick(500, 20)
    with work_folder(count * 3_000_000) as folder:
        slices = folder / "slices"
        write_slices(slices, count)
        for kind in _KINDS:
            for environment, how, goal in (({}, "as installed", 0.4), (NO_DELAY, "with TCP_NODELAY=1", 1.5)):
                place = folder / f"{kind.__name__}-{len(environment)}"
                with kind(place, environment) as receiver:
                    title = f"C-STORE of {count} slices of 0.5 MB to {kind.__name__} {how}"
                    yield _compare(folder, slices, receiver, count, form, title, goal)
    yield _send_very_many(form.pick(20_000, 500))


def _compare(
    folder: Path, slices: Path, receiver: Receiver, count: int, form: Form, title: str, goal: float
) -> Comparison:
    state = folder / "state"
    task = {"source": slices, "port": receiver.port}
    variants = {
        _STORESCU: shell(f"storescu +sd +r -aec ANY 127.0.0.1 {receiver.port} {slices}"),
        _OURS: ours("store", state, **task),
        _ONE: ours("store", state, **task, workers=1),
    }

    def check(variant: str) -> None:
        if receiver.count() != count:
            raise RuntimeError(f"{variant}: the receiver holds {receiver.count()} of {count} instances")

    samples = interleave(variants, form.rounds, before=receiver.clear, after=check)
    return Comparison(title, _STORESCU, samples, count * 0.5252, {_OURS: goal})


def _send_very_many(count: int) -> Table:
    """Send small instances and count what is there; the receiver would keep a second copy as another file."""
    rows = []
    with work_folder(count * 80_000) as folder:
        slices = folder / "slices"
        write_slices(slices, count, side=_SMALL_SIDE)
        for kind in _KINDS:
            with kind(folder / kind.__name__, {}) as receiver:
                receiver.clear()
                started_at = time.monotonic()
                run(ours("store", folder / "state", source=slices, port=receiver.port))
                seconds = time.monotonic() - started_at
                kept = receiver.count()
                if kept != count:
                    raise RuntimeError(f"{kind.__name__} holds {kept} of {count} instances")
                rows.append(
                    [kind.__name__, str(count), str(kept), f"{seconds:.1f}", f"{count / seconds:.0f}"]
                )
    head = ["receiver", "sent", "held", "s with start-up", "instances/s"]
    note = "Each instance was acknowledged once, and each receiver holds exactly as many as were sent."
    return Table(f"{count} instances of 20 KB, nothing lost or doubled", head, rows, [note])
