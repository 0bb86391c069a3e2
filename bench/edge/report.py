"""Holds figures against their bars and prints them."""

import hashlib
import json
import os
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path

THRESHOLDS = Path(__file__).with_name("thresholds.json")


def surroundings(binary, is_given):
    """What the figures were measured on; a program that was given may be of another commit."""
    return {
        "program": {
            "sha256": hashlib.sha256(Path(binary).read_bytes()).hexdigest()[:16],
            "is_built_from_commit": not is_given,
        },
        "machine": {
            "cpu": cpu_name(),
            "cores": os.cpu_count(),
            "cores_used": len(os.sched_getaffinity(0)),
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
            "load_average_before": round(os.getloadavg()[0], 2),
        },
        "commit": git("describe", "--always", "--dirty", "--abbrev=12") or "unknown",
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def judged(figures):
    """The bars of what was measured; a value that could not be told has not passed."""
    bars = {}
    for name, bar in json.loads(THRESHOLDS.read_text()).items():
        if name not in figures:
            continue
        value = figures[name]
        bars[name] = {
            "value": value,
            "at_most": bar["at_most"],
            "passed": value is not None and value <= bar["at_most"],
        }
    return bars


def table(report):
    lines = [
        f"{report['commit']} on {report['machine']['cpu']}, {report['machine']['cores_used']} cores",
        "",
        f"{'figure':<28}{'value':>12}{'at most':>10}",
    ]
    for name, bar in report["bars"].items():
        verdict = "" if bar["passed"] else "   MISSED"
        lines.append(f"{name:<28}{text(bar['value']):>12}{text(bar['at_most']):>10}{verdict}")
    lines.append("")
    lines += [
        f"{name:<36}{text(value)}"
        for name, value in report.items()
        if name not in report["bars"] and type(value) in (int, float)
    ]
    return "\n".join(lines)


def text(value):
    return "none" if value is None else f"{value:g}"


def cpu_name():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown"


def git(*arguments):
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
