"""How many Benchmarks schools achieve, and how many schools could be judged on all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import groups, intervals
from careerbench.analysis.results_describe import NumberAchieved

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

_STEP = "number_achieved"
_COLUMNS = (
    "n_schools", "n_unscored", "n_all_scored", "n_benchmarks", "mean", "sd", "median", "low",
    "high", "interval_basis", "mean_all_scored", "sum_of_shares", "n_achieved", "n_scored",
    "all_scored", "share", "school_urn", "state",
)  # fmt: skip


def number_achieved(
    scores: pd.DataFrame, *, by: str | Iterable[str] | None = None, confidence: float = 0.95
) -> NumberAchieved:
    """Count the Benchmarks that each school achieves, and say how schools spread.

    Parameters
    ----------
    scores : DataFrame
        One row per school, wave and Benchmark: ``school_urn``, ``benchmark``, ``state``;
        ``wave`` and ``framework`` if there are any.
    by : str or list of str, optional
        Columns to take apart, such as ``"la_name"``. ``wave`` is always taken apart.
    confidence : float, default 0.95
        Coverage of the interval of the mean, a proportion in (0, 1).

    Returns
    -------
    NumberAchieved
        One row per group and wave, in Benchmarks: ``mean``, ``sd``, ``median`` and interval of
        the ``n_schools`` with at least one Benchmark scored; ``mean_all_scored`` of the
        ``n_all_scored``; ``sum_of_shares``. ``interval_basis`` is ``schools``, ``too few`` or
        ``no spread``. ``distribution`` and ``schools`` are further frames.

    Raises
    ------
    MissingColumnsError, TableProblemsError, FrameworkError
        As for :func:`achieved_shares`.

    Notes
    -----
    A Benchmark that is not scored, or of which the school has no row, is not achieved here, so
    ``mean`` is a lower bound where ``n_all_scored`` is below ``n_schools``. The sum of the shares
    achieving each Benchmark equals the mean only when every school has all of them scored.
    ``n_benchmarks`` is how many different ones the table holds (of each framework, where ``by``
    names it).

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"school_urn": ["1", "1", "2", "2"], "benchmark": ["p1", "p2"] * 2})
    >>> scores["state"] = ["achieved", "achieved", "achieved", "not scored"]
    >>> found = number_achieved(scores)
    >>> found.to_frame()[["n_schools", "n_all_scored", "mean", "sum_of_shares"]]
       n_schools  n_all_scored  mean  sum_of_shares
    0          2             1   1.5            2.0
    """
    checks.require_between(confidence, 0, 1, name="confidence", step=_STEP)
    names = groups.free_names(by, _COLUMNS, step=_STEP, implied=("wave", "benchmark"))
    groups.check_scores(scores, by=names, step=_STEP)
    keys = [*names, *groups.given(scores, "wave")]
    group, table = groups.group_rows(scores, keys)
    owner, schools = _per_school(scores, group, table)
    total = _benchmarks(scores, table, names)
    schools["all_scored"] = schools["n_scored"].to_numpy() == total[owner]
    table = _summarised(table, owner, schools, total, confidence)
    table["sum_of_shares"] = _sum_of_shares(scores, group, len(table))
    spread = _distribution(table[keys], owner, schools, total)
    return NumberAchieved(
        table, spread, schools, confidence=confidence, by=tuple(names),
        framework=groups.editions(scores),
    )  # fmt: skip


def _per_school(
    scores: pd.DataFrame, group: NDArray[np.int64], table: pd.DataFrame
) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Count what each school achieved and was scored on; the group of each row comes first."""
    import pandas as pd

    code, distinct = pd.factorize(scores["school_urn"])
    width = max(len(distinct), 1)
    cells, first, place = np.unique(group * width + code, return_index=True, return_inverse=True)
    scored = (scores["state"] != "not scored").to_numpy(dtype=bool)
    achieved = (scores["state"] == "achieved").to_numpy(dtype=bool)
    owner = cells // width
    schools = table.iloc[owner].reset_index(drop=True)
    schools.insert(0, "school_urn", scores["school_urn"].iloc[first].to_numpy())
    n_scored = groups.count_in(place, len(cells), scored)
    n_achieved = groups.count_in(place, len(cells), achieved)
    schools["n_achieved"] = np.where(n_scored > 0, n_achieved, np.nan)
    schools["n_scored"] = n_scored
    return owner, schools


