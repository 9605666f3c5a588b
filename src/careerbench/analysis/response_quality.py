"""How people answered: the same box all the way down, only the ends, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import groups, intervals
from careerbench.analysis.answers import check_answers, lay_out, scale_ends
from careerbench.analysis.quality_results import ResponseQuality

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

_COUNTS = ("n_respondents", "n_too_few", "n_judged", "n_schools")
_COLUMNS = (
    *_COUNTS, "n_straight", "straight_share", "straight_low", "straight_high",
    "n_all_extreme", "all_extreme_share", "all_extreme_low", "all_extreme_high",
    "extreme_mean", "distinct_mean", "missing_mean",
)  # fmt: skip


def response_quality(
    answers: pd.DataFrame,
    *,
    by: str | Iterable[str] | None = "year_group",
    ends: tuple[float, float] | None = None,
    minimum_answered: int = 3,
    confidence: float = 0.95,
) -> ResponseQuality:
    """Count straight-lining and extreme answering.

    Parameters
    ----------
    answers : DataFrame
        One row per respondent and item asked: ``respondent``, ``item``, ``value`` (number,
        missing where not answered) and the columns of ``by``; ``school_urn`` if known. Where
        there is an ``answer`` column (what was ticked, before reversed items are turned round)
        straight-lining is judged on it.
    by : str or list of str, default "year_group"
        Columns to take apart.
    ends : tuple of two numbers, optional
        The lowest and highest value an answer can have. Default: the lowest and highest in the
        table.
    minimum_answered : int, default 3
        Respondents with fewer answers are not judged, and counted in ``n_too_few``.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    ResponseQuality
        One row per group: how many gave one answer throughout (``straight_share``), how many
        answered at the ends only (``all_extreme_share``), each with an interval that respects
        schools; means over respondents of the share of answers at an end (``extreme_mean``), of
        the number of different answers (``distinct_mean``) and of the share not answered
        (``missing_mean``).

    Raises
    ------
    MissingColumnsError
        If the table lacks a column.
    TableProblemsError
        If values are text or outside ``ends``, or a respondent has an item twice in one group.
    BadArgumentError
        If ``minimum_answered`` is below 2.

    Notes
    -----
    A straight line is no proof of careless answering: where items ask for the same thing it may
    be an honest answer. A scale with reversed items tells the two apart, which is why ``answer``
    counts before ``value``. Intervals are Wilson's [1]_ with the number of respondents divided
    by the design effect (never below 1); where everyone or no one did, with the number of
    schools.

    References
    ----------
    .. [1] Wilson, E. B. (1927). J. American Statistical Association, 22(158), 209-212.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({
    ...     "respondent": list("aaabbb"), "item": ["q1", "q2", "q3"] * 2,
    ...     "value": [4, 4, 4, 1, 2, 4], "year_group": "5",
    ... })
    >>> found = response_quality(answers, ends=(1, 4)).to_frame()
    >>> found[["year_group", "n_judged", "n_straight", "extreme_mean"]].round(2)
      year_group  n_judged  n_straight  extreme_mean
    0          5         2           1          0.83
    """
    step = "response_quality"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    checks.require_between(minimum_answered, 1, np.inf, name="minimum_answered", step=step)
    names = groups.free_names(by, (*_COLUMNS, "respondent", "item", "value"), step=step)
    values = check_answers(answers, names, step=step)
    low, high = scale_ends(values, ends, step=step)
    ticked, source = _ticked(answers, values)
    group, table = groups.group_rows(answers, names)
    rows = []
    for number in range(len(table)):
        here = group == number
        laid, marks = lay_out(answers[here], values[here]), lay_out(answers[here], ticked[here])
        people = _people(laid.numbers, marks.numbers, laid.asked, (low, high), minimum_answered)
        rows.append(_row(people, laid.school, confidence))
    for column in _COLUMNS:
        table[column] = [row[column] for row in rows]
    return ResponseQuality(
        table, source=source, low=low, high=high, minimum_answered=int(minimum_answered),
        confidence=confidence, by=tuple(names),
    )  # fmt: skip


def _ticked(answers: pd.DataFrame, values: NDArray) -> tuple[NDArray[np.float64], str]:
    """Return what was ticked as numbers, where the table has it, and which column it is."""
    import pandas as pd

    if not groups.given(answers, "answer"):
        return values, "value"
    said = answers["answer"].astype("str").str.strip().str.casefold()
    codes = pd.factorize(said)[0].astype(np.float64)
    return np.where(np.isnan(values) | (codes < 0), np.nan, codes), "answer"


def _people(
    values: NDArray, ticked: NDArray, asked: NDArray, ends: tuple[float, float], minimum: int
) -> dict[str, NDArray]:
    """Judge each respondent of one group."""
    there = ~np.isnan(values)
    n = there.sum(axis=1)
    extreme = ((values == ends[0]) | (values == ends[1])).sum(axis=1)
    ranked = np.sort(np.where(there, ticked, np.nan), axis=1)
    distinct = 1 + (np.diff(ranked, axis=1) > 0).sum(axis=1)
    return {
        "judged": n >= minimum,
        "straight": distinct == 1,
        "all_extreme": extreme == n,
        "extreme": groups.ratio(extreme, n),
        "distinct": distinct,
        "missing": groups.ratio(asked.sum(axis=1) - n, asked.sum(axis=1)),
    }


def _row(people: dict[str, NDArray], school: NDArray, confidence: float) -> dict[str, object]:
    """Count one group, with intervals."""
    judged = people["judged"]
    n, where = int(judged.sum()), school[judged]
    row: dict[str, object] = {
        "n_respondents": len(judged), "n_too_few": len(judged) - n, "n_judged": n,
        "n_schools": len(np.unique(where[where >= 0])),
    }  # fmt: skip
    for name in ("straight", "all_extreme"):
        yes = people[name][judged]
        low, high = _bounds(yes, where, confidence)
        row |= {f"n_{name}": int(yes.sum()), f"{name}_share": yes.mean() if n else np.nan}
        row |= {f"{name}_low": low, f"{name}_high": high}
    for name in ("extreme", "distinct"):
        row[f"{name}_mean"] = float(people[name][judged].mean()) if n else np.nan
    row["missing_mean"] = float(people["missing"].mean()) if len(judged) else np.nan
    return row


def _bounds(yes: NDArray, school: NDArray, confidence: float) -> tuple[float, float]:
    """Bound a share by Wilson's interval, the respondents counted for what they are worth."""
    n = len(yes)
    codes, cluster = np.unique(school, return_inverse=True)
    known = len(codes) > 1 and np.all(school >= 0)
    if n == 0 or not known:
        worth = float(n) if len(codes) == 1 and np.all(school >= 0) else 0.0
        return _wilson(yes, worth, confidence)
    share = float(yes.mean())
    if share in (0.0, 1.0):
        return _wilson(yes, float(len(codes)), confidence)
    size = np.bincount(cluster)
    _, error = intervals.clustered_mean(np.bincount(cluster, yes), size, np.zeros_like(size))
    effect = max(float(error[0]) ** 2 * n / (share * (1 - share)), 1.0)
    return _wilson(yes, n / effect, confidence)


def _wilson(yes: NDArray, worth: float, confidence: float) -> tuple[float, float]:
    if worth == 0:
        return np.nan, np.nan
    low, high = intervals.wilson_interval(yes.mean() * worth, worth, confidence=confidence)
    return float(low), float(high)
