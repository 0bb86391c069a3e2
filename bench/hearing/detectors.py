"""What each detector says of a recording, a window or frame at a time."""

import subprocess

import numpy
import onnxruntime
import webrtcvad

import sound
from sound import RATE, SAMPLES_PER_MS

FRAME_MS, WINDOW_MS = 20, 32
WINDOW, CONTEXT = 512, 64  # samples at 16 kHz
MODES = (0, 1, 2, 3)


class DetectorError(Exception):
    pass


def whole_frames(samples):
    """The gateway hears whole frames of 20 ms."""
    return samples[: len(samples) // (FRAME_MS * SAMPLES_PER_MS) * FRAME_MS * SAMPLES_PER_MS]


def ours(program, weights, recordings, folder):
    """{"single", "batched": a probability per 32 ms window, "energy": per frame} of each."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{recording.name}.wav" for recording in recordings]
    for path, recording in zip(paths, recordings):
        sound.write_wav(path, recording.samples)
    listing = folder / "list.txt"
    listing.write_text("".join(f"{path}\n" for path in paths))
    text = output(program, "probabilities", weights, listing)
    lines = [line.split(" ") for line in text.splitlines()]
    values = [(line[0], numpy.array(line[1:], numpy.float32)) for line in lines]
    return [dict(values[start : start + 3]) for start in range(0, len(values), 3)]


def gateway_rule(program, weights):
    """The probability that begins speech in the gateway, and the one that holds it."""
    start, hold = output(program, "rule", weights, "-").split()
    return float(start), float(hold)


def output(program, mode, weights, subject):
    done = subprocess.run(
        [program, mode, weights, subject], capture_output=True, text=True, timeout=900
    )
    if done.returncode != 0:
        raise DetectorError(f"{program} failed: {done.stderr.strip()[-300:]}")
    return done.stdout


# --- the same network through ONNX Runtime


def onnx_session(network):
    """One thread, as a media loop has one."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        str(network), options, providers=["CPUExecutionProvider"]
    )


def onnx(session, samples):
    """A probability per 32 ms window, from a state of zeros."""
    state = numpy.zeros((2, 1, 128), numpy.float32)
    rate = numpy.array(2 * RATE, numpy.int64)
    probabilities = []
    for window in windows(samples):
        inputs = {"input": window[None], "state": state, "sr": rate}
        output, state = session.run(None, inputs)
        probabilities.append(output[0, 0])
    return numpy.array(probabilities, numpy.float32)


def windows(samples):
    """The network's input: 512 samples at 16 kHz after the 64 before them."""
    audio = upsampled(whole_frames(samples))
    padded = numpy.concatenate([numpy.zeros(CONTEXT, numpy.float32), audio])
    starts = range(0, len(audio) - WINDOW + 1, WINDOW)
    return [padded[start : start + CONTEXT + WINDOW] for start in starts]


def upsampled(samples):
    """To 16 kHz in double precision, by the filter of audio-fixtures/silero-golden.

    24 taps of a sinc under a Kaiser window (beta 6), their sum made 1, for every second sample;
    the others are the samples themselves, 12 later.
    """
    position = numpy.arange(-11.5, 12)
    taps = numpy.sinc(position) * numpy.i0(6 * numpy.sqrt(1 - (position / 12) ** 2))
    padded = numpy.concatenate([numpy.zeros(23), samples / sound.FULL_SCALE])
    output = numpy.empty(2 * len(samples))
    output[0::2] = padded[11 : 11 + len(samples)]
    output[1::2] = numpy.convolve(padded, taps / taps.sum(), "valid")
    return output.astype(numpy.float32)


# --- WebRTC


def webrtc(samples):
    """Its decision for each frame of 20 ms, a row per mode from the least to the most aggressive."""
    octets = whole_frames(samples).astype("<i2").tobytes()
    size = 2 * FRAME_MS * SAMPLES_PER_MS
    rows = []
    for mode in MODES:
        detector = webrtcvad.Vad(mode)
        rows.append(
            [
                detector.is_speech(octets[start : start + size], RATE)
                for start in range(0, len(octets), size)
            ]
        )
    return numpy.array(rows, bool)


def smoothed(decisions, frames):
    """The share of modes that heard speech, averaged over the last `frames` frames."""
    padded = numpy.concatenate([numpy.zeros(frames - 1), decisions.mean(axis=0)])
    # Rounded, so that equal shares are equal scores.
    return numpy.round(numpy.convolve(padded, numpy.ones(frames) / frames, "valid"), 6)
