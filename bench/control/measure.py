"""Measures control and live events; bench/control/run builds what this needs and calls it."""

import argparse
import json
import os
import signal
import socket
import sys
import threading
import time
import urllib.request
from pathlib import Path

import report
from calls import percentile, simulate
from gateway import BenchError, Gateway
from live import Follower
from load import SETTLE_SECONDS, Load

report.THRESHOLDS = Path(__file__).with_name("thresholds.json")
QUESTION = Path("audio-fixtures/demo/en-hours.wav")
LATE = 'mediabridge_edge_events_total{what="ticksLate"}'


def main():
    options = parsed()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    result = report.surroundings(options.binary, bool(os.environ.get("MEDIABRIDGE_BINARY")))
    try:
        if options.only in (None, "events"):
            print("==> events", file=sys.stderr, flush=True)
            result |= measure_events(options)
        if options.only in (None, "control"):
            print("==> control", file=sys.stderr, flush=True)
            result |= measure_control(options)
    except (BenchError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    result["quick"] = options.quick
    result["seconds"] = round(time.monotonic() - started, 1)
    result["bars"] = judged(result)
    result["passed"] = all(bar["passed"] for bar in result["bars"].values())
    print(json.dumps(result) if options.json else table(result))
    return 1 if options.check and not result["passed"] else 0


def parsed():
    parser = argparse.ArgumentParser(prog="script/bench control", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer turns and seconds")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is missed")
    parser.add_argument("--only", choices=["events", "control"], help="measure one part")
    parser.add_argument("--binary", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--tools", required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def measure_events(options):
    """50 conversations, seen by one subscriber of all and by one that loses its connection."""
    calls, turns = 50, 2 if options.quick else 6
    question = str(QUESTION.resolve())
    steps = [{"play": question}] * turns
    script = Path(options.tools) / "events.json"
    script.write_text(json.dumps({"language": "en", "steps": steps}))
    with Gateway(options.binary, options.tools, "events", {"vad": "energy"}) as gateway:
        follower = Follower(gateway.api_port)
        follower.start()
        broken = Broken(gateway.api_port)
        [report_of_calls] = simulate(options.binary, gateway, [script], calls)
        time.sleep(1)
        broken.stop()
        follower.close()
        kept = journal(gateway)
    if not follower.events:
        raise BenchError(f"no events arrived: {report_of_calls['problems']}")
    delays = follower.delays_ms()
    wholes = [faults(follower.events, kept), faults(broken.events, kept)]
    return {
        "event_delay_ms_p50": percentile(delays, 50),
        "event_delay_ms_p99": percentile(delays, 99),
        "event_delay_ms_max": round(max(delays), 1),
        "events": sum(len(seqs) for seqs in kept.values()),
        "events_calls": len(kept),
        "events_reconnections": broken.reconnections,
        "events_lost": sum(each[0] for each in wholes),
        "events_repeated": sum(each[1] for each in wholes),
        "events_out_of_order": sum(each[2] for each in wholes),
        "events_call_problems": report_of_calls["problems"],
    }


class Broken(threading.Thread):
    """A subscriber whose connection breaks every second and that resumes by position."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.events, self.reconnections = port, [], 0
        self.stopped = threading.Event()
        self.start()

    def run(self):
        path = "/ws/events?from=start"
        while True:
            over = self.stopped.is_set()
            follower = Follower(self.port, path)
            follower.start()
            self.stopped.wait(1)
            if over:
                time.sleep(1)
            follower.close()
            self.events += follower.events
            if over:
                return
            if self.events:
                path = f"/ws/events?after={self.events[-1][1]['position']}"
            self.reconnections += 1

    def stop(self):
        self.stopped.set()
        self.join(15)


def faults(events, kept):
    """Events that are missing, came again, or came before an earlier one of their call."""
    seen, lost, repeated, disordered = {}, 0, 0, 0
    for _, event in events:
        seqs = seen.setdefault(event["call_id"], [])
        if event["seq"] in seqs:
            repeated += 1
        elif seqs and event["seq"] < seqs[-1]:
            disordered += 1
        seqs.append(event["seq"])
    for call, seqs in kept.items():
        lost += len(set(seqs) - set(seen.get(call, [])))
    return lost, repeated, disordered


def journal(gateway):
    """What the gateway kept: the seqs of every call."""
    kept = {}
    for call in get(gateway, "/api/v1/calls?limit=1000")["calls"]:
        seqs, after = [], 0
        while True:
            page = get(gateway, f"/api/v1/calls/{call['id']}/events?after={after}")
            if not page["events"]:
                break
            seqs += [event["seq"] for event in page["events"]]
            after = page["next"]
        kept[call["id"]] = seqs
    return kept


def measure_control(options):
    """100 calls; a while without requests, then the same while with them."""
    calls, seconds = 100, 3 if options.quick else 10
    # One client, whom the limit for strangers would stop.
    settings = {"vad": "energy", "loops": 1, "requestsPerSecond": 0}
    with Gateway(options.binary, options.tools, "control", settings) as gateway:
        total = SETTLE_SECONDS + 2 * seconds + 60  # it is stopped before
        with Load(options.tools, gateway.media_port, calls, total) as load:
            time.sleep(SETTLE_SECONDS)
            ids = [call["id"] for call in get(gateway, "/api/v1/calls?limit=1000")["calls"]]
            without = late_frames(gateway, lambda: time.sleep(seconds))
            steering = Steering(gateway.api_port, ids, seconds)
            with_requests = late_frames(gateway, steering.run)
            load.check_alive(gateway)
    return {
        "control_requests_per_s": round(steering.answered / seconds, 1),
        "control_requests_failed": steering.failed,
        "control_delay_ms_p50": percentile(steering.delays, 50),
        "control_delay_ms_p99": percentile(steering.delays, 99),
        "late_frames_without": without,
        "late_frames_with": with_requests,
        "late_frames_more_than_without": max(0, with_requests - without),
        "late_frames_calls": calls,
        "late_frames_seconds": seconds,
    }


class Steering:
    """Two connections that each keep several requests under way: contexts and mutes in turn."""

    CONNECTIONS, AHEAD = 2, 8

    def __init__(self, port, ids, seconds):
        self.port, self.ids, self.seconds = port, ids, seconds
        self.answered, self.failed, self.delays = 0, 0, []
        self.lock = threading.Lock()

    def run(self):
        threads = [
            threading.Thread(target=self._steer, args=(index,))
            for index in range(self.CONNECTIONS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _steer(self, index):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end = time.monotonic() + self.seconds
        waiting, buffer, count, sent_at, delays, failed = 0, b"", index, [], [], 0
        while time.monotonic() < end or waiting:
            if time.monotonic() < end:
                batch = b""
                while waiting < self.AHEAD:
                    batch += self._request(count)
                    count += self.CONNECTIONS
                    waiting += 1
                    sent_at.append(time.monotonic())
                if batch:
                    connection.sendall(batch)
            buffer += connection.recv(65_536)
            while (end_of_head := buffer.find(b"\r\n\r\n")) >= 0:
                head = buffer[:end_of_head].lower()
                length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
                if len(buffer) < end_of_head + 4 + length:
                    break
                failed += b" 200 " not in head.split(b"\r\n")[0]
                buffer = buffer[end_of_head + 4 + length :]
                delays.append((time.monotonic() - sent_at.pop(0)) * 1_000)
                waiting -= 1
        with self.lock:
            self.answered += len(delays) - failed
            self.failed += failed
            self.delays += delays

    def _request(self, count):
        call = self.ids[count % len(self.ids)]
        name, body = [
            ("context", b'{"context":"The caller is a VIP."}'), ("mute", b""), ("unmute", b""),
        ][count // len(self.ids) % 3]
        return (
            f"POST /api/v1/calls/{call}/{name} HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


def late_frames(gateway, work):
    """Ticks of the media loops that came over 5 ms late meanwhile; loops publish once a second."""
    time.sleep(1.1)
    before = late(gateway)
    work()
    time.sleep(1.1)
    return late(gateway) - before


def late(gateway):
    for line in fetch(gateway, "/metrics").decode().splitlines():
        if line.startswith(LATE):
            return int(float(line.rsplit(" ", 1)[1]))
    raise BenchError(f"/metrics has no {LATE}")


def get(gateway, path):
    return json.loads(fetch(gateway, path))


def fetch(gateway, path):
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(gateway.api_url + path, timeout=10) as answer:
        return answer.read()


def judged(figures):
    bars = {}
    for name, bar in json.loads(report.THRESHOLDS.read_text()).items():
        if name not in figures:
            continue
        value = figures[name]
        passed = value is not None and (
            value <= bar["at_most"] if "at_most" in bar else value >= bar["at_least"]
        )
        bars[name] = {"value": value, **bar, "passed": passed}
    return bars


def table(figures):
    lines = [f"{figures['commit']} on {figures['machine']['cpu']}", ""]
    for name, bar in figures["bars"].items():
        limit = f"≤ {bar['at_most']:g}" if "at_most" in bar else f"≥ {bar['at_least']:g}"
        verdict = "" if bar["passed"] else "   MISSED"
        lines.append(f"{name:<32}{report.text(bar['value']):>12}{limit:>10}{verdict}")
    lines.append("")
    lines += [
        f"{name:<36}{report.text(value)}"
        for name, value in figures.items()
        if name not in figures["bars"] and type(value) in (int, float)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
