"""What a frame costs: CPU and heap allocations of a server under many simulated callers."""

import mmap
import os
import struct
import subprocess
import time
from pathlib import Path

from gateway import BenchError, Gateway, stop

LOOP_THREADS = "media-loop-"
# Handshakes, greetings and the marks after them are over by then.
SETTLE_SECONDS = 2.5
CONNECT_SECONDS = 15
# A send that comes later than this tells that something else wanted the cores.
QUIET_LATENESS_MS = 10
QUIET_ROUNDS = 3
SLOT = struct.Struct("=QQQ")


class Load:
    """Simulated callers that talk to `port` until the block is left."""

    def __init__(self, tools, port, calls, seconds):
        self.calls = calls
        self.path = Path(tools) / "progress"
        self.path.write_bytes(bytes(SLOT.size))
        self.command = [
            str(Path(tools) / "load-generator"), str(port), str(calls), str(int(seconds) + 1),
            str(self.path),
        ]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)
        with open(self.path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), SLOT.size)
        deadline = time.monotonic() + CONNECT_SECONDS
        while self.live < self.calls:
            if self.process.poll() is not None or time.monotonic() > deadline:
                stop(self.process)
                raise BenchError(f"only {self.live} of {self.calls} callers could connect")
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        stop(self.process)

    @property
    def sent(self):
        return SLOT.unpack(self.memory)[0]

    @property
    def live(self):
        return SLOT.unpack(self.memory)[1]

    @property
    def worst_lateness_ms(self):
        return SLOT.unpack(self.memory)[2] / 1_000

    def check_alive(self, gateway):
        """Raises unless every call is still up at both ends; `gateway` is None for a bare one."""
        live = min(self.live, gateway.live_calls if gateway else self.live)
        if live < self.calls:
            raise BenchError(f"only {live} of {self.calls} calls were live under load")

    def forget_lateness(self):
        self.memory[16:24] = bytes(8)


