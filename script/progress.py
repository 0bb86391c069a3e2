"""Turns the "[12/345] Compiling …" lines of a build into progress with the time left.

Every other line (warnings, errors, downloads) passes through as it is.
"""

import re
import sys
import time

COUNTER = re.compile(r"^\[(\d+)/(\d+)\] ")
INTERVAL_SECONDS = 10.0


def time_left(done, total, elapsed):
    """Seconds left when the remaining steps take as long as the past ones; None too early."""
    if done < 10 or done > total:
        return None
    return elapsed * (total - done) / done


def spoken(seconds):
    if seconds is None:
        return "time left not known yet"
    if seconds < 60:
        return f"about {max(1, round(seconds))} s left"
    return f"about {round(seconds / 60)} min left"


def follow(lines, out, clock=time.monotonic):
    started = told = clock()
    for line in lines:
        counter = COUNTER.match(line)
        if not counter:
            out.write(line)
            out.flush()
            continue
        now = clock()
        if now - told < INTERVAL_SECONDS:
            continue
        told = now
        done, total = int(counter[1]), int(counter[2])
        left = spoken(time_left(done, total, now - started))
        out.write(f"    step {done} of {total}, {round(now - started)} s so far, {left}\n")
        out.flush()


if __name__ == "__main__":
    follow(sys.stdin, sys.stdout)
