"""Rules about the repository: what is in it, how targets are compiled, which files may run."""

import json
import re
import subprocess
from pathlib import PurePosixPath

NOT_TRACKED = re.compile(
    r"(^|/)(Package\.resolved|\.build[^/]*|\.engines|\.swiftpm|__pycache__|\.DS_Store)(/|$)"
    r"|\.(onnx|safetensors|gguf|pt|pth|tflite|pyc|profraw|env)$"
)
FEATURES = {
    "ExistentialAny",
    "InternalImportsByDefault",
    "MemberImportVisibility",
    "NonisolatedNonsendingByDefault",
}
FORMAT_RULES = {
    "AllPublicDeclarationsHaveDocumentation",
    "BeginDocumentationCommentWithOneLineSummary",
    "NeverForceUnwrap",
    "NeverUseForceTry",
    "NeverUseImplicitlyUnwrappedOptionals",
    "NoEmptyLinesOpeningClosingBraces",
    "OmitExplicitReturns",
    "UseEarlyExits",
    "UseWhereClausesInForLoops",
    "ValidateDocumentationComments",
}


def listed(root):
    """Tracked and new files, without the ignored and the deleted ones."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    output = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return sorted({path for path in output.split("\0") if path and (root / path).is_file()})


def problems(root, paths):
    found = [f"{path}: does not belong in the repository" for path in paths if NOT_TRACKED.search(path)]
    found += c_library_problems(paths)
    found += executable_problems(root, paths)
    found += format_problems(json.loads((root / ".swift-format").read_text(encoding="utf-8")))
    for path in paths:
        if PurePosixPath(path).name == "Package.swift":
            found += package_problems(root, path)
    return found


def c_library_problems(paths):
    """Sources/CLibraries/C<Name> holds a module map and a shim header, nothing else."""
    found = []
    for path in paths:
        parts = PurePosixPath(path).parts
        if parts[:2] != ("Sources", "CLibraries"):
            continue
        if len(parts) != 4 or parts[3] not in ("module.modulemap", "shim.h"):
            found.append(f"{path}: a C library folder holds module.modulemap and shim.h only")
    return found


def executable_problems(root, paths):
    """A file that says how to run it can be run, and the other way round."""
    found = []
    for path in paths:
        if PurePosixPath(path).parts[0] not in ("script", ".ci", "audio-fixtures", "bench"):
            continue
        with (root / path).open("rb") as file:
            runnable = file.read(2) == b"#!"
        executable = bool((root / path).stat().st_mode & 0o111)
        if runnable and not executable:
            found.append(f"{path}: starts with #! but is not executable")
        if executable and not runnable:
            found.append(f"{path}: is executable but does not start with #!")
    return found


def format_problems(configuration):
    found = []
    if configuration.get("lineLength") != 100 or configuration.get("indentation") != {"spaces": 4}:
        found.append(".swift-format: 100 columns and 4 spaces are the style")
    on = configuration.get("rules", {})
    for rule in sorted(FORMAT_RULES):
        if on.get(rule) is not True:
            found.append(f".swift-format: {rule} is off")
    return found


def package_problems(root, path):
    folder = (root / path).parent
    command = ["swift", "package", "--package-path", str(folder), "dump-package"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        return [f"{path}: dump-package fails: {result.stderr.strip()[:200]}"]
    package = json.loads(result.stdout)
    package["targets"] = [target for target in package["targets"] if not is_c(folder, target)]
    return setting_problems(path, package)


def is_c(folder, target):
    """Is it a target of C sources, which Swift settings do not concern?"""
    parent = "Tests" if target["type"] == "test" else "Sources"
    sources = folder / (target.get("path") or f"{parent}/{target['name']}")
    return any(sources.rglob("*.c")) and not any(sources.rglob("*.swift"))


def setting_problems(path, package):
    """Every Swift target is compiled with everything the style asks for."""
    found = []
    for target in package["targets"]:
        if target["type"] in ("system", "system-target", "binary", "plugin"):
            continue
        missing = missing_settings(target)
        if missing:
            found.append(f"{path}: target {target['name']} lacks {', '.join(missing)}")
    return found


def missing_settings(target):
    features, kinds = set(), {}
    for setting in target.get("settings", []):
        for kind, value in setting["kind"].items():
            if kind == "enableUpcomingFeature":
                features.add(value["_0"])
            elif setting.get("condition") is None:
                kinds[kind] = value
    missing = sorted(FEATURES - features)
    if kinds.get("swiftLanguageMode", {}).get("_0") != "6":
        missing.append("Swift 6 mode")
    if "strictMemorySafety" not in kinds:
        missing.append("strictMemorySafety")
    if kinds.get("treatAllWarnings", {}).get("_0") != "error":
        missing.append("treatAllWarnings(as: .error)")
    return missing
