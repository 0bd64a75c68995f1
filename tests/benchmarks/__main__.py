"""`python -m tests.benchmarks [SCENARIO...] [--short]`: measures; full results are kept in results/."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
import time

from tests.benchmarks import report
from tests.benchmarks.stage import Form

SCENARIOS = ("download", "upload", "store", "memory", "kills", "latency", "start")


def main() -> None:
    """Run the scenarios that are named, or all, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=", ".join(SCENARIOS))
    parser.add_argument("--short", action="store_true", help="small amounts, in less than three minutes")
    parser.add_argument("--rounds", type=int, help="runs of each variant (default: 5, short 1)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    unknown = set(options.scenarios) - set(SCENARIOS)
    if unknown:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    form = Form(options.short, options.rounds or (1 if options.short else 5))
    for name in options.scenarios or SCENARIOS:
        started_at = time.monotonic()
        module = importlib.import_module(f"tests.benchmarks.{name}")
        sections: list[report.Section] = []
        for section in module.measure(form):
            sections.append(section)
            if not form.is_short:
                report.keep(name, sections)
        print(report.render(name, sections, is_short=form.is_short))
        print(f"{name} took {time.monotonic() - started_at:.0f} s\n", flush=True)


if __name__ == "__main__":
    main()
