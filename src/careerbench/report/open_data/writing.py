"""``write_open_data``: a release as open data, every file through the publisher's own rules."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from careerbench.checks import require_path
from careerbench.disclosure import Release
from careerbench.errors import BadArgumentError, CareerBenchError, DisclosureError, counted
from careerbench.loaders import screen_ees
from careerbench.loaders.problems import Problems
from careerbench.report.open_data.about import ABOUT, about_text
from careerbench.report.open_data.layout import Sheets, sheets_of
from careerbench.report.open_data.places import known_places, made_up_schools
from careerbench.report.open_data.times import times_of
from careerbench.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

_STEP = "write_open_data"
_SHOWN = 3


class ScreeningError(CareerBenchError, ValueError):
    """A file of open data breaks a rule of its publisher; ``problems`` lists every fault."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        table = problems.table[problems.table["severity"] == "error"]
        files = ", ".join(table["file"].unique())
        first = [
            f"{each.file} ({each.column or 'whole file'}): {each.problem}"
            for each in table.head(_SHOWN).itertuples()
        ]
        more = len(table) - len(first)
        super().__init__(
            f"{_STEP}: {counted(len(table), 'fault')} by the rules of Explore Education "
            f"Statistics in {files}; nothing is written.",
            found="; ".join(first) + (f"; and {more} more" if more > 0 else ""),
            hint=str(table["hint"].iloc[0]),
        )

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from its record, so that the error survives a trip between processes."""
        return type(self), (self.problems,)


@dataclass(frozen=True, eq=False)
class OpenData(Result):
    """What was written, file by file, and what the screener said.

    One row per file: ``file``, ``topic``, ``grain`` (areas or schools), ``n_rows``, ``n_shown``
    (rows whose main figure is shown), ``n_errors`` and ``n_warnings`` of the screener, ``written``.
    """

    folder: Path
    title: str
    n_made_up: int
    periods: tuple[str, ...]
    problems: Problems = field(repr=False)

    caption: ClassVar[str] = "Open data, file by file"
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {"n_rows": (), "n_shown": ()}

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what was checked, what was left out, and what must not be published."""
        left = self.table.loc[~self.table["written"], "file"].tolist()
        said = [
            f"Screened by the rules of Explore Education Statistics: {self.problems.notes[0]}",
            f"Waves: {'; '.join(self.periods)}.",
        ]
        if left:
            said.append(f"Not written, because every figure in it is hidden: {', '.join(left)}.")
        if self.n_made_up:
            said.append(
                f"{counted(self.n_made_up, 'school')} have made-up numbers (900000 and above), "
                "which no register gives out: this is not for publication."
            )
        return tuple(said)


def write_open_data(
    release: Release,
    folder: str | Path,
    *,
    time_periods: Mapping[str, str] | None = None,
    force: bool = False,
    progress: Callable[[int, int, str], object] | None = None,
) -> OpenData:
    """Write a release as open data in the layout of Explore Education Statistics.

    Parameters
    ----------
    release : Release
        What ``disclosure.build_release`` made or ``open_release`` read; nothing else is written.
    folder : str or Path
        A new or empty folder.
    time_periods : mapping, optional
        Each wave's period, ``"2019/20"`` or ``"2019/20 Summer term"``. Default: by the dates of
        the waves that the release carries.
    force : bool, default False
        Replace a folder that this function wrote earlier, whole.
    progress : callable, optional
        Called with the number of files done, how many there are, and the next one's name.

    Returns
    -------
    OpenData
        One row per file, with what the screener said.

    Raises
    ------
    BadArgumentError
        If ``release`` is no release, or the folder holds something else.
    DisclosureError
        If a region is none of England's, the release does not say when its waves were, or a
        number stands behind a hidden cell.
    ScreeningError
        If a file breaks a rule; it says which. Nothing is written then.

    Notes
    -----
    A pair (``<name>.csv``, ``<name>.meta.csv``) for each topic's counts and means, for areas and
    for schools; every pair passes :func:`careerbench.loaders.screen_ees` before the folder takes
    its place. No figure is blank: ``c`` hidden, ``z`` not applicable, ``x`` not available, ``low``
    rounds to 0 and is not 0, ``u`` a percentage of too few [1]_. A percentage is worked out only
    where both its counts are shown, so that it says nothing they do not. ``cells/`` has the
    release's own tables as CSV (symbols in place of blanks) and Parquet (blank, with a reason).

    References
    ----------
    .. [1] Department for Education, Analysts' guide, open data standards,
       https://dfe-analytical-services.github.io/analysts-guide/statistics-production/ud.html
    """
    if not isinstance(release, Release):
        raise BadArgumentError(
            f"{_STEP}: only a release may be written as open data.",
            found=f"a {type(release).__name__}",
            hint="disclosure.open_release(path)",
        )
    _require_blank(release)
    target = require_path(folder, step=_STEP, hint="'open_data', a folder to write to")
    _require_free(target, force=force)
    times = times_of(release, time_periods)
    sheets = list(sheets_of(release, times))
    with _beside(target) as made:
        draft = Path(made, "open_data")
        draft.mkdir()
        found, problems = _write_pairs(sheets, draft, progress)
        if problems.n_errors:
            raise ScreeningError(problems)
        result = OpenData(
            found, target, release.title, made_up_schools(release), times.notes, problems
        )
        _write_cells(release, draft / "cells")
        said = about_text(release, result)
        (draft / ABOUT).write_text(said, encoding="utf-8", newline="\n")
        _take_place(draft, target, Path(made, "old"))
    return result


