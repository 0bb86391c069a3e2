"""Calls of people who hesitate: rendered turns on a fixed time line, with labels and interim text.

A call is one recording. Its turns stand far enough apart for the longest wait and the agent's next
question. What a recogniser would say, and when, comes from the labels: a word is known some time
after it was spoken, never before.
"""

import math
import random

import numpy

import noise
import sound
from dialogue_texts import DIGITS, FILLERS, SLOTS, TURNS

VOICES = {
    "en": ("en-us", "en-gb", "en-us+f3", "en-gb+m3", "en-gb+f2", "en-us+m7"),
    "es": ("es", "es-419", "es+f2", "es-419+m3", "es-419+f4", "es+m7"),
}
TURNS_PER_CALL = 8
FIRST_TURN_MS = 3_000
# The longest wait, the model, the agent's question and the time to think of an answer to it.
BETWEEN_TURNS_MS = 5_500

# Silent pauses inside turns are log-normal with a median of about half a second, most of them
# between 200 ms and 1 s with a long tail (Campione and Véronis 2002, spontaneous speech; Heldner
# and Edlund 2010 find the same for pauses within speakers). Shorter than 180 ms is articulation.
# Callers differ: a third of the spread is theirs.
PAUSE_MEDIAN_MS = 500
PAUSE_SPREAD_WITHIN, PAUSE_SPREAD_BETWEEN = 0.50, 0.30
SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS = 180, 3_000

# From the end of a word to its interim text: 250 ms in the median, 95 % within 410 ms.
WORD_DELAY_MEDIAN_MS, WORD_DELAY_SPREAD = 250, 0.3

# Every third call comes from a noisy place.
NOISES = ("pink", "hum", "keyboard", "babble")
LINE_DECIBELS, NOISY_DECIBELS = 35, (10, 12, 15)


def word_delay(rng):
    return WORD_DELAY_MEDIAN_MS * math.exp(rng.gauss(0, WORD_DELAY_SPREAD))


def background(speech, segments, rng, cache):
    """Every call has a line's noise; every third comes from a noisy place."""
    is_noisy = rng.random() < 1 / 3
    kind = rng.choice(NOISES) if is_noisy else "pink"
    decibels = rng.choice(NOISY_DECIBELS) if is_noisy else LINE_DECIBELS
    made = noise.make(kind, 20, rng.randrange(1 << 30), cache)
    samples = sound.mixed(speech, made, decibels, segments)
    return sound.through_mu_law(samples), f"{kind} {decibels} dB"


def make(which, renditions, seed, folder):
    """All calls of a set, their recordings written into `folder`."""
    calls = []
    cache = folder / "rendered"
    for language in ("en", "es"):
        rng = random.Random(f"{which} {language} {seed}")
        turns = []
        for _ in range(renditions):
            turns += rng.sample(TURNS[which, language], len(TURNS[which, language]))
        for start in range(0, len(turns), TURNS_PER_CALL):
            name = f"{which}-{language}-{start // TURNS_PER_CALL}"
            calls.append(
                call(name, which, language, turns[start : start + TURNS_PER_CALL], rng, folder,
                     cache))
    return calls


def call(name, which, language, texts, rng, folder, cache):
    speaker = {
        "voice": rng.choice(VOICES[language]),
        "speed": rng.randrange(140, 186, 5),
        "pitch": rng.randrange(35, 66, 5),
    }
    pause = PAUSE_MEDIAN_MS * math.exp(rng.gauss(0, PAUSE_SPREAD_BETWEEN))
    keeps_fillers = rng.random() < 0.5
    parts, segments, turns = [], [], []
    position = FIRST_TURN_MS
    for expecting, text in texts:
        turn, samples = spoken_turn(filled(text, which, language, rng), language, speaker, pause,
                                    keeps_fillers, rng, cache)
        parts.append((position, samples))
        segments += sound.moved(turn.pop("segments"), position)
        for word in turn["words"]:
            word["end_ms"] += position
            word["ready_ms"] += position
        turn["expecting"] = expecting or ""
        turn["start_ms"] += position
        turn["end_ms"] += position
        turns.append(turn)
        position = turn["end_ms"] + BETWEEN_TURNS_MS
    speech = numpy.zeros(position * sound.SAMPLES_PER_MS, numpy.int16)
    for start, samples in parts:
        first = start * sound.SAMPLES_PER_MS
        speech[first : first + len(samples)] = samples
    samples, line = background(speech, segments, rng, cache)
    path = folder / f"{name}.wav"
    sound.write_wav(path, samples)
    return {"name": name, "language": language, "line": line, "audio": str(path), "turns": turns}


def filled(text, which, language, rng):
    for slot, values in SLOTS[which, language].items():
        while f"{{{slot}}}" in text:
            text = text.replace(f"{{{slot}}}", rng.choice(values), 1)
    return text


def spoken_turn(text, language, speaker, pause_median, keeps_fillers, rng, cache):
    """The turn from 0 on: its samples, the labels, the words."""
    phrases = [phrase.split() for phrase in text.split("|")]
    pieces, words, segments, pauses = [], [], [], []
    position = 0
    for index, phrase in enumerate(phrases):
        said = [word for token in phrase for word in spelled(token, language)]
        is_last = index == len(phrases) - 1
        # A comma keeps espeak-ng's pitch up; a stop lets it fall.
        samples = sound.spoken(" ".join(said) + ("." if is_last else ","), cache=cache, **speaker)
        spans = sound.speech_segments(samples)
        first, last = spans[0][0], spans[-1][1]
        samples = samples[first * sound.SAMPLES_PER_MS : last * sound.SAMPLES_PER_MS]
        pieces.append(samples)
        segments += sound.moved(spans, position - first)
        words += timed(said, position, last - first, language, keeps_fillers)
        position += last - first
        if not is_last:
            silence = round(pause_median * math.exp(rng.gauss(0, PAUSE_SPREAD_WITHIN)))
            silence = min(max(silence, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS)
            pieces.append(numpy.zeros(silence * sound.SAMPLES_PER_MS, numpy.int16))
            pauses.append(silence)
            position += silence
    ready = 0
    for word in words:
        ready = max(ready, round(word["end_ms"] + word_delay(rng)))
        word["ready_ms"] = ready
    return {
        "text": text, "start_ms": 0, "end_ms": position, "pauses_ms": pauses, "words": words,
        "segments": segments,
    }, numpy.concatenate(pieces)


def spelled(token, language):
    """The spoken words of a token: digits one by one."""
    if token.startswith("<"):
        return [DIGITS[language][int(digit)] for digit in token.strip("<>")]
    return [token]


def timed(said, start_ms, length_ms, language, keeps_fillers):
    """Words end in proportion to their letters, the last one with the phrase."""
    total = sum(len(word) + 1 for word in said)
    result, letters = [], 0
    for word in said:
        letters += len(word) + 1
        if keeps_fillers or word not in FILLERS[language]:
            result.append({"text": word, "end_ms": start_ms + length_ms * letters // total})
    return result
