"""Where speech is in a clean file: a rule of its own, independent of any VAD of the gateway."""

from . import wav

WINDOW_MS = 10
FLOOR_DECIBELS = -40
JOIN_MS = 150
SHORTEST_MS = 30

RULE = (
    f"On the clean signal: RMS of consecutive {WINDOW_MS} ms windows, mean removed; a window is "
    f"speech when it is above {FLOOR_DECIBELS} dB of the file's loudest window; gaps under "
    f"{JOIN_MS} ms are joined, and what is then shorter than {SHORTEST_MS} ms is dropped. A mixed "
    "file carries the labels of its clean file, moved by the lead-in."
)

CAVEATS = [
    "The rule follows energy: weak onsets and endings (f, th, final s, aspiration) may be labelled "
    "up to about 50 ms late or early, and an audible breath or click within a recorded prompt "
    "counts as speech when it is above the floor.",
    "Pauses under 150 ms, stop closures included, are inside a segment.",
    "The Spanish recorded prompts fade into room noise about 40 dB down: their last segment may run "
    "up to 150 ms past the last sound.",
    "Boundaries are multiples of 10 ms and exact to one window at best.",
    "Transcripts of recorded prompts come from the package's own list, with Spanish accents "
    "restored; synthesised speech says its transcript by construction.",
    "Synthesised voices have no room, no breath and no hesitation: results on them do not carry "
    "over to real callers.",
]


def speech_segments(samples):
    """Labels of a clean signal as [{"start_ms", "end_ms"}], end exclusive."""
    mean = sum(samples) / max(1, len(samples))
    size = wav.samples_for(WINDOW_MS)
    levels = [
        wav.rms([sample - mean for sample in samples[start : start + size]])
        for start in range(0, len(samples), size)
    ]
    loudest = max(levels, default=0.0)
    if loudest == 0:
        return []
    floor = loudest * 10 ** (FLOOR_DECIBELS / 20)
    spans = []
    for index, level in enumerate(levels):
        if level <= floor:
            continue
        start, end = index * WINDOW_MS, (index + 1) * WINDOW_MS
        if spans and start - spans[-1][1] < JOIN_MS:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    last = len(samples) * 1_000 // wav.RATE
    return [
        {"start_ms": start, "end_ms": min(end, last)}
        for start, end in spans
        if end - start >= SHORTEST_MS
    ]


def moved(segments, milliseconds):
    return [
        {"start_ms": s["start_ms"] + milliseconds, "end_ms": s["end_ms"] + milliseconds}
        for s in segments
    ]


def labelled(samples, segments):
    """The samples inside the labels, for levels."""
    inside = []
    for segment in segments:
        inside += samples[wav.samples_for(segment["start_ms"]) : wav.samples_for(segment["end_ms"])]
    return inside
