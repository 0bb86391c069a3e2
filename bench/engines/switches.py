"""What each switch of the configuration buys, with it and without."""

import asyncio
from statistics import median

from answers import Answers
from calls import simulate
from cloud import Cloud
from gateway import BenchError, Gateway
from judge import answers_of
from load import ENGINES, script
from phone import Phone

CALLS = 4
# A long way to the provider; two more of them for TLS are in it.
HANDSHAKE = ("--handshake", 120)


def measure(tools):
    rows = []
    for switch, figure, measured in (
        ("chunkedSpeech", "first audio after the turn, ms", turn_total),
        ("connectionPool", "first audio after the turn, ms", turn_total),
        ("responseCache", "a call's first question, asked before, ms", same_question),
        ("autoFallback", "answers, of 3, while the model is down", answers_without_model),
    ):
        row = {"switch": switch, "figure": figure}
        for value in ("true", "false"):
            try:
                row[value] = measured(tools, {switch: value}, f"{switch}-{value}")
            except BenchError as error:
                row[value] = None
                row["problem"] = str(error)
        rows.append(row)
    return {"switches": rows}


def turn_total(tools, settings, name):
    return turns(tools, settings, name, ("en-hours", "en-prices", "en-day"))


def same_question(tools, settings, name):
    """The first question of a call, in calls after others that began with it."""
    return turns(tools, settings, name, ("en-hours",), rounds=2)


def turns(tools, settings, name, lines, rounds=1):
    """The median over the calls of the last round."""
    with Cloud(tools.cloud, tools.folder, name, HANDSHAKE) as cloud:
        with Gateway(
            tools.binary, tools.folder, name,
            ENGINES | {"responseCache": "false"} | tools.settings | settings,
            preload=cloud.environment,
        ) as gateway:
            for _ in range(rounds):
                [report] = simulate(
                    tools.binary, gateway, [script(tools.folder, name, lines)], CALLS
                )
    found = [turn for turn in report["turns"] if turn["total_latency_ms"] is not None]
    if not found:
        raise BenchError(f"no turn was completed: {report['problems']}")
    return round(median(turn["total_latency_ms"] - turn["endpointing_ms"] for turn in found))


def answers_without_model(tools, settings, name):
    lines = ("en-hours", "en-prices", "en-day")
    with Cloud(tools.cloud, tools.folder, name) as cloud:
        with Gateway(
            tools.binary, tools.folder, name, ENGINES | tools.settings | settings,
            preload=cloud.environment,
        ) as gateway:
            def down(line, moment):
                if (line, moment) == (0, "line"):
                    cloud.order({"provider": "anthropic", "kind": "refused", "seconds": 0})

            heard = asyncio.run(Phone(gateway.media_port, lines, Answers(), on_moment=down).call())
    return sum(
        # More than a filler and an apology.
        len(sounds) > 12 for _, sounds in answers_of(heard)
    )


def table(rows):
    lines = [f"{'switch':<16}{'on':>8}{'off':>8}  figure"]
    for row in rows:
        on, off = (f"{row[value]:g}" if row[value] is not None else "none"
                   for value in ("true", "false"))
        lines.append(f"{row['switch']:<16}{on:>8}{off:>8}  {row['figure']}")
    return "\n".join(lines)
