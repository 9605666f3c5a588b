"""Intervals by profile likelihood: how far a parameter may go before the fit is plainly worse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.multilevel.intercept import best_of_grid, solve_intercept
from careerbench.analysis.multilevel.likelihood import (
    InterceptKernel,
    Kernel,
    SlopeKernel,
    deviance,
    gradient,
)
from careerbench.analysis.multilevel.modes import as_given
from careerbench.analysis.multilevel.slope import lowest_near

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.analysis.multilevel.sums import SchoolSums
_FURTHEST = 60
_TOLERANCE = 1e-11


@dataclass
class _Best:
    """The maximum likelihood fit that profiles start from."""

    kernel: Kernel
    theta: NDArray[np.float64]
    sigma: float
    lowest: float
    reach: float


def profile_table(
    sums: SchoolSums, theta: NDArray[np.float64], names: tuple[str, ...], *, confidence: float
) -> pd.DataFrame:
    """Tabulate the intervals of the variances and of the fixed effects."""
    import pandas as pd

    best = _maximum(sums, theta, confidence)
    rows = [*_variance_rows(best), *_fixed_rows(best, names)]
    return pd.DataFrame(rows, columns=["kind", "parameter", "estimate", "low", "high"])


def _maximum(sums: SchoolSums, theta: NDArray[np.float64], confidence: float) -> _Best:
    """Fit by full maximum likelihood, from where the given fit is."""
    from scipy.special import chdtri

    kernel = InterceptKernel(sums) if len(theta) == 1 else SlopeKernel(sums)
    theta, lowest = _lowest_profile(kernel, theta)
    sigma = float(np.sqrt(kernel.at(theta).rss / sums.n_rows))
    return _Best(kernel, theta, sigma, lowest, float(chdtri(1, 1 - confidence)))


def _lowest_profile(
    kernel: Kernel, start: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Make the deviance small, with the pupils' variance profiled out."""
    if isinstance(kernel, InterceptKernel):
        theta = solve_intercept(kernel, reml=False)
        return theta, deviance(kernel.at(theta), kernel.sums, reml=False)

    def objective(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        point = kernel.at(theta)
        return deviance(point, kernel.sums, reml=False), gradient(point, kernel.sums, reml=False)

    return lowest_near(objective, np.where(start == 0, 0.05, start))


def _fixed_rows(best: _Best, names: tuple[str, ...]) -> list[tuple]:
    """Profile each fixed effect: with one held, the model has one term fewer."""
    sums, point = best.kernel.sums, best.kernel.at(best.theta)
    found = []
    for place, name in enumerate(names):
        row = sums.back[place]
        middle = float(row @ point.coefficients)
        error = best.sigma * float(np.sqrt(row @ point.inverse @ row))
        ends = [
            middle + sign * error * _far(_held(best, row, middle, sign * error), best)
            for sign in (-1, 1)
        ]
        given = sums.start[place] + sums.scale * np.array([middle, *ends])
        found.append(("fixed", name, *map(float, given)))
    return found


def _held(
    best: _Best, row: NDArray[np.float64], middle: float, error: float
) -> Callable[[float], float]:
    """Return the deviance by how many errors a fixed effect is held from its estimate."""
    sums = best.kernel.sums
    rest = np.linalg.svd(row[None, :])[2][1:].T
    length = float(row @ row)
    last = [best.theta]

    def height(steps: float) -> float:
        turn = np.zeros((sums.n_terms + 1, sums.n_terms))
        turn[:-1, :-1] = rest
        turn[:-1, -1] = -row * (middle + steps * error) / length
        turn[-1, -1] = 1.0
        held = replace(sums, head=sums.head @ turn, within=turn.T @ sums.within @ turn)
        kernel = type(best.kernel)(held)  # type: ignore[call-arg]
        last[0], found = _lowest_profile(kernel, last[0])
        return found

    return height


def _far(height: Callable[[float], float], best: _Best, limit: float = np.inf) -> float:
    """Find how many steps lead to where the deviance is ``reach`` above its lowest."""
    from scipy.optimize import brentq

    def above(steps: float) -> float:
        return height(steps) - best.lowest - best.reach if steps else -best.reach

    low, high = 0.0, min(2.0, limit)
    for _ in range(_FURTHEST):
        if above(high) >= 0:
            return float(brentq(above, low, high, xtol=_TOLERANCE, rtol=_TOLERANCE))
        if high >= limit:
            return limit
        low, high = high, min(2 * high, limit)
    return np.inf


def _variance_rows(best: _Best) -> list[tuple]:
    """Profile the variances, and the correlation of intercepts and slopes."""
    scale = best.kernel.sums.scale
    unit = scale * best.sigma
    found = []
    names = ("between",) if len(best.theta) == 1 else ("between", "slope")
    for place, name in enumerate(names):
        kernel, theta = _first(best, place)
        factor = unit if place == 0 else unit / best.kernel.sums.stretch
        low, high = _deviation_ends(best, kernel, theta)
        found.append(
            ("variance", name, (factor * theta[0]) ** 2, (factor * low) ** 2, (factor * high) ** 2)
        )
    if len(best.theta) > 1:
        kernel, theta = _first(best, 0)
        found.append(("correlation", "correlation", *_correlation_ends(best, kernel, theta)))
    low, high = (unit * end for end in _within_ends(best))
    return [*found, ("variance", "within", unit**2, low**2, high**2)]


def _first(best: _Best, place: int) -> tuple[Kernel, NDArray[np.float64]]:
    """Turn the random effects so that the one asked for comes first, as given."""
    sums, theta = best.kernel.sums, best.theta
    if len(theta) == 1:
        return best.kernel, np.abs(theta)
    turn = as_given(sums)
    turn = np.vstack([turn[0], turn[1] * sums.stretch])[[place, 1 - place]]
    lower = turn @ np.array([[theta[0], 0.0], [theta[1], theta[2]]])
    triangle = np.linalg.qr(lower.T).R.T
    triangle = triangle * np.where(np.diagonal(triangle) < 0, -1.0, 1.0)
    kernel = SlopeKernel(replace(sums, root=sums.root @ np.linalg.inv(turn)))
    return kernel, np.array([triangle[0, 0], triangle[1, 0], triangle[1, 1]])


def _full(
    kernel: Kernel, theta: NDArray[np.float64], sigma: float
) -> tuple[float, NDArray[np.float64], float]:
    """Give the full deviance, and its slopes by ``theta`` and by the log of ``sigma``."""
    point, n_rows = kernel.at(theta), kernel.sums.n_rows
    part = point.rss / sigma**2
    found = point.log_det + n_rows * (2 * np.log(sigma) - 1 + np.log(n_rows)) + part
    return found, point.slopes[0] + point.slopes[2] / sigma**2, 2 * n_rows - 2 * part


def _bounded(best: _Best, place: float) -> tuple[float, float]:
    """Give a standard deviation within a factor of e**20 of the pupils', and its log's slope."""
    bent = float(np.tanh(place / 20))
    return best.sigma * float(np.exp(20 * bent)), 1 - bent**2


def _deviation_ends(best: _Best, kernel: Kernel, theta: NDArray[np.float64]) -> tuple[float, float]:
    """Profile the standard deviation of the first random effect, over the pupils' estimate."""
    free = [np.append(theta[1:], 0.0)]

    def height(deviation: float) -> float:
        def objective(rest: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            sigma, bend = _bounded(best, rest[-1])
            first = deviation * best.sigma / sigma
            found, by_theta, by_sigma = _full(kernel, np.array([first, *rest[:-1]]), sigma)
            return found, np.append(by_theta[1:], (by_sigma - by_theta[0] * first) * bend)

        free[0], found = lowest_near(objective, free[0])
        return found

    here, step = float(theta[0]), max(float(theta[0]), 1.0 / np.sqrt(best.kernel.sums.n.mean())) / 4
    begin = free[0]
    high = here + step * _far(lambda steps: height(here + step * steps), best)
    if here <= 0:
        return 0.0, high
    free[0] = begin
    return here - step * _far(lambda steps: height(here - step * steps), best, here / step), high


def _correlation_ends(
    best: _Best, kernel: Kernel, theta: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Profile the correlation of intercepts and slopes; missing where either does not vary."""
    size = float(np.hypot(theta[1], theta[2]))
    if theta[0] <= 0 or size <= 0:
        return np.nan, np.nan, np.nan
    here = float(theta[1] / size)
    begin = np.array([theta[0], size, 0.0])

    def end(sign: int) -> float:
        free = [begin]

        def height(steps: float) -> float:
            free[0], found = _lowest_with_correlation(
                best, kernel, here + sign * 0.1 * steps, free[0]
            )
            return found

        return here + sign * 0.1 * _far(height, best, (1 - sign * here) / 0.1)

    return here, end(-1), end(1)


def _lowest_with_correlation(
    best: _Best, kernel: Kernel, correlation: float, start: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Make the full deviance small with the correlation held."""
    apart = float(np.sqrt(max(1 - correlation**2, 0.0)))

    def objective(rest: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        full = np.array([rest[0], correlation * rest[1], apart * rest[1]])
        sigma, bend = _bounded(best, rest[-1])
        found, by_theta, by_sigma = _full(kernel, full, sigma)
        by_size = correlation * by_theta[1] + apart * by_theta[2]
        return found, np.array([by_theta[0], by_size, by_sigma * bend])

    return lowest_near(objective, start)


def _within_ends(best: _Best) -> tuple[float, float]:
    """Profile the pupils' standard deviation, over its estimate."""
    kernel = best.kernel

    def ends(sign: int) -> float:
        free = [np.where(best.theta == 0, 0.01, best.theta)]

        def height(steps: float) -> float:
            sigma = best.sigma * float(np.exp(sign * steps * 0.1))
            if isinstance(kernel, InterceptKernel):
                return _lowest_intercept(kernel, sigma)

            def objective(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
                found, by_theta, _ = _full(kernel, theta, sigma)
                return found, by_theta

            free[0], found = lowest_near(objective, free[0])
            return found

        return float(np.exp(sign * 0.1 * _far(height, best)))

    return ends(-1), ends(1)


def _lowest_intercept(kernel: InterceptKernel, sigma: float) -> float:
    """Make the full deviance small with the pupils' standard deviation held."""
    theta = best_of_grid(
        kernel,
        lambda log_det, _, rss: log_det + rss / sigma**2,
        lambda point: (
            point.log_det + point.rss / sigma**2,
            float(point.slopes[0, 0] + point.slopes[2, 0] / sigma**2),
        ),
    )
    return _full(kernel, theta, sigma)[0]
