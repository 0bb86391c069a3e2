# shellcheck shell=bash
# What the scripts share; sourced, never run. Everything it prints goes to stderr, so that stdout
# stays free for results.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT" || exit 1

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

# step NAME COMMAND…: runs a long step, telling when it starts and how long it took.
# A function that is called this way runs without errexit: it ends each command with "|| return".
step() {
    local name=$1 started=$SECONDS
    shift
    say "==> $name"
    "$@" || {
        local status=$?
        say "==> $name failed after $((SECONDS - started)) s (status $status)"
        return "$status"
    }
    say "==> $name: $((SECONDS - started)) s"
}

# as_root COMMAND…: directly as root, otherwise through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "needs root: run as root, or install sudo ($*)"
    fi
}

# The voice detection network runs about twice as fast with AVX2 and FMA; Package.swift asks for it.
if grep -qw avx2 /proc/cpuinfo 2>/dev/null && grep -qw fma /proc/cpuinfo; then
    export MEDIABRIDGE_SIMD=${MEDIABRIDGE_SIMD-avx2}
fi

# swift_progress ARGUMENT…: swift with its step counter turned into progress and time left.
swift_progress() { swift "$@" 2>&1 | python3 -B "$ROOT/script/progress.py" >&2; }