def _beside(target: Path) -> tempfile.TemporaryDirectory[str]:
    """Make a folder for the draft beside its place."""
    try:
        return tempfile.TemporaryDirectory(dir=_parent(target), prefix=f".{target.name}-")
    except OSError as error:
        raise BadArgumentError(
            f"{_STEP}: '{target.name}' cannot be written.",
            found=error.strerror or type(error).__name__,
            hint="a folder in one that you may write to",
        ) from error


def _parent(target: Path) -> Path:
    parent = target.absolute().parent
    if not parent.is_dir():
        raise BadArgumentError(
            f"{_STEP}: '{target.name}' cannot be written.",
            found=f"no folder '{parent.name}' to put it in",
            hint="a folder in one that is there",
        )
    return parent


def _require_blank(release: Release) -> None:
    """Refuse a release that carries what it hides: its tables are written as they are."""
    cells = release.tables["cells"]
    n_odd = int((cells["value"].notna() & (cells["reason"] != "")).sum())
    if n_odd:
        raise DisclosureError(
            f"{_STEP}: the release has numbers behind hidden cells; nothing is written.",
            found=counted(n_odd, "hidden cell") + " with a number",
            hint="build the release anew: careerbench release FOLDER -o NAME.release --force",
        )


def _require_free(target: Path, *, force: bool) -> None:
    """Refuse a folder with something in it, unless it is ours and may be replaced."""
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists() and not (force and (target / ABOUT).is_file()):
        ours = (target / ABOUT).is_file()
        raise BadArgumentError(
            f"{_STEP}: '{target.name}' is there already.",
            found="open data written earlier" if ours else "something that is not ours to replace",
            hint="another folder; or --force (force=True) to replace it"
            if ours
            else "a new or empty folder",
        )


def _write_pairs(
    sheets: list[Sheets], draft: Path, progress: Callable[[int, int, str], object] | None
) -> tuple[pd.DataFrame, Problems]:
    """Write every pair that shows something, and screen it as it stands on disk."""
    import pandas as pd

    places, rows, found = known_places(), [], []
    for number, each in enumerate(sheets):
        if progress:
            progress(number, len(sheets), each.name)
        file = draft / f"{each.name}.csv"
        problems = Problems.empty()
        if each.n_shown:
            each.data.to_csv(file, index=False, lineterminator="\n")
            each.meta.to_csv(draft / f"{each.name}.meta.csv", index=False, lineterminator="\n")
            problems = screen_ees(file, places=places)
        found.append(problems)
        rows.append((
            file.name, each.topic, each.grain, len(each.data), each.n_shown, problems.n_errors,
            problems.n_warnings, bool(each.n_shown),
        ))  # fmt: skip
    if progress:
        progress(len(sheets), len(sheets), "done")
    columns = [
        "file", "topic", "grain", "n_rows", "n_shown", "n_errors", "n_warnings", "written",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns), Problems.join(found)


def _write_cells(release: Release, folder: Path) -> None:
    """Write the release's own tables: CSV for everybody, Parquet for programs."""
    folder.mkdir()
    for name, table in (
        ("cells", release.cells()),
        ("schools", release.schools()),
        ("labels", release.labels()),
    ):
        table.to_parquet(folder / f"{name}.parquet", index=False)
        if name == "cells":
            shown = table["value"].astype("str").mask(table["value"].isna(), table["reason"])
            table = table.assign(value=shown).drop(columns="reason")
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def _take_place(draft: Path, target: Path, old: Path) -> None:
    """Put the whole folder where it belongs; an earlier one goes only when this one is there."""
    if target.exists():
        target.rename(old)
    try:
        draft.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
