"""8 kHz mono WAV files, linear 16 bit or µ-law, as lists of integer samples."""

import math
import struct
from array import array
from pathlib import Path

RATE = 8_000
LINEAR, MU_LAW = 1, 7  # WAVE format tags (RFC 2361)
ENCODING_NAMES = {LINEAR: "pcm_s16le", MU_LAW: "pcmu"}
FULL_SCALE = 32_768.0


class WavError(Exception):
    """A file is not a WAV this folder uses."""


def samples_for(milliseconds):
    return milliseconds * RATE // 1_000


def mu_law_octet(sample):
    """ITU-T G.711 µ-law: bias 132, clip 32 635, bits inverted on the wire."""
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), 32_635) + 132
    exponent = magnitude.bit_length() - 8
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return ~(sign | exponent << 4 | mantissa) & 0xFF


def mu_law_sample(octet):
    inverted = ~octet & 0xFF
    exponent, mantissa = inverted >> 4 & 0x07, inverted & 0x0F
    magnitude = (((mantissa << 3) + 132) << exponent) - 132
    return -magnitude if inverted & 0x80 else magnitude


EXPANSION = [mu_law_sample(octet) for octet in range(256)]


def read(path):
    """Returns (format tag, samples); raises WavError for anything but 8 kHz mono."""
    data = Path(path).read_bytes()
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise WavError(f"{path}: no RIFF/WAVE header")
    tag, offset = None, 12
    while offset + 8 <= len(data):
        name, size = data[offset : offset + 4], struct.unpack_from("<I", data, offset + 4)[0]
        body = offset + 8
        if name == b"fmt ":
            tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", data, body)
            if (channels, rate) != (1, RATE) or (tag, bits) not in ((LINEAR, 16), (MU_LAW, 8)):
                raise WavError(f"{path}: tag {tag}, {channels} channels, {rate} Hz, {bits} bit")
        elif name == b"data":
            if tag is None or body + size > len(data):
                raise WavError(f"{path}: truncated or without a format chunk")
            return tag, decode(tag, data[body : body + size])
        offset = body + size + (size & 1)
    raise WavError(f"{path}: no data chunk")


def decode(tag, octets):
    if tag == MU_LAW:
        return [EXPANSION[octet] for octet in octets]
    count = len(octets) // 2
    return list(struct.unpack(f"<{count}h", octets[: 2 * count]))


def write(path, samples, tag=LINEAR):
    """Writes whole samples; values past full scale are a bug of the recipe, not clipped."""
    integers = array("i", (round(sample) for sample in samples))
    if integers and (max(integers) > 32_767 or min(integers) < -32_768):
        raise WavError(f"{path}: the recipe overloads 16 bit")
    if tag == MU_LAW:
        body = bytes(mu_law_octet(sample) for sample in integers)
        form = struct.pack("<HHIIHHH", MU_LAW, 1, RATE, RATE, 1, 8, 0)
        fact = b"fact" + struct.pack("<II", 4, len(body))
    else:
        body = struct.pack(f"<{len(integers)}h", *integers)
        form = struct.pack("<HHIIHH", LINEAR, 1, RATE, 2 * RATE, 2, 16)
        fact = b""
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + fact
    chunks += b"data" + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)


def rms(samples):
    return math.sqrt(sum(sample * sample for sample in samples) / max(1, len(samples)))


def amplitude(decibels_full_scale):
    return FULL_SCALE * 10 ** (decibels_full_scale / 20)
