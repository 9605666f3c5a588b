"""Notebooks are thin, stored without outputs, and run."""

import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.rglob("*.ipynb"))


def named(path):
    return path.relative_to(FOLDER).as_posix()


def test_the_contents_page_lists_every_notebook_with_its_question():
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\(([\w/]+\.ipynb)\)", page)) == [named(path) for path in NOTEBOOKS]
    for path in NOTEBOOKS:
        first = nbformat.read(path, as_version=4).cells[0].source.splitlines()[0]
        if path.parent == FOLDER:
            number, _, question = first.removeprefix("# ").partition(". ")
            assert path.name.startswith(f"{int(number):02}_")
            assert f"]({path.name}) | {question} |" in page


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_notebook_is_thin_and_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        assert not cell.outputs
        assert cell.execution_count is None
        words = cell.source.split()
        assert not {"def", "class", "try:", "while"} & set(words)
        assert not any(line.startswith("for ") for line in cell.source.splitlines())
        assert len(cell.source.splitlines()) <= 12


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_notebook_runs(path):
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    ran = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources=resources
    ).execute()
    streams = [
        output.text
        for cell in ran.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert streams == []
