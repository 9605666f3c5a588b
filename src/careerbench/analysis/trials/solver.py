"""Random-intercept models by restricted maximum likelihood, a thousand replicates at once.

With the ratio of the two variances fixed, all else has a closed form; the ratio itself is the root
of one gradient, bracketed on a grid and closed in by Chandrupatla's method, each replicate in its
own bracket. Every root found is compared with every other and with zero variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from careerbench.analysis.trials.sums import Cells

_GRID = np.array(
    [0, 0.01, 0.04, 0.09, 0.16, 0.25, 0.35, 0.46, 0.57, 0.68, 0.78, 0.87, 0.94, 0.98, 0.996, 0.9995]
)
_EDGE = 1 - 1e-9  # beyond it the variance within schools is nothing
_ALIKE = 1e-10
_ROUNDS = 60


@dataclass(frozen=True, eq=False)
class Fits:
    """One model per replicate; a row of NaN where there is no estimate, and why."""

    level: NDArray[np.float64]  # (R, arms) expected outcome of each arm, scaled
    coefficient: NDArray[np.float64]  # (R, covariates), scaled
    within: NDArray[np.float64]  # (R,) variance within schools
    between: NDArray[np.float64]  # (R, C, C) covariance of school effects; C is 1 or arms
    deviance: NDArray[np.float64]  # (R,) -2 log restricted likelihood, scaled columns
    reason: NDArray[np.object_]  # (R,) why there is no estimate; "" where there is one

    @property
    def effect(self) -> NDArray[np.float64]:
        """Difference of each arm from the control: (R, arms - 1)."""
        return self.level[:, 1:] - self.level[:, :1]

    @property
    def slope(self) -> NDArray[np.float64]:
        """Variance between schools of each arm's effect: (R, arms - 1); 0 where it is common."""
        n_arms, n_kinds = self.level.shape[1], self.between.shape[1]
        if n_kinds == 1:
            return np.zeros((len(self.within), max(n_arms - 1, 0)))
        own = np.einsum("rkk->rk", self.between)
        return own[:, 1:] + own[:, :1] - 2 * self.between[:, 0, 1:]

    def put(self, rows: NDArray, other: Fits) -> None:
        """Write other fits over some replicates; coefficients left out there become missing."""
        self.level[rows], self.within[rows] = other.level, other.within
        self.coefficient[rows] = np.nan
        self.between[rows], self.deviance[rows] = other.between, other.deviance
        self.reason[rows] = other.reason


