"""Measures what the gateway hears; bench/hearing/run builds what this needs and calls it."""

import argparse
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import detectors
import report
import sound
import turns
import voice

SILERO = Path(".engines/silero-vad/silero-vad-6.2.3.safetensors")
RESULTS = Path("bench/hearing/results")
SEED = 20_260_701
MEASUREMENTS = {"voice": voice.measure, "turns": turns.measure}


def main():
    options = parsed()
    # Leaving by an exception ends every process that was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    result = report.surroundings()
    try:
        for name, measure in MEASUREMENTS.items():
            if options.only in (None, name):
                print(f"==> {name}", file=sys.stderr, flush=True)
                result |= measure(options, options.work)
    except (
        detectors.DetectorError, sound.SoundError, OSError, subprocess.SubprocessError
    ) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    result["seed"] = options.seed
    result["quick"] = options.quick
    result["seconds"] = round(time.monotonic() - started, 1)
    result["bars"] = report.judged(result, is_narrowed=bool(options.only))
    result["passed"] = all(bar["passed"] for bar in result["bars"].values())
    print(json.dumps(result) if options.json else report.table(result))
    print(f"==> the curves are in {options.charts}", file=sys.stderr)
    if options.publish:
        (RESULTS / "hearing.json").write_text(json.dumps(result, indent=1) + "\n")
    return 1 if options.check and not result["passed"] else 0


def parsed():
    """The options, with what both halves need: `charts`, `weights` and `network` are paths."""
    parser = argparse.ArgumentParser(prog="script/bench hearing", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="a part of the set, one minute")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is missed")
    parser.add_argument("--only", choices=[*MEASUREMENTS], help="measure one half")
    parser.add_argument(
        "--publish", action="store_true", help=f"put the curves and the figures into {RESULTS}"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="of everything that is random")
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.publish and (options.quick or options.only):
        parser.error("only a whole run is published")
    options.charts = RESULTS if options.publish else options.work / "charts"
    options.weights, options.network = SILERO, SILERO.with_suffix(".onnx")
    return options


if __name__ == "__main__":
    sys.exit(main())
