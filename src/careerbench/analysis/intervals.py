"""Every interval is computed here: shares, differences of shares, means of clustered answers."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.groups import ratio
from careerbench.checks import require_between, said
from careerbench.errors import BadArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def wilson_interval(
    n_success: ArrayLike, n: ArrayLike, *, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bound a proportion by Wilson's score interval.

    Parameters
    ----------
    n_success, n : int or array
        Successes and trials; arrays go element by element.
    confidence : float, default 0.95
        Coverage, a proportion in (0, 1).

    Returns
    -------
    tuple of arrays
        Low and high, proportions from 0 to 1; missing where ``n`` is 0.

    Notes
    -----
    No continuity correction. The interval is exactly 0 at the low end when nothing succeeds and
    exactly 1 at the high end when everything does. [1]_ [2]_

    References
    ----------
    .. [1] Wilson, E. B. (1927). J. American Statistical Association, 22(158), 209-212.
    .. [2] Newcombe, R. G. (1998). Statistics in Medicine, 17, 857-872, method 3.

    Examples
    --------
    >>> low, high = wilson_interval(81, 263)
    >>> round(float(low), 4), round(float(high), 4)
    (0.2553, 0.3662)
    """
    require_between(confidence, 0, 1, name="confidence", step="wilson_interval")
    part, n = _parts(n_success, n, step="wilson_interval")
    squared = normal_quantile(confidence) ** 2
    share = ratio(part, n)
    middle = (part + squared / 2) / (n + squared)
    spread = np.sqrt(squared * (share * (1 - share) * n + squared / 4)) / (n + squared)
    low = np.where(part == 0, 0.0, middle - spread)
    high = np.where(part == n, 1.0, middle + spread)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def exact_interval(
    n_success: ArrayLike, n: ArrayLike, *, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bound a proportion by the exact interval of Clopper and Pearson.

    Parameters
    ----------
    n_success, n : int or array
        Successes and trials; arrays go element by element.
    confidence : float, default 0.95
        Coverage, a proportion in (0, 1); never less, and with few trials often more.

    Returns
    -------
    tuple of arrays
        Low and high, proportions from 0 to 1; missing where ``n`` is 0.

    References
    ----------
    .. [1] Clopper, C. J. and Pearson, E. S. (1934). Biometrika, 26(4), 404-413.

    Examples
    --------
    >>> low, high = exact_interval(81, 263)
    >>> round(float(low), 4), round(float(high), 4)
    (0.2527, 0.3676)
    """
    from scipy.special import betaincinv

    require_between(confidence, 0, 1, name="confidence", step="exact_interval")
    part, n = _parts(n_success, n, step="exact_interval")
    tail, rest = (1 - confidence) / 2, n - part
    low = np.where(part > 0, betaincinv(np.maximum(part, 1), rest + 1, tail), 0.0)
    high = np.where(rest > 0, betaincinv(part + 1, np.maximum(rest, 1), 1 - tail), 1.0)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def difference_interval(
    before: tuple[ArrayLike, ArrayLike],
    after: tuple[ArrayLike, ArrayLike],
    *,
    correlation: ArrayLike = 0.0,
    confidence: float = 0.95,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bound the difference of two proportions, after less before, by the hybrid score method.

    Parameters
    ----------
    before, after : tuple of int or array
        Successes and trials at each end.
    correlation : float or array, default 0
        Correlation of the two proportions: 0 where no school is at both ends,
        :func:`pair_correlation` where all are, and that times
        ``n_pairs / sqrt(n_before * n_after)`` where some are.
    confidence : float, default 0.95
        Coverage, a proportion in (0, 1).

    Returns
    -------
    tuple of arrays
        Low and high, differences from -1 to 1; missing where an end has no trials.

    Notes
    -----
    Two Wilson intervals are squared and added, less what the correlation takes away. With
    correlation 0 this is method 10 of [1]_; with matched pairs, method 10 of [2]_; the step
    between the two is the method of variance estimates recovery [3]_, with the covariance of
    two proportions that share ``n_pairs`` schools.

    References
    ----------
    .. [1] Newcombe, R. G. (1998). Statistics in Medicine, 17, 873-890.
    .. [2] Newcombe, R. G. (1998). Statistics in Medicine, 17, 2635-2650.
    .. [3] Zou, G. Y. and Donner, A. (2008). Statistics in Medicine, 27, 1693-1702.

    Examples
    --------
    >>> low, high = difference_interval((48, 80), (56, 70))
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    require_between(confidence, 0, 1, name="confidence", step="difference_interval")
    first, first_low, first_high = _share_with_bounds(before, confidence)
    second, second_low, second_high = _share_with_bounds(after, confidence)
    rho = _numbers(correlation, name="correlation", step="difference_interval")
    if np.any(np.abs(rho) > 1):
        raise BadArgumentError(
            "difference_interval: correlation must lie between -1 and 1.",
            found=str(rho.tolist()),
            hint="pair_correlation(n_kept, n_gained, n_lost, n_neither)",
        )
    down = _joined(second - second_low, first_high - first, rho)
    up = _joined(second_high - second, first - first_low, rho)
    change = second - first
    return np.clip(change - down, -1, 1), np.clip(change + up, -1, 1)


def pair_correlation(
    n_kept: ArrayLike, n_gained: ArrayLike, n_lost: ArrayLike, n_neither: ArrayLike
) -> NDArray[np.float64]:
    """Estimate the correlation of two yes-or-no answers of the same schools.

    The phi coefficient with Newcombe's correction (1998, Statistics in Medicine, 17, 2635-2650,
    method 10): where it is above 0, half the number of pairs is taken off its numerator, down to
    0. It is 0 where one end has only one answer.

    Examples
    --------
    >>> round(float(pair_correlation(14, 0, 5, 22)), 4)
    0.7233
    """
    kept, gained, lost, neither = (
        np.asarray(count, dtype=np.float64) for count in (n_kept, n_gained, n_lost, n_neither)
    )
    product = kept * neither - gained * lost
    half = (kept + gained + lost + neither) / 2
    corrected = np.where(product > 0, np.maximum(product - half, 0), product)
    margins = (kept + lost) * (gained + neither) * (kept + gained) * (lost + neither)
    return np.nan_to_num(ratio(corrected, np.sqrt(margins)), nan=0.0)


def clustered_mean(
    total: ArrayLike, size: ArrayLike, group: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Estimate means and their standard errors from one row per cluster.

    Parameters
    ----------
    total, size : array
        Sum of the values and number of respondents of each cluster (school).
    group : array of int
        The group each cluster belongs to, from 0.

    Returns
    -------
    tuple of arrays
        Mean and standard error per group; no error (missing) for a group with one cluster.

    Notes
    -----
    Each respondent counts the same. The variance is Taylor-linearised with clusters as the
    units: ``G / (G - 1)`` times the sum of squared residual totals, over ``n`` squared; what R
    gives as ``svymean(~y, svydesign(ids = ~school, weights = ~1))`` [1]_.

    References
    ----------
    .. [1] Lumley, T. (2004). J. Statistical Software, 9(8), 1-19.

    Examples
    --------
    >>> mean, error = clustered_mean([6, 6, 12], [3, 2, 3], [0, 0, 0])
    >>> float(mean[0]), round(float(error[0]), 4)
    (3.0, 0.6495)
    """
    total, size = np.asarray(total, dtype=np.float64), np.asarray(size, dtype=np.float64)
    group = np.asarray(group, dtype=np.int64)
    n, n_clusters = np.bincount(group, size), np.bincount(group).astype(np.float64)
    mean = ratio(np.bincount(group, total), n)
    residual = total - size * mean[group]
    spread = ratio(np.bincount(group, residual**2), n**2)
    return mean, np.sqrt(ratio(n_clusters, n_clusters - 1) * spread)


