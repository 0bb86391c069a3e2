"""A Swift file with its comments and strings blanked out, so that rules see code only."""

import re
from functools import cached_property
from pathlib import PurePosixPath

OPENING = re.compile(r'(#*)("""|")')
TYPE = re.compile(
    r"^(?P<indent>\s*)(?:@\w+(?:\([^)]*\))?\s+|\w+(?:\(\w+\))?\s+)*?"
    r"(?P<kind>struct|class|enum|actor|protocol|typealias|extension)\s+(?P<name>[A-Z][\w.]*)",
    re.MULTILINE,
)


class SwiftFile:
    """One file; `code` has the same lines and columns as `text`."""

    def __init__(self, path, text):
        self.path = PurePosixPath(path)
        self.text = text
        self.lines = text.splitlines()
        self.code, self.comment_lines = blanked(text)
        self.code_lines = self.code.splitlines()

    @property
    def top(self):
        return self.path.parts[0]

    @property
    def module(self):
        """The folder below Sources, or None."""
        return self.path.parts[1] if self.top == "Sources" and len(self.path.parts) > 2 else None

    @cached_property
    def declarations(self):
        """Every (kind, name, line) of a type or extension."""
        return [
            (found["kind"], found["name"], self.line_of(found.start("kind")))
            for found in TYPE.finditer(self.code)
        ]

    def line_of(self, offset):
        return self.code.count("\n", 0, offset) + 1

    def has_reason(self, line, start=None):
        """Is there a comment on a line from `start` to `line`, or directly above (attributes between)?"""
        first = start or line
        if any(number in self.comment_lines for number in range(first, line + 1)):
            return True
        above = first - 1
        while above > 0 and self.lines[above - 1].strip().startswith("@"):
            if above in self.comment_lines:
                return True
            above -= 1
        return above in self.comment_lines

    def problem(self, line, sentence):
        return f"{self.path}:{line}: {sentence}"


def blanked(text):
    """The text with comments and string contents as spaces, and the lines that hold a comment."""
    result, comments, index, line = list(text), set(), 0, 1
    while index < len(text):
        if text.startswith("//", index):
            end = text.find("\n", index)
            end = len(text) if end < 0 else end
            comments.add(line)
        elif text.startswith("/*", index):
            end = end_of_block(text, index)
            comments.update(range(line, line + text.count("\n", index, end) + 1))
        elif opening := OPENING.match(text, index):
            end = end_of_string(text, opening.end(), opening[2], opening[1])
        else:
            line += text[index] == "\n"
            index += 1
            continue
        for position in range(index, end):
            if text[position] != "\n":
                result[position] = " "
        line += text.count("\n", index, end)
        index = end
    return "".join(result), comments


def end_of_block(text, index):
    depth = 0
    while index < len(text):
        if text.startswith("/*", index):
            depth, index = depth + 1, index + 2
        elif text.startswith("*/", index):
            depth, index = depth - 1, index + 2
            if depth == 0:
                return index
        else:
            index += 1
    return index


def end_of_string(text, index, quote, hashes):
    """Past the closing quote; interpolations may hold strings of their own."""
    closing, escape = quote + hashes, "\\" + hashes
    while index < len(text):
        if text.startswith(escape + "(", index):
            index = end_of_interpolation(text, index + len(escape) + 1)
        elif text.startswith(escape, index):
            index += len(escape) + 1
        elif text.startswith(closing, index):
            return index + len(closing)
        elif quote == '"' and text[index] == "\n":
            return index
        else:
            index += 1
    return index


def end_of_interpolation(text, index):
    depth = 1
    while index < len(text) and depth:
        if opening := OPENING.match(text, index):
            index = end_of_string(text, opening.end(), opening[2], opening[1])
            continue
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        index += 1
    return index
