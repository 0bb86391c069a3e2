"""VAD on the labelled set: ours beside ONNX Runtime, WebRTC and plain energy."""

import sys
import time

import numpy

import accuracy
import curve
import detectors
import noise
import speed
import voice_set
from detectors import FRAME_MS, MODES, WINDOW_MS

# The network's own rule: speech from the one on, held down to the other. The gateway's own is asked
# of its program.
START_THRESHOLD, HOLD_THRESHOLD = 0.5, 0.35
SMOOTHING_FRAMES = (1, 3, 5, 9, 15, 25)
SPEED_RECORDING = voice_set.FIXTURES / "speech/en/prompt-queue-youarenext.wav"
NAMES = {
    "ours": "MediaBridge", "onnx": "Silero, ONNX Runtime", "webrtc": "WebRTC VAD",
    "energy": "energy",
}
CAVEATS = [
    "Half of the speech is synthesised, the rest is studio prompts of few voices: no room, breath, "
    "laughter, accent, child or telephone microphone is in it. Real callers give lower figures.",
    "Noise is added to finished speech: nobody here speaks louder against it, and every noise but "
    "the babble is synthesised.",
    "Labels follow energy and join gaps under 150 ms; windows within 50 ms of an edge do not count, "
    "so these figures say nothing of how exactly an onset is found.",
    "People who babble in the background are noise by the labels, though they do speak. A detector "
    "that hears them is not wrong, only of no help.",
    "Two detectors are compared on the same samples; how either does on your lines, only your "
    "recordings can tell.",
]


def measure(options, work):
    """The figures; their keys begin with `vad_`."""
    program = work / "swift/release/HearingVoice"
    heard = Heard(program, options, work)
    figures = heard.agreement() | heard.accuracy(options.charts)
    tell(f"speed: {11 if options.quick else 41} rounds")
    figures |= speed.measure(
        program, options.weights, options.network, SPEED_RECORDING, 11 if options.quick else 41
    )
    return figures | {"vad_caveats": CAVEATS}


