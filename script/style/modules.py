"""The arrows between modules, as the design fixes them, and what pure modules may not touch."""

import re

ARROWS = {
    "Codecs": set(),
    "Events": set(),
    "Pipeline": {"Codecs", "Events"},
    "Insight": set(),
    "Providers": {"Codecs", "Events", "Pipeline", "Insight"},
    "Records": {"Events"},
    "ControlAPI": {"Records", "Events", "Insight"},
    "MediaBridge": {
        "Codecs", "Events", "Pipeline", "Insight", "Providers", "Records", "ControlAPI",
    },
}  # fmt: skip
WITH_C_LIBRARIES = {"Codecs", "Providers", "Records", "MediaBridge"}

# No I/O, clock, thread or logger in these; Data and String stop at the edge of the audio path.
PURE = {"Codecs", "Events", "Pipeline", "Insight"}
IMPURE_LIBRARIES = re.compile(
    r"Dispatch|FoundationNetworking|Network|NIO\w*|Logging|Metrics|Subprocess|AsyncHTTPClient|"
    r"Hummingbird\w*|ServiceLifecycle|ArgumentParser|Configuration|GRDB"
)
WITHOUT_FOUNDATION = {"Codecs"}
FOUNDATION = {"Foundation", "FoundationEssentials"}
C_LIBRARY = re.compile(r"C[A-Z]\w*")
IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?[ \t]+)*(?:(?:public|package|internal|fileprivate|private)[ \t]+)?"
    r"import[ \t]+(?:(?:struct|class|enum|protocol|func|typealias|let|var)[ \t]+)?(\w+)",
    re.MULTILINE,
)


def problems(file):
    module = file.module
    if module is None or module == "CLibraries":
        return []
    if module not in ARROWS:
        return [file.problem(1, f"Sources/{module} is no module of the design")]
    found = []
    for statement in IMPORT.finditer(file.code):
        if reason := forbidden(module, statement[1]):
            found.append(file.problem(file.line_of(statement.start(1)), reason))
    return found


def forbidden(module, imported):
    """Why `module` may not import it, or None."""
    if imported in ARROWS:
        return None if imported in ARROWS[module] else f"{module} may not import {imported}"
    if C_LIBRARY.fullmatch(imported) and module not in WITH_C_LIBRARIES:
        return f"{module} may not import the C library {imported}"
    if module in PURE and IMPURE_LIBRARIES.fullmatch(imported):
        return f"{module} is pure and may not import {imported}"
    if module in WITHOUT_FOUNDATION and imported in FOUNDATION:
        return f"{module} is on the audio path and may not import {imported}"
    return None
