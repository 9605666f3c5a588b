"""Pupils stand in schools: means, differences of means and intraclass correlation say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from careerbench.analysis.groups import ratio

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class Contrast(NamedTuple):
    """A difference of means, its standard error and its degrees of freedom."""

    estimate: float
    error: float
    freedom: float


def cr2_mean(
    total: ArrayLike, size: ArrayLike, group: ArrayLike, *, n_groups: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Estimate means of clustered values with errors that hold for few and unequal clusters.

    Parameters
    ----------
    total, size : array
        Sum of the values and number of respondents of each cluster (school).
    group : array of int
        The group each cluster belongs to, from 0.
    n_groups : int, optional
        How many groups there are. Default: as many as have a cluster.

    Returns
    -------
    tuple of arrays
        Mean, standard error and degrees of freedom per group; error and degrees of freedom are
        missing for a group with fewer than two clusters.

    Notes
    -----
    Each respondent counts the same. The variance is the bias-reduced CR2 [1]_, the degrees of
    freedom are Satterthwaite's, both under independence as the working model [2]_: what R gives
    as ``clubSandwich::coef_test(lm(y ~ 1), vcov = "CR2", cluster = school)``. With clusters of
    one size they are the ordinary standard error of the cluster means and one less than the
    number of clusters. For a mean the matrices of [2]_ reduce to the sums below.

    References
    ----------
    .. [1] Bell, R. M. and McCaffrey, D. F. (2002). Survey Methodology, 28(2), 169-181.
    .. [2] Pustejovsky, J. E. and Tipton, E. (2018). J. Business & Economic Statistics, 36(4),
       672-683.

    Examples
    --------
    >>> mean, error, freedom = cr2_mean([6, 6, 12], [3, 2, 3], [0, 0, 0])
    >>> float(mean[0]), round(float(error[0]), 4), round(float(freedom[0]), 2)
    (3.0, 0.6708, 1.92)
    """
    total, size = np.asarray(total, dtype=np.float64), np.asarray(size, dtype=np.float64)
    group = np.asarray(group, dtype=np.int64)
    width = n_groups or 0
    n = np.bincount(group, size, minlength=width)
    mean = ratio(np.bincount(group, total, minlength=width), n)
    part = ratio(size, n[group])
    residual = total - size * mean[group]
    left = np.where(part < 1, 1 - part, np.nan)
    error = np.sqrt(ratio(np.bincount(group, residual**2 / left, minlength=width), n**2))
    pull = part**2 / left
    pulls, squares = (np.bincount(group, each, minlength=width) for each in (pull, pull**2))
    spread = np.bincount(group, part**2, minlength=width) + pulls**2 - squares
    return mean, np.where(n > 0, error, np.nan), ratio(np.ones_like(spread), spread)


def cr2_contrast(total: ArrayLike, size: ArrayLike, weights: ArrayLike) -> Contrast:
    """Estimate a weighted sum of means of clustered values, such as after less before.

    Parameters
    ----------
    total, size : array, one row per mean and one column per cluster
        Sum of the values and number of respondents of each cluster (school) at each mean; 0
        where it has none.
    weights : array
        The weight of each mean, such as ``[-1, 1]``.

    Returns
    -------
    Contrast
        Error and degrees of freedom are missing where one cluster holds all of a mean.

    Notes
    -----
    As for :func:`cr2_mean`: what R gives for the slope of ``lm(y ~ wave)`` with
    ``clubSandwich::coef_test(vcov = "CR2", cluster = school)``. A school at both ends counts as
    one cluster, so its two means may go together.

    Examples
    --------
    >>> found = cr2_contrast([[6, 4, 9], [8, 7, 9]], [[3, 2, 3], [3, 2, 3]], [-1, 1])
    >>> round(found.estimate, 4), round(found.error, 4), round(found.freedom, 2)
    (0.625, 0.39, 1.92)
    """
    totals, sizes = np.asarray(total, dtype=np.float64), np.asarray(size, dtype=np.float64)
    weight = np.asarray(weights, dtype=np.float64)
    n = sizes.sum(axis=1)
    if (n == 0).any():
        return Contrast(np.nan, np.nan, np.nan)
    means = totals.sum(axis=1) / n
    estimate, part = float(weight @ means), sizes / n[:, None]
    if (part >= 1).any():
        return Contrast(estimate, np.nan, np.nan)
    residual = (totals - sizes * means[:, None]) / np.sqrt(1 - part)
    error = float(np.sqrt((((weight / n) @ residual) ** 2).sum()))
    scale = weight**2 / n
    own = scale @ part
    pull = part / np.sqrt(1 - part)
    cross = scale[:, None] * scale * ((pull @ pull.T) ** 2 - (pull**2) @ (pull**2).T)
    return Contrast(estimate, error, float(scale.sum() ** 2 / ((own**2).sum() + cross.sum())))


def anova_icc(
    total: ArrayLike, size: ArrayLike, square: ArrayLike, group: ArrayLike, *, n_groups: int
) -> NDArray[np.float64]:
    """Estimate how alike respondents of one school are: the intraclass correlation.

    Parameters
    ----------
    total, size, square : array
        Sum of the values, number of respondents and sum of squared values of each cluster;
        values are best centred near their mean.
    group : array of int
        The group each cluster belongs to, from 0.
    n_groups : int
        How many groups there are.

    Returns
    -------
    array
        Per group: share of the variance that lies between schools. Missing where there are fewer
        than two schools, no school with two respondents, or no spread.

    Notes
    -----
    The analysis-of-variance estimator for unequal clusters [1]_:
    ``(MSB - MSW) / (MSB + (n0 - 1) MSW)``. It is not cut off at 0: below 0, schools differ less
    than chance alone would have them differ.

    References
    ----------
    .. [1] Donner, A. (1986). International Statistical Review, 54(1), 67-82.

    Examples
    --------
    >>> icc = anova_icc([3, 7, 11], [2, 2, 2], [5, 25, 61], [0, 0, 0], n_groups=1)
    >>> round(float(icc[0]), 4)  # pairs 1 2, 3 4 and 5 6
    0.8824
    """
    total, size = np.asarray(total, dtype=np.float64), np.asarray(size, dtype=np.float64)
    group = np.asarray(group, dtype=np.int64)

    def summed(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(group, values, minlength=n_groups).astype(np.float64)

    n, n_clusters = summed(size), summed(np.ones_like(size))
    mean = ratio(summed(total), n)
    inside = summed(np.asarray(square, dtype=np.float64) - ratio(total**2, size))
    between = summed(size * (ratio(total, size) - mean[group]) ** 2)
    ms_between = ratio(between, np.maximum(n_clusters - 1, 0))
    ms_within = ratio(np.maximum(inside, 0), np.maximum(n - n_clusters, 0))
    typical = ratio(n - ratio(summed(size**2), n), np.maximum(n_clusters - 1, 0))
    return ratio(ms_between - ms_within, ms_between + (typical - 1) * ms_within)


def cluster_sums(
    group: NDArray[np.int64], school: NDArray[np.int64], value: NDArray[np.float64]
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Add up values by group and school: owner group, total, size and sum of squares of each."""
    width = int(school.max(initial=0)) + 1
    cells, cluster = np.unique(group * width + school, return_inverse=True)
    sums = [
        np.bincount(cluster, weight, minlength=len(cells))
        for weight in (value, np.ones_like(value), value**2)
    ]
    return cells // width, sums[0], sums[1], sums[2]