class Heard:
    """The set, and what every detector said of it."""

    def __init__(self, program, options, work):
        tell(f"the labelled set, seed {options.seed}")
        self.recordings = list(
            voice_set.recordings(options.quick, options.seed, work / "espeak-ng")
        )
        seconds = sum(len(each.samples) for each in self.recordings) / voice_set.RATE
        self.minutes = seconds / 60
        tell(f"{len(self.recordings)} recordings, {self.minutes:.0f} minutes: MediaBridge")
        ours = detectors.ours(program, options.weights, self.recordings, work / "voice-set")
        self.rule = detectors.gateway_rule(program, options.weights)
        session = detectors.onnx_session(options.network)
        self.said = []
        told = time.monotonic()
        for index, (recording, values) in enumerate(zip(self.recordings, ours)):
            values["onnx"] = detectors.onnx(session, recording.samples)
            values["modes"] = detectors.webrtc(recording.samples)
            values["ours"] = values["single"]
            self.said.append(values)
            if time.monotonic() - told > 5:
                told = time.monotonic()
                tell(f"ONNX Runtime and WebRTC: {index + 1} of {len(self.recordings)}")

    def agreement(self):
        """The same network twice: probabilities and decisions of both side by side."""
        difference, differing, count = 0.0, 0, 0
        for values in self.said:
            theirs = values["onnx"]
            for name in ("single", "batched"):
                if len(values[name]) != len(theirs):
                    raise detectors.DetectorError("the numbers of windows differ")
                difference = max(difference, float(numpy.max(numpy.abs(values[name] - theirs))))
                differing += int(numpy.sum(differences(values[name], theirs, self.rule)))
            count += len(theirs)
        return {
            "vad_decisions_differing": differing,
            "vad_max_abs_diff": float(f"{difference:.3g}"),
            "vad_windows": count,
            "vad_recordings": len(self.recordings),
            "vad_minutes": round(self.minutes, 1),
        }

    def accuracy(self, charts):
        everything = Selection(self, lambda recording: True)
        mode, smoothing = everything.best_mode(), everything.best_smoothing()
        for values in self.said:
            values["webrtc"] = detectors.smoothed(values["modes"], smoothing)
            values["webrtc_decisions"] = values["modes"][mode]
        by_modes = accuracy.area(everything.mode_points())
        curves = {name: everything.roc(name) for name in NAMES}
        areas = {name: accuracy.area(points) for name, points in curves.items()}
        smoothed = f"all modes averaged over {smoothing} frames"
        is_smoothed = areas["webrtc"] >= by_modes
        charts.mkdir(parents=True, exist_ok=True)
        draw_roc(charts, curves, everything.mode_points())
        by_snr = self.by(snr_conditions())
        draw_by_snr(charts, by_snr)
        return {
            "vad_auc": rounded(areas["ours"]),
            "vad_auc_onnx": rounded(areas["onnx"]),
            "vad_auc_webrtc": rounded(max(areas["webrtc"], by_modes)),
            "vad_auc_energy": rounded(areas["energy"]),
            "vad_auc_webrtc_four_modes": rounded(by_modes),
            "vad_auc_webrtc_from": smoothed if is_smoothed else "its four modes",
            "vad_f1": rounded(everything.f1("ours")),
            "vad_f1_onnx": rounded(everything.f1("onnx")),
            "vad_f1_webrtc": rounded(everything.f1("webrtc_decisions")),
            "vad_f1_energy": rounded(everything.f1("energy")),
            "vad_f1_webrtc_from": f"mode {mode}",
            "vad_by_snr": table("speech over noise", by_snr),
            "vad_by_condition": table("condition", self.by(other_conditions())),
            "vad_by_noise": table("noise and SNR", self.by(noise_conditions())),
            "vad_false_alarms": self.false_alarms(),
        }

    def by(self, conditions):
        """[(name, {detector: AUC}, {detector: F1})]"""
        rows = []
        for name, condition in conditions:
            part = Selection(self, condition)
            areas = {detector: accuracy.area(part.roc(detector)) for detector in NAMES}
            scores = {
                detector: part.f1("webrtc_decisions" if detector == "webrtc" else detector)
                for detector in NAMES
            }
            rows.append((name, areas, scores))
        return rows

    def false_alarms(self):
        """Of recordings in which nobody speaks: the share taken for speech."""
        rows = []
        for kind in noise.KINDS:
            part = Selection(self, lambda each: not each.has_speech and each.noise == kind)
            row = [kind]
            for detector in ("ours", "onnx", "webrtc_decisions", "energy"):
                row.append(rounded(float(numpy.mean(part.pooled(detector)[0] >= START_THRESHOLD))))
            rows.append(row)
        return {
            "title": f"share of noise alone taken for speech, at {START_THRESHOLD:g}",
            "columns": ["noise", *NAMES.values()], "rows": rows,
        }


class Selection:
    """Windows of some of the recordings, pooled."""

    def __init__(self, heard, condition):
        self.chosen = [
            (recording, values)
            for recording, values in zip(heard.recordings, heard.said)
            if condition(recording)
        ]

    def pooled(self, detector):
        """Scores and labels of what counts; a row of scores per mode for `modes`."""
        scores, voiced = [], []
        for recording, values in self.chosen:
            score = values[detector]
            length = WINDOW_MS if detector in ("ours", "onnx") else FRAME_MS
            is_voiced, counts = accuracy.labels(recording.segments, score.shape[-1], length)
            scores.append(score[..., counts])
            voiced.append(is_voiced[counts])
        return numpy.concatenate(scores, axis=-1), numpy.concatenate(voiced)

    def roc(self, detector):
        return accuracy.roc(*self.pooled(detector))

    def f1(self, detector):
        """At the gateway's threshold; WebRTC's decisions are decisions already."""
        scores, voiced = self.pooled(detector)
        return accuracy.f1(scores >= START_THRESHOLD, voiced)

    def mode_points(self):
        modes, voiced = self.pooled("modes")
        return [accuracy.rates(modes[mode], voiced) for mode in MODES]

    def best_mode(self):
        """WebRTC gets the mode that suits it best on this set."""
        modes, voiced = self.pooled("modes")
        return max(MODES, key=lambda mode: accuracy.f1(modes[mode], voiced))

    def best_smoothing(self):
        """And the smoothing."""
        def smoothed_area(frames):
            for _, values in self.chosen:
                values["webrtc"] = detectors.smoothed(values["modes"], frames)
            return accuracy.area(self.roc("webrtc"))
        return max(SMOOTHING_FRAMES, key=smoothed_area)


