"""Yes or no, twice: McNemar's tests, and intervals for the difference of matched shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import groups, intervals
from careerbench.analysis.results_tests import PairedShares
from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_STEP = "mcnemar"
_HALVINGS = 100
_MOST = 10**9


def mcnemar(
    *, n_kept: int, n_gained: int, n_lost: int, n_neither: int, confidence: float = 0.95
) -> PairedShares:
    """Compare two shares of the same schools from the four counts that a report gives.

    Parameters
    ----------
    n_kept, n_gained, n_lost, n_neither : int
        Schools with yes at both ends, yes only after, yes only before, yes at neither.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    PairedShares
        One row: both shares (0 to 1), the change in percentage points with Newcombe's paired
        interval, and McNemar's exact and mid-p tests.

    Raises
    ------
    BadArgumentError
        If a count is not a whole number: two shares without the schools behind them cannot be
        tested, and neither can they without knowing how many schools changed.

    Notes
    -----
    See :func:`change` for scores school by school. The exact test [1]_ is 1 where no school
    changed (R's ``mcnemar.test`` gives NaN there); the mid-p test counts half of what is exactly
    as likely as the data, and keeps closer to its level [2]_. The interval is Newcombe's method
    10 [3]_.

    References
    ----------
    .. [1] McNemar, Q. (1947). Psychometrika, 12(2), 153-157.
    .. [2] Fagerland, M. W., Lydersen, S. and Laake, P. (2013). BMC Medical Research Methodology,
       13, 91.
    .. [3] Newcombe, R. G. (1998). Statistics in Medicine, 17, 2635-2650.

    Examples
    --------
    >>> found = mcnemar(n_kept=14, n_gained=5, n_lost=0, n_neither=22).to_frame()
    >>> found[["n_pairs", "change_pp", "p_exact", "p_mid"]].round(4)
       n_pairs  change_pp  p_exact   p_mid
    0       41    12.1951   0.0625  0.0313
    """
    import pandas as pd

    checks.require_between(confidence, 0, 1, name="confidence", step=_STEP)
    n = {"kept": n_kept, "gained": n_gained, "lost": n_lost, "neither": n_neither}
    for name, count in n.items():
        _require_count(count, name)
    counts = {name: np.array([count], dtype=np.int64) for name, count in n.items()}
    pairs = counts["kept"] + counts["gained"] + counts["lost"] + counts["neither"]
    before, after = (counts["kept"] + counts[name] for name in ("lost", "gained"))
    rho = intervals.pair_correlation(n_kept, n_gained, n_lost, n_neither)
    low, high = intervals.difference_interval(
        (before, pairs), (after, pairs), correlation=rho, confidence=confidence
    )
    gained, lost = counts["gained"], counts["lost"]
    table = pd.DataFrame({"n_pairs": pairs, **{f"n_{name}": n for name, n in counts.items()}})
    table["share_before"], table["share_after"] = (
        groups.ratio(end, pairs) for end in (before, after)
    )
    table["change_pp"] = 100 * groups.ratio(gained - lost, pairs)
    table["low_pp"], table["high_pp"] = 100 * low, 100 * high
    table["p_exact"] = exact_p(gained, lost, pairs)
    table["p_mid"] = mid_p(gained, lost, pairs)
    return PairedShares(table, confidence=confidence)


def exact_p(n_up: NDArray, n_down: NDArray, n_pairs: NDArray) -> NDArray[np.float64]:
    """Test whether as many rose as fell; 1 where nobody moved, missing without pairs."""
    from scipy.stats import binom

    tail = binom.cdf(np.minimum(n_up, n_down), n_up + n_down, 0.5)
    return np.where(n_pairs > 0, np.minimum(2 * tail, 1.0), np.nan)


def mid_p(n_up: NDArray, n_down: NDArray, n_pairs: NDArray) -> NDArray[np.float64]:
    """Test the same, with half the chance of the split itself; 1 where both moved alike."""
    from scipy.stats import binom

    least, moved = np.minimum(n_up, n_down), n_up + n_down
    tail = 2 * binom.cdf(least, moved, 0.5) - binom.pmf(least, moved, 0.5)
    return np.where(n_pairs > 0, np.where(n_up == n_down, 1.0, np.minimum(tail, 1.0)), np.nan)


def tango_interval(
    n_up: ArrayLike, n_down: ArrayLike, n_pairs: ArrayLike, *, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bound the share that rose less the share that fell by Tango's score interval.

    Parameters
    ----------
    n_up, n_down, n_pairs : int or array
        Pairs that rose, that fell, and all pairs.
    confidence : float, default 0.95
        Coverage, a proportion in (0, 1).

    Returns
    -------
    tuple of arrays
        Low and high, differences from -1 to 1; missing without pairs.

    Notes
    -----
    It rests on the pairs that rose and fell alone, so it serves states in any number. The score
    equation is solved by halving, to the last bit.

    References
    ----------
    .. [1] Tango, T. (1998). Statistics in Medicine, 17, 891-908.

    Examples
    --------
    >>> low, high = tango_interval(12, 2, 50)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0611, 0.3447)
    """
    up, down, n = (np.asarray(count, dtype=np.float64) for count in (n_up, n_down, n_pairs))
    limit = intervals.normal_quantile(confidence)
    middle = groups.ratio(up - down, n)
    ends = []
    for edge in (-1.0, 1.0):
        inner, outer = middle.copy(), np.full_like(middle, edge)
        for _ in range(_HALVINGS):
            trial = (inner + outer) / 2
            inside = np.abs(_score(up, down, n, trial)) <= limit
            inner, outer = np.where(inside, trial, inner), np.where(inside, outer, trial)
        ends.append(np.where(n > 0, inner, np.nan))
    sure_low = np.where((down == n) & (n > 0), -1.0, ends[0])
    return sure_low, np.where((up == n) & (n > 0), 1.0, ends[1])


def _score(up: NDArray, down: NDArray, n: NDArray, delta: NDArray) -> NDArray[np.float64]:
    """Say how many standard errors the data lie from a difference of ``delta``."""
    linear = -up - down + (2 * n - up + down) * delta
    constant = -down * delta * (1 - delta)
    root = np.sqrt(np.maximum(linear**2 - 8 * n * constant, 0))
    fell = groups.ratio(root - linear, 4 * n)
    variance = n * (2 * fell + delta * (1 - delta))
    return groups.ratio(up - down - n * delta, np.sqrt(np.maximum(variance, 1e-300)))


def _require_count(count: object, name: str) -> None:
    """Refuse what is no count: a share says nothing of how sure it is."""
    whole = isinstance(count, int | np.integer) and not isinstance(count, bool)
    if not whole or not 0 <= int(count) <= _MOST:  # type: ignore[call-overload]
        raise BadArgumentError(
            f"{_STEP}: n_{name} must be a whole number of schools, 0 or more.",
            found=checks.said(count),
            hint="the counts: two shares without the schools behind them cannot be tested",
        )
