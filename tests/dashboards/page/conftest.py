"""The page's modules driven by node, without a browser."""

import dataclasses
import json
import shutil
import subprocess
from importlib.resources import files

import pytest

from careerbench.dashboards.page.payload import payload_of

_START = """
import {{ readFileSync }} from "node:fs";
import {{ openCells }} from "{folder}/cells.js";
import * as state from "{folder}/state.js";
import * as address from "{folder}/address.js";
import * as files from "{folder}/files.js";
import * as words from "{folder}/words.js";
import {{ sectionsOf }} from "{folder}/pages.js";
const payload = JSON.parse(readFileSync("{payload}", "utf8"));
const given = JSON.parse(readFileSync("{given}", "utf8"));
const data = openCells(payload);
const open = state.openState(data);
const start = state.startOf(open);
const answer = (() => {{ {script} }})();
process.stdout.write(JSON.stringify(answer === undefined ? null : answer));
"""


@pytest.fixture(scope="session")
def node(tmp_path_factory):
    """Return a function that runs a script over a payload and gives back what it returns."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("there is no node on this machine (CI has it)")
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(str(files("careerbench.dashboards.page") / "js"), folder / "js")
    (folder / "js" / "package.json").write_text('{"type": "module"}', encoding="utf-8")

    def run(payload, script, given=None):
        place = {name: folder / f"{name}.json" for name in ("payload", "given")}
        place["payload"].write_text(json.dumps(payload), encoding="utf-8")
        place["given"].write_text(json.dumps(given), encoding="utf-8")
        program_text = _START.format(
            folder=(folder / "js").as_posix(),
            payload=place["payload"].as_posix(),
            given=place["given"].as_posix(),
            script=script,
        )
        main = folder / "main.mjs"
        main.write_text(program_text, encoding="utf-8")
        ran = subprocess.run(
            [program, str(main)], capture_output=True, encoding="utf-8", check=False, timeout=60
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    return run


@pytest.fixture(scope="session")
def payload(small_release):
    return payload_of(small_release, step="test")


@pytest.fixture
def altered(small_release):
    """Return a function that gives the small release other cells, schools or manifest entries."""

    def change(manifest=None, **tables):
        return dataclasses.replace(
            small_release,
            manifest={**small_release.manifest, **(manifest or {})},
            tables={**small_release.tables, **tables},
        )

    return change
