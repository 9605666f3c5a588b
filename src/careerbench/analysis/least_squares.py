"""Ordinary least squares of a few columns, with a reason where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from careerbench.errors import BadArgumentError, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Fit(NamedTuple):
    """Least squares: coefficients, their covariance, degrees of freedom, why there is none."""

    beta: NDArray[np.float64]
    cover: NDArray[np.float64]
    freedom: int
    reason: str | None


def fit_least_squares(
    design: NDArray[np.float64], after: NDArray[np.float64], labels: list[str], *, step: str
) -> Fit:
    """Fit by least squares; refuse columns that say the same."""
    n, k = design.shape
    blank = np.full(k, np.nan), np.full((k, k), np.nan)
    if n <= k:
        return Fit(*blank, n - k, "too few schools")
    if np.ptp(design[:, k - len(labels)]) < 1e-12:
        return Fit(*blank, n - k, "no spread")
    scale = np.sqrt((design**2).sum(axis=0))
    scaled = design / np.where(scale > 0, scale, 1)
    if np.linalg.matrix_rank(scaled, tol=1e-9) < k:
        raise BadArgumentError(
            f"{step}: covariates and groups cannot be told apart from each other.",
            found=quoted(labels),
            hint="fewer covariates: one of them follows from the rest",
        )
    beta = np.linalg.lstsq(scaled, after, rcond=None)[0] / scale
    residual = after - design @ beta
    variance = float(residual @ residual) / (n - k)
    if variance <= 1e-20 * max(1.0, float((after**2).mean())):
        return Fit(beta, blank[1], n - k, "no spread")
    inverse = np.linalg.inv(scaled.T @ scaled) / np.outer(scale, scale)
    return Fit(beta, variance * inverse, n - k, None)


def p_of(estimate: NDArray, error: NDArray, freedom: int) -> NDArray[np.float64]:
    """Test each against 0; missing without an error."""
    from scipy.special import stdtr

    known = error > 0
    t = np.abs(estimate) / np.where(known, error, np.nan)
    return 2 * stdtr(max(freedom, 1), -t)
