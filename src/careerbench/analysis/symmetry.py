"""Do as many move each way: Bowker's test, and the test of Stuart and Maxwell."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_WAYS = 2_000_000
_SLACK = 1e-9


class Symmetry(NamedTuple):
    """Two tests of one square table of moves."""

    bowker: float
    bowker_df: int
    p_bowker: float
    p_bowker_exact: float
    stuart_maxwell: float
    stuart_maxwell_df: int
    p_stuart_maxwell: float
    p_stuart_maxwell_exact: float


def symmetry_tests(counts: NDArray[np.int64]) -> Symmetry:
    """Test a square table of counts, before in rows and after in columns.

    Parameters
    ----------
    counts : array of int, square
        How many went from each state to each.

    Returns
    -------
    Symmetry
        Statistics, degrees of freedom, p-values by chi-squared and over all ways the moves could
        have gone (missing beyond two million ways). Where nothing moved, statistics are 0 and
        p-values 1.

    Notes
    -----
    Bowker [1]_ compares the moves each way between two states; a pair of states without a move
    has nothing to compare and counts no degree of freedom (R's ``mcnemar.test`` gives NaN).
    Stuart [2]_ and Maxwell [3]_ compare how common each state is. Under both hypotheses each move
    between two states goes either way with the same chance, whence the exact p-values.

    References
    ----------
    .. [1] Bowker, A. H. (1948). J. American Statistical Association, 43(244), 572-574.
    .. [2] Stuart, A. (1955). Biometrika, 42(3/4), 412-416.
    .. [3] Maxwell, A. E. (1970). British J. Psychiatry, 116(535), 651-655.

    Examples
    --------
    >>> found = symmetry_tests(np.array([[10, 6, 1], [2, 8, 0], [1, 3, 5]]))
    >>> round(found.bowker, 3), found.bowker_df, round(found.p_bowker, 3)
    (5.0, 3, 0.172)
    """
    from scipy.stats import chi2

    moves = np.asarray(counts, dtype=np.float64)
    both = moves + moves.T
    pairs = [pair for pair in combinations(range(len(moves)), 2) if both[pair] > 0]
    if not pairs:
        return Symmetry(0.0, 0, 1.0, 1.0, 0.0, 0, 1.0, 1.0)
    variance = np.diag(both.sum(axis=1) - np.diag(both)) - both + np.diag(np.diag(both))
    inverse, freedom = np.linalg.pinv(variance), int(np.linalg.matrix_rank(variance))
    shift = moves.sum(axis=1) - moves.sum(axis=0)
    bowker = float(sum((moves[a, b] - moves[b, a]) ** 2 / both[a, b] for a, b in pairs))
    stuart = float(shift @ inverse @ shift)
    exact = _exact(both, pairs, inverse, (bowker, stuart))
    return Symmetry(
        bowker, len(pairs), float(chi2.sf(bowker, len(pairs))), exact[0],
        stuart, freedom, float(chi2.sf(stuart, freedom)), exact[1],
    )  # fmt: skip


def _exact(
    both: NDArray[np.float64],
    pairs: list[tuple[int, int]],
    inverse: NDArray,
    found: tuple[float, float],
) -> tuple[float, float]:
    """Go through all ways the moves could have gone, and add up what is as far out."""
    from scipy.stats import binom

    totals = [int(both[pair]) for pair in pairs]
    if np.prod([total + 1.0 for total in totals]) > _MOST_WAYS:
        return np.nan, np.nan
    grids = np.meshgrid(*(np.arange(total + 1.0) for total in totals), indexing="ij")
    chance = np.ones_like(grids[0])
    bowker, shift = np.zeros_like(chance), np.zeros((len(both), *chance.shape))
    for (a, b), total, there in zip(pairs, totals, grids, strict=True):
        net = 2 * there - total
        chance = chance * binom.pmf(there, total, 0.5)
        bowker += net**2 / total
        shift[a] += net
        shift[b] -= net
    stuart = np.einsum("i...,ij,j...->...", shift, inverse, shift)
    p = [
        float(chance[each >= seen * (1 - _SLACK) - _SLACK].sum())
        for each, seen in zip((bowker, stuart), found, strict=True)
    ]
    return min(p[0], 1.0), min(p[1], 1.0)
