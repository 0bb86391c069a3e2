"""Reads what a simulated voice said: a tone for each word, whose pitch tells which word it is.

The figures are those of `SimulatedVoice` (Tests/Support/ProviderSimulators): 60 ms of silence, then
100 ms of tone and 20 ms of silence for each word, µ-law at 8 kHz.
"""

import re
from dataclasses import dataclass

TONES = 24
LOWEST_HERTZ, STEP_HERTZ = 400, 100
TONE_MS = 100
# Before the first word of each text, and behind the last.
NORMAL_GAP_MS = 80
BLOCK = 40  # octets, 5 ms
BLOCK_MS = 5
# 1 for octets above −32 dBFS; the tones are at −12.
LOUD = bytes(1 if octet & 0x7F < 0x4B else 0 for octet in range(256))
POSITIVE = bytes(octet >> 7 for octet in range(256))


@dataclass
class Sound:
    """A stretch of sound; `tone` is None for what is no tone of a simulated voice."""

    tone: int | None
    start_ms: float
    end_ms: float
    sounding_ms: float


def tone_of(word):
    letters = "".join(letter for letter in word.lower() if letter.isalnum())
    value = 2_166_136_261
    for octet in letters.encode():
        value = ((value ^ octet) * 16_777_619) & 0xFFFFFFFF
    return (value >> 8) % TONES


def tones_of(text):
    return [tone_of(word) for word in text.split()]


def sentences(text):
    return [part for part in re.split(r"(?<=[.?!]) ", text) if part]


def sounds(octets, start=0):
    """What is heard in µ-law octets from `start` on; a tone cut in two by a pause is one."""
    found = []
    for first, last in runs(octets, start):
        found.append(judged(octets, first, last))
    joined = []
    for sound in found:
        before = joined[-1] if joined else None
        if (
            before and before.tone is not None and before.tone == sound.tone
            and before.sounding_ms + sound.sounding_ms <= TONE_MS + 15
            and min(before.sounding_ms, sound.sounding_ms) < TONE_MS - 15
        ):
            before.end_ms = sound.end_ms
            before.sounding_ms += sound.sounding_ms
        else:
            joined.append(sound)
    return joined


def runs(octets, start):
    """Stretches of loud blocks, as octet positions."""
    mask = bytes(octets).translate(LOUD)
    first = None
    position = start - start % BLOCK
    while position < len(mask):
        if 1 in mask[position : position + BLOCK]:
            if first is None:
                first = position
        elif first is not None:
            yield first, position
            first = None
        position += BLOCK
    if first is not None:
        yield first, len(mask)


def judged(octets, first, last):
    # To the octet.
    mask = bytes(octets[first:last]).translate(LOUD)
    start, end = first + mask.index(1), first + mask.rindex(1) + 1
    length_ms = (end - start) / 8
    # A little off both ends, where a pause may have cut.
    edge = 40 if end - start > 400 else 0
    middle = bytes(octets[start + edge : end - edge]).translate(POSITIVE)
    crossings = [match.start() for match in re.finditer(b"\x00\x01", middle)]
    tone = None
    if len(crossings) > 2 and length_ms < TONE_MS + 20:
        hertz = 8_000 * (len(crossings) - 1) / (crossings[-1] - crossings[0])
        nearest = round((hertz - LOWEST_HERTZ) / STEP_HERTZ)
        if 0 <= nearest < TONES and abs(hertz - LOWEST_HERTZ - nearest * STEP_HERTZ) < 35:
            tone = nearest
    return Sound(tone, start / 8, end / 8, length_ms)
