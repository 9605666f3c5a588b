"""The power of McNemar's test, added up over all that can happen."""

from __future__ import annotations

import numpy as np


def mcnemar_power(
    n_schools: int,
    gained: float,
    lost: float,
    significance: float = 0.05,
    *,
    two_sided: bool = True,
    mid_p: bool = False,
) -> float:
    """Return how likely McNemar's exact (or mid-p) test is to show a gain.

    Parameters
    ----------
    n_schools : int
        Schools seen at both ends.
    gained, lost : float
        Shares of schools that come to achieve, and that no longer do.
    significance : float, default 0.05
        Level of the test.
    two_sided, mid_p : bool
        Whether the test looks both ways; whether it counts half of what was seen.

    Returns
    -------
    float
        Power, from 0 to 1.

    Examples
    --------
    >>> round(mcnemar_power(20, 0.4, 0.05), 6)
    0.582267
    """
    from scipy.stats import binom

    share = min(gained + lost, 1.0)
    moved = np.arange(n_schools + 1)
    chance = binom.pmf(moved, n_schools, share)
    up = gained / share if share > 0 else 0.5
    edge = np.array([_edge(int(m), significance, two_sided, mid_p) for m in moved])
    below = np.where(edge >= 0, binom.cdf(edge, moved, up), 0.0)
    above = np.where(edge >= 0, binom.sf(moved - edge - 1, moved, up), 0.0)
    return float(chance @ (above + below if two_sided else above))


def _edge(moved: int, significance: float, two_sided: bool, mid_p: bool) -> int:
    """Return how few may go the other way for the test to speak; -1 where it never does."""
    from scipy.stats import binom

    few = np.arange(moved // 2 + 1)
    p = binom.cdf(few, moved, 0.5) - (binom.pmf(few, moved, 0.5) / 2 if mid_p else 0)
    speaks = np.flatnonzero((2 if two_sided else 1) * p <= significance)
    return int(speaks[-1]) if len(speaks) and 2 * few[speaks[-1]] < moved else -1
