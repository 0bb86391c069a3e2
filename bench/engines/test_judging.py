"""The bench's own ear and judgement, on audio that is made here."""

import json
import math
import tempfile
import unittest

import judge
import tones
from answers import Answers, common
from phone import Heard, Said
from provider_times import taken
from recordings import mu_law

QUIET = b"\xff"


def spoken(text):
    octets = QUIET * 480
    for tone in tones.tones_of(text):
        hertz = tones.LOWEST_HERTZ + tone * tones.STEP_HERTZ
        octets += bytes(
            mu_law(round(8_000 * math.sin(2 * math.pi * hertz * index / 8_000)))
            for index in range(800)
        ) + QUIET * 160
    return octets


class Judging(unittest.TestCase):
    text = "We open every weekday at eight in the morning. Come and see."

    def setUp(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump([{"when": "*", "say": "Hello."}, {"when": "when", "say": self.text}], file)
            file.flush()
            self.answers = Answers(file.name)

    def heard(self, octets):
        """A call of one line whose voice ends after a second; then `octets`."""
        return Heard("CA", [Said("line", "when", 0, 1_000)], bytearray(QUIET * 8_000 + octets))

    def judged(self, octets, written="when", normal=0):
        return judge.judged(self.heard(octets), [{"user": written}], self.answers,
                            {"line": normal})

    def test_words_are_told_by_their_tones(self):
        found = [sound.tone for sound in tones.sounds(spoken(self.text))]
        self.assertEqual(found, tones.tones_of(self.text))

    def test_a_pause_within_a_word_does_not_make_two(self):
        octets = spoken(self.text)
        cut = 480 + 960 * 3 + 320
        found = tones.sounds(octets[:cut] + QUIET * 1_600 + octets[cut:])
        self.assertEqual([sound.tone for sound in found], tones.tones_of(self.text))

    def test_noise_is_no_word(self):
        noise = bytes((index * 7_919 % 251) & 0xBF for index in range(4_000))
        self.assertEqual([sound.tone for sound in tones.sounds(noise)], [None])

    def test_a_call_without_faults(self):
        result = self.judged(spoken(self.text), normal=60)
        self.assertEqual(result["next_audio_ms"], 0)
        self.assertEqual((result["repeated"], result["lost_words"]), ([], 0))
        self.assertEqual(result["answer_words_lost"], 0)

    def test_a_gap_in_an_answer(self):
        octets = spoken(self.text)
        cut = 480 + 960 * 4
        result = self.judged(octets[:cut] + QUIET * 16_000 + octets[cut:], normal=60)
        self.assertEqual(result["silence_ms"], 2_020)
        self.assertEqual(result["next_audio_ms"], 1_940)

    def test_a_sentence_twice(self):
        result = self.judged(spoken(self.text) + spoken(self.text))
        self.assertEqual(result["repeated"], ["We open every weekday at eight in the morning."])

    def test_words_missing(self):
        result = self.judged(spoken("We open every weekday in the morning. Come and see."), "")
        self.assertEqual(result["lost_words"], 1)
        self.assertEqual(result["answer_words_lost"], 2)

    def test_no_answer_is_silence_to_the_end(self):
        self.assertEqual(self.judged(QUIET * 40_000)["silence_ms"], 5_000)

    def test_common_keeps_the_order(self):
        self.assertEqual(common("abcd", "acbd"), 3)


class Taken(unittest.TestCase):
    """The times of one turn, whose word the recogniser's windows gave it."""

    answer = [("anthropic", "asked", 100, "hello zaaaaa"), ("anthropic", "first", 300, "hello zaaaaa")]
    answer += [("anthropic", "piece", 308 + 8 * index, "hello zaaaaa") for index in range(9)]
    answer += [("elevenlabs", "asked", 330, "Good day zaaaaa. "), ("elevenlabs", "first", 450, "zaaaaa")]

    @staticmethod
    def heard(what, milliseconds, word, is_answer):
        text = json.dumps({"from_finalize": is_answer, "transcript": f"hello {word}"})
        return ("deepgram", what, milliseconds, text)

    def times(self, *heard):
        names = ("provider", "what", "milliseconds", "text")
        return taken([dict(zip(names, row)) for row in (*heard, *self.answer)]).get("zaaaaa")

    def test_each_provider(self):
        times = self.times(self.heard("asked", 10, "zaaaaa", True), self.heard("done", 90, "zaaaaa", True))
        # "Good day zaaaaa. " is five tokens of four characters.
        self.assertEqual(times, {"deepgram": 80, "anthropic": 232, "elevenlabs": 120, "tokens": 5})

    def test_words_that_were_under_way(self):
        window = self.heard("asked", 10, "zaaaaa", False), self.heard("done", 90, "zaaaaa", False)
        later = self.heard("asked", 60, "zaaaab", True), self.heard("done", 140, "zaaaab", True)
        self.assertEqual(self.times(*window, *later)["deepgram"], 30)
        self.assertEqual(self.times(*window, self.heard("again", 11, "zaaaaa", False))["deepgram"], 79)

    def test_words_that_were_there(self):
        window = self.heard("asked", 10, "zaaaaa", False), self.heard("done", 90, "zaaaaa", False)
        later = self.heard("asked", 900, "zaaaab", True), self.heard("done", 980, "zaaaab", True)
        self.assertEqual(self.times(*window)["deepgram"], 0)
        self.assertEqual(self.times(*window, *later)["deepgram"], 0)

    def test_no_whole_turn(self):
        self.assertIsNone(self.times(self.heard("asked", 10, "zaaaaa", True)))


if __name__ == "__main__":
    unittest.main()
