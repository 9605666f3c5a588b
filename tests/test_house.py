"""The shape of the house: small files, no room for leftovers, arrows that run down."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def test_no_file_is_longer_than_400_lines():
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in SOURCES
    }
    assert lengths
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_nothing_is_named_for_having_no_home():
    homeless = {"utils", "util", "helpers", "misc", "common"}
    assert [path for path in SOURCES if homeless & {path.stem, path.parent.name}] == []


def test_a_room_imports_only_rooms_below_it():
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ran = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
