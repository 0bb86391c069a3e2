"""README.md of the folder, written from the manifest."""

HEAD = """# Audio fixtures

Speech in English and Spanish, noise, silence, coughs and tones for tests, benchmarks and the demo
call: 8 kHz mono WAV, linear 16 bit or (mixed files) G.711 µ-law. `manifest.json` has one row per
file with transcript, labels, origin, licence, command and SHA-256.
*This page and the manifest are written by `./make`; edit `generator/` instead.*

```sh
./make            # makes every file again, then manifest.json and this page
./make --only F   # makes one file again, and the manifest
./make --check    # is everything as the manifest says? (no tool but python3 needed)
```

`make` needs python3, sox, espeak-ng and, for the recorded speech, Debian's alsa-utils,
asterisk-core-sounds-en-wav and asterisk-core-sounds-es-wav; a recorded file whose package is absent
is kept as it is. Renderings are repeatable with the versions named below; another espeak-ng or sox
gives other samples, so a file that changes is committed on its own, with the reason.

`demo/*.json` are the caller's lines for `mediabridge call --script`: each step plays a file of that
folder once the agent has finished its answer, or, with `interruptAfterMilliseconds`, that long after
the answer became audible; `text` is what the file says. `vectors/` has a page of its own.

## Labels

{rule}

What the labels do not give:
{caveats}

## Licences

| licence | files | terms |
| --- | --- | --- |
| MIT | {mit} | ours: renderings and generated signals, under the licence of this repository |
| CC-BY-SA-3.0 | {cc} | recorded by Allison Smith (Copyright 2003-2010), financial contributions by Digium, Inc.; text in `licences/CC-BY-SA-3.0.txt`; mixed files made from them are under the same licence, changed as their row says |
| GPL-2.0-only | {gpl} | sound files of alsa-utils, Copyright 1998-2022 Jaroslav Kysela and others; text in `licences/GPL-2.0-only.txt`, commands in the table are their complete source; no code links them |

Both are as Debian's `/usr/share/doc/<package>/copyright` states (packages 1.6.1-1 and 1.2.8-1).

## Files
"""


def render(manifest):
    rows = manifest["files"]
    count = {name: sum(row["licence"] == name for row in rows) for name in {r["licence"] for r in rows}}
    lines = HEAD.format(
        rule=manifest["label_rule"],
        caveats="\n".join(f"- {caveat}" for caveat in manifest["caveats"]),
        mit=count["MIT"],
        cc=count["CC-BY-SA-3.0"],
        gpl=count["GPL-2.0-only"],
    ).splitlines()
    for kind in dict.fromkeys(row["kind"] for row in rows):
        lines += ["", f"### {kind}", "", "| file | says | origin | licence | command |"]
        lines.append("| --- | --- | --- | --- | --- |")
        for row in (row for row in rows if row["kind"] == kind):
            cells = (f"`{row['path']}`", row["transcript"] or "–", row["origin"], row["licence"])
            lines.append("| " + " | ".join((*cells, f"`{row['command']}`")) + " |")
    return "\n".join(lines) + "\n"
