import copy
import tempfile
import unittest
from pathlib import Path

from style import repository

SETTINGS = [
    {"kind": {"swiftLanguageMode": {"_0": "6"}}, "tool": "swift"},
    *({"kind": {"enableUpcomingFeature": {"_0": f}}, "tool": "swift"} for f in repository.FEATURES),
    {"kind": {"strictMemorySafety": {}}, "tool": "swift"},
    {"kind": {"treatAllWarnings": {"_0": "error"}}, "tool": "swift"},
]


class RepositoryTests(unittest.TestCase):
    def test_every_setting_is_asked_for(self):
        target = {"name": "Codecs", "type": "regular", "settings": SETTINGS}
        self.assertEqual(repository.setting_problems("Package.swift", {"targets": [target]}), [])
        for index in range(len(SETTINGS)):
            poorer = copy.deepcopy(target)
            del poorer["settings"][index]
            found = repository.setting_problems("Package.swift", {"targets": [poorer]})
            self.assertEqual(len(found), 1, SETTINGS[index])

    def test_system_libraries_have_no_settings(self):
        package = {"targets": [{"name": "COpus", "type": "system", "settings": []}]}
        self.assertEqual(repository.setting_problems("Package.swift", package), [])

    def test_targets_of_c_sources(self):
        with tempfile.TemporaryDirectory() as folder:
            sources = Path(folder) / "Sources" / "Counter"
            sources.mkdir(parents=True)
            target = {"name": "Counter", "type": "regular"}
            self.assertFalse(repository.is_c(Path(folder), target))
            (sources / "counter.c").touch()
            self.assertTrue(repository.is_c(Path(folder), target))
            (sources / "Counter.swift").touch()
            self.assertFalse(repository.is_c(Path(folder), target))

    def test_c_library_folders(self):
        good = ["Sources/CLibraries/COpus/module.modulemap", "Sources/CLibraries/COpus/shim.h"]
        self.assertEqual(repository.c_library_problems(good), [])
        for path in ("Sources/CLibraries/COpus/opus.c", "Sources/CLibraries/shim.h"):
            self.assertEqual(len(repository.c_library_problems([path])), 1)

    def test_what_is_not_tracked(self):
        for path in ("Package.resolved", "bench/Package.resolved", ".build/x", "a/vad.safetensors"):
            self.assertTrue(repository.NOT_TRACKED.search(path), path)
        for path in ("script/build", "audio-fixtures/noise/pink.wav", "Package.swift"):
            self.assertFalse(repository.NOT_TRACKED.search(path), path)

    def test_executable_bits(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "script").mkdir()
            for name, text, mode in (
                ("good", "#!/bin/sh\n", 0o755),
                ("library.sh", "f() { :; }\n", 0o644),
                ("forgotten", "#!/bin/sh\n", 0o644),
                ("page.md", "words\n", 0o755),
            ):
                (root / "script" / name).write_text(text)
                (root / "script" / name).chmod(mode)
            paths = [f"script/{path.name}" for path in (root / "script").iterdir()]
            found = " ".join(repository.executable_problems(root, paths))
            self.assertIn("script/forgotten", found)
            self.assertIn("script/page.md", found)
            self.assertNotIn("good", found)
            self.assertNotIn("library", found)

    def test_format_configuration(self):
        good = {"lineLength": 100, "indentation": {"spaces": 4}}
        good["rules"] = {rule: True for rule in repository.FORMAT_RULES}
        self.assertEqual(repository.format_problems(good), [])
        self.assertEqual(len(repository.format_problems(good | {"lineLength": 120})), 1)
        good["rules"]["NeverForceUnwrap"] = False
        self.assertEqual(len(repository.format_problems(good)), 1)
