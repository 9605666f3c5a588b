"""Degrees of freedom of model-based standard errors, by Satterthwaite's method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.multilevel.likelihood import (
    Kernel,
    Point,
    derived,
    differences,
    freedom,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from careerbench.analysis.multilevel.sums import SchoolSums


def model_freedom(kernel: Kernel, theta: NDArray[np.float64], *, reml: bool) -> NDArray[np.float64]:
    """Give the degrees of freedom of each term, as lmerTest does (Kuznetsova et al. 2017).

    Twice the squared variance of an estimate over the variance of that variance; the latter by
    the delta method from the curvature of the deviance in ``theta`` and the pupils' standard
    deviation. Directions in which the deviance does not curve upwards are left out.
    """
    sums = kernel.sums
    here = kernel.at(theta)
    sigma = np.sqrt(here.rss / freedom(sums, reml=reml))
    curve = np.empty((len(theta) + 1, len(theta) + 1))
    slopes = np.empty((len(theta) + 1, sums.n_terms))
    for place, (*points, step) in enumerate(differences(kernel, theta)):
        steep = derived([_steepness(one, sums, sigma, reml=reml) for one in points], step)
        curve[place] = steep
        slopes[place] = sigma**2 * derived([_spread(one, sums) for one in points], step)
    curve[-1] = _steepness_by_sigma(here, sums, sigma, reml=reml)
    slopes[-1] = 2 * sigma * _spread(here, sums)
    values, vectors = np.linalg.eigh((curve + curve.T) / 2)
    good = values > 1e-8 * np.abs(values).max()
    turned = vectors[:, good].T @ slopes
    spread = 2 * ((turned**2) / values[good, None]).sum(axis=0)
    return 2 * (sigma**2 * _spread(here, sums)) ** 2 / spread


def _spread(point: Point, sums: SchoolSums) -> NDArray[np.float64]:
    """Give the relative variance of each term's estimate."""
    return np.einsum("ki,ij,kj->k", sums.back, point.inverse, sums.back)


def _steepness(point: Point, sums: SchoolSums, sigma: float, *, reml: bool) -> NDArray[np.float64]:
    """Derive the full deviance by theta, and then by sigma."""
    by_theta = point.slopes[0] + point.slopes[2] / sigma**2
    if reml:
        by_theta = by_theta + point.slopes[1]
    by_sigma = 2 * freedom(sums, reml=reml) / sigma - 2 * point.rss / sigma**3
    return np.append(by_theta, by_sigma)


def _steepness_by_sigma(
    point: Point, sums: SchoolSums, sigma: float, *, reml: bool
) -> NDArray[np.float64]:
    """Derive the full deviance's gradient by sigma."""
    by_theta = -2 * point.slopes[2] / sigma**3
    by_sigma = -2 * freedom(sums, reml=reml) / sigma**2 + 6 * point.rss / sigma**4
    return np.append(by_theta, by_sigma)
