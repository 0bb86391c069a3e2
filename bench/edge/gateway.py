"""The gateway as a black box: started with settings, ready when it says so, stopped for good."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

READY_SECONDS = 60
SILERO_WEIGHTS = (
    Path(__file__).resolve().parents[2] / ".engines/silero-vad/silero-vad-6.2.3.safetensors"
)
STOP_SECONDS = 10
INSTANT = {"stt": "instant", "agent": "instant", "tts": "instant"}


class BenchError(Exception):
    """A measurement could not be made; the text says why."""


class Gateway:
    """`with Gateway(…) as gateway`: a process of the release binary on free loopback ports."""

    def __init__(self, binary, folder, name, settings, preload=None):
        self.binary = Path(binary).resolve()
        self.log = Path(folder) / f"gateway-{name}.log"
        self.media_port, self.api_port = free_ports(2)
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith("MEDIABRIDGE_")
        }
        self.environment.update(preload or {})
        settings = INSTANT | {"maxCalls": 1_000, "drainLimit": "0s"} | settings
        settings |= {"mediaPort": self.media_port, "apiPort": self.api_port}
        if settings.get("vad") == "silero":
            # Without them the gateway would fall back to the energy detector.
            if not SILERO_WEIGHTS.is_file():
                raise BenchError(f"no weights at {SILERO_WEIGHTS}: run script/fetch-silero")
            settings["sileroWeights"] = SILERO_WEIGHTS
        for key, value in settings.items():
            self.environment["MEDIABRIDGE_" + upper_snake(key)] = str(value)

    def __enter__(self):
        # Started where no mediabridge.yaml lies.
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve"], env=self.environment, cwd=self.log.parent,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            stop(self.process)
            raise
        return self

    def __exit__(self, *_):
        stop(self.process)

    @property
    def pid(self):
        return self.process.pid

    @property
    def media_url(self):
        return f"ws://127.0.0.1:{self.media_port}/twilio"

    @property
    def api_url(self):
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def live_calls(self):
        """How many calls the gateway itself says are up."""
        for line in self._get("/metrics").read().decode().splitlines():
            if line.startswith("mediabridge_calls "):
                return int(float(line.split()[1]))
        raise BenchError("the gateway's /metrics has no mediabridge_calls")

    def _get(self, path):
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return direct.open(self.api_url + path, timeout=2)

    def _wait_until_ready(self):
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                if self._get("/readyz").status == 200:
                    return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.05)
        raise BenchError(f"the gateway did not get ready; its log is {self.log}")


def stop(process):
    """Ends a process of ours: asked first, then forced."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def free_ports(count):
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def upper_snake(name):
    return "".join("_" + letter if letter.isupper() else letter for letter in name).upper()
