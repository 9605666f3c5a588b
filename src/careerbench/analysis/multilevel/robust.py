"""CR2: standard errors, and degrees of freedom, that do not trust the model of the variances.

Schools are the clusters and the fitted model is the working model (Pustejovsky and Tipton 2018,
J. Business and Economic Statistics, 36(4), 672-683; R's clubSandwich). The adjustment of a school
of n pupils is a matrix of n x n. Outside the directions of the random effects and of the terms it
is the identity, so each is worked out in those few directions only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.multilevel.likelihood import Point, lower_triangle
from careerbench.analysis.multilevel.matrices import eigen, power, power_and_rest, times_each
from careerbench.analysis.multilevel.tall import times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from careerbench.analysis.multilevel.sums import SchoolSums

_CELLS = 4_000_000
_LEANS = 1e-6


@dataclass(frozen=True)
class RobustErrors:
    """Per term: standard error, degrees of freedom, and whether one school alone tells about it.

    Where one school does, how much it might differ cannot be known, and the error leaves it out.
    """

    std_error: NDArray[np.float64]
    df: NDArray[np.float64]
    alone: NDArray[np.bool_]


@dataclass(frozen=True)
class _Directions:
    """Each school's terms and residuals in its own few directions.

    ``terms`` (schools x directions x p), ``residual`` (schools x directions), ``growth``
    (schools x d x d): the relative covariance in the first d directions; 1 in the others.
    """

    terms: NDArray[np.float64]
    residual: NDArray[np.float64]
    growth: NDArray[np.float64]


@dataclass
class _Totals:
    """What is summed over schools: the meat, and the parts of the degrees of freedom.

    ``alone``: how much each term leans on a direction that one school alone tells about.
    """

    meat: NDArray[np.float64]
    trace: NDArray[np.float64]
    squares: NDArray[np.float64]
    outer: NDArray[np.float64]
    alone: NDArray[np.float64]


def robust_errors(sums: SchoolSums, theta: NDArray[np.float64], point: Point) -> RobustErrors:
    """Work out each term's CR2 standard error and its degrees of freedom."""
    p = sums.n_terms
    totals = _Totals(np.zeros((p, p)), np.zeros(p), np.zeros(p), np.zeros((p, p, p)), np.zeros(p))
    contrasts = point.inverse @ sums.back.T
    moving = _moving(sums)
    products, residual = _within_products(sums, point, moving)
    chunk = max(1, _CELLS // ((p + 2) * (p + 2)))
    for first in range(0, len(sums.n), chunk):
        here = slice(first, first + chunk)
        part = _directions(sums, theta, point, here, products[here], residual[here], moving)
        _add(totals, part, point.inverse, contrasts)
    spread = np.einsum("ki,ij,kj->k", contrasts.T, totals.meat, contrasts.T)
    crossed = np.einsum("ij,kjl->kil", point.inverse, totals.outer)
    square = totals.squares + np.einsum("kil,kli->k", crossed, crossed)
    trace = totals.trace - np.einsum("kii->k", crossed)
    with np.errstate(divide="ignore", invalid="ignore"):
        df = np.where(square > 0, trace**2 / square, np.nan)
    model = np.einsum("kj,jk->k", sums.back, contrasts)
    alone = totals.alone > _LEANS * np.sqrt(model)
    return RobustErrors(sums.scale * np.sqrt(np.maximum(spread, 0)), df, alone)


def _moving(sums: SchoolSums) -> NDArray[np.float64]:
    """Map the terms onto the directions in which they differ within schools."""
    p = sums.n_terms
    values, vectors = np.linalg.eigh(sums.within[:p, :p])
    kept = values > 1e-12 * sums.n_rows
    return vectors[:, kept]


def _within_products(
    sums: SchoolSums, point: Point, moving: NDArray
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum squares and products of the moving terms, and with the residual, per school."""
    p, n_schools, q = sums.n_terms, len(sums.n), moving.shape[1]
    columns = times(sums.rows[:, :p], moving)
    left = times(sums.rows, np.append(-point.coefficients, 1.0)[:, None])[:, 0]
    products, residual = np.empty((n_schools, q, q)), np.empty((n_schools, q))
    for one in range(q):
        residual[:, one] = np.bincount(sums.school, columns[:, one] * left, n_schools)
        for two in range(one + 1):
            product = columns[:, one] * columns[:, two]
            products[:, one, two] = np.bincount(sums.school, product, n_schools)
            products[:, two, one] = products[:, one, two]
    return products, residual


def _directions(
    sums: SchoolSums,
    theta: NDArray,
    point: Point,
    here: slice,
    products: NDArray,
    residual: NDArray,
    moving: NDArray,
) -> _Directions:
    """Write some schools in the directions of their random effects and moving terms."""
    p, d = sums.n_terms, sums.root.shape[1]
    head = sums.head[here]
    values, vectors = eigen(products)
    kept = values > 1e-12 * np.maximum(values.max(axis=1, initial=0.0), 1e-300)[:, None]
    root = np.sqrt(np.where(kept, values, 0.0))
    tail = (root[:, :, None] * vectors.transpose(0, 2, 1)) @ moving.T
    unit = np.where(kept, 1 / np.where(kept, root, 1.0), 0.0)
    along = unit * np.einsum("jab,ja->jb", vectors, residual)
    ahead = head[:, :, p] - head[:, :, :p] @ point.coefficients
    turned = sums.root[here] @ lower_triangle(theta)
    growth = np.eye(d) + turned @ turned.transpose(0, 2, 1)
    return _Directions(
        np.concatenate([head[:, :, :p], tail], axis=1),
        np.concatenate([ahead, along], axis=1),
        growth,
    )


def _add(totals: _Totals, part: _Directions, inverse: NDArray, contrasts: NDArray) -> None:
    """Adjust each school's residuals and add what it says."""
    d = part.growth.shape[1]

    def first(matrix: NDArray, block: NDArray) -> NDArray[np.float64]:
        """Multiply the first d directions, leaving the others as they are."""
        found = matrix.copy()
        found[:, :d] = block * matrix[:, :d] if d == 1 else block @ matrix[:, :d]
        return found

    half = power(part.growth, 0.5)
    raised = first(part.terms, half)
    lost = times_each(raised, -inverse) @ raised.transpose(0, 2, 1)
    lost[:, :d, :d] += part.growth @ part.growth
    for place in range(d, lost.shape[1]):
        lost[:, place, place] += 1.0
    lowered = first(part.terms, power(part.growth, -0.5))
    root, rest = power_and_rest(lost, -0.5)
    adjusted = root @ lowered
    if rest.any():
        lean = rest.transpose(0, 2, 1) @ times_each(lowered, contrasts)
        totals.alone = np.maximum(totals.alone, np.abs(lean).max(axis=(0, 1)))
    score = np.einsum("jip,ji->jp", adjusted, first(part.residual[:, :, None], half)[:, :, 0])
    totals.meat += score.T @ score
    turned = times_each(adjusted, contrasts)
    grown = first(turned, part.growth)
    size = np.einsum("jik,jik->jk", grown, grown)
    leak = turned.transpose(0, 2, 1) @ raised
    shared = np.einsum("jkp,jkp->jk", leak, times_each(leak, inverse))
    totals.trace += size.sum(axis=0)
    totals.squares += (size**2 - 2 * size * shared).sum(axis=0)
    by_term = leak.transpose(1, 2, 0)
    totals.outer += by_term @ by_term.transpose(0, 2, 1)