def _benchmarks(scores: pd.DataFrame, table: pd.DataFrame, by: list[str]) -> NDArray[np.int64]:
    """Say how many Benchmarks there are for each group."""
    if "framework" not in by:
        return np.full(len(table), scores["benchmark"].nunique(), dtype=np.int64)
    per = scores.groupby("framework", dropna=False, observed=True)["benchmark"].nunique()
    return np.array([int(per[edition]) for edition in table["framework"]], dtype=np.int64)


def _summarised(
    table: pd.DataFrame,
    owner: NDArray[np.int64],
    schools: pd.DataFrame,
    total: NDArray[np.int64],
    confidence: float,
) -> pd.DataFrame:
    """Add counts, mean, spread and interval to one row per group."""
    number, full = schools["n_achieved"].to_numpy(), schools["all_scored"].to_numpy()
    here = ~np.isnan(number)
    n = groups.count_in(owner, len(table), here)
    table = table.assign(n_schools=n, n_unscored=groups.count_in(owner, len(table), ~here))
    table["n_all_scored"] = groups.count_in(owner, len(table), full & here)
    table["n_benchmarks"] = total
    mean = groups.ratio(np.bincount(owner[here], number[here], minlength=len(table)), n)
    squares = (number[here] - mean[owner[here]]) ** 2
    deviations = np.bincount(owner[here], squares, minlength=len(table))
    sd = np.sqrt(groups.ratio(deviations, np.maximum(n - 1, 0)))
    table["mean"], table["sd"] = mean, sd
    table["median"] = [
        float(np.median(number[here & (owner == group)])) if n[group] else np.nan
        for group in range(len(table))
    ]
    known = (n > 1) & (sd > 0)
    error = np.where(known, sd / np.sqrt(np.maximum(n, 1)), np.nan)
    table["low"], table["high"] = intervals.t_interval(mean, error, n - 1, confidence=confidence)
    basis = np.select([n < 2, sd == 0], ["too few", "no spread"], default="schools")
    table["interval_basis"] = basis.astype(object)
    both = here & full
    sums = np.bincount(owner[both], number[both], minlength=len(table))
    table["mean_all_scored"] = groups.ratio(sums, table["n_all_scored"].to_numpy())
    return table


def _sum_of_shares(
    scores: pd.DataFrame, group: NDArray[np.int64], n_groups: int
) -> NDArray[np.float64]:
    """Add up the shares achieving each Benchmark; missing where one was scored for nobody."""
    import pandas as pd

    code, distinct = pd.factorize(scores["benchmark"])
    width = max(len(distinct), 1)
    cell = group * width + code
    scored = (scores["state"] != "not scored").to_numpy(dtype=bool)
    achieved = (scores["state"] == "achieved").to_numpy(dtype=bool)
    size = n_groups * width
    shares = groups.ratio(
        groups.count_in(cell, size, achieved), groups.count_in(cell, size, scored)
    )
    there = groups.count_in(cell, size) > 0
    return np.where(there, shares, 0.0).reshape(n_groups, width).sum(axis=1)


def _distribution(
    keys: pd.DataFrame,
    owner: NDArray[np.int64],
    schools: pd.DataFrame,
    total: NDArray[np.int64],
) -> pd.DataFrame:
    """Count schools by number achieved, from none to all, in each group."""
    number = schools["n_achieved"].to_numpy()
    here, full = ~np.isnan(number), schools["all_scored"].to_numpy()
    rows = np.repeat(np.arange(len(keys)), total + 1)
    table = keys.iloc[rows].reset_index(drop=True)
    start = np.concatenate([[0], np.cumsum(total + 1)[:-1]]).astype(np.int64)
    table["n_achieved"] = np.arange(len(rows)) - start[rows]
    cell = start[owner[here]] + number[here].astype(np.int64)
    table["n_schools"] = np.bincount(cell, minlength=len(rows))
    table["n_all_scored"] = np.bincount(cell[full[here]], minlength=len(rows))
    n = groups.count_in(owner, len(keys), here)
    table["share"] = groups.ratio(table["n_schools"].to_numpy(), n[rows])
    return table
