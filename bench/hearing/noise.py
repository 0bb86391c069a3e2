"""Noises of a telephone call, seeded: `make(kind, seconds, seed, cache)` gives float samples."""

from pathlib import Path

import numpy

import sound
from sound import RATE, SAMPLES_PER_MS

KINDS = ("pink", "babble", "music", "dtmf", "hum", "cough", "keyboard")
COUGHS = Path(__file__).parents[2] / "audio-fixtures" / "cough"

# Six and more people at once, in both languages.
BABBLERS = (
    ("en-us", "the second train was late again, so we took a taxi down to the old harbour"),
    ("es+f2", "mi hermana dice que el domingo vienen todos a comer y no hay sitio en la mesa"),
    ("en-gb+m3", "have you seen where they put the boxes, i left at least nine of them right here"),
    ("es-419+f4", "ayer estuve toda la tarde esperando al fontanero y no llamó nadie"),
    ("en-us+f4", "well you know what she is like, first it is too cold and then it is too warm"),
    ("es+m7", "pues yo creo que sería mejor venderlo ahora, antes de que suban los impuestos"),
    ("en-gb+f2", "put it on the table next to the window, and mind the glasses when you turn"),
    ("es-419+m3", "nunca me acuerdo de dónde dejo las llaves, siempre me pasa lo mismo"),
)
# Hertz of a row and a column (ITU-T Q.23).
DTMF_ROWS, DTMF_COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)


def make(kind, seconds, seed, cache):
    count = round(seconds * RATE)
    random = numpy.random.default_rng([seed, KINDS.index(kind)])
    samples = MAKERS[kind](count, random, cache)
    return samples / (numpy.max(numpy.abs(samples)) or 1)


def pink(count, random, cache):
    """White noise, its power made to fall by 3 dB an octave from 20 Hz on."""
    spectrum = numpy.fft.rfft(random.standard_normal(count))
    return numpy.fft.irfft(spectrum / numpy.sqrt(numpy.maximum(frequencies(count), 20)), count)


def babble(count, random, cache):
    """Every voice says its sentence over and over, from a place of its own in it."""
    total = numpy.zeros(count)
    for voice, text in BABBLERS:
        speed = int(random.integers(140, 185))
        pitch = int(random.integers(35, 65))
        sentence = sound.spoken(text, voice, cache, speed=speed // 5 * 5, pitch=pitch // 5 * 5)
        start = int(random.integers(len(sentence)))
        total += numpy.resize(numpy.roll(sentence, -start), count) * random.uniform(0.7, 1.3)
    return total


def music(count, random, cache):
    """A waiting loop: a chord every two beats, an arpeggio of eighths over it, drum and hat."""
    beat = RATE * 60 // int(random.integers(90, 130))
    tonic = float(random.uniform(180, 260))
    total = numpy.zeros(count)
    for index, start in enumerate(range(0, count, beat // 2)):
        chord = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))[index // 4 % 4]
        if index % 4 == 0:
            for step in chord:
                add(total, start, note(tonic * 2 ** (step / 12), 2 * beat, 1.2))
        add(total, start, 0.8 * note(2 * tonic * 2 ** (chord[index % 3] / 12), beat, 6))
        if index % 4 == 0:
            time = numpy.arange(beat // 2) / RATE
            add(total, start, 2 * numpy.sin(2 * numpy.pi * 60 * time) * numpy.exp(-18 * time))
        else:
            add(total, start, 0.5 * burst(RATE // 20, 2_500, 3_800, random))
    return total


def note(hertz, count, decay):
    """Six harmonics, the higher ones weaker and sooner gone."""
    time = numpy.arange(count) / RATE
    total = numpy.zeros(count)
    for harmonic in range(1, 7):
        if harmonic * hertz < RATE / 2:
            tone = numpy.sin(2 * numpy.pi * harmonic * hertz * time)
            total += tone * numpy.exp(-decay * harmonic**0.5 * time) / harmonic
    return total * numpy.minimum(1, time / 0.01)


def dtmf(count, random, cache):
    """Digits of 80 to 150 ms with gaps as people press them."""
    total, position = numpy.zeros(count), int(random.integers(RATE // 2))
    while position < count:
        length = int(random.integers(80, 150)) * SAMPLES_PER_MS
        time = numpy.arange(length) / RATE
        for hertz in (random.choice(DTMF_ROWS), random.choice(DTMF_COLUMNS)):
            add(total, position, numpy.sin(2 * numpy.pi * hertz * time))
        position += length + int(random.integers(80, 500)) * SAMPLES_PER_MS
    return total


def hum(count, random, cache):
    """The mains, 50 or 60 Hz: odd harmonics strong, even ones weak, a trace of hiss."""
    mains = random.choice((50, 60))
    time = numpy.arange(count) / RATE
    total = 0.01 * random.standard_normal(count)
    for harmonic in range(1, 21):
        strength = (1 if harmonic % 2 else 0.25) / harmonic**0.8
        phase = random.uniform(0, 2 * numpy.pi)
        total += strength * numpy.sin(2 * numpy.pi * mains * harmonic * time + phase)
    return total


def cough(count, random, cache):
    """The fixtures' coughs, one to three seconds apart, faster or slower by up to 15 %."""
    recordings = [sound.read_wav(path) for path in sorted(COUGHS.glob("*.wav"))]
    total, position = numpy.zeros(count), int(random.integers(RATE))
    while position < count:
        recording = recordings[int(random.integers(len(recordings)))].astype(float)
        places = numpy.arange(0, len(recording) - 1, random.uniform(0.85, 1.15))
        coughed = numpy.interp(places, numpy.arange(len(recording)), recording)
        add(total, position, coughed / numpy.max(numpy.abs(coughed)) * random.uniform(0.6, 1))
        position += len(coughed) + int(random.uniform(1, 3) * RATE)
    return total


def keyboard(count, random, cache):
    """Runs of key strokes: a click down and a softer one up, each its own short band of noise."""
    total, position = numpy.zeros(count), int(random.integers(RATE // 4))
    while position < count:
        low = random.uniform(900, 1_800)
        strength = random.uniform(0.5, 1)
        add(total, position, strength * burst(RATE // 40, low, low + 1_800, random))
        up = position + int(random.integers(60, 110)) * SAMPLES_PER_MS
        add(total, up, 0.4 * strength * burst(RATE // 60, low, low + 1_800, random))
        is_pausing = random.random() < 0.1
        gap = random.uniform(0.6, 1.5) if is_pausing else random.uniform(0.09, 0.25)
        position += int(gap * RATE)
    return total


def burst(count, low, high, random):
    """Noise between two frequencies that dies away over its length."""
    spectrum = numpy.fft.rfft(random.standard_normal(count))
    hertz = frequencies(count)
    spectrum[(hertz < low) | (hertz > high)] = 0
    samples = numpy.fft.irfft(spectrum, count)
    peak = numpy.max(numpy.abs(samples)) or 1
    return samples / peak * numpy.exp(-5 * numpy.arange(count) / count)


def frequencies(count):
    return numpy.fft.rfftfreq(count, 1 / RATE)


def add(total, start, samples):
    """What lies behind the end is left out."""
    room = max(0, len(total) - start)
    total[start : start + len(samples)] += samples[:room]


MAKERS = {
    "pink": pink, "babble": babble, "music": music, "dtmf": dtmf, "hum": hum, "cough": cough,
    "keyboard": keyboard,
}
