"""The likelihood at one set of relative standard deviations, with its slopes.

``theta`` holds the lower triangle of the random effects' covariance over the pupils' variance,
as a root: one number for a random intercept, three for an intercept and a slope. That is lme4's
parameter (Bates et al. 2015, J. Statistical Software, 67(1)); the boundary, where schools do not
differ, is an ordinary inner point of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from careerbench.analysis.multilevel.sums import SchoolSums


@dataclass(frozen=True)
class Point:
    """The parts of the likelihood at one ``theta``, in the units of the sums.

    ``log_det`` is the log determinant of the outcome's relative covariance, ``log_det_terms`` of
    the terms' weighted cross-products, ``inverse`` their inverse, ``coefficients`` and ``rss``
    the generalised least squares fit. ``slopes`` (3 x parameters) are the derivatives of
    ``log_det``, ``log_det_terms`` and ``rss``.
    """

    log_det: float
    log_det_terms: float
    rss: float
    inverse: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    slopes: NDArray[np.float64]


class Kernel(Protocol):
    """The likelihood of one set of sums."""

    sums: SchoolSums

    def at(self, theta: NDArray[np.float64]) -> Point:
        """Work out the likelihood's parts at one ``theta``."""
        ...


class InterceptKernel:
    """Schools with an intercept each; schools of one size are summed together."""

    def __init__(self, sums: SchoolSums) -> None:
        self.sums = sums
        sizes = sums.n.astype(np.int64)
        counts = np.bincount(sizes)
        found = np.flatnonzero(counts)
        self.sizes, self.counts = found.astype(np.float64), counts[found].astype(np.float64)
        place = (np.cumsum(counts > 0) - 1)[sizes]
        width = sums.head.shape[2]
        self._products = np.empty((len(self.sizes), width, width))
        columns = np.ascontiguousarray(sums.head[:, 0, :].T)
        for one in range(width):
            for two in range(one + 1):
                products = np.bincount(place, columns[one] * columns[two], len(self.sizes))
                self._products[:, one, two] = self._products[:, two, one] = products
        self._flat = self._products.reshape(len(self.sizes), -1)

    def at(self, theta: NDArray[np.float64]) -> Point:
        """Work out the likelihood's parts at one relative standard deviation."""
        root = float(np.asarray(theta).ravel()[0])
        point = self.at_variance(root**2)
        return Point(
            point.log_det,
            point.log_det_terms,
            point.rss,
            point.inverse,
            point.coefficients,
            point.slopes * 2 * root,
        )

    def at_variance(self, variance: float) -> Point:
        """Work out the likelihood's parts, and their slopes, at one relative variance."""
        lean = 1 / (1 + variance * self.sizes)
        shape = self.sums.within.shape
        total = self.sums.within + (lean @ self._flat).reshape(shape)
        steep = self.sizes * lean
        change = -((steep * lean) @ self._flat).reshape(shape)
        log_det = -float(self.counts @ np.log(lean))
        return _point(log_det, total, np.array([self.counts @ steep]), change[None])

    def many(self, variances: NDArray[np.float64]) -> tuple[NDArray, NDArray, NDArray]:
        """Work out log determinants and residual sums of squares at many relative variances."""
        growth = 1 + variances[:, None] * self.sizes
        total = self.sums.within + (1 / growth @ self._flat).reshape(-1, *self.sums.within.shape)
        p = self.sums.n_terms
        diagonal = np.diagonal(np.linalg.cholesky(total), axis1=1, axis2=2)
        return (
            np.log(growth) @ self.counts,
            2 * np.log(diagonal[:, :p]).sum(axis=1),
            diagonal[:, p] ** 2,
        )


