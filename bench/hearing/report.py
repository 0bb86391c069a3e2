"""Holds figures against their bars and prints them."""

import json
import os
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path

THRESHOLDS = Path(__file__).with_name("thresholds.json")
WORDS = {"at_most": "at most", "at_least": "at least", "above": "above", "equals": "equals"}


def surroundings():
    return {
        "machine": {
            "cpu": cpu_name(),
            "cores": os.cpu_count(),
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
            "load_average_before": round(os.getloadavg()[0], 2),
        },
        "commit": git("describe", "--always", "--dirty", "--abbrev=12") or "unknown",
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def judged(figures, is_narrowed=False):
    """The bars of what was measured; a bar may be another figure, named.

    A value that could not be told has not passed, nor has one that a whole run did not measure.
    """
    bars = {}
    for name, bar in json.loads(THRESHOLDS.read_text()).items():
        if is_narrowed and name not in figures:
            continue
        [(kind, limit)] = bar.items()
        if isinstance(limit, str):
            limit = figures.get(limit)
        value = figures.get(name)
        passed = None not in (value, limit) and holds(kind, value, limit)
        bars[name] = {"value": value, kind: limit, "passed": passed}
    return bars


def holds(kind, value, limit):
    if kind == "at_most":
        return value <= limit
    if kind == "at_least":
        return value >= limit
    if kind == "above":
        return value > limit
    if kind == "equals":
        return value == limit
    raise ValueError(f"no bar is called {kind}")


def table(report):
    lines = [
        f"{report['commit']} on {report['machine']['cpu']}, seed {report['seed']}",
        "",
        f"{'figure':<40}{'value':>12}  bar",
    ]
    for name, bar in report["bars"].items():
        [(kind, limit)] = [(kind, bar[kind]) for kind in WORDS if kind in bar]
        verdict = "" if bar["passed"] else "   MISSED"
        lines.append(f"{name:<40}{text(bar['value']):>12}  {WORDS[kind]} {text(limit)}{verdict}")
    lines.append("")
    lines += [
        f"{name:<40}{text(value):>12}"
        for name, value in report.items()
        if name not in report["bars"] and isinstance(value, (int, float)) and name != "seed"
    ]
    lines += [
        f"{name:<40}{value}" for name, value in report.items() if name.endswith("_from")
    ]
    for detail in report.values():
        if isinstance(detail, dict) and "rows" in detail:
            lines += ["", *columns(detail)]
    for name, sentences in report.items():
        if name.endswith("_caveats"):
            lines += ["", "What this does not prove:", *(f"- {each}" for each in sentences)]
    return "\n".join(lines)


def columns(detail):
    """{"title", "columns", "rows"} as lines; the first column is words, the others figures."""
    rows = [detail["columns"], *([text(cell) for cell in row] for row in detail["rows"])]
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    yield detail["title"]
    for row in rows:
        first = row[0].ljust(widths[0])
        yield "  ".join([first, *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))])


def text(value):
    if value is None:
        return "none"
    return value if isinstance(value, str) else str(value) if value is True else f"{value:g}"


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
