"""Calls during which a provider fails, each planned from a seed, judged by what the caller heard."""

import asyncio
import json
import random
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import judge
from answers import Answers
from gateway import BenchError
from phone import Phone
from rig import rig

AT_ONCE = 10
LINES = ("en-hours", "en-prices", "en-day")
ENGINES = {"stt": "deepgram,openai", "agent": "anthropic,openai", "tts": "elevenlabs,deepgram"}
NEXT_AUDIO_MS = 2_000
SILENCE_MS = 3_000
KINDS = (
    "refused", "unauthorised", "rateLimited", "serverError", "overloaded", "stallBeforeFirst",
    "stallMidStream", "garbage", "closeMidWord", "slowName", "halfClosed",
)
PROVIDERS = ("deepgram", "anthropic", "elevenlabs")


@dataclass
class Case:
    number: int
    provider: str
    kind: str
    # The line of the caller's that it belongs to, and when: as the line begins, as its voice ends,
    # or as the answer becomes audible.
    line: int
    moment: str
    count: int
    after: int
    seconds: int
    failed: list = field(default_factory=list)

    def order(self):
        order = {"provider": self.provider, "kind": self.kind, "count": self.count,
                 "after": self.after, "seconds": self.seconds}
        if self.kind == "slowName":
            order["kind"] = "cut"
        elif self.provider != "anthropic" and self.kind in (
            "unauthorised", "rateLimited", "serverError", "overloaded",
        ):
            # Sockets meet it at their next handshake.
            order["cut"] = True
        return order


def planned(seed, count):
    """The same cases for the same seed; every kind and provider comes in turn, the rest by chance."""
    cases = []
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        provider = PROVIDERS[number % len(PROVIDERS)]
        kind = KINDS[number // len(PROVIDERS) % len(KINDS)]
        line = chance.randrange(len(LINES))
        # Behind the last answer nobody is asked any more.
        moments = ("line", "voiceEnd", "answer") if line + 1 < len(LINES) else ("line", "voiceEnd")
        cases.append(
            Case(
                number, provider, kind, line, moment=chance.choice(moments),
                count=chance.choice((1, 2, 3, 0)),
                after=chance.randint(2, 40) if provider == "anthropic" else chance.randint(0, 700),
                seconds=chance.choice((1, 2, 5, 0)) if kind == "refused" else chance.randint(1, 20),
            )
        )
    return cases


async def run_all(cases, tools, at_once=AT_ONCE):
    # A fault does not wait for other cases' gateways to start.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(8 * at_once))
    answers = Answers()
    limit = asyncio.Semaphore(at_once)
    normal = {}

    async def run(case):
        async with limit:
            result = await one(case, tools, answers, normal)
            mark = "." if result.get("survived", True) else "F"
            print(mark, end="", file=sys.stderr, flush=True)
            return result

    # What is normal: two calls of which nothing fails.
    for _ in range(2):
        result = await one(None, tools, answers, normal)
        for name, wait in result["first_audio_ms"].items():
            normal[name] = min(wait, normal.get(name, wait))
        if result["answer_words_lost"] or result["lost_words"] or result["repeated"]:
            raise BenchError(f"a call without any fault went wrong: {result}")
    # The others end what they started before a failure is told.
    results = await asyncio.gather(*(run(case) for case in cases), return_exceptions=True)
    print(file=sys.stderr)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return normal, results


async def one(case, tools, answers, normal):
    name = f"fault-{case.number}" if case else "fault-none"
    with tempfile.TemporaryDirectory() as names:
        preload = {"LD_PRELOAD": str(tools.slow_names), "SLOW_NAMES": names}
        async with rig(tools, name, ENGINES, by_name=True, preload=preload) as (cloud, gateway):
            return await call(case, cloud, gateway, Path(names), answers, normal)


async def call(case, cloud, gateway, names, answers, normal):
    orders = []

    def on_moment(line, moment):
        if case and not orders and (line, moment) == (case.line, case.moment):
            if case.kind == "slowName":
                (names / f"{case.provider}.cloud.test").write_text(str(2_000 + case.after * 5))
            orders.append(asyncio.create_task(asyncio.to_thread(cloud.order, case.order())))

    phone = Phone(gateway.media_port, LINES, answers, on_moment=on_moment)
    heard = await phone.call()
    await asyncio.gather(*orders)
    detail = await asyncio.to_thread(judge.detail, gateway.api_url, heard.call_sid)
    result = judge.judged(heard, detail["turns"], answers, normal)
    result["lines_said"] = len(heard.said)
    if not case:
        return result
    events = await asyncio.to_thread(judge.events, gateway.api_url, heard.call_sid)
    result["case"] = asdict(case)
    result["happened"] = [
        entry["text"] for entry in await asyncio.to_thread(cloud.log) if entry["what"] == "fault"
    ]
    result["switches"] = [event for event in events if "failover" in json.dumps(event)]
    result["failed"] = failures(result)
    result["survived"] = not result["failed"]
    if result["failed"]:
        keep(gateway.log.with_suffix(".call.json"), heard, result, events)
    return result


def failures(result):
    failed = []
    if result["next_audio_ms"] > NEXT_AUDIO_MS:
        failed.append(f"next audio after {result['next_audio_ms']} ms")
    if result["silence_ms"] > SILENCE_MS:
        failed.append(f"{result['silence_ms']} ms of silence")
    if result["repeated"]:
        failed.append(f"said twice: {result['repeated']}")
    if result["lost_words"]:
        failed.append(f"{result['lost_words']} words lost of the transcript")
    if result["lines_said"] < len(LINES) or result["end"] != "the caller hung up":
        failed.append(f"the call ended before its time: {result['end']}")
    return failed


def keep(path, heard, result, events):
    path.write_text(json.dumps({"result": result, "events": events}, indent=1))
    path.with_suffix(".ulaw").write_bytes(bytes(heard.octets))


def figures(seed, normal, results):
    failed = [each for each in results if not each["survived"]]
    return {
        "seed": seed,
        "faults_total": len(results),
        "faults_survived": len(results) - len(failed),
        "faults_not_survived": len(failed),
        "faults_that_happened": sum(bool(each["happened"]) for each in results),
        "next_audio_ms_max": max(each["next_audio_ms"] for each in results),
        "silence_ms_max": max(each["silence_ms"] for each in results),
        "repeated_sentences": sum(len(each["repeated"]) for each in results),
        "lost_words": sum(each["lost_words"] for each in results),
        "answer_words_lost": sum(each["answer_words_lost"] for each in results),
        "calls_that_switched": sum(bool(each["switches"]) for each in results),
        "normal_first_audio_ms": normal,
        "fault_failures": [
            {"only": each["case"]["number"], "case": each["case"], "failed": each["failed"],
             "notes": each["notes"]}
            for each in failed
        ],
    }
