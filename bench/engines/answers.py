"""What the simulated models answer, and what of it is said."""

import json
from pathlib import Path

import tones

FILE = Path("Tests/Support/SimulatedCloud/answers.json")


class Answers:
    def __init__(self, file=FILE):
        self.rows = {row["when"]: row for row in json.loads(Path(file).read_text())}
        # Which sentence four words in a row belong to.
        self.sentence_of = {}
        for row in self.rows.values():
            for text in (row["say"], row.get("then", "")):
                for sentence in tones.sentences(text):
                    for four in fours(tones.tones_of(sentence)):
                        self.sentence_of[four] = sentence

    def after(self, words):
        """All that is said after the caller's words; None: the greeting."""
        row = self.rows["*" if words is None else words]
        return " ".join(filter(None, (row["say"], row.get("then"))))

    def repeated(self, heard):
        """The sentences of which four words in a row are heard more than once."""
        seen, found = set(), []
        for four in fours(heard):
            sentence = self.sentence_of.get(four)
            if sentence and four in seen and sentence not in found:
                found.append(sentence)
            seen.add(four)
        return found


def fours(values):
    return [tuple(values[index : index + 4]) for index in range(len(values) - 3)]


def common(one, other):
    """How many values both have in the same order (longest common subsequence)."""
    row = [0] * (len(other) + 1)
    for value in one:
        before = row
        row = [0]
        for index, each in enumerate(other):
            row.append(before[index] + 1 if value == each else max(before[index + 1], row[-1]))
    return row[-1]
