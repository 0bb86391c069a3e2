"""Rules about one Swift file: size, names, escapes from the compiler's checks, sleeping tests."""

import re

MOST_LINES = 400
LONG_BY_NATURE = re.compile(r"(Tables?|Vectors?|Golden|Generated)(Tests)?(\+\w+)?$")
BANNED_WORDS = {"Util", "Utils", "Helper", "Helpers", "Manager", "Managers", "Common"}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")

ESCAPES = re.compile(r"@unchecked\s+Sendable|nonisolated\(unsafe\)|@preconcurrency\b")
DECLARATION = re.compile(r"\b(class|struct|enum|actor|extension|protocol|import|let|var|func)\b")
NEVER = {
    re.compile(r"\bfatalError\s*\("): "fatalError: a precondition with a sentence says why",
    re.compile(r"\bTask\.detached\b"): "detached task: leaving the scope must cancel",
    re.compile(r"\btry!|\bas!"): "a forced cast or try",
}
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
BARE_TIME = re.compile(
    r"\b(timeout|delay|interval|duration|latency|deadline|pause)\s*:\s*"
    r"(U?Int(?:8|16|32|64)?|Double|Float)\b"
)
SLEEP = re.compile(r"\bTask\.sleep\b|(?<!func )\b(?:u|nano)?sleep\s*\(")
REAL_CLOCK = re.compile(r"\b(?:Continuous|Suspending)Clock\b|\bDate\(\)|\bMonotonicTime\.now\(\)")
INTEGRATION = re.compile(r"\.tags\([^)]*\.integration\b")

SWITCH = re.compile(r"\bswitch\b[^\n{]*\{")


def problems(file):
    found = size(file) + names(file) + named_after_type(file) + escapes(file)
    for pattern, sentence in NEVER.items():
        found += each(file, pattern, sentence)
    found += each(file, BARE_TIME, "a time without its unit: Duration, or the unit in the name")
    for number, line in enumerate(file.lines, 1):
        if UNFINISHED.search(line):
            found.append(file.problem(number, "unfinished work belongs into an issue"))
    if file.top == "Tests" and not INTEGRATION.search(file.code):
        found += waiting(file, SLEEP, "a test that sleeps without .tags(.integration)")
        found += waiting(file, REAL_CLOCK, "a test on the real clock without .tags(.integration)")
    return found


def each(file, pattern, sentence):
    return [
        file.problem(file.line_of(found.start()), sentence) for found in pattern.finditer(file.code)
    ]


def waiting(file, pattern, sentence):
    """In a file without tests of its own, a reason is enough, or that it serves integration tests."""
    peer = "@Test" not in file.code
    if peer and any("integration tests" in line for line in file.lines):
        return []
    lines = [file.line_of(found.start()) for found in pattern.finditer(file.code)]
    return [file.problem(line, sentence) for line in lines if not (peer and file.has_reason(line))]


def size(file):
    if len(file.lines) <= MOST_LINES or LONG_BY_NATURE.search(file.path.stem):
        return []
    return [file.problem(1, f"{len(file.lines)} lines; past {MOST_LINES} a second type hides")]


def names(file):
    found = []
    if BANNED_WORDS & set(WORD.findall(file.path.stem)):
        found.append(file.problem(1, "a file name that says nothing"))
    for kind, name, line in file.declarations:
        if kind != "extension" and BANNED_WORDS & set(WORD.findall(name)):
            found.append(file.problem(line, f"{name}: a type name that says nothing"))
    return found


def named_after_type(file):
    """Type.swift declares or extends Type (OuterInner for a nested one), Type+Concern.swift
    extends it; another name has its reason in a comment on the first line."""
    if file.top != "Sources" or file.path.name == "main.swift":
        return []
    if re.match(r"// \w+( \S+){3,}", file.text):
        return []
    stem, _, concern = file.path.stem.partition("+")
    wanted = stem.rsplit(".", 1)[-1]
    fitting = {
        name.rsplit(".", 1)[-1]
        for kind, name, _ in file.declarations
        if not concern or kind == "extension"
    }
    nested = any(wanted == outer + inner for outer in fitting for inner in fitting)
    if wanted in fitting or (nested and not concern):
        return []
    what = f"an extension of {wanted}" if concern else f"a type called {wanted}"
    return [file.problem(1, f"the file name promises {what}")]


def escapes(file):
    """What switches a check of the compiler off has its reason on the line or directly above."""
    found = []
    for escape in ESCAPES.finditer(file.code):
        line = file.line_of(escape.start())
        start = line
        while start > max(1, line - 5) and not DECLARATION.search(file.code_lines[start - 1]):
            start -= 1
        if not DECLARATION.search(file.code_lines[start - 1]):
            start = line
        if not file.has_reason(line, start):
            sentence = f"{escape[0]} without a line that names the invariant and the thread"
            found.append(file.problem(line, sentence))
    return found


def default_problems(files):
    """`default:` in a switch over cases that one enum of ours declares, unless a comment says why."""
    enums = [cases for file in files if file.top == "Sources" for cases in enum_cases(file)]
    found = []
    for file in files:
        if file.top != "Sources":
            continue
        for line, labels in switches_with_default(file):
            ours = labels and any(labels <= cases for cases in enums)
            if ours and not file.has_reason(line):
                sentence = "default: over our own cases; a new case must break the build here"
                found.append(file.problem(line, sentence))
    return found


def enum_cases(file):
    for declaration in re.finditer(r"\benum\s+\w+[^{]*\{", file.code):
        body = top_level(file.code, declaration.end())
        cases = set()
        for names in re.findall(r"\bcase\s+(\w[^\n]*)", body):
            cases.update(re.findall(r"(?:^|,)\s*`?(\w+)", re.sub(r"\([^)]*\)", "", names)))
        if cases:
            yield cases


def switches_with_default(file):
    """(line of `default:`, names of the plain `.case` labels) where all labels are plain."""
    for switch in SWITCH.finditer(file.code):
        body = top_level(file.code, switch.end())
        default = re.search(r"^\s*(default)\s*:", body, re.MULTILINE)
        if not default:
            continue
        heads = re.findall(r"\bcase\s+(?:let\s+)?(.)", body)
        if all(head == "." for head in heads):
            labels = set()
            for group in re.findall(r"\bcase\s+(?:let\s+)?([^:]*):", body):
                labels.update(re.findall(r"(?:^|,)\s*(?:let\s+)?\.(\w+)", group))
            yield file.line_of(switch.end() + default.start(1)), labels


def top_level(code, start):
    """The body that opens before `start`, with everything in nested braces blanked."""
    depth, result = 1, []
    for character in code[start:]:
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                break
        result.append(character if depth == 1 or character == "\n" else " ")
    return "".join(result)