def sweep(array: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Sweep the first ``n`` rows of symmetric matrices (Q, Q, ...) in place; give the pivots.

    Afterwards the corner holds minus the inverse, the last column the coefficients, and what is
    left the residual products.
    """
    pivots = np.empty((n, *array.shape[2:]))
    for k in range(n):
        column = array[k].copy()
        pivots[k] = column[k]
        row = column / column[k]
        for i in range(len(array)):
            array[i] -= column[i] * row
        array[k] = row
        array[:, k] = row
        array[k, k] = -1 / pivots[k]
    return pivots


class Profile:
    """The profiled restricted likelihood of a random-intercept model, for each replicate."""

    def __init__(self, cells: Cells, *, arms: bool, known_arms: int) -> None:
        self.weight, self.size = cells.weight, cells.size[:, :, 0]
        self.n = (self.weight * self.size).sum(axis=1)
        mean = _design_means(cells, arms=arms, known_arms=known_arms)
        self.q = mean.shape[2]
        self.place = _places(self.q)
        upper = np.triu_indices(self.q)
        self.products = mean[:, :, upper[0]] * mean[:, :, upper[1]]
        lead = self.q - cells.mean.shape[3]
        within = np.zeros((self.q, self.q, len(cells.within)))
        within[lead:, lead:] = cells.within.transpose(1, 2, 0)
        self.within = np.ascontiguousarray(within[upper])
        self.typical = float(self.n.sum() / max(float((self.weight * (self.size > 0)).sum()), 1.0))

    def ratio(self, t: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn a place between 0 and 1 into the ratio of variances, between over within."""
        return t / ((1 - t) * self.typical)

    def _size(self, rows: NDArray) -> NDArray[np.float64]:
        return self.size if len(self.size) == 1 else self.size[rows]

    def _sum(self, weights: NDArray[np.float64], rows: NDArray) -> NDArray[np.float64]:
        """Weigh the products of school means: (Q, R) packed."""
        if len(self.products) == 1:
            return (weights @ self.products[0]).T
        return np.einsum("rj,rjq->qr", weights, self.products[rows])

    def _swept(
        self, t: NDArray[np.float64], rows: NDArray
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        size, ratio = self._size(rows), self.ratio(t)[:, None]
        shrunk = size / (1 + ratio * size)
        weights = self.weight[rows] * shrunk
        matrix = (self.within[:, rows] + self._sum(weights, rows))[self.place]
        return matrix, weights, shrunk

    def gradient(self, t: NDArray[np.float64], rows: NDArray) -> NDArray[np.float64]:
        """Differentiate the deviance by the ratio of variances."""
        matrix, weights, shrunk = self._swept(t, rows)
        p = self.q - 1
        sweep(matrix, p)
        rest = self.n[rows] - p
        kernel = -matrix[:p, :p]
        beta, rss = matrix[:p, p], matrix[p, p]
        slopes = self._sum(weights * shrunk, rows)[self.place]
        found = weights.sum(axis=1) - (kernel * slopes[:p, :p]).sum(axis=(0, 1))
        quadratic = slopes[p, p] - 2 * (beta * slopes[:p, p]).sum(axis=0)
        quadratic += (beta[:, None] * beta[None] * slopes[:p, :p]).sum(axis=(0, 1))
        return found - rest * quadratic / rss

    def solution(
        self, t: NDArray[np.float64], rows: NDArray
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray]:
        """Give coefficients, variance within, deviance and the least relative pivot."""
        matrix, _, _ = self._swept(t, rows)
        p = self.q - 1
        first = np.array([matrix[k, k] for k in range(self.q)])
        pivots = sweep(matrix, p)
        rest = self.n[rows] - p
        rss = np.where(matrix[p, p] > _ALIKE**1.2 * first[p], matrix[p, p], np.nan)
        size = self._size(rows)
        spread = (self.weight[rows] * np.log1p(self.ratio(t)[:, None] * size)).sum(axis=1)
        logs = spread + np.log(np.where(pivots > 0, pivots, np.nan)).sum(axis=0)
        deviance = logs + rest * (1 + np.log(2 * np.pi * rss / rest))
        alike = (pivots / np.where(first[:p] > 0, first[:p], np.inf)).min(axis=0, initial=1.0)
        return matrix[:p, p].T, rss / rest, deviance, alike


def fit_intercept(cells: Cells, *, arms: bool, clustered: bool = True, known_arms: int = 0) -> Fits:
    """Fit one model per replicate: arms and covariates, or the empty model of the outcome alone.

    ``known_arms`` is the number of arms; ``clustered=False`` holds the school variance at zero.
    """
    n_replicates = cells.n_replicates
    kept = cells if arms else cells.columns([cells.mean.shape[3] - 1])
    profile = Profile(kept, arms=arms, known_arms=known_arms)
    rows = np.arange(n_replicates)
    reason = np.full(n_replicates, "", dtype=object)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        start = profile.solution(np.zeros(n_replicates), rows)
        reason[~(start[3] > _ALIKE)] = "columns repeat each other"
        reason[(reason == "") & ~(profile.n > profile.q - 1)] = "too few pupils"
        reason[(reason == "") & np.isnan(start[2])] = "no spread"
        best = np.zeros(n_replicates)
        usable = rows[reason == ""]
        if clustered and len(usable):
            best[usable], lost = _least(profile, usable, start[2])
            reason[usable[lost]] = "no spread within schools"
        beta, within, deviance, _ = profile.solution(best, rows)
    good = reason == ""
    n_levels = known_arms if arms else 1
    level = beta[:, :n_levels].copy()
    level[:, 1:] += level[:, :1]
    between = (within * profile.ratio(best))[:, None, None]
    blank = np.where(good, 1.0, np.nan)
    return Fits(
        level=level * blank[:, None],
        coefficient=beta[:, n_levels:] * blank[:, None],
        within=within * blank,
        between=between * blank[:, None, None],
        deviance=deviance * blank,
        reason=reason,
    )


def _design_means(cells: Cells, *, arms: bool, known_arms: int) -> NDArray[np.float64]:
    """Put intercept and arm columns before the means of covariates and outcome."""
    mean = cells.mean[:, :, 0]
    lead = [np.ones((*mean.shape[:2], 1))]
    if arms:
        arm = cells.arm[:, :, 0]
        dummies = (arm[:, :, None] == np.arange(1, known_arms)).astype(np.float64)
        lead.append(dummies)
    together = max(part.shape[0] for part in (*lead, mean))
    shaped = [np.broadcast_to(part, (together, *part.shape[1:])) for part in (*lead, mean)]
    return np.concatenate(shaped, axis=2)


def _places(q: int) -> NDArray[np.int64]:
    """Say where each entry of a symmetric matrix stands in its packed upper triangle."""
    place = np.zeros((q, q), dtype=np.int64)
    upper = np.triu_indices(q)
    place[upper] = np.arange(len(upper[0]))
    return np.maximum(place, place.T)


def _least(
    profile: Profile, rows: NDArray[np.int64], at_zero: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Find the place of least deviance of each replicate, and those with no variance within."""
    grid = np.append(_GRID, _EDGE)
    slopes = np.empty((len(grid), len(rows)))
    for place, t in enumerate(grid):
        slopes[place] = profile.gradient(np.full(len(rows), t), rows)
    falls = (slopes[:-1] < 0) & ~(slopes[1:] < 0)
    step, column = np.nonzero(falls)
    lost = ~(slopes[-1] >= 0) & ~falls.any(axis=0)
    best = np.zeros(len(rows))
    if not len(step):
        return best, lost
    owner = rows[column]
    roots = _roots(profile, owner, (grid[step], slopes[step, column]), (
        grid[step + 1], slopes[step + 1, column]))  # fmt: skip
    deviance = profile.solution(roots, owner)[2]
    lowest = np.where(slopes[0] < 0, np.inf, at_zero[rows])
    for place in range(len(step)):  # a replicate with several minima keeps the lowest
        if deviance[place] < lowest[column[place]]:
            lowest[column[place]], best[column[place]] = deviance[place], roots[place]
    return best, lost


def _roots(
    profile: Profile,
    rows: NDArray[np.int64],
    low: tuple[NDArray[np.float64], NDArray[np.float64]],
    high: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Close each bracket in on its root (Chandrupatla 1997), all of them in step."""
    (a, fa), (b, fb) = (high[0].copy(), high[1].copy()), (low[0].copy(), low[1].copy())
    c, fc = a.copy(), fa.copy()
    t = np.full(len(rows), 0.5)
    root = np.where(np.abs(fa) < np.abs(fb), a, b)
    active = np.arange(len(rows))
    for _ in range(_ROUNDS):
        x = a[active] + t * (b[active] - a[active])
        fx = profile.gradient(x, rows[active])
        same = np.sign(fx) == np.sign(fa[active])
        c[active] = np.where(same, a[active], b[active])
        fc[active] = np.where(same, fa[active], fb[active])
        b[active] = np.where(same, b[active], a[active])
        fb[active] = np.where(same, fb[active], fa[active])
        a[active], fa[active] = x, fx
        one, two, three = a[active], b[active], c[active]
        f1, f2, f3 = fa[active], fb[active], fc[active]
        root[active] = np.where(np.abs(f2) < np.abs(f1), two, one)
        span = np.abs(two - one)
        limit = 4e-16 + 1e-13 * np.minimum(root[active], 1 - root[active])
        open_ = (span > limit) & (f1 != 0)
        xi, phi = (one - two) / (three - two), (f1 - f2) / (f3 - f2)
        usable = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
        guess = f1 / (f2 - f1) * f3 / (f2 - f3)
        guess += (three - one) / (two - one) * f1 / (f3 - f1) * f2 / (f3 - f2)
        edge = np.minimum(0.5 * limit / np.where(span > 0, span, 1), 0.5)
        t = np.clip(np.where(usable, guess, 0.5), edge, 1 - edge)[open_]
        active = active[open_]
        if not len(active):
            break
    return root