def t_interval(
    mean: ArrayLike, error: ArrayLike, freedom: ArrayLike, *, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bound a mean by its standard error and Student's t; missing without degrees of freedom.

    Examples
    --------
    >>> low, high = t_interval(2, 3**-0.5, 2)  # R: t.test(c(1, 2, 3))$conf.int
    >>> round(float(low), 6), round(float(high), 6)
    (-0.484138, 4.484138)
    """
    from scipy.special import stdtrit

    mean = np.asarray(mean, dtype=np.float64)
    df = np.asarray(freedom, dtype=np.float64)
    quantile = stdtrit(np.where(df > 0, df, np.nan), (1 + confidence) / 2)
    half = quantile * np.asarray(error, dtype=np.float64)
    return mean - half, mean + half


def _parts(
    n_success: ArrayLike, n: ArrayLike, *, step: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Read counts; refuse more successes than trials, fewer than none, and shapes that differ."""
    part, whole = (
        _numbers(value, name=name, step=step)
        for name, value in (("n_success", n_success), ("n", n))
    )
    try:
        np.broadcast_shapes(part.shape, whole.shape)
    except ValueError:
        raise BadArgumentError(
            f"{step}: n_success and n have different shapes.",
            found=f"{part.shape} and {whole.shape}",
            hint="as many trials as successes, or one number",
        ) from None
    if np.any((part < 0) | (part > whole)):
        raise BadArgumentError(
            f"{step}: n_success must lie between 0 and n.",
            found=f"{int(np.sum((part < 0) | (part > whole)))} outside",
            hint="81, 263 for 81 of 263",
        )
    return part, whole


def _numbers(value: ArrayLike, *, name: str, step: str) -> NDArray[np.float64]:
    """Read numbers; refuse text, truth values and what is no array."""
    try:
        array = np.asarray(value)
        plain = array.dtype.kind in "iuf" or not array.size
        numbers = array.astype(np.float64) if plain else None
    except (TypeError, ValueError):
        numbers = None
    if numbers is None or (np.abs(numbers) > 1e15).any():
        raise BadArgumentError(
            f"{step}: {name} must be a number or an array of numbers up to 1e15.",
            found=said(value),
            hint=f"{name}=81",
        )
    return numbers


def normal_quantile(confidence: float) -> float:
    """Return how many standard errors an interval reaches to either side."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _share_with_bounds(
    end: tuple[ArrayLike, ArrayLike], confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return a proportion and its Wilson interval."""
    if not isinstance(end, tuple | list) or len(end) != 2:
        raise BadArgumentError(
            "difference_interval: before and after are pairs of successes and trials.",
            found=said(end),
            hint="(48, 80), (56, 70)",
        )
    part, n = _parts(*end, step="difference_interval")
    return ratio(part, n), *wilson_interval(part, n, confidence=confidence)


def _joined(one: NDArray, other: NDArray, rho: NDArray) -> NDArray[np.float64]:
    """Square and add two distances, less their correlation."""
    return np.sqrt(np.maximum(one**2 - 2 * rho * one * other + other**2, 0))
