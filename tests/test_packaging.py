"""What is declared, what is installed and what is imported agree, and importing is cheap."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"python-duckdb": "duckdb", "python-tzdata": "tzdata"}
IMPORT_NAMES = {
    "python-docx": "docx",
    "python-calamine": "python_calamine",
    "python-stdnum": "stdnum",
}
NEVER_IMPORTED = {"tzdata"}  # time zones for Windows: data that pandas reads
HEAVY = {"pandas", "numpy", "scipy", "matplotlib", "voila"}
CHEAP_MS = 20


@pytest.fixture(scope="module")
def declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = map(Requirement, project["dependencies"])
    return {one.name: one.specifier for one in wanted} | {"python": project["requires-python"]}


@pytest.fixture(scope="module")
def constraints():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_conda_and_pip_install_the_same_packages_in_the_same_bounds(declared):
    listed = conda_packages()
    assert listed.pop("pip") == ""
    assert listed == {name: str(bounds) for name, bounds in declared.items()}


def conda_packages():
    """Read the plain list under ``dependencies:``; bounds sorted as packaging sorts them."""
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    found = {}
    for name, bounds in re.findall(r"^  - ([\w-]+)([<>=!~][^\s:]*)?$", text, re.MULTILINE):
        specifier = str(Requirement(f"x{bounds}").specifier)
        found[CONDA_NAMES.get(name, name)] = specifier
    del found["conda-forge"]
    return found


def test_conda_installs_careerbench_itself_with_pip():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert text.startswith("#")
    assert "\nname: careerbench\n" in text
    assert text.endswith("  - pip:\n      - -e .\n")


def test_every_dependency_is_imported_somewhere(declared):
    imported = imported_modules()
    expected = set(declared) - NEVER_IMPORTED - {"python"}
    assert {name for name in expected if IMPORT_NAMES.get(name, name) not in imported} == set()


def imported_modules():
    """Collect the top-level names that the library and its notebooks import."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        sources += [re.sub(r"^[%!].*$", "", source, flags=re.MULTILINE) for source in code]
    found = set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_constraints_are_exact_versions_without_addresses(constraints):
    shape = re.compile(r"[a-z0-9][a-z0-9-]*==[0-9][0-9a-z.]*")
    assert [line for line in constraints if not shape.fullmatch(line)] == []


def test_constraints_lie_within_the_declared_bounds(declared, constraints):
    exact = dict(line.split("==") for line in constraints)
    platform_only = {"tzdata", "python"}
    wanted = {name: bounds for name, bounds in declared.items() if name not in platform_only}
    assert {name for name in wanted if canonicalize_name(name) not in exact} == set()
    assert {name for name, bounds in wanted.items() if exact[name] not in bounds} == set()


def test_importing_careerbench_costs_next_to_nothing():
    costs = [import_costs("-c", "import careerbench") for _ in range(5)]
    assert min(cost["careerbench"] for cost in costs) < CHEAP_MS
    assert set(costs[0]) & HEAVY == set()


def test_asking_for_help_imports_no_heavy_library():
    assert set(import_costs("-m", "careerbench", "--help")) & HEAVY == set()


def import_costs(*arguments):
    """Return each imported module's cumulative milliseconds, as Python measures them."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
    )
    lines = re.findall(r"^import time:\s+\d+ \|\s+(\d+) \|\s+(\S+)$", ran.stderr, re.MULTILINE)
    return {name: int(microseconds) / 1000 for microseconds, name in lines}
