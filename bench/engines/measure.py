"""Measures engines over a simulated cloud; bench/engines/run builds what this needs and calls it."""

import argparse
import asyncio
import json
import os
import secrets
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "edge"))

import report  # noqa: E402
from gateway import BenchError  # noqa: E402

import faults  # noqa: E402
import load  # noqa: E402
import pairs  # noqa: E402
import switches  # noqa: E402

report.THRESHOLDS = Path(__file__).with_name("thresholds.json")
CORES = 2


def main():
    options = parsed()
    # Leaving by an exception ends every process that was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    started = time.monotonic()
    tools = SimpleNamespace(
        binary=options.binary, cloud=options.cloud, folder=Path(options.tools).resolve(),
        slow_names=Path(options.tools).resolve() / "slow-names.so",
        settings={"vad": options.vad},
    )
    result = report.surroundings(options.binary, bool(os.environ.get("MEDIABRIDGE_BINARY")))
    try:
        for name, measure in measurements(options, tools):
            print(f"==> {name}", file=sys.stderr, flush=True)
            result |= measure()
    except (BenchError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    result["quick"] = options.quick
    result["seconds"] = round(time.monotonic() - started, 1)
    result["bars"] = report.judged(result)
    result["passed"] = all(bar["passed"] for bar in result["bars"].values())
    print(json.dumps(result) if options.json else text(result))
    return 1 if options.check and not result["passed"] else 0


def parsed():
    parser = argparse.ArgumentParser(prog="script/bench engines", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer calls, about two minutes")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is missed")
    parser.add_argument(
        "--part", choices=["pairs", "faults", "load", "switches"], help="measure one part"
    )
    parser.add_argument("--seed", type=int, help="of the faults; without it, a new one")
    parser.add_argument(
        "--only", type=int, action="append", metavar="K",
        help="run fault K of the seed alone; may be given again",
    )
    parser.add_argument("--count", type=int, help="how many faults")
    parser.add_argument("--vad", default="silero", help=argparse.SUPPRESS)
    parser.add_argument("--binary", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--cloud", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--tools", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only and options.seed is None:
        parser.error("--only takes a --seed as well")
    if options.only:
        options.part = "faults"
    return options


def measurements(options, tools):
    steps = {
        "pairs": lambda: pairs.measure(tools, options.quick),
        "faults": lambda: measure_faults(options, tools),
        "load": lambda: load.measure(tools, calls=10 if options.quick else 50),
        "switches": lambda: switches.measure(tools),
    }
    return [(name, step) for name, step in steps.items() if options.part in (None, name)]


def measure_faults(options, tools):
    seed = options.seed if options.seed is not None else secrets.randbelow(1_000_000)
    print(f"the seed of the faults is {seed}", file=sys.stderr)
    cases = faults.planned(seed, options.count or (20 if options.quick else 100))
    if options.only:
        most = max(options.only) + 1
        cases = [case for case in faults.planned(seed, most) if case.number in options.only]
    normal, results = asyncio.run(faults.run_all(cases, tools))
    figures = faults.figures(seed, normal, results)
    for failure in figures["fault_failures"]:
        print(
            f"not survived: --seed {seed} --only {failure['only']} {failure['case']}: "
            + "; ".join(failure["failed"]), file=sys.stderr,
        )
    (tools.folder / "faults.json").write_text(json.dumps(results, indent=1))
    return figures


def text(result):
    parts = [report.table(result)]
    if "pairs" in result:
        parts.append(pairs.table(result["pairs"]))
    if "switches" in result:
        parts.append(switches.table(result["switches"]))
    return "\n\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
