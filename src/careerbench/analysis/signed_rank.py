"""Wilcoxon's signed ranks of paired differences, exact with ties."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITS = 10
_MOST_EXACT = 1_000
_MOST_AVERAGES = 5_000
_EMPTY = np.nan


class SignedRanks(NamedTuple):
    """What the signed ranks of one set of differences say."""

    n_zeros: int
    n_ties: int
    n_rose: int
    n_fell: int
    w_plus: float = 0.0
    w_minus: float = 0.0
    estimate: float = _EMPTY
    low: float = _EMPTY
    high: float = _EMPTY
    confidence_reached: float = _EMPTY
    rank_biserial: float = _EMPTY
    z: float = _EMPTY
    p_exact: float = _EMPTY
    p_asymptotic: float = _EMPTY
    reason: str | None = None


def signed_ranks(
    differences: NDArray[np.float64], *, zeros: str = "wilcox", confidence: float = 0.95
) -> SignedRanks:
    """Test whether paired differences lie around zero.

    Parameters
    ----------
    differences : array
        After less before, one for each pair, none missing.
    zeros : {"wilcox", "pratt"}
        Whether differences of 0 leave before or after the ranking.
    confidence : float, default 0.95
        Coverage of the interval, a proportion in (0, 1).

    Returns
    -------
    SignedRanks
        ``reason`` says why numbers are missing: ``no pairs``, ``no change`` (every difference is
        0: both p-values are 1) or ``many pairs`` (no exact p-value beyond 1,000).

    Notes
    -----
    Differences that agree to ten digits of the largest are ties: 0.3 - 0.1 is 0.2. The exact
    p-value is two-sided, over all signs of the ranks as they are, ties and all, as in
    ``coin::wilcoxsign_test(distribution = "exact")``; scipy's exact test passes over ties. The
    asymptotic one is scipy's, corrected for ties and not for continuity. The estimate is the
    median of the averages of every two differences (Hodges and Lehmann [1]_) and the interval its
    order statistics by the untied distribution, as R's ``wilcox.test(conf.int = TRUE)`` gives
    them where there are no ties; with ``wilcox`` zeros are no part of them, with ``pratt`` they
    are. Rank-biserial: Kerby [2]_.

    References
    ----------
    .. [1] Hodges, J. L. and Lehmann, E. L. (1963). Annals of Mathematical Statistics, 34(2),
       598-611.
    .. [2] Kerby, D. S. (2014). Comprehensive Psychology, 3, 1.

    Examples
    --------
    >>> found = signed_ranks(np.array([1.0, 2.0, 2.0, 0.0, -1.0, 3.0, 1.0]))
    >>> found.n_zeros, found.n_ties, found.w_plus, found.p_exact
    (1, 5, 19.0, 0.125)
    """
    values = _tidied(differences)
    moved = values[values != 0]
    blank = SignedRanks(
        n_zeros=len(values) - len(moved),
        n_ties=_n_tied(moved),
        n_rose=int((moved > 0).sum()),
        n_fell=int((moved < 0).sum()),
    )
    if not len(values):
        return blank._replace(reason="no pairs")
    if not len(moved):
        return blank._replace(estimate=0.0, p_exact=1.0, p_asymptotic=1.0, reason="no change")
    ranked = _ranks(values, moved, zeros)
    plus, minus = float(ranked[moved > 0].sum()), float(ranked[moved < 0].sum())
    many = len(moved) > _MOST_EXACT
    estimate, low, high, reached = _hodges_lehmann(
        moved if zeros == "wilcox" else values, confidence
    )
    z, p = _asymptotic(values, zeros)
    return blank._replace(
        w_plus=plus,
        w_minus=minus,
        estimate=estimate,
        low=low,
        high=high,
        confidence_reached=reached,
        rank_biserial=(plus - minus) / (plus + minus),
        z=abs(z) * float(np.sign(plus - minus)),  # scipy's takes the smaller rank sum
        p_exact=_EMPTY if many else _exact_p(ranked, plus),
        p_asymptotic=p,
        reason="many pairs" if many else None,
    )


def _tidied(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make differences the same, or 0, that differ by the arithmetic of the machine only."""
    largest = np.abs(differences).max(initial=0.0)
    if largest == 0:
        return differences
    sizes = np.abs(differences)
    _, first, place = np.unique(
        np.round(sizes / largest, _DIGITS), return_index=True, return_inverse=True
    )
    same = sizes[first][place]
    return np.where(same > largest * 10.0**-_DIGITS / 2, same, 0.0) * np.sign(differences)


def _n_tied(moved: NDArray[np.float64]) -> int:
    """Count the differences that share their size with another."""
    _, counts = np.unique(np.abs(moved), return_counts=True)
    return int(counts[counts > 1].sum())


def _ranks(
    values: NDArray[np.float64], moved: NDArray[np.float64], zeros: str
) -> NDArray[np.float64]:
    """Rank the sizes of what moved; Pratt's zeros take the first ranks with them."""
    from scipy.stats import rankdata

    offset = len(values) - len(moved) if zeros == "pratt" else 0
    return rankdata(np.abs(moved)) + offset


def _null(weights: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give the chance of every sum of weights, each in or out by the toss of a coin."""
    chance = np.ones(1)
    for weight in np.sort(weights):
        longer = np.zeros(len(chance) + weight)
        longer[: len(chance)] += chance / 2
        longer[weight:] += chance / 2
        chance = longer
    return chance


def _exact_p(ranks: NDArray[np.float64], plus: float) -> float:
    """Add up all sums of positive ranks that lie as far out as the one found, both ways."""
    doubled = np.rint(2 * ranks).astype(np.int64)
    chance = _null(doubled)
    far = min(round(2 * plus), int(doubled.sum()) - round(2 * plus))
    return min(2 * float(chance[: far + 1].sum()), 1.0)


def _asymptotic(values: NDArray[np.float64], zeros: str) -> tuple[float, float]:
    """Return the size of z, and the p-value."""
    from scipy.stats import wilcoxon

    found = wilcoxon(values, zero_method=zeros, correction=False, method="asymptotic")
    return float(found.zstatistic), float(found.pvalue)


def _hodges_lehmann(
    values: NDArray[np.float64], confidence: float
) -> tuple[float, float, float, float]:
    """Return the median of the averages of every two, its interval and what that covers."""
    n = len(values)
    if n > _MOST_AVERAGES:
        return _EMPTY, _EMPTY, _EMPTY, _EMPTY
    first, second = np.triu_indices(n)
    averages = np.sort((values[first] + values[second]) / 2)
    centre, tail = float(np.median(averages)), (1 - confidence) / 2
    place, below = _quantile(n, tail)
    return centre, float(averages[place - 1]), float(averages[-place]), 1 - 2 * below


def _quantile(n: int, tail: float) -> tuple[int, float]:
    """Find which average bounds the interval, and the chance of lying beyond it."""
    from scipy.stats import norm

    if n > _MOST_EXACT:
        mean, sd = n * (n + 1) / 4, np.sqrt(n * (n + 1) * (2 * n + 1) / 24)
        place = max(int(np.floor(mean + sd * norm.ppf(tail))), 1)
        return place, float(norm.cdf((place - 1 - mean) / sd))
    below = np.cumsum(_null(np.arange(1, n + 1)))
    place = max(int(np.searchsorted(below, tail * (1 - 1e-12))), 1)
    return place, float(below[place - 1])
