"""kill -9 at 30 random moments of downloads and of uploads, each resumed until it ends by itself."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks import kills_download, kills_upload
from tests.benchmarks.report import Section, Table
from tests.benchmarks.stage import Form


def measure(form: Form) -> Iterator[Section]:
    """Kill both; raises when a promise is broken."""
    kills = form.pick(30, 3)
    found = [
        kills_download.torment(kills, form.pick(1500, 200)),
        kills_upload.torment(kills, form.pick(300, 40)),
    ]
    head = ["job", "files", "kills", "jobs", "files there at the kills", "of these moved again", "result"]
    notes = [
        "A job is killed at random moments and resumed until it ends; then the next job begins, until there "
        "were enough kills. The server's access log tells what was moved.",
        "Download: after every kill each file under a final name is compared with the source, byte for byte; "
        "at the end the folder is compared with that of an undisturbed run.",
        "Upload: there means noted in the journal as acknowledged; at the end the server's listing with "
        "digests is compared with that of an undisturbed run.",
    ]
    yield Table("Killed and resumed", head, [one.row() for one in found], notes)
