"""Simulated conversations: the bridge's share of a turn, and the time from speech to `clear`."""

import json
import subprocess
from contextlib import ExitStack
from pathlib import Path

from gateway import BenchError, Gateway, stop
from recording import Recording

FIXTURES = Path("audio-fixtures")
CALL_SECONDS = 110
CALLS_PER_SCRIPT = 2
# The stages between the end of a turn and the first audio; engines that answer at once take next to
# nothing of them.
STAGES = ("stt_latency_ms", "llm_latency_ms", "chunking_ms", "tts_latency_ms", "send_ms")
# Where in a 20 ms frame the recordings begin; a telephone's frames know nothing of words.
SHIFTS_MS = (0, 5, 10, 15)
LABEL_TOLERANCE_MS = 10


def measure_bridge(binary, tools, calls, interruptions):
    """20 calls on instant engines: one answer heard out, then talked over again and again."""
    question = str((FIXTURES / "demo/en-hours.wav").resolve())
    steps = [{"play": question}]
    steps += [{"play": question, "interruptAfterMilliseconds": 400}] * interruptions
    script = Path(tools) / "bridge.json"
    script.write_text(json.dumps({"language": "en", "steps": steps}))
    with Gateway(binary, tools, "bridge", {"vad": "silero"}) as gateway:
        [report] = simulate(binary, gateway, [script], calls)
    turns = [turn for turn in report["turns"] if turn["bridge_ms"] is not None]
    shares = [turn["bridge_ms"] for turn in turns]
    if not shares:
        raise BenchError(f"no turn was completed: {report['problems']}")
    return {
        "bridge_ms_p50": percentile(shares, 50),
        "bridge_ms_p95": percentile(shares, 95),
        "bridge_ms_p99": percentile(shares, 99),
        "bridge_ms_max": round(max(shares), 3),
        "bridge_calls": calls,
        "bridge_turns": len(shares),
        "bridge_turns_expected": calls * (1 + interruptions),
        "bridge_ms_by_stage": {
            stage: {
                f"p{percent}": percentile([turn[stage] for turn in turns], percent)
                for percent in (50, 99)
            }
            for stage in STAGES
        },
        "bridge_slowest_turns": [
            {name: turn[name] for name in ("call", "turn", "bridge_ms", *STAGES)}
            for turn in sorted(turns, key=lambda turn: -turn["bridge_ms"])[:5]
        ],
        "bridge_call_problems": report["problems"],
    }


def measure_onset(binary, tools, is_quick):
    """Labelled speech into a talking agent; counts from the manifest's label to `clear`."""
    recordings = interrupting_recordings(is_quick)
    folder = Path(tools) / "audio"
    folder.mkdir(exist_ok=True)
    scripts = []
    for index, shift in enumerate(SHIFTS_MS):
        # Every script has other recordings than its neighbour at this point, so that all four
        # together have every recording at least once.
        mine = [each.shifted(shift) for each in recordings[index :: len(SHIFTS_MS)]]
        scripts.append(write_script(Path(tools) / f"onset-{shift}.json", folder, mine))
    with Gateway(binary, tools, "onset", {"vad": "silero"}) as gateway:
        reports = simulate(binary, gateway, [path for path, _ in scripts], CALLS_PER_SCRIPT)
    results = []
    for (_, by_name), report in zip(scripts, reports):
        results += [(by_name[each["recording"]], each) for each in report["interruptions"]]
    return onset_figures(results, [problem for each in reports for problem in each["problems"]])


def interrupting_recordings(is_quick):
    manifest = json.loads((FIXTURES / "manifest.json").read_text())
    folders = ("interruption/", "demo/")
    files = [
        Recording.load(FIXTURES / each["path"], each["speech"][0]["start_ms"])
        for each in manifest["files"]
        if each["path"].startswith(folders) and each["speech"]
    ]
    files.sort(key=lambda each: each.duration_ms)
    # The short ones and, for each script, one with noise before the voice.
    return files[:12] + files[-4:] if is_quick else files


def write_script(path, folder, recordings):
    steps = [{"play": str((FIXTURES / "demo/en-hours.wav").resolve())}]
    by_name = {}
    for recording in recordings:
        copy = folder / f"{recording.name}.wav"
        recording.write(copy)
        by_name[recording.name] = recording
        steps.append({"play": str(copy.resolve()), "interruptAfterMilliseconds": 300})
    path.write_text(json.dumps({"language": "en", "steps": steps}))
    return path, by_name


def onset_figures(results, problems):
    """Corrects the caller's own onset to the label's.

    A `clear` that came before the voice answered something else and is left out, but told; one that
    never came counts as endless.
    """
    times, early, missed, disagreements = [], 0, [], {}
    for recording, result in results:
        offset = recording.caller_onset_ms - recording.label_ms
        if abs(offset) > LABEL_TOLERANCE_MS:
            disagreements[recording.name] = offset
        if result["onset_to_clear_ms"] is None:
            missed.append(recording.name)
            times.append((float("inf"), recording.name))
        elif result["onset_to_clear_ms"] + offset < 0:
            early += 1
        else:
            times.append((round(result["onset_to_clear_ms"] + offset, 1), recording.name))
    if not times:
        raise BenchError(f"nobody was interrupted: {problems}")
    milliseconds = [time for time, _ in times]
    slowest = sorted((each for each in times if each[0] != float("inf")), reverse=True)[:5]
    return {
        "onset_to_clear_ms_p50": percentile(milliseconds, 50),
        "onset_to_clear_ms_p95": percentile(milliseconds, 95),
        "onset_interruptions": len(results),
        "onset_interruptions_in_percentiles": len(times),
        "onset_cleared_before_voice": early,
        "onset_not_obeyed": missed,
        "onset_caller_minus_label_ms": disagreements,
        "onset_slowest": [{"recording": name, "milliseconds": time} for time, name in slowest],
        "onset_call_problems": problems,
        "stale_audio_after_clear": sum(result["stale_marks_after_clear"] for _, result in results),
    }


def simulate(binary, gateway, scripts, calls):
    """Runs `mediabridge call` once for each script, all at once, and returns their reports.

    A failed call is told by its report, not by the status.
    """
    command = [
        str(Path(binary).resolve()), "call", "--json", "--calls", str(calls),
        "--url", gateway.media_url, "--api", gateway.api_url, "--script",
    ]
    with ExitStack() as stack:
        callers = []
        for script in scripts:
            output = stack.enter_context(open(script.with_suffix(".out"), "w+"))
            log = stack.enter_context(open(script.with_suffix(".log"), "w"))
            caller = subprocess.Popen(
                [*command, str(script)], stdin=subprocess.DEVNULL, stdout=output, stderr=log
            )
            stack.callback(stop, caller)
            callers.append((script, caller, output))
        return [finished(*each) for each in callers]


def finished(script, caller, output):
    try:
        caller.wait(CALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise BenchError(f"the calls of {script} took over {CALL_SECONDS} s") from error
    output.seek(0)
    lines = output.read().strip().splitlines()
    try:
        return json.loads(lines[-1])
    except (IndexError, json.JSONDecodeError) as error:
        raise BenchError(f"no report; see {script.with_suffix('.log')}") from error


def percentile(values, percent):
    """Nearest rank; None when it is endless."""
    ordered = sorted(values)
    value = ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
    return None if value == float("inf") else round(value, 3)
