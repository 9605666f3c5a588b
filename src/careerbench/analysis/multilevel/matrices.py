"""Powers of many small symmetric matrices at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NOTHING = 1e-12


def eigen(matrices: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give eigenvalues and eigenvectors of symmetric matrices; sizes 1 and 2 without a loop.

    Examples
    --------
    >>> values, vectors = eigen(np.array([[[2.0, 1.0], [1.0, 2.0]]]))
    >>> values.round(12).tolist()
    [[3.0, 1.0]]
    """
    size = matrices.shape[1]
    if size < 2:
        return matrices.reshape(len(matrices), size), np.ones_like(matrices)
    if size > 2:
        return tuple(np.linalg.eigh(matrices))  # type: ignore[return-value]
    a, b, c = matrices[:, 0, 0], matrices[:, 0, 1], matrices[:, 1, 1]
    angle = np.arctan2(2 * b, a - c) / 2
    cos, sin = np.cos(angle), np.sin(angle)
    gap = np.hypot((a - c) / 2, b)
    values = np.stack([(a + c) / 2 + gap, (a + c) / 2 - gap], axis=1)
    return values, np.stack([np.stack([cos, -sin], 1), np.stack([sin, cos], 1)], axis=1)


def power(matrices: NDArray[np.float64], exponent: float) -> NDArray[np.float64]:
    """Raise symmetric matrices to a power; directions without any extent stay without.

    Examples
    --------
    >>> power(np.array([[[4.0, 0.0], [0.0, 0.0]]]), -0.5)[0].round(12).tolist()
    [[0.5, 0.0], [0.0, 0.0]]
    """
    return power_and_rest(matrices, exponent)[0]


def power_and_rest(
    matrices: NDArray[np.float64], exponent: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Raise to a power, and give the directions without any extent; other columns are zero.

    Examples
    --------
    >>> _, rest = power_and_rest(np.array([[[4.0, 0.0], [0.0, 0.0]]]), -0.5)
    >>> np.abs(rest[0]).round(12).tolist()
    [[0.0, 0.0], [0.0, 1.0]]
    """
    values, vectors = eigen(matrices)
    most = np.ascontiguousarray(values.T).max(axis=0, initial=0.0)
    good = values > _NOTHING * most[:, None]
    raised = np.where(good, np.where(good, values, 1.0) ** exponent, 0.0)
    if matrices.shape[1] == 1:
        powered = raised[:, :, None]
    else:
        powered = (vectors * raised[:, None, :]) @ vectors.transpose(0, 2, 1)
    return powered, vectors * ~good[:, None, :]


def times_each(matrices: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply many matrices by one from the right, all in one product.

    Examples
    --------
    >>> times_each(np.array([[[1.0, 2.0]], [[3.0, 4.0]]]), np.array([[1.0], [1.0]])).tolist()
    [[[3.0]], [[7.0]]]
    """
    flat = matrices.reshape(-1, matrices.shape[2])
    return (flat @ matrix).reshape(*matrices.shape[:2], matrix.shape[1])
