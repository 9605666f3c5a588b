"""Files of Explore Education Statistics: filters as words, indicators with their reasons."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench.errors import BadArgumentError, MissingColumnsError, counted, quoted
from careerbench.loaders.distinct import Distinct
from careerbench.loaders.intake import Intake, keep_unknown, open_table
from careerbench.loaders.published.cells import (
    Cells,
    counts_of,
    looks_numeric,
    n_words_among_numbers,
    read_column,
)
from careerbench.loaders.published.facts import load_facts
from careerbench.loaders.read import ReadOptions, read_grid
from careerbench.loaders.schema import fold
from careerbench.loaders.validate import settle
from careerbench.periods import parse_time_period

if TYPE_CHECKING:
    import os

    import pandas as pd

    from careerbench.loaders.validate import Findings

_PERIOD_TOO = ("date", "academicyear", "year")
_FOUR = re.compile(r"[12][0-9]{3}")


def load_ees(
    path: str | os.PathLike[str],
    *,
    meta: str | os.PathLike[str] | None = None,
    on_problem: str = "raise",
) -> pd.DataFrame:
    r"""Load a data file of Explore Education Statistics.

    Parameters
    ----------
    path : str or path
        The data file.
    meta : str or path, optional
        Its metadata file; ``<name>.meta.csv`` beside it if there is one. Without metadata a
        column is an indicator where it holds numbers and symbols, and a filter otherwise.
    on_problem : {"raise", "quarantine"}
        Refuse a file with cells that cannot be used, or go on without their rows.

    Returns
    -------
    DataFrame
        One row per row of the file: a time period, an area and a combination of filters. Counts
        and percentages that are rows of one column stay so, told apart by their filter
        (``data_type``). ``time_period``, codes and filters are text; a blank filter or code is
        missing. Every indicator is a number in the unit of the file (percent from 0 to 100) with
        a ``_reason`` beside it: ``not_applicable`` (z), ``unavailable`` (x, :), ``suppressed``
        (c), ``rounds_to_zero`` (low, k, ~), ``low_reliability`` (u) or ``blank``. Names of columns
        are in snake_case.

    Raises
    ------
    MissingColumnsError, ReadError
        If the file has no ``time_period``, lacks an indicator of its metadata, or cannot be read.
    TableProblemsError
        If an indicator's cell is neither a number nor a known symbol, or a period is none.

    Notes
    -----
    ``2010/11`` becomes ``201011``; calendar years keep four digits. Symbols are those of the
    analysts' guide [1]_. ``source_of(frame)`` says which columns were taken for indicators.
    Whether a file keeps the publisher's own rules is another question: see ``screen_ees``.

    References
    ----------
    .. [1] Department for Education, Analysts' guide, open data standards, "Data symbols",
       https://dfe-analytical-services.github.io/analysts-guide/statistics-production/ud.html

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> rows = "time_period,geographic_level,data_type,he\n202021,National,Percentage,c\n"
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "he.csv")
    ...     n_characters = file.write_text(rows + "202021,National,Number of pupils,12\n")
    ...     table = load_ees(file)
    >>> table[["time_period", "data_type", "he", "he_reason"]]
      time_period         data_type    he   he_reason
    0      202021        Percentage  <NA>  suppressed
    1      202021  Number of pupils  12.0         NaN
    """
    intake = _with_period(open_table(path, "ees", step="load_ees", on_problem=on_problem))
    intake.require("time_period")
    types = _types(_meta_beside(path) if meta is None else meta, intake)
    return read_open_data(intake, types, on_problem=on_problem)


def read_open_data(
    intake: Intake, types: dict[str, str] | None, *, on_problem: str
) -> pd.DataFrame:
    """Turn an open data file into numbers and reasons; ``types`` says what each column is."""
    import pandas as pd

    indicators = _indicators(intake, types)
    said = "by the metadata" if types else "by what they hold"
    intake = keep_unknown(intake.decide(f"indicators, {said}: {quoted(indicators, limit=600)}"))
    headings = {heading: name for name, heading in intake.findings.headings.items()}
    names = {headings[heading] for heading in indicators}
    symbols = load_facts("ees")["symbols"]
    done: dict[str, pd.Series] = {}
    for name in intake.frame:
        column = intake.frame[name]
        if name in names:
            done |= read_column(column, str(name), intake.findings, symbols)
        elif name == "time_period":
            done[str(name)] = _periods(column, intake.findings)
        else:
            done[str(name)] = column
    return settle(pd.DataFrame(done), intake.findings, intake.source, on_problem=on_problem)


def _with_period(intake: Intake) -> Intake:
    """Take a column of dates for the time period where the file has no other."""
    said = next((name for name in intake.unknown if fold(name) in _PERIOD_TOO), None)
    if said is None or "time_period" in intake.frame:
        return intake
    headings = {**intake.findings.headings, "time_period": said}
    renamed = replace(
        intake,
        frame=intake.frame.rename(columns={said: "time_period"}),
        findings=replace(intake.findings, headings=headings),
        unknown=tuple(name for name in intake.unknown if name != said),
    )
    return renamed.decide(f"column '{said}' taken for time_period")


def _meta_beside(path: str | os.PathLike[str]) -> Path | None:
    file = Path(path)
    meta = file.with_name(f"{file.stem}.meta.csv")
    return meta if meta.is_file() else None


def _types(meta: str | os.PathLike[str] | None, intake: Intake) -> dict[str, str] | None:
    """Read what the metadata says each column is; None where there is no metadata."""
    if meta is None:
        return None
    frame = read_grid(meta, ReadOptions(trim=True))[0].frame
    step, file = intake.findings.step, Path(meta).name
    missing = [name for name in ("col_name", "col_type") if name not in frame]
    if missing:
        raise MissingColumnsError(
            f"{step}: '{file}' has no column {quoted(missing)}.",
            found=quoted(frame.columns),
            hint="the .meta.csv published with the data; screen_ees lists its faults",
        )
    rows = frame.dropna(subset=["col_name", "col_type"])
    types = dict(zip(rows["col_name"], rows["col_type"].str.casefold(), strict=True))
    known = {fold(str(name)) for name in (*intake.findings.headings.values(), *intake.unknown)}
    absent = [name for name in types if fold(name) not in known]
    if absent:
        raise MissingColumnsError(
            f"{step}: '{intake.findings.file}' has no column {quoted(absent)} of its metadata.",
            found=quoted(intake.unknown),
            hint=f"the data file that '{file}' belongs to; screen_ees lists the faults of both",
        )
    return types


def _indicators(intake: Intake, types: dict[str, str] | None) -> list[str]:
    """Name the columns of numbers: by the metadata, or by what they hold."""
    apart = {fold(name) for name in place_columns()}
    rest = [name for name in intake.unknown if fold(name) not in apart]
    if types:
        said = {fold(name) for name, kind in types.items() if kind == "indicator"}
        return [name for name in rest if fold(name) in said]
    found = []
    for name in rest:
        distinct = Distinct.of(intake.frame[name])
        cells = Cells.of(distinct.texts, load_facts("ees")["symbols"])
        counts = counts_of(distinct)
        if looks_numeric(cells, counts):
            found.append(name)
        elif n_strange := n_words_among_numbers(cells, counts):
            words = f"{counted(n_strange, 'cell')} neither numbers nor known symbols: kept as text"
            hint = "mend them if it is an indicator, or give the metadata that names it one"
            intake.findings.note_table(name, words, hint)
    return found


def place_columns() -> list[str]:
    """List every column that names an area or institution, at any level."""
    levels = load_facts("ees")["levels"].values()
    return [each[key] for each in levels for key in ("code", "name", "second") if key in each]


def _periods(column: pd.Series, findings: Findings) -> pd.Series:
    """Write academic years in six digits, keep calendar years, note what is neither."""
    import pandas as pd

    distinct = Distinct.of(column)
    periods = pd.Series([_period(text) for text in distinct.texts], dtype="str")
    bad = periods.isna()
    said = [f"'{text}' is not a time period" for text in distinct.texts[bad]]
    hint = "four digits for a year, or six for two that follow each other, such as 201920"
    findings.errors(distinct.codes, bad, "time_period", said, hint)
    blank = (distinct.codes < 0).nonzero()[0]
    findings.note(blank, "time_period", "time_period is blank", hint)
    return distinct.spread(periods)


def _period(text: str) -> str | None:
    if _FOUR.fullmatch(text):
        return text
    try:
        return parse_time_period(text)
    except BadArgumentError:
        return None
