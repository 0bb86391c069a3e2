"""50 calls at once over providers of known speed: what the bridge adds to them."""

import json
from pathlib import Path

from calls import percentile, simulate
from cloud import Cloud
from gateway import BenchError, Gateway
from provider_times import PROVIDERS, taken, turn_word
from recordings import FIXTURES

ENGINES = {"stt": "deepgram", "agent": "anthropic", "tts": "elevenlabs"}
# A model that is asked before the turn is over, or not at all, would hide what the bridge adds.
SERIAL = {"speculation": "off", "responseCache": "false"}
LINES = ("en-hours", "en-prices", "en-day")
# Over 300 turns the slowest one in a hundred is not what one hiccup of the machine makes it.
ROUNDS = 2
SPEED = {"--final": 80, "--first-token": 200, "--per-token": 8, "--first-byte": 120}


def script(folder, name, lines=LINES):
    path = Path(folder) / f"{name}.json"
    steps = [{"play": str((FIXTURES / f"demo/{line}.wav").resolve())} for line in lines]
    path.write_text(json.dumps({"language": "en", "steps": steps}))
    return path


def measure(tools, calls):
    """Scheduled before other work, as the gateway asks for, and beside it what that buys."""
    figures = measured(tools, calls, "load", is_real_time=True)
    ordinary = measured(tools, calls, "load-ordinary", is_real_time=False)
    compared = ("bridge_ms_p50", "bridge_ms_p99", "turn_overhead_ms_p50", "turn_overhead_ms_p99")
    return figures | {"load_without_real_time": {name: ordinary[name] for name in compared}}


def measured(tools, calls, name, is_real_time):
    options = [part for pair in SPEED.items() for part in pair] + ["--turn-words"]
    lines = LINES * ROUNDS
    with Cloud(tools.cloud, tools.folder, name, options, is_real_time=is_real_time) as cloud:
        settings = ENGINES | SERIAL | tools.settings
        settings |= {} if is_real_time else {"realTime": "false"}
        with Gateway(
            tools.binary, tools.folder, name, settings, preload=cloud.environment
        ) as gateway:
            [report] = simulate(tools.binary, gateway, [script(tools.folder, name, lines)], calls)
        providers = taken(cloud.log())
        is_real_time = cloud.is_real_time
    turns = [turn for turn in report["turns"] if turn["bridge_ms"] is not None]
    if not turns:
        raise BenchError(f"no turn was completed: {report['problems']}")
    bridge = [turn["bridge_ms"] for turn in turns]
    joined = [(turn, providers.get(turn_word(turn["user"]))) for turn in turns]
    if lost := [turn["user"] for turn, times in joined if times is None]:
        raise BenchError(f"no provider's times are known for {len(lost)} turns: {lost[:3]}")
    own = [
        turn["total_latency_ms"] - turn["endpointing_ms"] - sum(times[name] for name in PROVIDERS)
        for turn, times in joined
    ]
    return {
        "load_calls": calls,
        "load_is_real_time": is_real_time,
        "load_turns": len(turns),
        "load_turns_expected": calls * len(lines),
        "bridge_ms_p50": percentile(bridge, 50),
        "bridge_ms_p99": percentile(bridge, 99),
        "bridge_ms_max": round(max(bridge), 3),
        "turn_overhead_ms_p50": percentile(own, 50),
        "turn_overhead_ms_p99": percentile(own, 99),
        "turn_overhead_ms_max": round(max(own), 3),
        "turn_total_ms_p50": percentile([turn["total_latency_ms"] for turn in turns], 50),
        "provider_lateness_ms": lateness([times for _, times in joined]),
        "load_stages_ms": {
            stage: {f"p{percent}": percentile(
                [turn[stage] for turn in turns if turn[stage] is not None], percent
            ) for percent in (50, 99)}
            for stage in ("stt_latency_ms", "llm_latency_ms", "chunking_ms", "tts_latency_ms",
                          "send_ms", "endpointing_ms")
        },
        "load_slowest_turns": [
            {key: turn[key] for key in turn if key.endswith("_ms") or key in ("call", "turn")}
            for turn in sorted(turns, key=lambda turn: -turn["total_latency_ms"])[:3]
        ],
        "load_call_problems": report["problems"],
    }


def lateness(turns):
    """How much later than told the simulators answered: their timers, and the machine's load."""
    told = {
        # Words that came by themselves were not told to take any time from `Finalize` on.
        "deepgram": lambda times: min(SPEED["--final"], times["deepgram"]),
        "anthropic": lambda times: (
            SPEED["--first-token"] + (times["tokens"] - 1) * SPEED["--per-token"]
        ),
        "elevenlabs": lambda times: SPEED["--first-byte"],
    }
    figures = {}
    for name in PROVIDERS:
        late = [times[name] - told[name](times) for times in turns]
        figures[name] = {f"p{percent}": percentile(late, percent) for percent in (50, 99)}
    return figures
