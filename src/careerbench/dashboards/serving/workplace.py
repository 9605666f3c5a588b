"""A folder made for one run: the notebook and the view that kernels may see, and their home."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_READ_ONLY = 0o400


@dataclass(frozen=True)
class Workplace:
    """Where a dashboard's kernels live.

    Attributes
    ----------
    root : Path
        The folder that is removed at the end.
    notebook, view : Path
        Read-only: a copy, and what is shown of the release. Nothing else lies beside them.
    home : Path
        An empty folder that kernels may write to.
    """

    root: Path
    notebook: Path
    view: Path
    home: Path


@contextmanager
def workplace(notebook: Path, view: bytes) -> Iterator[Workplace]:
    """Make the folder, and remove it afterwards.

    Parameters
    ----------
    notebook : Path
        The notebook to copy.
    view : bytes
        What is shown of the release, as ``live.prepare`` has written it.
    """
    root = Path(tempfile.mkdtemp(prefix="cb_")).resolve()
    try:
        made = Workplace(root, root / "show" / notebook.name, root / "show" / "view.json",
                         root / "home")  # fmt: skip
        for folder in (made.notebook.parent, made.home):
            folder.mkdir(mode=0o700)
        made.notebook.write_bytes(notebook.read_bytes())
        made.view.write_bytes(view)
        for file in (made.notebook, made.view):
            file.chmod(_READ_ONLY)
        yield made
    finally:
        shutil.rmtree(root, ignore_errors=True)
