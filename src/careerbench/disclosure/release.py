"""``Release``: everything of a study that may be seen, and nothing else of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from careerbench import html
from careerbench.checks import require_columns, require_path
from careerbench.disclosure.archive import read_archive, write_archive
from careerbench.errors import DisclosureError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

ALL = "All"
"""What a dimension's column holds in a margin."""

_FORMAT = 1
_TABLES = {"cells", "schools", "labels", "log"}
_NEEDED = ("measure", "value", "reason")


@dataclass(frozen=True, eq=False)
class Release:
    """A frozen set of tables that were protected and audited together.

    A release holds no pupil's row and no true value of a hidden cell. ``build_release`` makes one,
    ``save`` writes it as one file, ``open_release`` reads it back.

    Attributes
    ----------
    manifest : mapping
        Title, policy, framework edition, software versions, what crosses with what, the audit's
        certificate, hashes.
    fingerprint : str
        SHA-256 of the manifest, once saved or opened; "" before. Compare it with the one that was
        announced to be sure that the whole file was not exchanged.
    behind : mapping
        How many cells are hidden for which reason; only after ``build_release``, in no file:
        where as many are small as are hidden, each hidden count is known to be small.
    """

    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    fingerprint: str = ""
    behind: Mapping[str, int] = field(default_factory=dict, repr=False)

    def cells(self) -> pd.DataFrame:
        """Return everything published.

        Returns
        -------
        DataFrame
            One row per cell: the dimension columns (``All`` for a margin), ``unit`` (who is
            counted), ``measure``, ``value`` (blank where hidden) and ``reason`` (blank where shown;
            ``c`` hidden, ``z`` nobody there to be counted). A copy.
        """
        return self.tables["cells"].copy()

    def schools(self) -> pd.DataFrame:
        """Return the schools that the release names: number, name and area. A copy."""
        return self.tables["schools"].copy()

    def labels(self) -> pd.DataFrame:
        """Return the words for codes: ``dimension``, ``code``, ``label``, in order. A copy."""
        return self.tables["labels"].copy()

    def log(self) -> pd.DataFrame:
        """Return every decision: what was decided, for how many cells, and why. A copy."""
        return self.tables["log"].copy()

    @property
    def title(self) -> str:
        """The study's title."""
        return str(self.manifest["title"])

    @property
    def certificate(self) -> dict[str, Any]:
        """What was proved of the hidden cells, and on what assumptions."""
        return dict(self.manifest["certificate"])

    @property
    def notes(self) -> tuple[str, ...]:
        """What the release promises, and what it does not, in words."""
        return tuple(self.manifest["notes"])

    def save(self, path: str | Path) -> Path:
        """Write the release as one file and return its path.

        Raises
        ------
        BadArgumentError
            If ``path`` is no path.
        DisclosureError
            If the file cannot be written.
        """
        file = require_path(path, step="Release.save", hint="'study.release'")
        fingerprint = write_archive(file, self.tables, {**self.manifest, "format": _FORMAT})
        object.__setattr__(self, "fingerprint", fingerprint)
        return file

    def __repr__(self) -> str:
        cells = self.tables["cells"]
        n_hidden = int((cells["reason"] == "c").sum())
        return f"<Release '{self.title}': {len(cells):,} cells, {n_hidden:,} hidden>"

    def _repr_html_(self) -> str:
        items = [html.element("li", html.text(note)) for note in self.notes]
        return html.element("p", html.text(repr(self))) + html.element("ul", *items)


def open_release(path: str | Path, *, fingerprint: str | None = None) -> Release:
    """Open a release file.

    Parameters
    ----------
    path : str or Path
        What ``Release.save`` or ``careerbench release`` wrote.
    fingerprint : str, optional
        The fingerprint that was announced with the release; another one is refused.

    Raises
    ------
    BadArgumentError
        If ``path`` is no path.
    DisclosureError
        If the file is no release, is cut off, or was changed after it was written.

    Notes
    -----
    The hashes inside show that the file is whole and as written. Whoever rewrites the whole file
    can rewrite them too: against that, compare the ``fingerprint``.
    """
    file = require_path(path, step="open_release", hint="'study.release'")
    tables, manifest, found = read_archive(file)
    if fingerprint is not None and fingerprint != found:
        raise DisclosureError(
            f"open_release: '{file.name}' is not the release that was announced.",
            found=f"fingerprint {found}",
            hint=f"the file with the fingerprint {fingerprint}",
        )
    if manifest.get("format") != _FORMAT or not {"cells", "schools", "labels", "log"} <= set(
        tables
    ):
        raise DisclosureError(
            f"open_release: '{file.name}' is of another version of the format.",
            found=f"format {manifest.get('format')}, tables {sorted(tables)}",
            hint="open it with the careerbench that wrote it, or build the release anew",
        )
    require_columns(tables["cells"].columns, _NEEDED, step="open_release", hint="a whole release")
    return Release(manifest, tables, found)
