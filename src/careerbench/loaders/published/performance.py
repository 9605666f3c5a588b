"""Performance tables: key stages, destinations, census and absence, in any vintage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from careerbench.errors import BadArgumentError, MissingColumnsError, did_you_mean, quoted
from careerbench.loaders.distinct import Distinct
from careerbench.loaders.intake import Intake, keep_unknown, open_table
from careerbench.loaders.published.cells import Cells, counts_of, looks_numeric, note_unread
from careerbench.loaders.published.levels import SCHOOL, add_levels
from careerbench.loaders.validate import settle
from careerbench.periods import parse_time_period

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    import pandas as pd

_FIRST = (
    "time_period", "school_urn", "school_laestab", "geographic_level", "establishment_group",
    "old_la_code", "school_name", "school_type",
)  # fmt: skip


def load_performance(
    path: str | os.PathLike[str],
    *,
    measures: str | Iterable[str] | None = None,
    time_period: str | None = None,
    on_problem: str = "raise",
) -> pd.DataFrame:
    r"""Load the figures of a performance table of the Department for Education.

    Parameters
    ----------
    path : str or path
        Key stage 2 or 4 (final, provisional), pupil or student destinations, census or absence:
        any vintage, whole or for one local authority.
    measures : str or iterable of str, optional
        Headings to load; ``*`` stands for any letters (``"PT*"``), case does not matter. All
        measures if not given.
    time_period : str, optional
        Academic year of the table (``2018/19`` or ``201819``), which the files do not say.
    on_problem : {"raise", "quarantine"}
        Refuse a file with cells that cannot be used, or go on without them.

    Returns
    -------
    DataFrame
        One row per record and measure, measure by measure in the order of the file. A record is a
        school, a local authority or the nation: ``geographic_level``, and within it
        ``establishment_group`` (Mainstream, Special; All schools, State-funded schools...).
        ``school_urn`` and ``school_laestab`` are text, missing where the record is not a school.
        ``measure`` is the heading as published, year suffix and all. ``value`` is in the unit of
        the file: a percentage stays between 0 and 100, and ``unit`` says ``percent`` where cells
        carry a ``%``. ``value_reason`` says why there is no value: ``suppressed`` (SUPP),
        ``no_entries`` (NE), ``not_applicable`` (NA), ``not_published`` (NP), ``low_coverage``
        (LOWCOV), ``small_percentage`` (SP), ``redacted`` (RE), ``new_school`` (NEW),
        ``not_supplied`` (DNS), ``unavailable`` (UNAVAIL) or ``blank``.

    Raises
    ------
    MissingColumnsError, ReadError
        If the file names neither schools nor areas, or cannot be read.
    BadArgumentError
        If no measure has one of these names.
    TableProblemsError
        If a cell is neither a number nor a known symbol, a URN is malformed, or a row names
        nothing; every one is listed in ``problems``.

    Notes
    -----
    Columns of words (addresses, types, grades) are not measures: ``load_performance_schools`` has
    them, and ``source_of(frame)`` lists them. A symbol is never 0, ``SP`` included, which is a
    percentage between 0 and 0.5. Record types are those of the field lists DfE publishes beside
    the files [1]_. Schools that stand twice are kept, with a warning.

    References
    ----------
    .. [1] Department for Education, Compare school and college performance, download data,
       https://www.compare-school-performance.service.gov.uk/download-data

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> rows = "RECTYPE,LEA,URN,PTENG\n1,201,900001,95%\n1,201,900002,SUPP\n4,201,,90%\n"
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "ks4.csv")
    ...     n_characters = file.write_text(rows)
    ...     figures = load_performance(file)
    >>> figures[["school_urn", "geographic_level", "measure", "value", "value_reason"]]
      school_urn geographic_level measure value value_reason
    0     900001           School   PTENG  95.0          NaN
    1     900002           School   PTENG  <NA>   suppressed
    2        NaN  Local authority   PTENG  90.0          NaN
    """
    step = "load_performance"
    table = _open(path, step=step, time_period=time_period, on_problem=on_problem)
    chosen = _choose(table.measures, measures, step=step)
    words = [name for name in table.words if name not in _FIRST]
    intake = table.intake.decide(f"columns of words left out: {quoted(words, limit=600)}")
    if len(chosen) < len(table.measures):
        intake = intake.decide(f"{len(chosen)} of {len(table.measures)} measures, as asked")
    return _lengthen(table, chosen, intake, on_problem=on_problem)


def load_performance_schools(
    path: str | os.PathLike[str], *, time_period: str | None = None, on_problem: str = "raise"
) -> pd.DataFrame:
    """Load what a performance table says in words: names, types, addresses, grades.

    Parameters
    ----------
    path, time_period, on_problem
        As in ``load_performance``.

    Returns
    -------
    DataFrame
        One row per record (a school, a local authority or a national total), every column text
        and as published: a symbol such as ``SUPP`` among grades stays what it is, and a blank
        cell is missing. Headings the schema does not know are in snake_case.

    Raises
    ------
    MissingColumnsError, ReadError, TableProblemsError
        As ``load_performance``.
    """
    step = "load_performance_schools"
    table = _open(path, step=step, time_period=time_period, on_problem=on_problem)
    intake = replace(table.intake, frame=table.frame, unknown=table.words_unknown)
    named = keep_unknown(intake)
    rest = [name for name in named.frame if name not in (*_FIRST, *table.measures)]
    frame = named.frame[[*_present(named.frame), *rest]]
    said = f"{len(table.measures)} measures left out: load_performance has them"
    return settle(frame, named.findings, named.decide(said).source, on_problem=on_problem)


@dataclass(frozen=True)
class _Measure:
    """A column of figures: which different text each record holds, and what each text says."""

    distinct: Distinct
    cells: Cells


@dataclass(frozen=True)
class _Table:
    """A performance table opened: its records, and which columns are figures, which words."""

    intake: Intake
    frame: pd.DataFrame
    measures: dict[str, _Measure]
    words_unknown: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """Every column that is not a measure, under its heading in the file."""
        headings = self.intake.findings.headings
        return [str(headings.get(name, name)) for name in self.frame if name not in self.measures]


def _open(
    path: str | os.PathLike[str], *, step: str, time_period: str | None, on_problem: str
) -> _Table:
    period = None if time_period is None else parse_time_period(time_period)
    intake = open_table(path, "performance", step=step, on_problem=on_problem)
    if not {"school_urn", "old_la_code"} & set(intake.frame.columns):
        intake.require("school_urn")
    measures = {}
    for heading in intake.unknown:
        distinct = Distinct.of(intake.frame[heading])
        cells = Cells.of(distinct.texts)
        if looks_numeric(cells, counts_of(distinct)):
            measures[heading] = _Measure(distinct, cells)
    frame = add_levels(intake.frame, intake.findings)
    if period is not None:
        frame = frame.assign(time_period=period)
    _note_repeats(frame, intake)
    words = tuple(heading for heading in intake.unknown if heading not in measures)
    return _Table(intake, frame, measures, words)


def _choose(measures: Iterable[str], asked: str | Iterable[str] | None, *, step: str) -> list[str]:
    known = list(measures)
    if not known:
        raise MissingColumnsError(
            f"{step}: the table has no measures.",
            found="columns of words only",
            hint="load_performance_schools for names, types and addresses",
        )
    if asked is None:
        return known
    chosen: list[str] = []
    for pattern in [asked] if isinstance(asked, str) else list(asked):
        found = [name for name in known if fnmatchcase(name.casefold(), pattern.casefold())]
        if not found:
            raise BadArgumentError(
                f"{step}: no measure is called '{pattern}'.",
                found=f"{len(known)} measures",
                hint=did_you_mean(pattern, known),
            )
        chosen += [name for name in found if name not in chosen]
    return [name for name in known if name in chosen]


def _lengthen(
    table: _Table, chosen: Sequence[str], intake: Intake, *, on_problem: str
) -> pd.DataFrame:
    """Put the measures under each other, each different text of a column read once."""
    import numpy as np
    import pandas as pd

    n_rows, n_chosen = len(table.frame), len(chosen)
    errors = np.zeros((n_chosen, n_rows), bool)
    parts = [table.measures[name] for name in chosen]
    for place, (name, part) in enumerate(zip(chosen, parts, strict=True)):
        if part.cells.unread.any():
            apart = replace(intake.findings, bad=errors[place])  # the cell, not the record
            note_unread(part.distinct, part.cells, name, apart)
    first = {
        name: pd.concat([table.frame[name]] * n_chosen, ignore_index=True)
        for name in _present(table.frame)
    }
    long = pd.DataFrame(first | _values(parts, chosen, n_rows))
    findings = replace(
        intake.findings,
        rows=np.tile(intake.findings.rows, n_chosen),
        bad=errors.ravel() | np.tile(intake.findings.bad, n_chosen),
    )
    return settle(long, findings, intake.source, on_problem=on_problem)


def _values(parts: Sequence[_Measure], chosen: Sequence[str], n_rows: int) -> dict[str, pd.Series]:
    """Make the columns ``measure``, ``value``, ``value_reason`` and ``unit``."""
    import numpy as np
    import pandas as pd

    words = sorted({why for part in parts for why in part.cells.reasons.dropna()} | {"blank"})
    place = {why: at for at, why in enumerate(words)}
    numbers, codes = [], []
    for part in parts:
        number = np.append(part.cells.numbers.to_numpy(), np.nan)  # code -1 is the last of these
        reason = np.array([place.get(why, -1) for why in (*part.cells.reasons, "blank")])
        numbers.append(number[part.distinct.codes])
        codes.append(reason[part.distinct.codes])
    which = np.repeat(np.arange(len(chosen)), n_rows)
    units = ["percent" if part.cells.percent.any() else None for part in parts]
    reasons = pd.array([*words, None], dtype="str").take(np.concatenate(codes))
    return {
        "measure": pd.Series(pd.array(list(chosen), dtype="str").take(which)),
        "value": pd.Series(pd.array(np.concatenate(numbers), dtype="Float64")),
        "value_reason": pd.Series(reasons),
        "unit": pd.Series(pd.array(units, dtype="str").take(which)),
    }


def _present(frame: pd.DataFrame) -> list[str]:
    return [name for name in _FIRST if name in frame]


def _note_repeats(frame: pd.DataFrame, intake: Intake) -> None:
    """Warn of schools that stand in more than one row."""
    import numpy as np

    urn = frame["school_urn"].where(frame["geographic_level"] == SCHOOL)
    again = urn.notna() & urn.duplicated(keep="first")
    intake.findings.note(
        np.flatnonzero(again.to_numpy()),
        "school_urn",
        "the school has an earlier row too",
        "choose one before joining on school_urn",
        severity="warning",
    )
