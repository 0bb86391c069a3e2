"""50 calls at once over providers of known speed: what the bridge adds to them."""

import json
from pathlib import Path

from answers import Answers
from calls import percentile, simulate
from cloud import Cloud
from gateway import BenchError, Gateway
from recordings import FIXTURES
from tones import sentences

ENGINES = {"stt": "deepgram", "agent": "anthropic", "tts": "elevenlabs"}
# A model that is asked before the turn is over, or not at all, would hide what the bridge adds.
SERIAL = {"speculation": "off", "responseCache": "false"}
LINES = ("en-hours", "en-prices", "en-day")
SPEED = {"--final": 80, "--first-token": 200, "--per-token": 8, "--first-byte": 120}
TOKEN_CHARACTERS = 4


def providers_ms(answer):
    """What the simulators are told to take until the first sentence of an answer is audible."""
    # The space behind a sentence tells that it is over.
    tokens = -(-(len(sentences(answer)[0]) + 1) // TOKEN_CHARACTERS)
    return (
        SPEED["--final"] + SPEED["--first-token"] + (tokens - 1) * SPEED["--per-token"]
        + SPEED["--first-byte"]
    )


def script(folder, name, lines=LINES):
    path = Path(folder) / f"{name}.json"
    steps = [{"play": str((FIXTURES / f"demo/{line}.wav").resolve())} for line in lines]
    path.write_text(json.dumps({"language": "en", "steps": steps}))
    return path


def measure(tools, calls):
    options = [part for pair in SPEED.items() for part in pair]
    with Cloud(tools.cloud, tools.folder, "load", options) as cloud:
        settings = ENGINES | SERIAL | tools.settings
        with Gateway(
            tools.binary, tools.folder, "load", settings, preload=cloud.environment
        ) as gateway:
            [report] = simulate(tools.binary, gateway, [script(tools.folder, "load")], calls)
        late = lateness(cloud.log())
    turns = [turn for turn in report["turns"] if turn["bridge_ms"] is not None]
    if not turns:
        raise BenchError(f"no turn was completed: {report['problems']}")
    bridge = [turn["bridge_ms"] for turn in turns]
    answers = Answers()
    over = [
        turn["total_latency_ms"] - turn["endpointing_ms"] - providers_ms(answers.after(turn["user"]))
        for turn in turns
    ]
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


def lateness(log):
    """How much later than told the simulators answered: their timers, and the machine's load."""
    figures = {}
    nominal = {"deepgram": SPEED["--final"], "anthropic": SPEED["--first-token"], "elevenlabs": SPEED["--first-byte"]}
    for provider, milliseconds in nominal.items():
        asked, late = {}, []
        for entry in log:
            if entry["provider"] != provider:
                continue
            if entry["what"] == "asked":
                asked.setdefault(entry["text"], []).append(entry["milliseconds"])
            elif entry["what"] in ("first", "done") and asked.get(entry["text"]):
                # Those asked first are answered first, as each takes equally long.
                late.append(
                    entry["milliseconds"] - asked[entry["text"]].pop(0) - milliseconds
                )
        if late:
            figures[provider] = {"p50": percentile(late, 50), "p99": percentile(late, 99)}
    return figures
