"""manifest.json: what the folder holds, written from the files and checked against them."""

import hashlib
import json

from . import catalogue, labels, wav

VOICED_KINDS = {"speech", "backchannel", "mixed", "interruption"}
SIZE_LIMIT_OCTETS = 4 * 1_024 * 1_024
LICENCE_TEXTS = {"CC-BY-SA-3.0", "GPL-2.0-only"}
ELSEWHERE = {"vectors"}  # sub-folders with a README of their own


def entry(folder, fixture):
    """One manifest row, from the file as it is."""
    path = folder / fixture.path
    tag, samples = wav.read(path)
    row = {
        "path": fixture.path,
        "kind": fixture.kind,
        "language": fixture.language,
        "transcript": fixture.transcript,
        "sample_rate": wav.RATE,
        "encoding": wav.ENCODING_NAMES[tag],
        "samples": len(samples),
        "duration_ms": round(len(samples) * 1_000 / wav.RATE, 3),
        "speech": segments(folder, fixture, samples),
        "origin": fixture.origin,
        "licence": fixture.licence,
        "command": fixture.command(),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    if fixture.attribution:
        row["attribution"] = fixture.attribution
    if fixture.clean:
        row["clean"] = fixture.clean
    return row | fixture.extra


def segments(folder, fixture, samples):
    """The labels of a file: by the rule on the clean signal, none where nobody speaks."""
    if fixture.kind not in VOICED_KINDS:
        return []
    if not fixture.clean:
        return labels.speech_segments(samples)
    _, clean = wav.read(folder / fixture.clean)
    return labels.moved(labels.speech_segments(clean), fixture.lead_ms)


def build(folder):
    return {
        "version": 1,
        "label_rule": labels.RULE,
        "caveats": labels.CAVEATS,
        "files": [entry(folder, fixture) for fixture in catalogue.FIXTURES],
    }


def text(manifest):
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"


def problems(folder):
    """What is wrong with the folder, one sentence each; empty when it is as the manifest says."""
    stored = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    fixtures = {fixture.path: fixture for fixture in catalogue.FIXTURES}
    rows = {row["path"]: row for row in stored["files"]}
    found = [f"{path}: in the catalogue, not in the manifest" for path in fixtures.keys() - rows]
    found += [f"{path}: in the manifest, not in the catalogue" for path in rows.keys() - fixtures]
    for path in sorted(fixtures.keys() & rows.keys()):
        found += row_problems(folder, fixtures[path], rows[path])
    for key, value in (("label_rule", labels.RULE), ("caveats", labels.CAVEATS)):
        if stored.get(key) != value:
            found.append(f"manifest.json: {key} is not the one in labels.py")
    return found + folder_problems(folder, rows)


def row_problems(folder, fixture, row):
    try:
        actual = entry(folder, fixture)
    except (OSError, wav.WavError) as error:
        return [f"{fixture.path}: {error}"]
    found = [
        f"{fixture.path}: {key} is {actual.get(key)!r}, the manifest says {row.get(key)!r}"
        for key in sorted(actual.keys() | row.keys())
        if actual.get(key) != row.get(key)
    ]
    if fixture.kind in VOICED_KINDS and not actual["speech"]:
        found.append(f"{fixture.path}: nobody speaks by the label rule")
    if fixture.kind in VOICED_KINDS and not fixture.transcript:
        found.append(f"{fixture.path}: no transcript")
    return found


def folder_problems(folder, rows):
    found, total = [], 0
    for path in sorted(folder.rglob("*.wav")):
        relative = path.relative_to(folder)
        if relative.parts[0] in ELSEWHERE:
            continue
        total += path.stat().st_size
        if str(relative) not in rows:
            found.append(f"{relative}: not in the manifest")
    if total > SIZE_LIMIT_OCTETS:
        found.append(f"{total} octets of audio, the limit is {SIZE_LIMIT_OCTETS}")
    for licence in LICENCE_TEXTS:
        if not (folder / "licences" / f"{licence}.txt").is_file():
            found.append(f"licences/{licence}.txt is missing")
    for script in sorted((folder / "demo").glob("*.json")):
        for step in json.loads(script.read_text(encoding="utf-8"))["steps"]:
            if f"demo/{step['play']}" not in rows:
                found.append(f"demo/{script.name}: {step['play']} is not a demo fixture")
    return found
