"""Judges a call by what its caller heard, beside what the gateway wrote down."""

import json
import urllib.request

import tones
from answers import common

# Sounds closer than this follow each other.
HEARD_GAP_MS = tones.NORMAL_GAP_MS + 40
# The voice has ended for the gateway a little after it has for the caller.
TICK_MS = 20


def answers_of(heard):
    """For each line of the caller's: the line, and the sounds until the next one."""
    sounds = tones.sounds(heard.octets)
    ends = [said.start_ms for said in heard.said[1:]] + [float("inf")]
    return [
        (said, [each for each in sounds if said.voice_end_ms <= each.start_ms < end])
        for said, end in zip(heard.said, ends)
    ]


def judged(heard, turns, answers, normal_ms):
    """`normal_ms`: from the end of a line's voice to the answer, by line, when nothing fails."""
    next_audio, silences, notes = [], [], []
    answered_words = expected_words = 0
    for said, sounds in answers_of(heard):
        expected = tones.tones_of(answers.after(said.text))
        played = [each.tone for each in sounds]
        answered = common(expected, played)
        expected_words += len(expected)
        answered_words += answered
        if answered < len(expected):
            notes.append(f"{said.name}: {answered} of {len(expected)} words of the answer")
        if not sounds:
            notes.append(f"{said.name}: no answer")
            wait = heard.duration_ms - said.voice_end_ms
            silences.append((wait, said.name))
            next_audio.append((wait - normal_ms.get(said.name, 0), said.name))
            continue
        wait = sounds[0].start_ms - said.voice_end_ms
        silences.append((wait, said.name))
        next_audio.append((wait - normal_ms.get(said.name, wait), said.name))
        for before, after in zip(sounds, sounds[1:]):
            gap = after.start_ms - before.end_ms
            if gap > HEARD_GAP_MS:
                silences.append((gap, said.name))
                next_audio.append((gap - tones.NORMAL_GAP_MS, said.name))
    said_words = " ".join(said.text for said in heard.said).split()
    written = " ".join(turn.get("user") or "" for turn in turns).lower().split()
    written = ["".join(c for c in word if c.isalnum()) for word in written]
    spoken = [each.tone for each in tones.sounds(heard.octets) if each.tone is not None]
    return {
        "next_audio_ms": round(max(next_audio, default=(0, ""))[0]),
        "silence_ms": round(max(silences, default=(0, ""))[0]),
        "repeated": answers.repeated(spoken),
        "lost_words": len(said_words) - common(said_words, written),
        "written": " ".join(written),
        "answer_words_lost": expected_words - answered_words,
        "end": heard.end,
        "worst_tick_ms": round(heard.worst_tick_ms, 1),
        "notes": notes,
        "first_audio_ms": {
            said.name: round(sounds[0].start_ms - said.voice_end_ms)
            for said, sounds in answers_of(heard) if sounds
        },
    }


def get(api_url, path):
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return json.loads(direct.open(api_url + path, timeout=10).read())


def detail(api_url, call_sid):
    return get(api_url, f"/api/v1/calls/{call_sid}")


def events(api_url, call_sid):
    return get(api_url, f"/api/v1/calls/{call_sid}/events?after=0&wait_ms=0")["events"]
