"""Calls in which a sound falls into the agent's long answer: interruptions, "ajá", noise of all kinds.

Every call is a recording with one sound at a random moment, its label, and what a recogniser would
make of it. Noise has no words.
"""

import random

import numpy

import noise
import sound
from dialogues import VOICES, background, timed, word_delay

GREETING = {
    "en": "Thank you for calling. Our shop is open from Monday to Friday between nine in the morning"
    " and seven in the evening, and on Saturdays until two. Deliveries take three working days"
    " and cost five euros, unless the order is above fifty euros, in which case they are free.",
    "es": "Gracias por llamar. Nuestra tienda abre de lunes a viernes de nueve de la mañana a siete"
    " de la tarde, y los sábados hasta las dos. Los envíos tardan tres días laborables y cuestan"
    " cinco euros, salvo que el pedido pase de cincuenta euros, y entonces son gratis.",
}

INTERRUPTIONS = {
    ("tuning", "en"): (
        "wait a second", "no that's not what i meant", "sorry can i ask something", "stop",
        "excuse me", "i need to speak to a person", "how much is it", "no no no",
        "but i live in canada", "hold on please", "can you repeat that", "i already know that",
    ),
    ("held-out", "en"): (
        "hang on a minute", "no i wanted something else", "can i just say something", "stop it",
        "pardon", "let me talk to someone", "when will it arrive", "no",
        "but it is for my mother", "one moment", "say that again please", "that's wrong",
    ),
    ("tuning", "es"): (
        "espere un momento", "no eso no es lo que quería", "perdone puedo preguntar algo", "pare",
        "disculpe", "quiero hablar con una persona", "cuánto cuesta", "no no no",
        "pero yo vivo en canadá", "un segundo por favor", "puede repetirlo", "eso ya lo sé",
    ),
    ("held-out", "es"): (
        "aguarde un minuto", "no yo quería otra cosa", "le puedo hacer una pregunta", "basta",
        "perdón", "páseme con alguien", "cuándo llega", "no",
        "pero es para mi madre", "un momento", "repita por favor", "eso está mal",
    ),
}
BACKCHANNELS = {
    ("tuning", "en"): ("mm-hm", "uh-huh", "okay", "yeah", "right", "yes yes"),
    ("held-out", "en"): ("mm-hm", "uh-huh", "okay okay", "sure", "i see", "yeah yeah"),
    ("tuning", "es"): ("ajá", "mm-hm", "sí sí", "claro", "vale", "ya"),
    ("held-out", "es"): ("ajá", "mm-hm", "sí", "claro claro", "muy bien", "de acuerdo"),
}
# Under the level of a caller who speaks.
NOISE_DECIBELS = {
    "pink": (5, 10, 15), "hum": (5, 10, 15), "music": (10, 15), "keyboard": (5, 10),
    "cough": (0, 5), "dtmf": (0, 5), "babble": (15, 20), "burst": (0, 5),
}
BEFORE_MS, AFTER_MS = (2_500, 9_000), 5_000
# A voice at the nominal level, which noises are compared with.
NOMINAL = 10 ** (sound.SPEECH_DECIBELS / 20)


def make(which, renditions, seed, folder):
    calls = []
    for language in ("en", "es"):
        rng = random.Random(f"overlaps {which} {language} {seed}")
        for number in range(renditions):
            for kind, texts in (
                ("interruption", INTERRUPTIONS), ("backchannel", BACKCHANNELS),
            ):
                for index, text in enumerate(texts[which, language]):
                    name = f"{which}-{language}-{kind}-{number}-{index}"
                    calls.append(voice_call(name, kind, text, language, rng, folder))
            for kind, levels in NOISE_DECIBELS.items():
                name = f"{which}-{language}-{kind}-{number}"
                calls.append(noise_call(name, kind, rng.choice(levels), language, rng, folder))
    return calls


def voice_call(name, kind, text, language, rng, folder):
    cache = folder / "rendered"
    samples = sound.spoken(
        text + ".", rng.choice(VOICES[language]), cache, speed=rng.randrange(145, 186, 5),
        pitch=rng.randrange(35, 66, 5))
    spans = sound.speech_segments(samples)
    start = rng.randrange(*BEFORE_MS)
    onset, end = start + spans[0][0], start + spans[-1][1]
    words = timed(text.split(), onset, end - onset, language, True)
    ready = 0
    for word in words:
        ready = max(ready, round(word["end_ms"] + word_delay(rng)))
        word["ready_ms"] = ready
    speech = placed(samples, start)
    heard, line = background(speech, sound.moved(spans, start), rng, cache)
    return written(name, kind, text, language, line, heard, onset, end, words, folder)


def noise_call(name, kind, decibels, language, rng, folder):
    """A noise of up to three seconds; steady ones go on until the call ends."""
    seed, cache = rng.randrange(1 << 30), folder / "rendered"
    if kind == "burst":
        random_noise = numpy.random.default_rng(seed)
        made = random_noise.standard_normal(round(rng.uniform(0.05, 0.4) * sound.RATE))
    else:
        seconds = 3 if kind in ("cough", "keyboard", "dtmf") else 4
        made = noise.make(kind, seconds, seed, cache)
    gain = NOMINAL * 10 ** (-decibels / 20) / sound.active_rms(made)
    start = rng.randrange(*BEFORE_MS)
    samples = placed(sound.quantised(made * gain), start)
    line = numpy.random.default_rng(seed + 1).standard_normal(len(samples))
    heard = sound.through_mu_law(
        sound.quantised(samples / sound.FULL_SCALE + line * NOMINAL * 10 ** (-35 / 20)))
    end = start + len(made) // sound.SAMPLES_PER_MS
    return written(name, kind, "", language, f"{decibels} dB", heard, start, end, [], folder)


def placed(samples, start_ms):
    """Into a recording that lasts for the rest of the agent's answer."""
    total = (BEFORE_MS[1] + 26_000) * sound.SAMPLES_PER_MS
    result = numpy.zeros(total, numpy.int16)
    first = start_ms * sound.SAMPLES_PER_MS
    result[first : first + len(samples)] = samples
    return result


def written(name, kind, text, language, line, samples, onset, end, words, folder):
    path = folder / f"{name}.wav"
    sound.write_wav(path, samples)
    turn = {
        "text": text, "expecting": "", "start_ms": onset, "end_ms": end, "words": words,
    }
    return {
        "name": name, "kind": kind, "language": language, "line": line, "audio": str(path),
        "turns": [turn],
    }
