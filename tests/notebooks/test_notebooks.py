"""Notebooks are thin, stored without outputs, and run."""

from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.rglob("*.ipynb"))


def named(path):
    return path.relative_to(FOLDER).as_posix()


def test_there_are_notebooks():
    assert [named(path) for path in NOTEBOOKS][:3] == [
        "01_load_and_check.ipynb", "02_score_and_slice.ipynb", "03_what_changed.ipynb",
    ]  # fmt: skip


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
