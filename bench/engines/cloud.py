"""The simulated cloud as a process of its own, told over its control port what is to go wrong."""

import json
import os
import subprocess
import urllib.request
from pathlib import Path

from gateway import BenchError, stop

HOSTS = "{provider}.cloud.test"
START_SECONDS = 30


def as_machines_of_their_own():
    """Providers do not wait until our processes have had their time slices, and neither does this one,
    where the system permits it; the gateway asks for the same (`realTime`)."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        pass


class Cloud:
    """`with Cloud(…) as cloud`: `settings` make a gateway use it."""

    def __init__(self, program, folder, name, options=(), by_name=False, is_real_time=False):
        self.schedule = as_machines_of_their_own if is_real_time else None
        self.command = [str(Path(program).resolve()), *map(str, options)]
        if by_name:
            self.command += ["--host", HOSTS]
        self.log_path = Path(folder) / f"cloud-{name}.log"

    def __enter__(self):
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                preexec_fn=self.schedule,
            )
        self.is_real_time = os.sched_getscheduler(self.process.pid) == os.SCHED_RR
        ready = self.process.stdout.readline()
        try:
            told = json.loads(ready)
        except json.JSONDecodeError as error:
            stop(self.process)
            raise BenchError(f"the simulated cloud did not start: {self.log_path}") from error
        self.control, self.environment = told["control"], told["settings"]
        return self

    def __exit__(self, *_):
        stop(self.process)
        self.process.stdout.close()

    def order(self, fault):
        self._ask("/fault", json.dumps(fault).encode())

    def reset(self):
        self._ask("/reset", b"{}")

    def log(self):
        return json.loads(self._ask("/log"))

    def _ask(self, path, body=None):
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return direct.open(urllib.request.Request(self.control + path, body), timeout=10).read()
