"""The labelled voice set: recorded prompts and espeak-ng voices, over noise, through the line."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy

import noise
import sound
from sound import RATE, SAMPLES_PER_MS

FIXTURES = Path(__file__).parents[2] / "audio-fixtures"
SNRS_DECIBELS = (20, 10, 5, 0)
LANGUAGES, ORIGINS = ("en", "es"), ("recorded", "synthetic")
# Of a cell's eight files, the first four come in both languages and both origins without loss.
LOSSES = (0, 0, 0, 0, 0.02, 0.05, 0.05, 0.02)
# What a line has when nobody speaks, dB under full scale.
LINE_DECIBELS = -65
# Speech lies around the nominal level; telephones do not agree on it.
LEVEL_SPREAD_DECIBELS = 6
NOISE_ONLY_DECIBELS = (-26, -36)

SPOKEN = {
    "en": (
        "good morning, i am calling about the invoice you sent me last week",
        "could you tell me whether the shop is open on sundays",
        "no, that is not what i ordered",
        "my address is twenty three maple street, apartment four",
        "i have been waiting for the technician since nine o'clock",
        "yes, that would be perfect",
        "the washing machine stops in the middle of the programme and shows an error",
        "can you send me the confirmation by mail",
        "what does it cost to change the flight to thursday",
        "hold on, let me find the number",
        "it was delivered yesterday but the box is empty",
        "we are four people and one of us needs a wheelchair",
        "sorry, could you say that again",
        "i forgot my password and the link does not work",
        "please take my name off your list",
        "thanks a lot, have a nice day",
    ),
    "es": (
        "buenos días, llamo por la factura que me mandaron la semana pasada",
        "me puede decir si abren los domingos",
        "no, eso no es lo que pedí",
        "mi dirección es calle mayor veintitrés, segundo izquierda",
        "llevo esperando al técnico desde las nueve de la mañana",
        "sí, me viene perfecto",
        "la lavadora se para a mitad del programa y sale un error",
        "me lo puede confirmar por correo electrónico",
        "cuánto cuesta cambiar el vuelo al jueves",
        "espere un momento, que busco el número",
        "lo entregaron ayer, pero la caja está vacía",
        "somos cuatro y uno de nosotros va en silla de ruedas",
        "perdone, me lo puede repetir",
        "olvidé la contraseña y el enlace no funciona",
        "por favor, borren mi nombre de su lista",
        "muchas gracias, que tenga un buen día",
    ),
}
VOICES = {
    "en": ("en-us", "en-gb", "en-us+f2", "en-us+m3", "en-gb+f4", "en-gb+m7"),
    "es": ("es", "es-419", "es+f2", "es-419+m3", "es-419+f4", "es+m7"),
}


@dataclass(frozen=True)
class Recording:
    """`snr_decibels` is None without noise, and without speech."""

    name: str
    samples: numpy.ndarray
    segments: list
    noise: str
    snr_decibels: int | None
    origin: str
    loss: float

    @property
    def has_speech(self):
        return bool(self.segments)


def recordings(is_quick, seed, cache):
    """All of the set, in order; the same seed gives the same samples."""
    utterances = Utterances(seed, cache)
    for place in range(4 if is_quick else 8):
        yield mixed_recording(utterances, "none", None, place, seed, cache)
    cells = [(kind, snr) for kind in noise.KINDS for snr in SNRS_DECIBELS]
    for number, (kind, snr) in enumerate(cells):
        for place in ((number % 8, (number + 3) % 8) if is_quick else range(8)):
            yield mixed_recording(utterances, kind, snr, place, seed, cache)
    for kind in noise.KINDS:
        for index, decibels in enumerate(NOISE_ONLY_DECIBELS):
            yield noise_recording(kind, decibels, seed + index, 8 if is_quick else 20, cache)


def mixed_recording(utterances, kind, snr, place, seed, cache):
    """Two or three utterances with pauses around them, over one noise."""
    language, origin = LANGUAGES[place % 2], ORIGINS[place // 2 % 2]
    name = f"{kind}-{'clean' if snr is None else f'{snr}db'}-{place}-{language}-{origin}"
    random = numpy.random.default_rng([seed, *name.encode()])
    parts, segments = [silence(random.integers(1_000, 1_500))], []
    for _ in range(random.integers(2, 4)):
        samples, labels = utterances.any(language, origin, random)
        before = sum(map(len, parts)) // SAMPLES_PER_MS
        segments += sound.moved(labels, before)
        # Whole milliseconds, so that labels stay where they are.
        parts += [samples[: len(samples) // SAMPLES_PER_MS * SAMPLES_PER_MS]]
        parts += [silence(random.integers(600, 1_600))]
    gain = 10 ** (random.uniform(-LEVEL_SPREAD_DECIBELS, LEVEL_SPREAD_DECIBELS) / 20)
    speech = numpy.concatenate(parts) * gain
    samples = sound.quantised((speech + line(len(speech), random)) / sound.FULL_SCALE)
    if snr is not None:
        sounds = noise.make(kind, len(speech) / RATE, int(random.integers(2**31)), cache)
        samples = sound.mixed(samples, sounds, snr, segments)
    loss = LOSSES[place]
    samples = through_line(samples, loss, int(random.integers(2**31)))
    return Recording(name, samples, segments, kind, snr, origin, loss)


def noise_recording(kind, decibels, seed, seconds, cache):
    name = f"{kind}-only{decibels}db"
    random = numpy.random.default_rng([seed, *name.encode()])
    sounds = noise.make(kind, seconds, int(random.integers(2**31)), cache)
    samples = sound.levelled(sounds, decibels).astype(float) + line(len(sounds), random)
    samples = through_line(sound.quantised(samples / sound.FULL_SCALE), 0, seed)
    return Recording(name, samples, [], kind, None, "noise", 0)


def silence(milliseconds):
    return numpy.zeros(int(milliseconds) * SAMPLES_PER_MS)


def line(count, random):
    return random.standard_normal(count) * sound.FULL_SCALE * 10 ** (LINE_DECIBELS / 20)


def through_line(samples, loss, seed):
    samples = sound.through_mu_law(samples)
    return sound.with_losses(samples, loss, seed) if loss else samples


class Utterances:
    """Clean speech at the nominal level with its labels."""

    def __init__(self, seed, cache):
        self.known = {(each, origin): [] for each in LANGUAGES for origin in ORIGINS}
        manifest = json.loads((FIXTURES / "manifest.json").read_text(encoding="utf-8"))
        for file in manifest["files"]:
            if file["kind"] == "speech" and file["path"].startswith("speech/"):
                origin = "synthetic" if file["licence"] == "MIT" else "recorded"
                labels = [(each["start_ms"], each["end_ms"]) for each in file["speech"]]
                samples = sound.read_wav(FIXTURES / file["path"]) / sound.FULL_SCALE
                self.known[file["language"], origin].append((sound.levelled(samples), labels))
        random = numpy.random.default_rng(seed)
        for language, sentences in SPOKEN.items():
            for index, sentence in enumerate(sentences):
                samples = sound.spoken(
                    sentence, VOICES[language][index % len(VOICES[language])], cache,
                    speed=int(random.integers(26, 39)) * 5, pitch=int(random.integers(7, 14)) * 5,
                )
                labels = sound.speech_segments(samples)
                self.known[language, "synthetic"].append((samples, labels))

    def any(self, language, origin, random):
        choices = self.known[language, origin]
        return choices[int(random.integers(len(choices)))]