def cpu_nanoseconds(pid, thread_prefix):
    """CPU time so far of the threads of `pid` whose names start with `thread_prefix`."""
    total = 0
    for task in threads(pid, thread_prefix):
        total += int(Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
    return total


def threads(pid, prefix):
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            name = Path(f"/proc/{pid}/task/{task}/comm").read_text()
        except FileNotFoundError:  # it has just ended
            continue
        if name.startswith(prefix):
            found.append(int(task))
    if not found:
        raise BenchError(f"process {pid} has no thread called {prefix}…")
    return found


class Round:
    """CPU per frame of one server for a few seconds."""

    def __init__(self, tools, server, calls, seconds):
        pid, port, thread_prefix, gateway = server
        with Load(tools, port, calls, SETTLE_SECONDS + seconds + 1) as load:
            time.sleep(SETTLE_SECONDS)
            load.forget_lateness()
            frames, cpu = load.sent, cpu_nanoseconds(pid, thread_prefix)
            time.sleep(seconds)
            spent = cpu_nanoseconds(pid, thread_prefix) - cpu
            self.microseconds_per_frame = spent / 1_000 / (load.sent - frames)
            self.worst_lateness_ms = load.worst_lateness_ms
            load.check_alive(gateway)


def measure_cpu(binary, tools, calls, rounds, seconds):
    """Gateway without VAD, plain receiver, gateway with each VAD, in turn; medians of the rounds."""
    receiver = subprocess.Popen(
        [str(Path(tools) / "epoll-receiver")], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        text=True,
    )
    try:
        receiver_port = int(receiver.stdout.readline())
        one_loop = {"loops": 1}
        with (
            Gateway(binary, tools, "cpu", one_loop | {"vad": "none"}) as bare,
            Gateway(binary, tools, "cpu-vad", one_loop | {"vad": "energy"}) as hearing,
            Gateway(binary, tools, "cpu-neural", one_loop | {"vad": "silero"}) as neural,
        ):
            servers = {
                "gateway": (bare.pid, bare.media_port, LOOP_THREADS, bare),
                "epoll": (receiver.pid, receiver_port, "epoll-receiver", None),
                "gateway_with_vad": (hearing.pid, hearing.media_port, LOOP_THREADS, hearing),
                "gateway_with_neural_vad": (
                    neural.pid, neural.media_port, LOOP_THREADS, neural,
                ),
            }
            results = {name: [] for name in servers}
            for _ in range(rounds):
                for name, server in servers.items():
                    results[name].append(Round(tools, server, calls, seconds))
    finally:
        stop(receiver)
    return cpu_figures(results, calls, seconds)


def cpu_figures(results, calls, seconds):
    quiet = {name: quiet_rounds(rounds) for name, rounds in results.items()}
    costs = {
        name: [each.microseconds_per_frame for each in rounds] for name, rounds in quiet.items()
    }
    plain = median(costs["epoll"])
    return {
        "cpu_us_per_frame_gateway": round(median(costs["gateway"]), 2),
        "cpu_us_per_frame_gateway_with_vad": round(median(costs["gateway_with_vad"]), 2),
        "cpu_us_per_frame_gateway_with_neural_vad": round(
            median(costs["gateway_with_neural_vad"]), 2
        ),
        "cpu_us_per_frame_epoll": round(plain, 2),
        "cpu_ratio_to_epoll": round(median(costs["gateway"]) / plain, 3),
        "cpu_ratio_to_epoll_with_vad": round(median(costs["gateway_with_vad"]) / plain, 3),
        "cpu_ratio_to_epoll_with_neural_vad": round(
            median(costs["gateway_with_neural_vad"]) / plain, 3
        ),
        "cpu_calls": calls,
        "cpu_rounds": len(results["epoll"]),
        "cpu_quiet_rounds": min(len(rounds) for rounds in quiet.values()),
        "cpu_seconds_per_round": seconds,
        "cpu_us_per_frame_by_round": {
            name: [round(each.microseconds_per_frame, 2) for each in rounds]
            for name, rounds in results.items()
        },
        "cpu_worst_send_lateness_ms": round(
            max(each.worst_lateness_ms for rounds in results.values() for each in rounds), 1
        ),
    }


def quiet_rounds(rounds):
    """The rounds in which the callers kept their time; all of them when too few did."""
    quiet = [each for each in rounds if each.worst_lateness_ms <= QUIET_LATENESS_MS]
    return quiet if len(quiet) >= QUIET_ROUNDS else rounds


def measure_mallocs(binary, tools, calls, seconds):
    """Heap allocations per inbound frame of live calls that hear (neural VAD) and take no turn."""
    counts = Path(tools).resolve() / "mallocs"
    counts.unlink(missing_ok=True)
    preload = {
        "LD_PRELOAD": str(Path(tools).resolve() / "count-mallocs.so"),
        "COUNT_MALLOCS_FILE": str(counts),
    }
    with Gateway(binary, tools, "mallocs", {"vad": "silero"}, preload) as gateway:
        loops = set(threads(gateway.pid, LOOP_THREADS))
        with Load(tools, gateway.media_port, calls, SETTLE_SECONDS + seconds + 1) as load:
            time.sleep(SETTLE_SECONDS)
            frames, before = load.sent, allocations(counts)
            time.sleep(seconds)
            after, frames = allocations(counts), load.sent - frames
            load.check_alive(gateway)
    if not any(thread in loops for thread in before):
        raise BenchError("the allocations could not be counted (LD_PRELOAD had no effect)")
    grown = {thread: count - before.get(thread, 0) for thread, count in after.items()}
    on_loops = sum(count for thread, count in grown.items() if thread in loops)
    return {
        "mallocs_per_frame": round(on_loops / frames, 6),
        "mallocs_per_frame_whole_process": round(sum(grown.values()) / frames, 6),
        "mallocs_on_media_loops": on_loops,
        "mallocs_frames": frames,
        "mallocs_calls": calls,
    }


def allocations(path):
    """Allocations so far by thread ID."""
    table = {}
    for thread, count, _ in SLOT.iter_unpack(path.read_bytes()):
        if thread:
            table[thread] = table.get(thread, 0) + count
    return table


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
