"""The best lower triangle of a random intercept and slope: several starts, then Newton."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.multilevel.likelihood import (
    Kernel,
    SlopeKernel,
    derived,
    deviance,
    differences,
    gradient,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_STARTS = (0.3, 0.05, 1.0)
_POLISH = 30
_STEP = 0.05
_FURTHEST = 1e7  # steps; a search that looks further away meets a wall
_WALL = 1e100


def solve_slope(
    kernel: SlopeKernel, intercept: NDArray[np.float64], *, reml: bool
) -> NDArray[np.float64]:
    """Return the lower triangle of the best fit, its diagonal not negative.

    The deviance is smooth in the triangle, its boundary included, so it is made small without
    constraints from several inner starts; the fit without a slope is compared with them.
    """
    sums = kernel.sums

    def objective(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        point = kernel.at(theta)
        return deviance(point, sums, reml=reml), gradient(point, sums, reml=reml)

    first = max(float(intercept[0]), 0.05)
    starts = [np.array([first, 0.0, first * times]) for times in _STARTS]
    found = [np.array([intercept[0], 0.0, 0.0])]
    for start in starts:
        reached, _ = lowest_near(objective, start)
        found.append(polish(kernel, reached, reml=reml))
    heights = [objective(theta)[0] for theta in found]
    best = found[int(np.argmin(heights))]
    return best * np.where(best[[0, 0, 2]] < 0, -1.0, 1.0)


def lowest_near(
    objective: Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]],
    start: NDArray[np.float64],
) -> tuple[NDArray[np.float64], float]:
    """Make a smooth function small, from a start and in short steps.

    Every triangle with a zero on its diagonal is level in that direction, lowest or not, so an
    answer there is tried again from beside it.
    """
    from scipy.optimize import minimize

    def scaled(steps: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        if np.abs(steps).max() > _FURTHEST:
            return _WALL, np.zeros(len(steps))
        height, steep = objective(steps * _STEP)
        return height, steep * _STEP

    best, height = start, np.inf
    for _ in range(3):
        found = minimize(scaled, start / _STEP, jac=True, method="BFGS", options={"gtol": 1e-8})
        if found.fun >= height - 1e-10 * abs(height):
            break
        best, height = found.x * _STEP, float(found.fun)
        start = np.where(np.abs(best) < 1e-3, _STEP, best)
    return best, height


def polish(kernel: Kernel, theta: NDArray[np.float64], *, reml: bool) -> NDArray[np.float64]:
    """Take Newton's steps while they make the gradient smaller and the deviance no larger."""
    sums = kernel.sums
    point = kernel.at(theta)
    height, steep = deviance(point, sums, reml=reml), gradient(point, sums, reml=reml)
    slack = 1e-12 * max(abs(height), 1.0)
    for _ in range(_POLISH):
        values, vectors = np.linalg.eigh(curvature(kernel, theta, reml=reml))
        values = np.maximum(np.abs(values), 1e-8 * max(np.abs(values).max(), 1e-300))
        step = -vectors @ ((vectors.T @ steep) / values)
        point = kernel.at(theta + step)
        new_height, new_steep = deviance(point, sums, reml=reml), gradient(point, sums, reml=reml)
        if new_height > height + slack or np.linalg.norm(new_steep) >= np.linalg.norm(steep):
            break
        theta, height, steep = theta + step, new_height, new_steep
    return theta


def curvature(kernel: Kernel, theta: NDArray[np.float64], *, reml: bool) -> NDArray[np.float64]:
    """Derive the gradient of the deviance once more, by differences of the fourth order."""
    rows = [
        derived([gradient(point, kernel.sums, reml=reml) for point in points], step)
        for *points, step in differences(kernel, theta)
    ]
    found = np.array(rows)
    return (found + found.T) / 2
