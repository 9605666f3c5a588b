"""What each school's figure is worth: pulled towards the others where it rests on few pupils."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import posterior
from careerbench.analysis.fair_results import Shrunken
from careerbench.analysis.school_counts import Counted, read_counts, read_means
from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    import pandas as pd


def shrunken_estimates(
    data: pd.DataFrame,
    *,
    numerator: str | None = None,
    denominator: str | None = None,
    estimate: str | None = None,
    std_error: str | None = None,
    school: str = "school_urn",
    confidence: float = 0.95,
) -> Shrunken:
    """Pull each school's figure towards that of all schools, the more the less it rests on.

    Parameters
    ----------
    data : DataFrame
        One row per school.
    numerator, denominator : str, optional
        Columns of counts: the share of each school is shrunken (beta-binomial).
    estimate, std_error : str, optional
        Columns of any estimate and its standard error, instead (normal-normal).
    school : str, default "school_urn"
        Column that names the schools.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    Shrunken
        One row per school, in the order given: ``raw``, ``shrunken``, its interval, and
        ``weight``, how much of its own figure is left (1: all, 0: none). The mean and the
        spread of schools stand on the record: ``centre``, and ``spread`` (standard deviation
        between schools, in the units of the figure).

    Raises
    ------
    MissingColumnsError, TableProblemsError
        If a column is missing, holds text, or what cannot be a count or a standard error.
    BadArgumentError
        If not exactly one pair of columns is named, or fewer than three schools have figures.

    Notes
    -----
    Empirical Bayes [1]_: ``shrunken`` rests on the most likely mean and spread between schools
    (marginal likelihood for counts; restricted likelihood for estimates, as in
    ``metafor::blup(metafor::rma(method = "REML"))``). Plugging these in gives intervals that are
    too short with few schools; so the interval averages over all spreads between schools by
    their likelihood (a flat prior on the spread) and is the middle of the distribution that
    results. Coverage is that of schools on the whole, not of the most extreme one.

    References
    ----------
    .. [1] Morris, C. N. (1983). J. American Statistical Association, 78, 47-55.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame({"met": [2, 30, 50, 9], "asked": [4, 98, 125, 60]})
    >>> counts = counts.assign(school_urn=list("abcd"))
    >>> found = shrunken_estimates(counts, numerator="met", denominator="asked")
    >>> found.to_frame()[["school_urn", "raw", "shrunken", "weight"]].round(2)
      school_urn   raw  shrunken  weight
    0          a  0.50      0.33    0.14
    1          b  0.31      0.31    0.79
    2          c  0.40      0.38    0.83
    3          d  0.15      0.20    0.70
    """
    step = "shrunken_estimates"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    counted, kind = read_figures(
        data, numerator, denominator, estimate, std_error, school=school, step=step
    )
    there = counted.there
    part, whole = counted.part[there], counted.whole[there]
    fitted = posterior.fit(part, whole, kind)
    low, high = posterior.bounds(fitted, confidence)
    table = data[[school]].reset_index(drop=True)
    table["n"] = counted.whole if kind == "beta-binomial" else np.nan
    table["raw"] = counted.share if kind == "beta-binomial" else counted.part
    columns = (
        ("shrunken", fitted.shrunken),
        ("low", low),
        ("high", high),
        ("weight", fitted.weight),
    )
    for name, values in columns:
        table[name] = posterior.spread_out(values, there)
    table["shrunken_reason"] = _texts(counted)
    return Shrunken(
        table, method=kind, centre=fitted.centre, spread=fitted.spread, confidence=confidence
    )


def read_figures(
    data: pd.DataFrame, numerator: str | None, denominator: str | None,
    estimate: str | None, std_error: str | None, *, school: str, step: str,
) -> tuple[Counted, str]:  # fmt: skip
    """Read counts or estimates, whichever pair is named; refuse fewer than three schools."""
    counts, means = (numerator, denominator), (estimate, std_error)
    named = [all(name is not None for name in pair) for pair in (counts, means)]
    half = any(name is not None for name in (means if named[0] else counts)) if any(named) else True
    if sum(named) != 1 or half:
        raise BadArgumentError(
            f"{step}: one pair of columns is needed: counts, or estimates.",
            found=f"numerator={numerator!r}, denominator={denominator!r}, "
            f"estimate={estimate!r}, std_error={std_error!r}",
            hint="numerator= and denominator=, or estimate= and std_error=",
        )
    if named[0]:
        kind = "beta-binomial"
        counted = read_counts(data, str(numerator), str(denominator), school, step=step)
    else:
        kind = "normal"
        counted = read_means(data, str(estimate), str(std_error), school, step=step)
    if counted.there.sum() < 3:
        raise BadArgumentError(
            f"{step}: how much schools differ cannot be told from fewer than three.",
            found=f"{int(counted.there.sum())} with figures of {len(counted.reason)} rows",
            hint="more schools, or each school's own figure and interval",
        )
    return counted, kind


def _texts(counted: Counted) -> object:
    import pandas as pd

    return pd.array(counted.reason, dtype="str")
