"""Many comparisons, one family: p-values that allow for how many there were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike, NDArray

ADJUSTMENTS = {
    "holm": "Holm's method",
    "hommel": "Hommel's method",
    "benjamini-hochberg": "the method of Benjamini and Hochberg",
    "benjamini-yekutieli": "the method of Benjamini and Yekutieli",
}
CONTROLS = {
    "holm": "the chance of even one false alarm in the family, whatever the tests have in common",
    "hommel": "the chance of even one false alarm in the family, for tests that are independent "
    "or go together; never less powerful than Holm's",
    "benjamini-hochberg": "the share of false alarms among what is found, for tests that are "
    "independent or go together",
    "benjamini-yekutieli": "the share of false alarms among what is found, whatever the tests "
    "have in common",
}


def adjusted_p(p_values: ArrayLike, method: str) -> NDArray[np.float64]:
    """Adjust the p-values of one family; a missing one is not in the family and stays missing.

    Parameters
    ----------
    p_values : array
        From 0 to 1, or missing.
    method : {"holm", "hommel", "benjamini-hochberg", "benjamini-yekutieli"}
        What is kept in check: see :func:`careerbench.analysis.adjust`.

    Returns
    -------
    array
        In the order given.

    Examples
    --------
    >>> adjusted_p([0.01, 0.04, float("nan")], "holm").tolist()
    [0.02, 0.04, nan]
    """
    values = np.asarray(p_values, dtype=np.float64)
    result = np.full(values.shape, np.nan)
    known = np.flatnonzero(~np.isnan(values))
    ranked = known[np.argsort(values[known], kind="stable")]
    if len(ranked):
        result[ranked] = np.minimum(_METHODS[method](values[ranked]), 1)
    return result


def _holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum.accumulate(p * np.arange(len(p), 0, -1))


def _benjamini_hochberg(p: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = p * len(p) / np.arange(1, len(p) + 1)
    return np.minimum.accumulate(steps[::-1])[::-1]


def _benjamini_yekutieli(p: NDArray[np.float64]) -> NDArray[np.float64]:
    return _benjamini_hochberg(p) * (1 / np.arange(1, len(p) + 1)).sum()


def _hommel(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take, for each test, the largest Simes p of all subsets it is in: the top ones and itself."""
    adjusted = p.copy()
    for size in range(2, len(p) + 1):
        top, factor = p[len(p) - size :], size / np.arange(1, size + 1)
        least = float((top[1:] * factor[1:]).min())
        own = np.minimum(size * p, least)
        own[len(p) - size :] = min(size * top[0], least)
        adjusted = np.maximum(adjusted, own)
    return adjusted


_METHODS: Mapping[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "holm": _holm,
    "hommel": _hommel,
    "benjamini-hochberg": _benjamini_hochberg,
    "benjamini-yekutieli": _benjamini_yekutieli,
}
