"""Cohen's kappa: agreement beyond chance, plain and weighted."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.jackknife import NONE, school_bounds

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS = ("kappa", "linear_kappa", "quadratic_kappa")


def weights_of(kind: str, n_states: int) -> NDArray[np.float64]:
    """Return how much of an agreement each pair of states is.

    Examples
    --------
    >>> weights_of("linear_kappa", 3).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    place = np.arange(n_states)
    apart = np.abs(place[:, None] - place) / (n_states - 1)
    if kind == "kappa":
        return np.eye(n_states)
    return 1 - (apart if kind == "linear_kappa" else apart**2)


def kappa_of(counts: NDArray, weights: NDArray) -> NDArray[np.float64]:
    """Compute kappa of one table of counts or a stack; missing where chance alone agrees."""
    n = counts.sum(axis=(-2, -1), keepdims=True)
    share = counts / np.where(n > 0, n, np.nan)
    chance = np.einsum("...i,...j,ij->...", share.sum(-1), share.sum(-2), weights)
    agreed = (share * weights).sum(axis=(-2, -1))
    return (agreed - chance) / np.where(1 - chance > 1e-12, 1 - chance, np.nan)


def kappa_error(counts: NDArray, weights: NDArray) -> float:
    """Compute the large-sample standard error of kappa (Fleiss, Cohen and Everitt 1969)."""
    n = counts.sum()
    share = counts / n
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    chance, agreed = float(rows @ weights @ columns), float((share * weights).sum())
    ends = (weights @ columns)[:, None] + (weights.T @ rows)[None, :]
    spread = (share * (weights * (1 - chance) - ends * (1 - agreed)) ** 2).sum()
    variance = spread - (agreed * chance - 2 * chance + agreed) ** 2
    return float(np.sqrt(max(variance, 0) / n) / (1 - chance) ** 2)


def kappas(
    own: NDArray, seen: NDArray, school: NDArray, n_states: int, confidence: float
) -> dict[str, object]:
    """Compute the three kappas of one group, with both intervals of each, or why there is none."""
    ends = ("", "_low", "_high", "_clustered_low", "_clustered_high")
    row: dict[str, object] = {f"{kind}{end}": np.nan for kind in WEIGHTS for end in ends}
    row |= {"kappa_reason": None, "clustered_reason": None}
    by_school = _tables(own, seen, school, n_states)
    counts = by_school.sum(axis=0)
    reason = "no pairs" if not len(own) else None
    if len(own) and np.isnan(kappa_of(counts, np.eye(n_states))):
        reason = "all in one state"
    if reason:
        return row | {"kappa_reason": reason, "clustered_reason": reason}
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    for kind in WEIGHTS:
        weights = weights_of(kind, n_states)
        value, error = float(kappa_of(counts, weights)), kappa_error(counts, weights)
        bounds = np.clip([value - z * error, value + z * error], -1, 1).tolist()
        without = kappa_of(counts - by_school, weights)
        clustered, why = school_bounds(value, without, confidence)
        cut = np.clip(clustered, -1, 1).tolist() if clustered != NONE else clustered
        row |= {f"{kind}{end}": v for end, v in zip(ends, (value, *bounds, *cut), strict=True)}
        row["clustered_reason"] = why
    return row


def _tables(own: NDArray, seen: NDArray, school: NDArray, n_states: int) -> NDArray[np.float64]:
    """Count the pairs of states of each school."""
    n_schools = int(school.max(initial=-1)) + 1
    cell = (school * n_states + own) * n_states + seen
    return np.bincount(cell, minlength=n_schools * n_states**2).reshape(
        n_schools, n_states, n_states
    ).astype(np.float64)  # fmt: skip
