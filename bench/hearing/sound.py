"""Telephone audio as the bench needs it: 8 kHz mono int16, labels, levels, µ-law, lost packets."""

import os
import struct
import subprocess
from hashlib import sha256
from pathlib import Path

import numpy

RATE = 8_000
SAMPLES_PER_MS = RATE // 1_000
PACKET_MS = 20
FULL_SCALE = 32_768
# Where speech of telephone networks lies (ITU-T P.56 active level; G.712 calls -26 dBov nominal).
SPEECH_DECIBELS = -26
LINEAR, MU_LAW = 1, 7  # WAVE format tags (RFC 2361)
ESPEAK_RATE = 22_050


class SoundError(Exception):
    pass


# --- files


def read_wav(path):
    """The samples of a mono WAV file at 8 kHz, linear 16 bit or µ-law."""
    tag, channels, rate, body = wav_parts(Path(path).read_bytes())
    if (channels, rate) != (1, RATE) or tag not in (LINEAR, MU_LAW):
        raise SoundError(f"{path} is not 8 kHz mono, linear or µ-law")
    return expanded(numpy.frombuffer(body, numpy.uint8)) if tag == MU_LAW else linear(body)


def write_wav(path, samples):
    body = numpy.asarray(samples, "<i2").tobytes()
    form = struct.pack("<HHIIHH", LINEAR, 1, RATE, 2 * RATE, 2, 16)
    Path(path).write_bytes(
        b"RIFF" + struct.pack("<I", 36 + len(body)) + b"WAVEfmt " + struct.pack("<I", 16)
        + form + b"data" + struct.pack("<I", len(body)) + body
    )


def wav_parts(data):
    """Format tag, channels, rate and samples; a stream's chunk may claim more than there is."""
    chunks, offset = {}, 12
    while offset + 8 <= len(data):
        length = struct.unpack_from("<I", data, offset + 4)[0]
        chunks[data[offset : offset + 4]] = data[offset + 8 : offset + 8 + length]
        offset += 8 + length + (length & 1)
    if b"fmt " not in chunks or b"data" not in chunks:
        raise SoundError("not a WAV file")
    return *struct.unpack_from("<HHI", chunks[b"fmt "]), chunks[b"data"]