class SlopeKernel:
    """Schools with an intercept and a slope each, correlated."""

    def __init__(self, sums: SchoolSums) -> None:
        self.sums = sums
        self._det = np.linalg.det(sums.root)

    def at(self, theta: NDArray[np.float64]) -> Point:
        """Work out the likelihood's parts at one relative lower triangle."""
        lower = lower_triangle(theta)
        inverse, log_det = self.inverse_growth(lower)
        head, root = self.sums.head, self.sums.root
        width = head.shape[2]
        weighted = inverse @ head
        total = self.sums.within + np.tensordot(head, weighted, ((0, 1), (0, 1)))
        turned = root.transpose(0, 2, 1) @ weighted
        curve = np.tensordot(root, inverse @ root, ((0, 1), (0, 1)))
        flat = turned.reshape(len(turned), -1)
        products = (flat.T @ flat).reshape(2, width, 2, width)
        steps = [_changed(lower, place) for place in ((0, 0), (1, 0), (1, 1))]
        change = np.stack([-np.einsum("ab,aibk->ik", step, products) for step in steps])
        bend = np.array([np.sum(step * curve) for step in steps])
        return _point(float(log_det.sum()), total, bend, change)

    def inverse_growth(
        self, lower: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Invert each school's covariance in the random effects' directions."""
        turned = self.sums.root @ lower
        growth = np.eye(2) + turned @ turned.transpose(0, 2, 1)
        det = 1 + (turned**2).sum(axis=(1, 2)) + (self._det * np.linalg.det(lower)) ** 2
        inverse = np.empty_like(growth)
        inverse[:, 0, 0], inverse[:, 1, 1] = growth[:, 1, 1] / det, growth[:, 0, 0] / det
        inverse[:, 0, 1] = inverse[:, 1, 0] = -growth[:, 0, 1] / det
        return inverse, np.log(det)


def lower_triangle(theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Write one or three parameters as a lower triangle."""
    if len(theta) == 1:
        return np.array([[theta[0]]])
    return np.array([[theta[0], 0.0], [theta[1], theta[2]]])


def _changed(lower: NDArray[np.float64], place: tuple[int, int]) -> NDArray[np.float64]:
    """Derive the covariance by one element of its lower triangle."""
    step = np.zeros((2, 2))
    step[place] = 1.0
    half = step @ lower.T
    return half + half.T


def _point(
    log_det: float,
    total: NDArray[np.float64],
    bend: NDArray[np.float64],
    change: NDArray[np.float64],
) -> Point:
    """Fit by generalised least squares, and derive."""
    p = len(total) - 1
    root = np.linalg.cholesky(total[:p, :p])
    half = np.linalg.inv(root)
    inverse = half.T @ half
    coefficients = inverse @ total[:p, p]
    direction = np.append(-coefficients, 1.0)
    rss = float(direction @ total @ direction)
    slopes = np.stack(
        [
            bend,
            np.einsum("ij,kij->k", inverse, change[:, :p, :p]),
            np.einsum("i,kij,j->k", direction, change, direction),
        ]
    )
    log_det_terms = 2 * float(np.log(np.diagonal(root)).sum())
    return Point(log_det, log_det_terms, rss, inverse, coefficients, slopes)


def freedom(sums: SchoolSums, *, reml: bool) -> int:
    """Count what divides the residual sum of squares."""
    return sums.n_rows - sums.n_terms if reml else sums.n_rows


def deviance(point: Point, sums: SchoolSums, *, reml: bool) -> float:
    """Profile the pupils' variance out: what a fit makes small, but for a constant."""
    found = point.log_det + freedom(sums, reml=reml) * np.log(point.rss)
    return float(found + point.log_det_terms if reml else found)


def gradient(point: Point, sums: SchoolSums, *, reml: bool) -> NDArray[np.float64]:
    """Derive :func:`deviance`."""
    found = point.slopes[0] + freedom(sums, reml=reml) * point.slopes[2] / point.rss
    return found + point.slopes[1] if reml else found


def log_likelihood(point: Point, sums: SchoolSums, *, reml: bool) -> float:
    """Give the (restricted) log-likelihood in the units of the outcome and terms as given."""
    free = freedom(sums, reml=reml)
    found = deviance(point, sums, reml=reml) + free * (1 + np.log(2 * np.pi / free))
    found += 2 * free * np.log(sums.scale) - (2 * sums.log_det if reml else 0.0)
    return float(-found / 2)


def differences(
    kernel: Kernel, theta: NDArray[np.float64]
) -> list[tuple[Point, Point, Point, Point, float]]:
    """Work out four points along each parameter, for derivatives of the fourth order."""
    found = []
    for place in range(len(theta)):
        step = np.zeros(len(theta))
        step[place] = 1e-3 * max(abs(theta[place]), 0.1)
        points = [kernel.at(theta + times * step) for times in (-2, -1, 1, 2)]
        found.append((*points, step[place]))
    return found


def derived(values: list[NDArray[np.float64]], step: float) -> NDArray[np.float64]:
    """Derive from the values at -2, -1, 1 and 2 steps."""
    far, near, next_, further = values
    return (far - 8 * near + 8 * next_ - further) / (12 * step)
