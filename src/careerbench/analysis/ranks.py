"""How little a school's place in a list says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import posterior
from careerbench.analysis.fair_results import Ranks
from careerbench.analysis.shrinkage import read_figures
from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

_MOST_DRAWS = 1_000_001


def rank_intervals(
    data: pd.DataFrame,
    *,
    numerator: str | None = None,
    denominator: str | None = None,
    estimate: str | None = None,
    std_error: str | None = None,
    school: str = "school_urn",
    confidence: float = 0.95,
    n: int = 10_000,
    seed: int = 0,
    draws: ArrayLike | None = None,
) -> Ranks:
    """Bound each school's rank, and say how likely it is among the first and the last.

    Parameters
    ----------
    data, numerator, denominator, estimate, std_error, school
        As for :func:`shrunken_estimates`: one row per school, with counts or with estimates and
        their standard errors.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).
    n : int, default 10,000
        How often the schools' values are drawn.
    seed : int, default 0
        Where the random numbers begin; the same seed gives the same ranks.
    draws : array, optional
        Values drawn elsewhere, a row for each draw and a column for each school that has
        figures, in the order of the table; then ``n`` and ``seed`` are not used.

    Returns
    -------
    Ranks
        One row per school, in the order given: ``rank`` of its own figure (1 is the highest,
        ties share the middle), ``rank_median``, ``rank_mean``, ``rank_low``, ``rank_high``, and
        the chances of being among the highest quarter (``p_top``), the lowest quarter
        (``p_bottom``), and above the mean of all (``p_above_mean``). Missing for a school
        without figures.

    Raises
    ------
    MissingColumnsError, TableProblemsError, BadArgumentError
        As for :func:`shrunken_estimates`; also if ``draws`` does not have a column for each
        school, holds missing values, or ``n`` is below 100.

    Notes
    -----
    Ranks are the least certain of all summaries [1]_. Values are drawn from what is known of
    each school, given all (the model of :func:`shrunken_estimates`, with the doubt about mean
    and spread in each draw), and ranked in each draw.

    References
    ----------
    .. [1] Goldstein, H. and Spiegelhalter, D. J. (1996). J. Royal Statistical Society A,
       159(3), 385-443.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame({"met": [2, 30, 50, 9], "asked": [4, 98, 125, 60]})
    >>> counts = counts.assign(school_urn=list("abcd"))
    >>> found = rank_intervals(counts, numerator="met", denominator="asked", n=2000)
    >>> found.to_frame()[["school_urn", "rank", "rank_low", "rank_high"]]
      school_urn  rank  rank_low  rank_high
    0          a   1.0       1.0        4.0
    1          b   3.0       1.0        4.0
    2          c   2.0       1.0        3.0
    3          d   4.0       3.0        4.0
    """
    step = "rank_intervals"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    counted, kind = read_figures(
        data, numerator, denominator, estimate, std_error, school=school, step=step
    )
    there = counted.there
    part, whole = counted.part[there], counted.whole[there]
    checks.require_seed(seed, step=step)
    if draws is None:
        checks.require_between(n, 99, _MOST_DRAWS, name="n", step=step)
        values = posterior.draw(
            posterior.fit(part, whole, kind), int(n), np.random.default_rng(seed)
        )
    else:
        values = _checked(draws, int(there.sum()), step=step)
    own = part / whole if kind == "beta-binomial" else part
    columns = {"rank": _ranked(own[None, :])[0], **_summaries(values, confidence)}
    table = data[[school]].reset_index(drop=True)
    for name, found in columns.items():
        table[name] = posterior.spread_out(found, there)
    return Ranks(
        table, method=kind if draws is None else "given draws", n_draws=len(values),
        n_left_out=int((~there).sum()), confidence=confidence,
    )  # fmt: skip


def _summaries(values: NDArray, confidence: float) -> dict[str, NDArray[np.float64]]:
    """Rank every draw and sum up each school's ranks."""
    ranks = _ranked(values)
    tail, n_schools = (1 - confidence) / 2, values.shape[1]
    low, middle, high = np.quantile(ranks, [tail, 0.5, 1 - tail], axis=0)
    quarter = n_schools / 4
    return {
        "rank_median": middle, "rank_mean": ranks.mean(axis=0), "rank_low": low,
        "rank_high": high, "p_top": (ranks <= quarter).mean(axis=0),
        "p_bottom": (ranks > n_schools - quarter).mean(axis=0),
        "p_above_mean": (values > values.mean(axis=1, keepdims=True)).mean(axis=0),
    }  # fmt: skip


def _ranked(values: NDArray) -> NDArray[np.float64]:
    """Rank each row from the highest down; ties share the middle."""
    from scipy.stats import rankdata

    return np.asarray(rankdata(-values, axis=1), dtype=np.float64)


def _checked(draws: ArrayLike, n_schools: int, *, step: str) -> NDArray[np.float64]:
    """Refuse draws that are not a row for each draw and a column for each school."""
    values = np.asarray(draws)
    numbers = values.dtype.kind in "iuf"
    if (
        values.ndim != 2
        or not len(values)
        or values.shape[1] != n_schools
        or not numbers
        or not np.isfinite(values).all()
    ):
        raise BadArgumentError(
            f"{step}: draws must have a row for each draw and a number for each of the "
            f"{n_schools} schools with figures.",
            found=f"an array of {values.shape} of {values.dtype}",
            hint="draws with a column for each school, in the order of the table",
        )
    return values.astype(np.float64)
