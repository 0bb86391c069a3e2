"""50 calls at once over providers of known speed: what the bridge adds to them."""

import json
from pathlib import Path

from calls import percentile, simulate
from cloud import Cloud
from gateway import BenchError, Gateway
from recordings import FIXTURES

ENGINES = {"stt": "deepgram", "agent": "anthropic", "tts": "elevenlabs"}
LINES = ("en-hours", "en-prices", "en-day")
# The whole answer comes with the first token, so that what the model takes is one figure.
SPEED = {"--final": 80, "--first-token": 200, "--per-token": 0, "--first-byte": 120}
PROVIDERS_MS = SPEED["--final"] + SPEED["--first-token"] + SPEED["--first-byte"]


def script(folder, name, lines=LINES):
    path = Path(folder) / f"{name}.json"
    steps = [{"play": str((FIXTURES / f"demo/{line}.wav").resolve())} for line in lines]
    path.write_text(json.dumps({"language": "en", "steps": steps}))
    return path


def measure(tools, calls):
    options = [part for pair in SPEED.items() for part in pair]
    with Cloud(tools.cloud, tools.folder, "load", options) as cloud:
        settings = ENGINES | tools.settings
        with Gateway(
            tools.binary, tools.folder, "load", settings, preload=cloud.environment
        ) as gateway:
            [report] = simulate(tools.binary, gateway, [script(tools.folder, "load")], calls)
        late = lateness(cloud.log())
    turns = [turn for turn in report["turns"] if turn["bridge_ms"] is not None]
    if not turns:
        raise BenchError(f"no turn was completed: {report['problems']}")
    bridge = [turn["bridge_ms"] for turn in turns]
    over = [turn["total_latency_ms"] - turn["endpointing_ms"] - PROVIDERS_MS for turn in turns]
    return {
        "load_calls": calls,
        "load_turns": len(turns),
        "load_turns_expected": calls * len(LINES),
        "bridge_ms_p50": percentile(bridge, 50),
        "bridge_ms_p99": percentile(bridge, 99),
        "bridge_ms_max": round(max(bridge), 3),
        "turn_overhead_ms_p50": percentile(over, 50),
        "turn_overhead_ms_p99": percentile(over, 99),
        "turn_total_ms_p50": percentile([turn["total_latency_ms"] for turn in turns], 50),
        "provider_lateness_ms": late,
        "load_slowest_turns": [
            {key: turn[key] for key in turn if key.endswith("_ms") or key in ("call", "turn")}
            for turn in sorted(turns, key=lambda turn: -turn["bridge_ms"])[:3]
        ],
        "load_call_problems": report["problems"],
    }


def lateness(log):
    """How much later than told the simulators answered: their timers, and the machine's load."""
    figures = {}
    nominal = {"anthropic": SPEED["--first-token"], "elevenlabs": SPEED["--first-byte"]}
    for provider, milliseconds in nominal.items():
        asked, late = {}, []
        for entry in log:
            if entry["provider"] != provider:
                continue
            if entry["what"] == "asked":
                asked.setdefault(entry["text"], []).append(entry["milliseconds"])
            elif entry["what"] == "first" and asked.get(entry["text"]):
                # Those asked first are answered first, as each takes equally long.
                late.append(
                    entry["milliseconds"] - asked[entry["text"]].pop(0) - milliseconds
                )
        if late:
            figures[provider] = {"p50": percentile(late, 50), "p99": percentile(late, 99)}
    return figures
