"""What the simulated providers took for each turn of many calls that say the same.

`SimulatedCloud --turn-words` makes turns tellable: its recogniser understands one more word at the end
of each final window, which no other window has, and its models say that word at the end of their first
sentence. So each entry of its log names the turn it belongs to.
"""

import json
import re

PROVIDERS = ("deepgram", "anthropic", "elevenlabs")
TOKEN_CHARACTERS = 4
# What `--turn-words` of the simulated cloud adds to each final window and to its answer: three letters
# for the recogniser's connection and two that count its windows.
TURN_WORD = re.compile(r"\bz[a-p]{5}\b")


def turn_word(text):
    found = TURN_WORD.findall(text)
    return found[-1] if found else None


def taken(log):
    """What the simulators took for each turn, by its word."""
    turns = {}
    for entry in log:
        if word := turn_word(entry["text"]):
            turns.setdefault(word, {}).setdefault((entry["provider"], entry["what"]), []).append(entry)
    # Those asked again for a word begin with what was asked first.
    for entries in turns.values():
        for same in entries.values():
            same.sort(key=lambda entry: entry["milliseconds"])
    return {
        word: times for word, entries in turns.items()
        if (times := taken_for(word, entries, turns))
    }


def taken_for(word, entries, turns):
    """Each time is from the last octet of a request to the moment before its answer went out.

    None for a word that belongs to no whole turn, such as that of a cancelled utterance.
    """
    def moments(provider, *whats):
        return [entry["milliseconds"] for what in whats for entry in entries.get((provider, what), [])]

    thought = moments("anthropic", "asked"), moments("anthropic", "first", "piece")
    said = moments("elevenlabs", "asked"), moments("elevenlabs", "first")
    waited = waited_for_words(word, turns)
    if waited is None or not all((*thought, *said)):
        return None
    # The space behind a sentence tells that it is over.
    sentence = entries["elevenlabs", "asked"][0]["text"].strip()
    tokens = -(-(len(sentence) + 1) // TOKEN_CHARACTERS)
    if len(thought[1]) < tokens:
        return None
    return {
        "deepgram": waited,
        "anthropic": thought[1][tokens - 1] - thought[0][0],
        "elevenlabs": said[1][0] - said[0][0],
        "tokens": tokens,
    }


def waited_for_words(word, turns):
    """How long the recogniser took after it was asked for a turn's last words.

    They may have been under way by the recogniser's own endpointing; then only what was left when
    `Finalize` came counts. That has an answer of its own unless it found nothing more to say. Words
    that were there before the turn ended took no time of it.
    """
    def first(word, what):
        return turns.get(word, {}).get(("deepgram", what), [None])[0]

    def is_answer(entry):
        return json.loads(entry["text"])["from_finalize"]

    asked, done = first(word, "asked"), first(word, "done")
    if asked is None or done is None:
        return None
    if not is_answer(asked):
        following = first(word_after(word), "asked")
        asked = first(word, "again") or following
        if asked is None or asked is following and not is_answer(following):
            return 0
    return max(0, done["milliseconds"] - asked["milliseconds"])


def word_after(word):
    digits = "abcdefghijklmnop"
    count = digits.index(word[4]) * 16 + digits.index(word[5]) + 1
    return word[:4] + digits[count // 16 % 16] + digits[count % 16]
