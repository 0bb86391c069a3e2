"""One call over every combination of providers: order of the audio, transcript, tool, ledger."""

import asyncio
from itertools import product

import judge
import tones
from answers import Answers
from gateway import BenchError
from phone import Phone
from rig import rig

RECOGNISERS = ("deepgram", "openai")
MODELS = ("anthropic", "openai", "ollama", "rasa")
# Does by itself what the others call tools of ours for.
WITHOUT_TOOLS = "rasa"
VOICES = ("elevenlabs", "deepgram", "openai")
# The last line but one makes the model call a tool, the last one makes it hang up.
LINES = ("en-hours", "en-book", "en-day", "en-name", "en-yes", "en-goodbye")
QUICK = (("deepgram", "anthropic", "elevenlabs"), ("openai", "openai", "deepgram"),
         ("deepgram", "ollama", "openai"))
AT_ONCE = 4
LEDGER = ("endpointing_ms", "stt_latency_ms", "llm_latency_ms", "tts_latency_ms",
          "total_latency_ms", "bridge_ms")


def measure(tools, quick):
    results = asyncio.run(run_all(QUICK if quick else list(product(RECOGNISERS, MODELS, VOICES)),
                                  tools))
    return {
        "pairs_total": len(results),
        "pairs_failed": sum(bool(each["wrong"]) for each in results),
        "pairs": results,
    }


async def run_all(triples, tools):
    limit = asyncio.Semaphore(AT_ONCE)

    async def run(triple):
        async with limit:
            return await one(triple, tools)

    return await asyncio.gather(*map(run, triples))


async def one(triple, tools):
    name = "-".join(triple)
    engines = dict(zip(("stt", "agent", "tts"), triple)) | {"autoFallback": "false"}
    answers = Answers()
    try:
        async with rig(tools, name, engines) as (_, gateway):
            heard = await Phone(gateway.media_port, LINES, answers).call()
            detail = await asyncio.to_thread(judge.detail, gateway.api_url, heard.call_sid)
            events = await asyncio.to_thread(judge.events, gateway.api_url, heard.call_sid)
    except BenchError as error:
        return {"engines": triple, "wrong": [str(error)]}
    result = judge.judged(heard, detail["turns"], answers, {})
    calls_tools = triple[1] != WITHOUT_TOOLS
    return {"engines": triple, "wrong": wrong(heard, detail["turns"], events, answers, calls_tools),
            "first_audio_ms": result["first_audio_ms"]}


def wrong(heard, turns, events, answers, calls_tools):
    found = []
    if len(heard.said) < len(LINES):
        found.append(f"{len(heard.said)} of {len(LINES)} lines said: {heard.end}")
    for said, sounds in judge.answers_of(heard):
        expected = tones.tones_of(answers.after(said.text))
        played = [each.tone for each in sounds]
        # A goodbye said twice over is one answer cut short by hanging up.
        if played != expected and not (said.name == "en-goodbye" and played):
            found.append(f"{said.name}: heard {played}, not {expected}")
    written = [(turn.get("user") or "").lower() for turn in turns if turn.get("user")]
    if [plain(text) for text in written] != [plain(said.text) for said in heard.said]:
        found.append(f"transcript: {written}")
    kinds = [str(event.get("type")) for event in events]
    if calls_tools and not any("tool" in kind for kind in kinds):
        found.append("no tool was called")
    for turn in turns:
        missing = [stage for stage in LEDGER if turn.get(stage) is None]
        if turn.get("user") and missing:
            found.append(f"turn {turn.get('turn')}: no {', '.join(missing)}")
    return found


def plain(text):
    return "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ")


def table(results):
    lines = [f"{'hears':<12}{'thinks':<12}{'speaks':<12}{'first audio ms':>16}"]
    for each in results:
        waits = sorted(each.get("first_audio_ms", {}).values())
        median = f"{waits[len(waits) // 2]}" if waits else "none"
        verdict = "   WRONG: " + "; ".join(each["wrong"]) if each["wrong"] else ""
        hears, thinks, speaks = each["engines"]
        lines.append(f"{hears:<12}{thinks:<12}{speaks:<12}{median:>16}{verdict}")
    return "\n".join(lines)
