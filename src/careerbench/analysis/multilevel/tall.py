"""Products of tall matrices with few columns.

They are made without waking the threads of the linear algebra library, which for a few columns
cost more than they save.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEW = 64


def inner(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply each column of one matrix with each of another, and sum.

    Examples
    --------
    >>> inner(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0], [1.0]])).tolist()
    [[4.0], [6.0]]
    """
    if left.shape[1] * right.shape[1] > _FEW:
        return left.T @ right
    found = np.empty((left.shape[1], right.shape[1]))
    for one in range(left.shape[1]):
        for two in range(right.shape[1]):
            mirrored = left is right and two < one
            found[one, two] = (
                found[two, one] if mirrored else np.einsum("i,i->", left[:, one], right[:, two])
            )
    return found


def times(columns: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Combine columns by a small matrix of weights.

    Examples
    --------
    >>> times(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0], [1.0]])).tolist()
    [[3.0], [7.0]]
    """
    if weights.size > _FEW:
        return np.asfortranarray(columns @ weights)
    found = np.empty((len(columns), weights.shape[1]), order="F")
    for two in range(weights.shape[1]):
        first, *rest = np.flatnonzero(weights[:, two]).tolist() or [0]
        np.multiply(columns[:, first], weights[first, two], out=found[:, two])
        for one in rest:
            found[:, two] += weights[one, two] * columns[:, one]
    return found


def turn_in_place(columns: NDArray[np.float64], triangle: NDArray[np.float64]) -> None:
    """Combine columns by an upper triangle, each from itself and those before it.

    Examples
    --------
    >>> columns = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> turn_in_place(columns, np.array([[2.0, 1.0], [0.0, 1.0]]))
    >>> columns.tolist()
    [[2.0, 3.0], [6.0, 7.0]]
    """
    if triangle.size > _FEW:
        columns[:] = columns @ np.triu(triangle)
        return
    for two in reversed(range(len(triangle))):
        columns[:, two] *= triangle[two, two]
        for one in np.flatnonzero(triangle[:two, two]):
            columns[:, two] += triangle[one, two] * columns[:, one]


def per_school(
    columns: NDArray[np.float64], school: NDArray[np.int64], n_schools: int
) -> NDArray[np.float64]:
    """Sum each column within each school.

    Examples
    --------
    >>> per_school(np.array([[1.0], [2.0], [3.0]]), np.array([0, 0, 1]), 2).tolist()
    [[3.0], [3.0]]
    """
    found = np.empty((n_schools, columns.shape[1]))
    for place in range(columns.shape[1]):
        found[:, place] = np.bincount(school, columns[:, place], n_schools)
    return found


def less_per_school(
    columns: NDArray[np.float64],
    amount: NDArray[np.float64],
    school: NDArray[np.int64],
    unit: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Take each school's amount from its rows, times a unit of each row.

    Examples
    --------
    >>> less_per_school(np.array([[1.0], [2.0]]), np.array([[1.0], [1.0]]), np.array([0, 1]))
    array([[0.],
           [1.]])
    """
    found = np.empty(columns.shape, order="F")
    for place in range(columns.shape[1]):
        taken = np.ascontiguousarray(amount[:, place])[school]
        if unit is not None:
            taken *= unit
        np.subtract(columns[:, place], taken, out=found[:, place])
    return found
