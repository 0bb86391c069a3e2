"""Time per window of our network and of ONNX Runtime: one core, one thread each, turn by turn."""

import os
import subprocess
import time
from statistics import median

import numpy
import onnxruntime

import detectors

BATCH = 64
SINGLE_WINDOWS, BATCHED_WINDOWS = 200, 8


def measure(program, weights, network, recording, rounds):
    """Every round times each of them, so that all meet the same load; the first only warms up.

    A figure is the median of its rounds, and each round's figure the median of its windows; a
    speedup is the median of the rounds' own.
    """
    allowed = os.sched_getaffinity(0)
    # Both processes on one core: while one runs, the other waits for it.
    os.sched_setaffinity(0, {max(allowed)})
    try:
        session = detectors.onnx_session(network)
        inputs = numpy.stack(detectors.windows(detectors.sound.read_wav(recording)))
        with Ours(program, weights, recording) as ours:
            taken = [one_round(ours, session, inputs) for _ in range(rounds + 1)][1:]
            allocations = ours.allocations
    finally:
        os.sched_setaffinity(0, allowed)
    single = sorted(each["onnx_single"] / each["single"] for each in taken)
    batched = sorted(each["onnx_single"] / each["batched"] for each in taken)
    return {
        "vad_speedup_single": round(median(single), 2),
        "vad_speedup_batched": round(median(batched), 2),
        "vad_speedup_batched_to_onnx_batched": round(
            median(each["onnx_batched"] / each["batched"] for each in taken), 2
        ),
        "vad_speedup_single_range": [round(single[0], 2), round(single[-1], 2)],
        "vad_speedup_batched_range": [round(batched[0], 2), round(batched[-1], 2)],
        **{
            f"vad_us_{name}": round(median(each[name] for each in taken), 2) for name in taken[0]
        },
        "vad_speed_rounds": rounds,
        "vad_allocations": allocations,
    }


def one_round(ours, session, inputs):
    """Microseconds per window of everything."""
    return {
        "single": ours.time("single"),
        "onnx_single": onnx_time(session, inputs, 1, SINGLE_WINDOWS),
        "batched": ours.time("batched"),
        "onnx_batched": onnx_time(session, inputs, BATCH, BATCHED_WINDOWS) / BATCH,
        "onnx_single_plain_run": plain_onnx_time(session, inputs, SINGLE_WINDOWS),
    }


class Ours:
    """The gateway's network in a process of its own, which waits between the rounds."""

    def __init__(self, program, weights, recording):
        self.command = [str(program), "speed", str(weights), str(recording)]
        self.allocations = 0

    def __enter__(self):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(self.command, stdin=pipe, stdout=pipe, text=True)
        return self

    def time(self, what):
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if len(answer) != 2:
            raise detectors.DetectorError(f"{self.command[0]} ended")
        self.allocations += int(answer[1])
        return float(answer[0])

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)


def onnx_time(session, inputs, batch, count):
    """With everything bound beforehand, which spares it Python's dictionaries and the copies."""
    value = onnxruntime.OrtValue.ortvalue_from_numpy
    window = value(numpy.zeros((batch, inputs.shape[1]), numpy.float32))
    states = [value(numpy.zeros((2, batch, 128), numpy.float32)) for _ in range(2)]
    rate = value(numpy.array(16_000, numpy.int64))
    # The state goes back and forth between two places.
    bindings = []
    for before, after in (states, states[::-1]):
        binding = session.io_binding()
        binding.bind_ortvalue_input("input", window)
        binding.bind_ortvalue_input("state", before)
        binding.bind_ortvalue_input("sr", rate)
        binding.bind_ortvalue_output("output", value(numpy.zeros((batch, 1), numpy.float32)))
        binding.bind_ortvalue_output("stateN", after)
        bindings.append(binding)
    times = []
    for index in range(count):
        places = (index + numpy.arange(batch)) % len(inputs)
        window.update_inplace(inputs[places])
        binding = bindings[index % 2]
        started = time.perf_counter()
        session.run_with_iobinding(binding)
        times.append(time.perf_counter() - started)
    return median(times) * 1e6


def plain_onnx_time(session, inputs, count):
    """As most programs call it."""
    state = numpy.zeros((2, 1, 128), numpy.float32)
    rate = numpy.array(16_000, numpy.int64)
    times = []
    for index in range(count):
        place = index % len(inputs)
        given = {"input": inputs[place : place + 1], "state": state, "sr": rate}
        started = time.perf_counter()
        _, state = session.run(None, given)
        times.append(time.perf_counter() - started)
    return median(times) * 1e6
