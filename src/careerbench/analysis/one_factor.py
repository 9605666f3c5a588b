"""One common factor behind a set of items, by least squares on their correlations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_SWEEPS, _CLOSE = 5000, 1e-12


def minres_loadings(
    correlations: ArrayLike, *, start: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Find the loadings of one factor that leave the least in the correlations.

    Parameters
    ----------
    correlations : array
        One correlation matrix of at least three items, or a stack of them.
    start : array, optional
        Loadings to begin from, such as those of nearly the same data.

    Returns
    -------
    array
        Loadings, a row for each matrix, with a positive sum. Above 1 where the fit is improper;
        missing where a correlation is missing or the search did not settle.

    Notes
    -----
    Minimum residuals [1]_: the squares of what is left off the diagonal are least. Each loading
    in turn is put where they are least given the others, until none moves. R's
    ``psych::fa(nfactors = 1, fm = "minres")`` seeks the same minimum.

    References
    ----------
    .. [1] Harman, H. H. and Jones, W. H. (1966). Psychometrika, 31(3), 351-368.

    Examples
    --------
    >>> loadings = np.array([0.9, 0.6, 0.5])
    >>> tied = np.outer(loadings, loadings)
    >>> np.fill_diagonal(tied, 1)
    >>> minres_loadings(tied).round(6).tolist()
    [0.9, 0.6, 0.5]
    """
    given = np.asarray(correlations, dtype=np.float64)
    stack = given.reshape(-1, *given.shape[-2:])
    known = ~np.isnan(stack).any(axis=(1, 2))
    found = np.full(stack.shape[:2], np.nan)
    if known.any():
        found[known] = _settled(stack[known], start)
    return found.reshape(given.shape[:-1])


def omega_total(correlations: NDArray, loadings: NDArray) -> NDArray[np.float64]:
    """Say what share of the variance of the items' sum is common: McDonald's omega.

    Items count alike (standardised), as in R's ``psych::omega(...)$omega.tot`` with one factor.
    """
    whole = np.sum(correlations, axis=(-2, -1))
    unique = np.sum(1 - loadings**2, axis=-1)
    return (whole - unique) / np.where(whole > 0, whole, np.nan)


def _settled(stack: NDArray, start: ArrayLike | None) -> NDArray[np.float64]:
    """Move one loading after another to its best place until none moves."""
    off = stack * (1 - np.eye(stack.shape[1]))
    first = _principal(stack) if start is None else np.asarray(start, dtype=np.float64)
    loadings = np.broadcast_to(first, stack.shape[:2]).copy()
    moved = np.full(len(stack), np.inf)
    for _ in range(_SWEEPS):
        busy = np.flatnonzero(moved > _CLOSE)
        if not len(busy):
            break
        before = loadings[busy]
        now = _swept(off[busy], before.copy())
        loadings[busy], moved[busy] = now, np.abs(now - before).max(axis=1)
    loadings[moved > 1e-7] = np.nan
    return loadings * np.where(loadings.sum(axis=1, keepdims=True) < 0, -1, 1)


def _swept(off: NDArray, loadings: NDArray) -> NDArray[np.float64]:
    """Put each loading in turn where the residuals are least, given the others."""
    for item in range(loadings.shape[1]):
        others = (loadings**2).sum(axis=1) - loadings[:, item] ** 2
        pull = (off[:, item] * loadings).sum(axis=1)
        loadings[:, item] = pull / np.where(others > 1e-300, others, np.inf)
    return loadings


def _principal(stack: NDArray) -> NDArray[np.float64]:
    """Begin from the first principal component."""
    values, vectors = np.linalg.eigh(stack)
    return vectors[:, :, -1] * np.sqrt(np.maximum(values[:, -1:], 1e-6))