def linear(body):
    return numpy.frombuffer(body[: len(body) // 2 * 2], "<i2").astype(numpy.int16)


# --- speech


def spoken(text, voice, cache, speed=160, pitch=50):
    """A sentence by espeak-ng at the nominal level, rendered once and kept in `cache`."""
    key = sha256(f"{voice}|{speed}|{pitch}|{text}".encode()).hexdigest()[:20]
    path = Path(cache) / f"{key}.wav"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".part{os.getpid()}")
        write_wav(part, levelled(rendered(text, voice, speed, pitch)))
        part.replace(path)
    return read_wav(path)


def rendered(text, voice, speed, pitch):
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", text]
    try:
        done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    except FileNotFoundError as error:
        raise SoundError("espeak-ng is missing; script/setup installs it") from error
    except subprocess.SubprocessError as error:
        raise SoundError(f"espeak-ng -v {voice} failed: {error}") from error
    _, _, rate, body = wav_parts(done.stdout)
    if rate != ESPEAK_RATE:
        raise SoundError(f"espeak-ng gave {rate} Hz instead of {ESPEAK_RATE}")
    return narrowed(linear(body) / FULL_SCALE)


def narrowed(samples):
    """22.05 to 8 kHz by the spectrum, the last 200 Hz faded out; full scale ±1 in and out."""
    samples = numpy.pad(samples, (0, -len(samples) % 441))
    spectrum = numpy.fft.rfft(samples)
    frequencies = numpy.fft.rfftfreq(len(samples), 1 / ESPEAK_RATE)
    spectrum *= numpy.clip((RATE / 2 - frequencies) / 200, 0, 1)
    count = len(samples) * 160 // 441
    return numpy.fft.irfft(spectrum[: count // 2 + 1], count) * (count / len(samples))


# --- labels


def speech_segments(samples):
    """Where a clean signal speaks: [(start_ms, end_ms)], by the rule of audio-fixtures/README.md.

    RMS of 10 ms windows, mean removed; speech is above -40 dB of the loudest; gaps under 150 ms are
    joined, and what is then shorter than 30 ms is dropped.
    """
    values = samples - numpy.mean(samples) if len(samples) else numpy.zeros(0)
    size = 10 * SAMPLES_PER_MS
    levels = [rms(values[start : start + size]) for start in range(0, len(values), size)]
    floor = max(levels, default=0) * 10 ** (-40 / 20)
    spans = []
    for index, level in enumerate(levels):
        if level <= floor:
            continue
        if spans and index * 10 - spans[-1][1] < 150:
            spans[-1][1] = index * 10 + 10
        else:
            spans.append([index * 10, index * 10 + 10])
    last = len(samples) // SAMPLES_PER_MS
    return [(start, min(end, last)) for start, end in spans if end - start >= 30]


def moved(segments, milliseconds):
    return [(start + milliseconds, end + milliseconds) for start, end in segments]


# --- levels


def rms(samples):
    return float(numpy.sqrt(numpy.mean(numpy.square(samples, dtype=float)))) if len(samples) else 0


def active_rms(samples, segments=None):
    """The level inside the segments; without any given, where the label rule hears something."""
    if segments is None:
        segments = speech_segments(samples)
    parts = [
        samples[start * SAMPLES_PER_MS : end * SAMPLES_PER_MS] for start, end in segments
    ]
    return rms(numpy.concatenate(parts)) if parts else 0


def levelled(samples, decibels=SPEECH_DECIBELS):
    """Full scale ±1 in; int16 out, its active part at that many dB under full scale."""
    active = active_rms(samples)
    return quantised(samples * (10 ** (decibels / 20) / active) if active else samples)


def quantised(samples):
    return numpy.clip(numpy.rint(samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(
        numpy.int16
    )


def mixed(speech, noise, snr_decibels, segments):
    """Speech (int16) over noise of any scale, repeated to its length.

    The ratio is that of the speech inside its labels to the noise where noise is: a cough counts
    while it lasts.
    """
    noise = numpy.resize(noise, len(speech))
    active = active_rms(noise)
    if not active:
        raise SoundError("the noise is silent")
    gain = active_rms(speech, segments) / active * 10 ** (-snr_decibels / 20)
    return quantised((speech + noise * gain) / FULL_SCALE)


# --- the line


def compressed(samples):
    """Linear samples to µ-law octets (ITU-T G.711)."""
    values = numpy.asarray(samples, numpy.int32)
    magnitude = numpy.minimum(numpy.abs(values), 32_635) + 132
    exponent = numpy.floor(numpy.log2(magnitude)).astype(numpy.int32) - 7
    mantissa = magnitude >> (exponent + 3) & 15
    sign = numpy.where(values < 0, 128, 0)
    return (~(sign | exponent << 4 | mantissa) & 255).astype(numpy.uint8)


def expanded(octets):
    """µ-law octets to linear samples (ITU-T G.711)."""
    code = ~octets
    exponent = code >> 4 & 7
    magnitude = (((code & 15).astype(numpy.int32) << 3) + 132 << exponent) - 132
    return numpy.where(code & 128, -magnitude, magnitude).astype(numpy.int16)


def through_mu_law(samples):
    return expanded(compressed(samples))


def lost_packets(count, share, seed, mean_burst=2):
    """Which of `count` packets are lost: Gilbert's two states, seeded, bursts of `mean_burst`."""
    random = numpy.random.default_rng(seed)
    leave = 1 / mean_burst
    enter = share * leave / (1 - share)
    lost, result = random.random() < share, numpy.zeros(count, bool)
    for index in range(count):
        result[index] = lost
        lost = random.random() >= leave if lost else random.random() < enter
    return result


def with_losses(samples, share, seed):
    """Lost packets of 20 ms are silence, as the gateway hears them."""
    size = PACKET_MS * SAMPLES_PER_MS
    result = samples.copy()
    for index in numpy.flatnonzero(lost_packets(-(-len(samples) // size), share, seed)):
        result[index * size : (index + 1) * size] = 0
    return result
