"""Measures the media edge; bench/edge/run builds what this needs and calls it."""

import argparse
import json
import os
import signal
import sys
import time

import report
from calls import measure_bridge, measure_onset
from gateway import BenchError
from load import measure_cpu, measure_mallocs

CORES = 2


def main():
    options = parsed()
    # Leaving by an exception ends every process that was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    started = time.monotonic()
    result = report.surroundings(options.binary, bool(os.environ.get("MEDIABRIDGE_BINARY")))
    try:
        for name, measure in measurements(options):
            print(f"==> {name}", file=sys.stderr, flush=True)
            result |= measure()
    except (BenchError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    result["quick"] = options.quick
    result["seconds"] = round(time.monotonic() - started, 1)
    result["bars"] = report.judged(result)
    result["passed"] = all(bar["passed"] for bar in result["bars"].values())
    print(json.dumps(result) if options.json else report.table(result))
    return 1 if options.check and not result["passed"] else 0


def parsed():
    parser = argparse.ArgumentParser(prog="script/bench edge", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer calls and rounds, one minute")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is missed")
    parser.add_argument(
        "--only", choices=["cpu", "mallocs", "bridge", "onset"], help="measure one part"
    )
    parser.add_argument("--binary", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--tools", required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def measurements(options):
    binary, tools, quick = options.binary, options.tools, options.quick
    steps = {
        "cpu": lambda: measure_cpu(
            binary, tools, calls=200, rounds=1 if quick else 7, seconds=1.5 if quick else 2
        ),
        "mallocs": lambda: measure_mallocs(binary, tools, calls=50, seconds=2 if quick else 6),
        "bridge": lambda: measure_bridge(binary, tools, calls=20, interruptions=2 if quick else 9),
        "onset": lambda: measure_onset(binary, tools, quick),
    }
    return [(name, step) for name, step in steps.items() if options.only in (None, name)]


if __name__ == "__main__":
    sys.exit(main())
