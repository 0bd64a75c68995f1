"""Downloads of a session of 2 000 slices of 0.5 MB: as ZIPs over HTTP and TLS, deflated, and file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.front import Front
from tests.benchmarks.measure import Command, Sample, interleave, ours, run, shell
from tests.benchmarks.peers import PEERS, peer_download
from tests.benchmarks.report import Comparison, Section
from tests.benchmarks.site import LABEL, PASSWORD, SESSION, USER
from tests.benchmarks.stage import Form, Stage, stage

_OURS, _PIPE, _CURL = "xnat-tui, digests verified", "curl | bsdtar", "curl -Z, 8 connections"
_WORKERS = 4
_MOST_MADE = 20


def measure(form: Form) -> Iterator[Section]:
    """Measure every way."""
    files = form.pick(2000, 100)
    with stage(files) as at, Front(at.folder / "front", at.demo_port, slices=at.slices) as front:
        yield _zips(at, form, files, front)
        yield _tls(at, form, files, front)
        yield _singles(at, form, files, front)
    # The demo server takes minutes to deflate more.
    files = form.pick(600, 100)
    with (
        stage(files) as at,
        Front(at.folder / "front", at.demo_port, slices=at.slices, deflates=True) as front,
    ):
        yield _deflated(at, form, files, front)


def _zips(at: Stage, form: Form, files: int, front: Front) -> Comparison:
    home = at.folder / "peers"
    home.mkdir()
    variants = {
        _PIPE: _pipe(at, front.url),
        _OURS: _download(at, front.url),
        **{peer: peer_download(peer, front.url, at.session_id, at.output, home) for peer in PEERS},
    }
    title = f"Stored ZIP, {files} slices in 10 scans, unpacked"
    notes = [
        "Goals: at most 1.0 times curl | bsdtar (stretch 0.8), and at least 2.5 times faster than each peer.",
        f"curl | bsdtar verifies nothing; xnat-tui lists the session first, uses up to {_WORKERS} "
        "connections, and its time includes log-in, listing, journal and digests. The time of the peers "
        "does not include their log-in.",
    ]
    samples = _measured(at, form, files, variants, front)
    for peer in PEERS:
        times = zip(samples[peer], samples[_OURS], strict=True)
        ratios = sorted(theirs.job_s / own.job_s for theirs, own in times)
        notes.append(f"xnat-tui is {ratios[len(ratios) // 2]:.1f} times as fast as {peer}.")
    return Comparison(title, _PIPE, samples, at.size_mb, {_OURS: 1.0}, notes)


def _tls(at: Stage, form: Form, files: int, front: Front) -> Comparison:
    variants = {
        _PIPE: _pipe(at, front.tls_url, f"--cacert {front.ca_file}"),
        _OURS: _download(at, front.tls_url, ca_file=front.ca_file),
    }
    title = f"Stored ZIP over TLS with an own authority, {files} slices"
    return Comparison(title, _PIPE, _measured(at, form, files, variants, front), at.size_mb, {_OURS: 1.0})


def _deflated(at: Stage, form: Form, files: int, front: Front) -> Comparison:
    variants = {_PIPE: _pipe(at, front.url), _OURS: _download(at, front.url)}
    title = f"Deflated ZIP, {files} slices"
    return Comparison(title, _PIPE, _measured(at, form, files, variants, front), at.size_mb, {_OURS: 0.7})


def _singles(at: Stage, form: Form, files: int, front: Front) -> Comparison:
    variants = {
        _CURL: Command(["curl", "-sSf", "-Z", "--parallel-max", "8", "-K", str(_url_list(at, front))]),
        _OURS: _download(at, front.url, pattern="*.dcm", workers=8),
    }
    title = f"File by file, {files} slices"
    return Comparison(title, _CURL, _measured(at, form, files, variants, front), at.size_mb, {_OURS: 2.0})


def _measured(
    at: Stage, form: Form, files: int, variants: dict[str, Command], front: Front
) -> dict[str, list[Sample]]:
    """Run each variant once, which makes the ready answers, and then the rounds.

    Raises:
        RuntimeError: not all files came, or the demo server was measured and not the client.
    """
    check = _checker(at, files)
    for name, command in variants.items():
        at.empty()
        run(command)
        check(name)
    made = front.count_made()
    samples = interleave(variants, form.rounds, before=at.empty, after=check)
    if front.count_made() - made > _MOST_MADE:
        raise RuntimeError(f"{front.count_made() - made} bulk answers were not ready-made")
    return samples


def _checker(at: Stage, files: int) -> Callable[[str], None]:
    def check(variant: str) -> None:
        found = sum(1 for _ in at.output.rglob("*.dcm"))
        if found != files:
            raise RuntimeError(f"{variant} brought {found} of {files} slices")

    return check


def _pipe(at: Stage, url: str, options: str = "") -> Command:
    path = f"/data/experiments/{at.session_id}/scans/ALL/files?format=zip"
    return shell(f"curl -sSf {options} -u {USER}:{PASSWORD} '{url}{path}' | bsdtar -xf - -C {at.output}")


def _download(
    at: Stage, url: str, *, ca_file: Path | None = None, pattern: str | None = None, workers: int = _WORKERS
) -> Command:
    more = {"ca_file": ca_file, "pattern": pattern, "workers": workers}
    return ours("download", at.state, url=url, target=at.output, **more)


def _url_list(at: Stage, front: Front) -> Path:
    """Write what curl is to fetch; return the file."""
    target = at.folder / "urls"
    with target.open("w", encoding="utf-8") as sink:
        sink.write(f'user="{USER}:{PASSWORD}"\ncreate-dirs\n')
        for slice_ in sorted(at.slices.glob("*/*")):
            scan, name = slice_.parent.name, slice_.name
            path = f"/data/experiments/{at.session_id}/scans/{scan}/resources/{LABEL}/files/{name}"
            sink.write(f'url="{front.url}{path}"\noutput="{at.output}/{SESSION}/{scan}/{name}"\n')
    return target
