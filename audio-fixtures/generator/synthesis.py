"""Signals computed here: coughs, DTMF, and speech mixed with noise."""

import math
import random

from . import labels, wav

# ITU-T Q.23: row and column frequencies in hertz.
DTMF = {
    digit: (row, column)
    for row, digits in ((697, "123A"), (770, "456B"), (852, "789C"), (941, "*0#D"))
    for digit, column in zip(digits, (1_209, 1_336, 1_477, 1_633))
}


def silence(milliseconds):
    return [0.0] * wav.samples_for(milliseconds)


def tone_pair(frequencies, milliseconds, decibels):
    """Sines of `decibels` dBFS peak each, with 2 ms ramps so that the edges do not click."""
    count, ramp = wav.samples_for(milliseconds), wav.samples_for(2)
    peak = wav.amplitude(decibels)
    steps = [2 * math.pi * frequency / wav.RATE for frequency in frequencies]
    return [
        peak
        * min(1.0, index / ramp, (count - index) / ramp)
        * sum(math.sin(step * index) for step in steps)
        for index in range(count)
    ]


def dtmf(digits, on_ms=80, off_ms=80, decibels=-12.0):
    signal = silence(200)
    for digit in digits:
        signal += tone_pair(DTMF[digit], on_ms, decibels) + silence(off_ms)
    return signal + silence(200)


def shaped_noise(generator, count, low, high):
    """White noise through a one-pole high-pass at `low` and two low-passes at `high` hertz."""
    keep_low = math.exp(-2 * math.pi * low / wav.RATE)
    keep_high = math.exp(-2 * math.pi * high / wav.RATE)
    slow = first = second = 0.0
    signal = []
    for _ in range(count):
        white = generator.uniform(-1.0, 1.0)
        slow = keep_low * slow + (1 - keep_low) * white
        first = keep_high * first + (1 - keep_high) * (white - slow)
        second = keep_high * second + (1 - keep_high) * first
        signal.append(second)
    return signal


def cough(generator, voiced):
    """One cough in its three phases: burst, steady air flow and, in some, a voiced end."""
    burst = wav.samples_for(generator.randrange(60, 90))
    flow = wav.samples_for(generator.randrange(110, 180))
    end = wav.samples_for(generator.randrange(60, 100)) if voiced else 0
    attack = wav.samples_for(8)
    noise = shaped_noise(generator, burst + flow + end, 350, 2_400)
    pitch = generator.uniform(170, 230)
    signal = []
    for index, sample in enumerate(noise):
        if index < burst:
            level = min(1.0, index / attack) * math.exp(-2.2 * index / burst)
            signal.append(level * sample)
        elif index < burst + flow:
            signal.append(0.16 * (1 - 0.95 * (index - burst) / flow) * sample)
        else:
            fade = 1 - (index - burst - flow) / end
            hum = sum(
                math.sin(2 * math.pi * pitch * harmonic * index / wav.RATE) / harmonic
                for harmonic in range(1, 7)
            )
            signal.append(fade * (0.06 * sample + 0.008 * hum))
    return signal


def coughs(seed, count, decibels, before_ms=200, after_ms=300):
    """A fit of `count` coughs whose loudest sample is at `decibels` dBFS."""
    generator = random.Random(seed)
    signal = silence(before_ms)
    for number in range(count):
        signal += cough(generator, voiced=number == count - 1)
        signal += silence(generator.randrange(120, 320) if number < count - 1 else after_ms)
    scale = wav.amplitude(decibels) / max(abs(sample) for sample in signal)
    return [scale * sample for sample in signal]


def speech_in_noise(clean, noise, snr_decibels, lead_ms, tail_ms):
    """`clean` between silences, with `noise` (repeated as needed) over the whole length.

    The ratio is the RMS of the clean signal inside its labels to the RMS of the noise.
    Returns (samples, labels).
    """
    segments = labels.speech_segments(clean)
    speech = silence(lead_ms) + [float(sample) for sample in clean] + silence(tail_ms)
    wanted = wav.rms(labels.labelled(clean, segments)) * 10 ** (-snr_decibels / 20)
    scale = wanted / wav.rms(noise)
    mixed = [sample + scale * noise[index % len(noise)] for index, sample in enumerate(speech)]
    loudest = max(abs(sample) for sample in mixed)
    limit = wav.amplitude(-0.5)
    if loudest > limit:
        mixed = [sample * limit / loudest for sample in mixed]
    return mixed, labels.moved(segments, lead_ms)
