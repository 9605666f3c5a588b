"""How far from a target chance alone takes a share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

TAILS = {"low_95": 0.025, "high_95": 0.975, "low_998": 0.001, "high_998": 0.999}


def exact_limits(target: float, n: ArrayLike, probability: float) -> NDArray[np.float64]:
    """Return the share that a school of ``n`` stays below with a probability, interpolated.

    Examples
    --------
    >>> exact_limits(0.5, [10, 100], 0.975).round(4).tolist()
    [0.7676, 0.5932]
    """
    from scipy.stats import binom

    size = np.asarray(n, dtype=np.float64)
    safe = np.where(size > 0, size, 1)
    at = binom.ppf(probability, safe, target)
    over = (binom.cdf(at, safe, target) - probability) / binom.pmf(at, safe, target)
    return np.where(size > 0, np.clip((at - over) / safe, 0, 1), np.nan)


def widened_limits(
    target: float, error: ArrayLike, tau2: float, factor: float, probability: float
) -> NDArray[np.float64]:
    """Return limits that allow for over-dispersion, by way of the arcsine scale."""
    from scipy.special import ndtri

    spread = np.sqrt((np.asarray(error, dtype=np.float64) ** 2 + tau2) * factor)
    angle = np.arcsin(np.sqrt(target)) + ndtri(probability) * spread
    return np.sin(np.clip(angle, 0, np.pi / 2)) ** 2
