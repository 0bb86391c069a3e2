"""When turns end, what interrupts an answer, and whether a recorded call can be run again.

Settings and rules were chosen on the `tuning` texts; everything told here is measured on the
`held-out` ones, whose words and seeds no choice has seen.
"""

import json
import subprocess
from pathlib import Path

import curve
import dialogues
import overlaps
import sound

SET = "held-out"
# Of the set's texts, each time with other voices, pauses and noise: 320 turns, 260 overlaps.
RENDITIONS = {"dialogues": (4, 1), "overlaps": (5, 1)}
OPENING = "Hello, how can I help?"
SILENCE_MS = (100, 150, 200, 250, 300, 400, 500, 600, 800, 1_000, 1_200, 1_500)
# Minimum, pause and maximum of the endpointer: the best pairs of 27 on the tuning texts. With a
# longer maximum the gateway's promise of 3 s hands callers over to a human.
POINTS_MS = (
    (0, 200, 1_700), (0, 300, 1_700), (0, 400, 1_700), (0, 480, 1_700), (60, 480, 1_700),
    (0, 600, 1_700), (60, 600, 1_700), (0, 800, 1_700), (60, 800, 1_700), (0, 1_000, 1_700),
    (60, 1_000, 1_700), (0, 1_200, 1_700), (60, 1_200, 1_700), (140, 1_200, 1_700),
    (60, 1_600, 1_700), (140, 1_600, 1_700),
)
DEFAULT = "default"
MEAN_DELAY_MS, CUT_SHARE = 300, 0.05


def measure(options, work):
    folder = Path(work) / "turns"
    folder.mkdir(parents=True, exist_ok=True)
    program = Path(work) / "swift" / "release" / "HearingTurns"
    spoken = dialogues.make(
        SET, RENDITIONS["dialogues"][options.quick], options.seed, folder)
    overlapped = overlaps.make(SET, RENDITIONS["overlaps"][options.quick], options.seed, folder)
    ended = outcomes(program, options, folder / "dialogues.json", spoken, endpointing_runs())
    stopped = outcomes(
        program, options, folder / "overlaps.json", overlapped, [run(DEFAULT, isReplayed=True)])
    replays = [pair for name in (ended, stopped) for pair in name[DEFAULT]]
    return (
        endpointing(ended, Path(options.charts)) | interruptions(stopped[DEFAULT])
        | replayed([outcome["replay"] for _, outcome in replays])
    )


# --- running


def run(name, settings=None, hasInterims=True, isReplayed=False):
    return {
        "name": name, "settings": settings or {}, "hasInterims": hasInterims,
        "isReplayed": isReplayed,
    }


def endpointing_runs():
    silences = [
        run(silence_name(ms), triple(ms, ms, ms), hasInterims=False) for ms in SILENCE_MS
    ]
    points = [run(point_name(point), triple(*point)) for point in POINTS_MS]
    return [run(DEFAULT, isReplayed=True), *silences, *points]


def silence_name(milliseconds):
    return f"silence {milliseconds} ms"


def point_name(point):
    return "/".join(str(value) for value in point) + " ms"


def triple(minimum, pause, maximum):
    values = {"minimum": minimum, "pause": pause, "maximum": maximum}
    return {f"endpointing.{name}": f"{value}ms" for name, value in values.items()}


def outcomes(program, options, plan, calls, runs):
    """By run: each call's labels with what came of it."""
    plan.write_text(json.dumps({
        "weights": str(options.weights), "calls": [planned(call) for call in calls], "runs": runs,
    }))
    done = subprocess.run([program, plan], capture_output=True, text=True, timeout=900)
    if done.returncode:
        raise sound.SoundError(f"HearingTurns failed: {done.stderr[-500:]}")
    labels = {call["name"]: call for call in calls}
    result = {run["name"]: [] for run in runs}
    for line in done.stdout.splitlines():
        outcome = json.loads(line)
        result[outcome["run"]].append((labels[outcome["call"]], outcome))
    return result


def planned(call):
    return {
        "name": call["name"], "language": call["language"], "audio": call["audio"],
        "greeting": overlaps.GREETING[call["language"]] if "kind" in call else OPENING,
        "turns": [
            {
                "expecting": turn["expecting"], "start": turn["start_ms"], "end": turn["end_ms"],
                "words": [
                    {"text": word["text"], "end": word["end_ms"], "ready": word["ready_ms"]}
                    for word in turn["words"]
                ],
            }
            for turn in call["turns"]
        ],
    }


# --- endpointing


