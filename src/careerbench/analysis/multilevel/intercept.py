"""The best relative variance of a random intercept: a grid, then a bracketed root."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.multilevel.likelihood import (
    InterceptKernel,
    Point,
    deviance,
    freedom,
    gradient,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

# relative variances, over the mean size of a school: from next to nothing to next to all
_GRID = np.concatenate([[0.0], np.logspace(-8, 12, 81)])


def solve_intercept(kernel: InterceptKernel, *, reml: bool) -> NDArray[np.float64]:
    """Return the relative standard deviation of the best fit; 0 on the boundary."""
    sums = kernel.sums
    free = freedom(sums, reml=reml)
    return best_of_grid(
        kernel,
        lambda log_det, log_det_terms, rss: (
            log_det + free * np.log(rss) + (log_det_terms if reml else 0.0)
        ),
        lambda point: (
            deviance(point, sums, reml=reml),
            float(gradient(point, sums, reml=reml)[0]),
        ),
    )


def best_of_grid(
    kernel: InterceptKernel,
    heights: Callable[[NDArray, NDArray, NDArray], NDArray[np.float64]],
    height_and_slope: Callable[[Point], tuple[float, float]],
) -> NDArray[np.float64]:
    """Find the relative standard deviation where a criterion is lowest.

    The likelihood can have several peaks. A grid finds every stretch with a dip of the
    criterion; its slope's root is bracketed in each, and the boundary is compared with them.
    """
    grid = _GRID / kernel.sizes.mean()
    height = heights(*kernel.many(grid))

    @cache
    def both(variance: float) -> tuple[float, float]:
        return height_and_slope(kernel.at_variance(variance))

    def slope(variance: float) -> float:
        return both(variance)[1]

    candidates = [0.0] if slope(0.0) >= 0 else []
    dips = np.r_[True, height[1:] <= height[:-1]] & np.r_[height[:-1] <= height[1:], True]
    for place in np.flatnonzero(dips & (height <= height.min() + 1.0)):
        candidates += _roots(slope, grid[max(place - 1, 0) : place + 2].tolist())
    found = [both(value)[0] for value in candidates]
    return np.sqrt([candidates[int(np.argmin(found))]])


def _roots(slope: Callable[[float], float], edges: list[float]) -> list[float]:
    """Find where the slope turns from falling to rising between neighbours of a grid."""
    from scipy.optimize import brentq

    steep = [slope(edge) for edge in edges]
    return [
        brentq(slope, low, high, xtol=1e-300, rtol=4 * np.finfo(float).eps, maxiter=200)
        for low, high, left, right in zip(edges, edges[1:], steep, steep[1:], strict=False)
        if left < 0 <= right
    ]
