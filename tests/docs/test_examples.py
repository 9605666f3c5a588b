"""What the pages show is what happens: files load, examples run, commands are understood."""

import doctest
import io
import re
import shlex
import shutil
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
# pages whose examples and files a test of their own runs, in a folder made for them
OWN_TESTS = {"disclosure.md": ROOT / "tests" / "disclosure" / "test_docs.py"}
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_FENCE = re.compile(
    r"^(?P<mark><!-- run -->\n)?```(?P<language>\w*)(?P<info>[^\n]*)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_TITLE = re.compile(r'title="([^"]+)"')
_FIRST_COMMENT = re.compile(r"# ([\w-]+\.toml)\b")
_COMMAND = re.compile(r"^\$ (careerbench .*)$", re.MULTILINE)


class Fence(NamedTuple):
    """One block of code on a page."""

    language: str
    text: str
    file: str | None
    run: bool
    line: int

    @property
    def commands(self):
        """The careerbench commands that a block of the console shows."""
        return _COMMAND.findall(self.text) if self.language == "console" else []


def name_of(page):
    return page.relative_to(DOCS).as_posix()


def fences_of(page):
    text = page.read_text(encoding="utf-8")
    return [
        Fence(
            found["language"],
            found["text"],
            _file(found["language"], found["info"], found["text"]),
            bool(found["mark"]),
            text.count("\n", 0, found.start()) + 1,
        )
        for found in _FENCE.finditer(text)
    ]


def _file(language, info, text):
    """A file is named by the fence's title; frameworks.md names its files in their first comment."""
    title = _TITLE.search(info) or (language == "toml" and _FIRST_COMMENT.match(text))
    return title[1] if title else None


def run(command):
    """Run one careerbench command as the terminal would, and print what it says."""
    from careerbench.cli import main

    said = io.StringIO()
    with redirect_stdout(said):
        code = main(shlex.split(command)[1:])
    end = f"exit code {code}\n" if code else ""
    sys.stdout.write(said.getvalue() + end)


def examples_of(page):
    """Every example of a page, in order, as one doctest; commands marked to run are among them."""
    parser, examples = doctest.DocTestParser(), []
    for fence in fences_of(page):
        if fence.language in ("python", "pycon"):
            found = parser.get_examples(fence.text)
        elif fence.run:
            found = [
                doctest.Example(f"run({command!r})\n", f"{wanted}\n" if wanted else "")
                for command, wanted in _with_output(fence.text)
            ]
        else:
            continue
        for example in found:
            example.lineno += fence.line
        examples += found
    return doctest.DocTest(examples, {"run": run}, name_of(page), str(page), 0, None)


def _with_output(text):
    """Split a block of the console into commands and what each says."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, wanted = part.partition("\n")
        yield command, wanted.strip("\n")


WITH_EXAMPLES = [
    page for page in PAGES if examples_of(page).examples and name_of(page) not in OWN_TESTS
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder as a reader has it: the sample study, and nothing else."""
    shutil.copytree(ROOT / "data_samples", tmp_path / "data_samples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=name_of)
def test_the_examples_of_a_page_run_and_say_what_the_page_says(page, folder):
    import pandas as pd

    for fence in fences_of(page):
        if fence.file:
            path = folder / fence.file
            path.parent.mkdir(exist_ok=True)
            path.write_text(fence.text, encoding="utf-8")
    said = io.StringIO()
    with pd.option_context("display.width", 100):
        found = doctest.DocTestRunner(optionflags=FLAGS).run(examples_of(page), out=said.write)
    assert found.failed == 0, said.getvalue()


def test_a_page_whose_examples_are_left_to_a_test_of_its_own_has_one():
    here = [page for page in PAGES if name_of(page) in OWN_TESTS]
    lacking = [
        name_of(page)
        for page in here
        if f'"{page.name}"' not in OWN_TESTS[name_of(page)].read_text(encoding="utf-8")
        or "doctest.testfile" not in OWN_TESTS[name_of(page)].read_text(encoding="utf-8")
    ]
    assert lacking == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_is_not_run_says_so(page):
    """A block is run, is a file, or is marked as text or console; nothing only looks like code."""
    idle = [
        fence
        for fence in fences_of(page)
        if not (
            (fence.language in ("python", "pycon") and fence.text.startswith(">>> "))
            or fence.file
            or (fence.language == "toml" and name_of(page) in OWN_TESTS)
            or fence.language in ("text", "console")
        )
    ]
    assert [(fence.line, fence.language) for fence in idle] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_on_a_page_is_understood(page, capsys):
    from careerbench.cli.command import parser

    misunderstood = []
    for fence in fences_of(page):
        for command in fence.commands:
            words = shlex.split(command, comments=True)[1:]
            try:
                parser().parse_args(words)
            except SystemExit as left:
                if left.code:
                    misunderstood.append((fence.line, command))
    assert misunderstood == []
