"""A labelled recording of 8 kHz mono, and where the simulated caller will think its voice begins."""

import math
import struct
from dataclasses import dataclass, replace
from pathlib import Path

LINEAR, MU_LAW = 1, 7  # WAVE format tags (RFC 2361)
SAMPLES_PER_MS = 8


def expanded(octet):
    """ITU-T G.711 µ-law octet to a linear sample."""
    inverted = ~octet & 0xFF
    magnitude = (((inverted & 0x0F) << 3) + 132 << (inverted >> 4 & 7)) - 132
    return -magnitude if inverted & 0x80 else magnitude


@dataclass(frozen=True)
class Recording:
    name: str
    samples: tuple
    label_ms: float

    @staticmethod
    def load(path, label_ms):
        data = Path(path).read_bytes()
        chunks, offset = {}, 12
        while offset + 8 <= len(data):
            length = struct.unpack_from("<I", data, offset + 4)[0]
            chunks[data[offset : offset + 4]] = data[offset + 8 : offset + 8 + length]
            offset += 8 + length + (length & 1)
        tag, channels, rate = struct.unpack_from("<HHI", chunks[b"fmt "])
        if (channels, rate) != (1, 8_000) or tag not in (LINEAR, MU_LAW):
            raise ValueError(f"{path} is not 8 kHz mono, linear or µ-law")
        body = chunks[b"data"]
        if tag == MU_LAW:
            samples = tuple(expanded(octet) for octet in body)
        else:
            samples = struct.unpack(f"<{len(body) // 2}h", body[: len(body) // 2 * 2])
        return Recording(Path(path).stem, samples, label_ms)

    @property
    def duration_ms(self):
        return len(self.samples) / SAMPLES_PER_MS

    @property
    def caller_onset_ms(self):
        """The first 5 ms within 35 dB of the loudest 5 ms, as `mediabridge call` has it."""
        window = 5 * SAMPLES_PER_MS
        energies = [
            sum(sample * sample for sample in part) / len(part)
            for part in (
                self.samples[start : start + window]
                for start in range(0, len(self.samples), window)
            )
        ]
        threshold = max(energies) * math.pow(10, -35 / 10)
        return next(5 * index for index, energy in enumerate(energies) if energy > threshold)

    def shifted(self, milliseconds):
        """The same, with silence before it so that it begins within a frame."""
        silence = (0,) * (milliseconds * SAMPLES_PER_MS)
        return replace(
            self, name=f"{self.name}+{milliseconds}ms", samples=silence + self.samples,
            label_ms=self.label_ms + milliseconds,
        )

    def write(self, path):
        body = struct.pack(f"<{len(self.samples)}h", *self.samples)
        form = struct.pack("<HHIIHH", LINEAR, 1, 8_000, 16_000, 2, 16)
        Path(path).write_bytes(
            b"RIFF" + struct.pack("<I", 36 + len(body)) + b"WAVEfmt " + struct.pack("<I", 16)
            + form + b"data" + struct.pack("<I", len(body)) + body
        )