def endpointing(ended, charts):
    """The figures of both curves; a point is (mean delay in ms, share of turns cut)."""
    counts = {name: counted(pairs) for name, pairs in ended.items()}
    ours = sorted(point(counts[point_name(values)]) for values in POINTS_MS)
    ours = sorted([*ours, point(counts[DEFAULT])])
    silence = sorted(point(counts[silence_name(ms)]) for ms in SILENCE_MS)
    default = counts[DEFAULT]
    charts.mkdir(parents=True, exist_ok=True)
    curve.draw(
        charts / "endpointing.svg", "Turns cut off against delay",
        "mean delay after the end of the voice, ms", "share of turns cut",
        [("silence alone", silence), ("words, melody and silence", ours)],
        [(*point(default), "default")])
    return {
        "cutoffs_at_300ms": rounded(cuts_within(ours, MEAN_DELAY_MS)),
        "delay_ms_at_5pct": rounded(delay_with(ours, CUT_SHARE)),
        "cutoffs_at_300ms_silence_only": rounded(cuts_within(silence, MEAN_DELAY_MS)),
        "delay_ms_at_5pct_silence_only": rounded(delay_with(silence, CUT_SHARE)),
        "cutoffs_default": rounded(default["cut"] / default["turns"]),
        "delay_ms_default": rounded(default["delay_ms"]),
        "cuts_healed_default": default["healed"],
        "turns_never_ended_default": default["unended"],
        "turns_never_ended_curve": max(counts[point_name(each)]["unended"] for each in POINTS_MS),
        "turns": default["turns"],
        "turns_with_pauses": sum(
            bool(turn["pauses_ms"]) for call, _ in ended[DEFAULT] for turn in call["turns"]),
        "endpointing_by_noise": {
            kind: summary([pair for pair in ended[DEFAULT] if pair[0]["line"].startswith(kind)])
            for kind in sorted({call["line"].split()[0] for call, _ in ended[DEFAULT]})
        },
        "endpointing_curve": [[rounded(value) for value in each] for each in ours],
        "silence_only_curve": [[rounded(value) for value in each] for each in silence],
    }


def counted(pairs):
    result = {"turns": 0, "cut": 0, "healed": 0, "unended": 0}
    delays = []
    for call, outcome in pairs:
        for label, turn in zip(call["turns"], outcome["turns"], strict=True):
            result["turns"] += 1
            if turn["cuts"]:
                result["cut"] += 1
                result["healed"] += turn["healed"] >= len(turn["cuts"])
            elif "end" in turn:
                delays.append(turn["end"] - label["end_ms"])
            else:
                result["unended"] += 1
    result["delay_ms"] = sum(delays) / len(delays) if delays else None
    return result


def summary(pairs):
    count = counted(pairs)
    return {
        "turns": count["turns"], "cutoffs": rounded(count["cut"] / count["turns"]),
        "delay_ms": rounded(count["delay_ms"]),
    }


def point(count):
    return count["delay_ms"], count["cut"] / count["turns"]


def cuts_within(points, delay_ms):
    """The fewest cuts of any measured point that is no slower; nothing is interpolated.

    Without such a point, those of the fastest, which is too slow: at that delay more would be cut.
    """
    fast = [cut for delay, cut in points if delay <= delay_ms]
    return min(fast) if fast else min(points)[1]


def delay_with(points, share):
    """The least mean delay of any measured point that cuts no more; `None` without one."""
    return min((delay for delay, cut in points if cut <= share), default=None)


# --- interruptions


def interruptions(pairs):
    confirmed = [call for call, outcome in pairs if outcome["interruptions"]]
    real = [pair for pair in pairs if pair[0]["kind"] == "interruption"]
    hits = sum(call["kind"] == "interruption" for call in confirmed)
    pauses, quiet = pause_times(real)
    resumed = [outcome["greeting"] for call, outcome in pairs if not outcome["interruptions"]]
    return {
        "interruption_precision": rounded(hits / len(confirmed)) if confirmed else None,
        "interruption_recall": rounded(hits / len(real)),
        "pause_ms_p50": percentile(pauses, 0.50),
        "pause_ms_p95": percentile(pauses, 0.95),
        "interruptions": len(real),
        "agent_quiet_before_interruption": quiet,
        "overlaps_by_kind": by_kind(pairs),
        "answers_resumed": sum(
            bool(outcome["clears"]) and not outcome["interruptions"] for _, outcome in pairs),
        "answers_heard_whole": sum(greeting["isWhole"] for greeting in resumed),
        "answers_not_interrupted": len(resumed),
        "octets_skipped_by_resuming": max(greeting["skipped"] for greeting in resumed),
        "words_repeated_by_resuming": max(greeting["repeatedWords"] for greeting in resumed),
    }


def pause_times(real):
    """From the labelled onset to `clear`, and how often the agent had already been quieted.

    An interruption that never paused the answer counts as endless.
    """
    pauses, quiet = [], 0
    for call, outcome in real:
        onset = call["turns"][0]["start_ms"]
        after = [time - onset for time in outcome["clears"] if time >= onset]
        before = [time for time in outcome["clears"] if onset - 1_000 <= time < onset]
        if before:
            quiet += 1
        else:
            pauses.append(after[0] if after else float("inf"))
    return sorted(pauses), quiet


def by_kind(pairs):
    """Of each kind: how many calls, how many paused the answer, how many ended it."""
    result = {}
    for call, outcome in pairs:
        counts = result.setdefault(call["kind"], {"calls": 0, "paused": 0, "ended": 0})
        counts["calls"] += 1
        counts["paused"] += bool(outcome["clears"])
        counts["ended"] += bool(outcome["interruptions"])
    return result


def percentile(values, share):
    """Nearest rank; `None` when it is endless."""
    value = values[min(len(values) - 1, int(len(values) * share))]
    return None if value == float("inf") else value


# --- replay


def replayed(replays):
    """Every call of both sets, recorded and run again from its record."""
    call_seconds = sum(replay["callSeconds"] for replay in replays)
    return {
        "replay_identical": all(replay["isIdentical"] for replay in replays),
        "replay_calls": len(replays),
        "replay_decisions": sum(replay["decisions"] for replay in replays),
        "replay_speed": rounded(
            call_seconds / sum(replay["replaySeconds"] for replay in replays)),
    }


def rounded(value):
    return None if value is None else round(value, 3 if value < 10 else 0)
