"""Published national figures of the Gatsby Benchmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.errors import BadArgumentError
from careerbench.loaders.convert import convert_columns
from careerbench.loaders.distinct import Distinct
from careerbench.loaders.duplicates import note_duplicates
from careerbench.loaders.intake import Intake, keep_unknown, open_table
from careerbench.loaders.validate import settle
from careerbench.periods import parse_time_period

if TYPE_CHECKING:
    import os

    import pandas as pd

    from careerbench.loaders.validate import Findings

_BENCHMARKS = tuple(str(number) for number in range(1, 9))
_SHARES = ("percent_achieved", "percent_partially_achieved", "percent_not_achieved")


def load_national_benchmarks(
    path: str | os.PathLike[str], *, on_problem: str = "raise"
) -> pd.DataFrame:
    r"""Load published national percentages of institutions at each state of each Benchmark.

    Parameters
    ----------
    path : str or path
        A table with a column each for academic year, Benchmark and the three states.
    on_problem : {"raise", "quarantine"}
        Refuse a file with rows that cannot be used, or go on without them.

    Returns
    -------
    DataFrame
        One row per academic year and Benchmark: ``time_period`` (six digits), ``benchmark``
        (``1`` to ``8``, text), ``percent_achieved``, ``percent_partially_achieved`` and
        ``percent_not_achieved`` in percent (0 to 100) as published, each with a ``_reason``
        (``blank`` where no figure was published), and ``source_id``.

    Raises
    ------
    MissingColumnsError, ReadError
        If the file lacks year or Benchmark, or cannot be read.
    TableProblemsError
        If a year, Benchmark or percentage is none, or a Benchmark stands twice in a year.

    Notes
    -----
    A hundredth of the sum of ``percent_achieved`` over the eight Benchmarks of a year is the mean
    number achieved, where every institution answered for all eight. Rows whose three states are
    not 100 in sum, give or take 1 for rounding, are warnings. The figures came from the reports
    on the State of the Nation of the Careers & Enterprise Company.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "national.csv")
    ...     n_characters = file.write_text("year,benchmark,percent_achieved\n2017/18,8,49\n")
    ...     national = load_national_benchmarks(file)
    >>> national[["time_period", "benchmark", "percent_achieved"]]
      time_period benchmark percent_achieved
    0      201718         8             49.0
    """
    step = "load_national_benchmarks"
    intake = open_table(path, "national_benchmarks", step=step, on_problem=on_problem)
    intake.require("time_period", "benchmark", "percent_achieved")
    frame = _convert(intake)
    _check_benchmarks(frame["benchmark"], intake.findings)
    note_duplicates(frame, intake.schema.key, intake.findings, column="benchmark")
    _note_sums(frame, intake.findings)
    return settle(frame, intake.findings, intake.source, on_problem=on_problem)


def load_benchmark_headlines(
    path: str | os.PathLike[str], *, on_problem: str = "raise"
) -> pd.DataFrame:
    """Load published headline figures: mean Benchmarks achieved, shares achieving all eight.

    Parameters
    ----------
    path : str or path
        A table with a column each for academic year, measure and value.
    on_problem : {"raise", "quarantine"}
        Refuse a file with rows that cannot be used, or go on without them.

    Returns
    -------
    DataFrame
        One row per academic year, measure and population: ``time_period`` (six digits),
        ``measure``, ``value`` (Benchmarks where the measure is a ``mean_``, percent from 0 to 100
        where it is a ``percent_``), ``n_institutions``, each figure with a ``_reason``,
        ``population`` and ``source_id``. Sources contradict each other: both figures are kept.

    Raises
    ------
    MissingColumnsError, ReadError, TableProblemsError
        As ``load_national_benchmarks``.
    """
    step = "load_benchmark_headlines"
    intake = open_table(path, "benchmark_headlines", step=step, on_problem=on_problem)
    intake.require("time_period", "measure", "value")
    return settle(_convert(intake), intake.findings, intake.source, on_problem=on_problem)


def _convert(intake: Intake) -> pd.DataFrame:
    """Turn text into figures and reasons, and academic years into six digits."""
    import pandas as pd

    intake = keep_unknown(intake)
    frame = convert_columns(intake.frame, intake.schema, intake.findings)
    distinct = Distinct.of(frame["time_period"])
    periods = pd.Series([_period(text) for text in distinct.texts], dtype="str")
    said = [f"'{text}' is not an academic year" for text in distinct.texts[periods.isna()]]
    hint = "two years that follow each other, such as 2019/20"
    intake.findings.errors(distinct.codes, periods.isna(), "time_period", said, hint)
    return frame.assign(time_period=distinct.spread(periods))


def _period(text: str) -> str | None:
    try:
        return parse_time_period(text)
    except BadArgumentError:
        return None


def _check_benchmarks(benchmarks: pd.Series, findings: Findings) -> None:
    distinct = Distinct.of(benchmarks)
    bad = ~distinct.texts.isin(_BENCHMARKS)
    said = [f"'{text}' is not a Benchmark" for text in distinct.texts[bad]]
    findings.errors(distinct.codes, bad, "benchmark", said, "a number from 1 to 8")


def _note_sums(frame: pd.DataFrame, findings: Findings) -> None:
    """Warn of rows whose three states are all there and do not make 100."""
    import numpy as np

    total = frame[list(_SHARES)].sum(axis=1, skipna=False).to_numpy(dtype=float, na_value=100.0)
    off = np.flatnonzero(np.abs(total - 100) > 1.0 + 1e-9)
    said = np.array([f"the three states add up to {each:g}" for each in total[off]], object)
    findings.note(off, "percent_achieved", said, "100, give or take 1", severity="warning")