def differences(ours, theirs, gateway_rule):
    """Windows that the network's rule, with or without its hold, or the gateway's decides otherwise."""
    differ = (ours >= START_THRESHOLD) != (theirs >= START_THRESHOLD)
    for rule in (START_THRESHOLD, HOLD_THRESHOLD), gateway_rule:
        differ |= held(ours, *rule) != held(theirs, *rule)
    return differ


def held(probabilities, start=START_THRESHOLD, hold=HOLD_THRESHOLD):
    """Speech from the start threshold on, until it falls below the one that holds it."""
    is_on, result = False, numpy.zeros(len(probabilities), bool)
    for index, probability in enumerate(probabilities):
        is_on = probability >= (hold if is_on else start)
        result[index] = is_on
    return result


def snr_conditions():
    return [("clean", lambda each: each.has_speech and each.snr_decibels is None)] + [
        (f"{snr} dB", lambda each, snr=snr: each.snr_decibels == snr)
        for snr in voice_set.SNRS_DECIBELS
    ]


def other_conditions():
    by_origin = [
        (f"{origin} speech", lambda each, origin=origin: each.origin == origin)
        for origin in voice_set.ORIGINS
    ]
    by_loss = [
        (f"{loss:.0%} of packets lost", lambda each, loss=loss: each.has_speech and each.loss == loss)
        for loss in sorted(set(voice_set.LOSSES))
    ]
    without = lambda each: each.has_speech and each.noise != "babble"  # noqa: E731
    return [*by_origin, *by_loss, ("all but babble", without)]


def noise_conditions():
    return [
        (
            f"{kind} {snr} dB",
            lambda each, kind=kind, snr=snr: (each.noise, each.snr_decibels) == (kind, snr),
        )
        for kind in noise.KINDS
        for snr in voice_set.SNRS_DECIBELS
    ]


def table(title, rows):
    return {
        "title": f"AUC and F1 by {title}",
        "columns": [
            title, *(f"AUC {name}" for name in NAMES), *(f"F1 {name}" for name in NAMES)
        ],
        "rows": [
            [name, *map(rounded, areas.values()), *map(rounded, scores.values())]
            for name, areas, scores in rows
        ],
    }


def draw_roc(charts, curves, modes):
    also = {"webrtc": "; points: its modes"}
    curve.draw(
        charts / "vad-roc.svg", "Speech against all noises, 20 to 0 dB: ROC",
        "share of noise taken for speech", "share of speech found",
        [
            (f"{NAMES[name]}{also.get(name, '')}", accuracy.thinned(points))
            for name, points in curves.items()
        ],
        marks=[(x, y, str(mode)) for mode, (x, y) in zip(MODES, modes)],
        x_range=(0, 1), y_range=(0, 1),
    )


def draw_by_snr(charts, rows):
    """Without the clean ones, which have no place on the axis."""
    curve.draw(
        charts / "vad-auc-by-snr.svg", "Area under the ROC curve by speech over noise",
        "speech over noise, dB", "ROC-AUC",
        [
            (title, [(float(name.split()[0]), areas[key]) for name, areas, _ in rows[:0:-1]])
            for key, title in NAMES.items()
        ],
    )


def rounded(value):
    return round(value, 4)


def tell(text):
    print(f"    {text}", file=sys.stderr, flush=True)
