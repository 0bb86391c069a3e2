"""Tests of the bench's own arithmetic; `run` starts with them, as no figure is worth more."""

import json
import tempfile
import unittest
import xml.dom.minidom
from pathlib import Path

import numpy

import accuracy
import curve
import detectors
import noise
import report
import sound
import voice
from voice_set import FIXTURES


class SoundTests(unittest.TestCase):
    def test_mu_law_of_the_standard(self):
        # ITU-T G.711, table 2a: decision values and octets, at both ends and one in the middle.
        values = numpy.array([0, 32_124, -32_124, 988, -988, 8], numpy.int16)
        self.assertEqual(sound.compressed(values).tolist(), [0xFF, 0x80, 0x00, 0xCE, 0x4E, 0xFE])
        octets = numpy.arange(256, dtype=numpy.uint8)
        again = sound.compressed(sound.expanded(octets))
        again[0x7F] = 0x7F  # the second zero becomes the first
        self.assertEqual(again.tolist(), octets.tolist())

    def test_labels_are_the_manifest_s(self):
        files = json.loads((FIXTURES / "manifest.json").read_text(encoding="utf-8"))["files"]
        for file in files:
            if file["kind"] == "speech" and file["encoding"] == "pcm_s16le":
                expected = [(each["start_ms"], each["end_ms"]) for each in file["speech"]]
                samples = sound.read_wav(FIXTURES / file["path"])
                self.assertEqual(sound.speech_segments(samples), expected, file["path"])

    def test_a_mixture_has_the_ratio_that_was_asked_for(self):
        speech = numpy.zeros(16_000, numpy.int16)
        speech[4_000:8_000] = 3_000 * (-1) ** numpy.arange(4_000)
        steady = numpy.random.default_rng(1).standard_normal(16_000)
        for snr in (20, 10, 5, 0):
            total = sound.mixed(speech, steady, snr, [(500, 1_000)]).astype(float)
            ratio = 20 * numpy.log10(3_000 / sound.rms(total - speech))
            self.assertAlmostEqual(ratio, snr, delta=0.05)

    def test_losses_come_as_often_as_asked_and_in_bursts(self):
        lost = sound.lost_packets(200_000, 0.05, seed=3)
        self.assertAlmostEqual(float(lost.mean()), 0.05, delta=0.003)
        bursts = int(numpy.sum(lost[1:] & ~lost[:-1]))
        self.assertAlmostEqual(lost.sum() / bursts, 2, delta=0.1)
        samples = sound.with_losses(numpy.ones(160 * 1_000, numpy.int16), 0.05, seed=3)
        packets = samples.reshape(-1, 160).sum(axis=1)
        self.assertEqual(set(packets.tolist()), {0, 160})

    def test_noises_repeat_with_their_seed(self):
        with tempfile.TemporaryDirectory() as cache:
            for kind in ("pink", "music", "dtmf", "hum", "cough", "keyboard"):
                first, again, other = (noise.make(kind, 2, seed, cache) for seed in (1, 1, 2))
                self.assertTrue(numpy.array_equal(first, again), kind)
                self.assertFalse(numpy.array_equal(first, other), kind)

    def test_a_sound_may_reach_over_the_end(self):
        total = numpy.zeros(4)
        for start in (0, 3, 4, 9):
            noise.add(total, start, numpy.ones(2))
        self.assertEqual(total.tolist(), [1, 1, 0, 1])


class AccuracyTests(unittest.TestCase):
    def test_area_is_the_share_of_pairs_in_order(self):
        # Of the 3 × 3 pairs, 6 are in order and one is a tie.
        scores = numpy.array([0.9, 0.6, 0.3, 0.7, 0.3, 0.1])
        voiced = numpy.array([True, True, True, False, False, False])
        self.assertAlmostEqual(accuracy.area(accuracy.roc(scores, voiced)), 6.5 / 9)

    def test_area_of_operating_points(self):
        self.assertAlmostEqual(accuracy.area([(0.5, 0.5)]), 0.5)
        self.assertAlmostEqual(accuracy.area([(0.25, 0.75)]), 0.75)
        self.assertAlmostEqual(accuracy.area([(0.5, 1.0), (0.0, 0.5)]), 0.875)

    def test_f1(self):
        decisions = numpy.array([True, True, False, True])
        voiced = numpy.array([True, False, True, True])
        self.assertAlmostEqual(accuracy.f1(decisions, voiced), 2 / 3)

    def test_windows_at_edges_do_not_count(self):
        # Frames of 20 ms around speech from 100 to 300 ms: an edge spoils 50 ms on each side.
        voiced, counted = accuracy.labels([(100, 300)], 20, 20)
        self.assertEqual(numpy.flatnonzero(voiced).tolist(), list(range(5, 15)))
        self.assertEqual(
            numpy.flatnonzero(counted).tolist(), [0, 1, 8, 9, 10, 11, 18, 19]
        )

    def test_speech_holds_down_to_the_lower_threshold(self):
        probabilities = numpy.array([0.4, 0.5, 0.4, 0.34, 0.4, 0.6])
        expected = [False, True, True, False, False, True]
        self.assertEqual(voice.held(probabilities).tolist(), expected)

    def test_smoothing_looks_back_only(self):
        decisions = numpy.array([[0, 0, 1, 0, 0]] * 4, bool)
        self.assertEqual(
            detectors.smoothed(decisions, 2).tolist(), [0, 0, 0.5, 0.5, 0]
        )


class ReportTests(unittest.TestCase):
    def test_every_kind_of_bar_can_be_missed(self):
        for kind, kept, missed, limit in (
            ("at_most", 1, 2, 1), ("at_least", 1, 0, 1), ("above", 2, 1, 1),
            ("equals", True, False, True),
        ):
            self.assertTrue(report.holds(kind, kept, limit), kind)
            self.assertFalse(report.holds(kind, missed, limit), kind)

    def test_a_bar_may_be_another_figure(self):
        figures = {"vad_auc": 0.8, "vad_auc_webrtc": 0.9}
        bar = report.judged(figures)["vad_auc"]
        self.assertEqual(bar, {"value": 0.8, "at_least": 0.9, "passed": False})

    def test_what_a_whole_run_did_not_measure_is_missed(self):
        self.assertFalse(report.judged({})["pause_ms_p95"]["passed"])
        self.assertEqual(report.judged({}, is_narrowed=True), {})


class CurveTests(unittest.TestCase):
    def test_round_ticks_hold_both_ends(self):
        self.assertEqual(curve.ticks(0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1.0])
        self.assertEqual(curve.ticks(180, 1_210), [0, 200, 400, 600, 800, 1_000, 1_200, 1_400])

    def test_a_drawing_is_xml_with_its_names(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.svg"
            curve.draw(path, "A < B", "x", "y", [("one & two", [(0, 0), (1, 2)])], [(1, 2, "here")])
            document = xml.dom.minidom.parse(str(path))
        title = document.getElementsByTagName("title")[0].firstChild.data
        self.assertEqual(title, "A < B")
        self.assertEqual(len(document.getElementsByTagName("polyline")), 1)


if __name__ == "__main__":
    unittest.main()
