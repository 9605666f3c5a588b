"""A folder made for one run: the notebook and the release that kernels may see, and their home."""

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
    notebook, release : Path
        Read-only copies; nothing else lies beside them.
    home : Path
        An empty folder that kernels may write to.
    """

    root: Path
    notebook: Path
    release: Path
    home: Path


@contextmanager
def workplace(notebook: Path, release: bytes) -> Iterator[Workplace]:
    """Make the folder, and remove it afterwards.

    Parameters
    ----------
    notebook : Path
        The notebook to copy.
    release : bytes
        The release file as it was checked.
    """
    root = Path(tempfile.mkdtemp(prefix="cb_")).resolve()
    try:
        made = Workplace(root, root / "show" / notebook.name, root / "show" / "release.release",
                         root / "home")  # fmt: skip
        for folder in (made.notebook.parent, made.home):
            folder.mkdir(mode=0o700)
        made.notebook.write_bytes(notebook.read_bytes())
        made.release.write_bytes(release)
        for file in (made.notebook, made.release):
            file.chmod(_READ_ONLY)
        yield made
    finally:
        shutil.rmtree(root, ignore_errors=True)
