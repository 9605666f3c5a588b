"""How sure a number is when schools are the unit: leave out one school at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NONE = (np.nan, np.nan)


def school_bounds(
    estimate: float, without: NDArray, confidence: float
) -> tuple[tuple[float, float], str | None]:
    """Bound a number by its values without each school, with Student's t.

    Examples
    --------
    >>> bounds, reason = school_bounds(2.0, np.array([2.5, 2.0, 1.5]), 0.95)  # t.test(1:3)
    >>> [round(bound, 4) for bound in bounds], reason
    ([-0.4841, 4.4841], None)
    """
    from scipy.special import stdtrit

    n = len(without)
    if n < 2:
        return NONE, "fewer than two schools"
    if not np.isfinite(without).all() or not np.isfinite(estimate):
        return NONE, "rests on one school"
    error = np.sqrt((n - 1) / n * np.sum((without - without.mean()) ** 2))
    if error == 0:
        return NONE, "no spread between schools"
    half = float(stdtrit(n - 1, (1 + confidence) / 2) * error)
    return (estimate - half, estimate + half), None


def bounds_below_one(
    estimate: float, without: NDArray, school: NDArray, confidence: float
) -> tuple[tuple[float, float], str | None]:
    """Bound a coefficient that is at most 1 on the scale of ``log(1 - coefficient)``."""
    if np.any(school < 0):
        return NONE, "school not known"
    if estimate >= 1 or np.any(without >= 1):
        return NONE, "no disagreement"
    (low, high), reason = school_bounds(np.log1p(-estimate), np.log1p(-without), confidence)
    return (float(1 - np.exp(high)), float(1 - np.exp(low))), reason


def covariances_without(values: NDArray, school: NDArray) -> NDArray[np.float64]:
    """Compute the covariances of the columns without each school, a matrix for each."""
    _, code = np.unique(school, return_inverse=True)
    centred = values - values.mean(axis=0)
    n = np.bincount(code).astype(np.float64)
    sums = np.stack([np.bincount(code, column) for column in centred.T], axis=1)
    k = values.shape[1]
    products = np.zeros((len(n), k, k))
    np.add.at(products, code, centred[:, :, None] * centred[:, None, :])
    left_n = n.sum() - n
    left_sum = sums.sum(axis=0) - sums
    left = products.sum(axis=0) - products
    safe = np.where(left_n > 1, left_n, np.nan)[:, None, None]
    return (left - left_sum[:, :, None] * left_sum[:, None, :] / safe) / (safe - 1)
