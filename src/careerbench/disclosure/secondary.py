"""Secondary suppression: hide what would let a hidden cell be worked out exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PRIME = 2**31 - 19


def eliminate(
    rows: NDArray[np.int64], *, candidates: NDArray[np.int64], protected: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Choose candidates to hide so that no protected row is a combination of the shown ones.

    Parameters
    ----------
    rows : array, cells by unknowns
        Each cell as a sum of unknowns.
    candidates : array of int
        Rows that might be shown, in the order in which they should be kept.
    protected : array of int
        Rows that must not be worked out. One that is zero throughout is left alone.

    Returns
    -------
    array of int
        The candidates that must be hidden. Once they are, no protected row is a linear combination
        of the remaining candidates. Promises nothing about bounds: that is the audit's part.

    Notes
    -----
    Gaussian elimination in the manner of Langsrud [1]_, here modulo the prime 2**31 - 19: no
    tolerance has to be chosen. A combination modulo the prime that is none in fractions has a
    chance of about one in two thousand million, and would hide a cell too many.

    References
    ----------
    .. [1] Langsrud, O. GaussSuppression, an R package (method: "Gaussian elimination").

    Examples
    --------
    >>> table = np.array([[1, 1], [0, 1], [1, 0]])  # a total and its two parts
    >>> eliminate(table, candidates=np.array([0, 1]), protected=np.array([2])).tolist()
    [1]
    """
    left = rows.astype(np.int64) % PRIME
    alive = np.zeros(len(left), dtype=bool)
    alive[candidates] = alive[protected] = True
    guarded = np.zeros(len(left), dtype=bool)
    guarded[protected] = left[protected].any(axis=1)
    hidden = []
    for row in candidates:
        alive[row] = False
        columns = np.flatnonzero(left[row])
        if len(columns) and not _taken_up(left, row, columns, alive, guarded):
            hidden.append(row)
    return np.array(hidden, dtype=np.int64)


def _taken_up(
    left: NDArray[np.int64],
    row: int,
    columns: NDArray[np.int64],
    alive: NDArray[np.bool_],
    guarded: NDArray[np.bool_],
) -> bool:
    """Eliminate with one row, unless that would use a guarded row up."""
    uses = (left[:, columns] != 0)[alive].sum(axis=0)
    pivot = columns[uses.argmin()]
    scaled = left[row, columns] * pow(int(left[row, pivot]), -1, PRIME) % PRIME
    others = np.flatnonzero(alive & (left[:, pivot] != 0))
    before = left[np.ix_(others, columns)]
    after = (before - left[others, pivot][:, None] * scaled) % PRIME
    emptied = guarded[others] & ~after.any(axis=1)
    if emptied.any():
        rest = (left[others[emptied]] != 0).sum(axis=1) - (before[emptied] != 0).sum(axis=1)
        if (rest == 0).any():
            return False
    left[np.ix_(others, columns)] = after
    return True
