"""Primary suppression: which counts must not be seen for their own sake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.disclosure.parse import Policy


def is_sensitive(
    counts: NDArray[np.int64],
    is_answer: NDArray[np.bool_],
    threshold: int,
    zeros_sensitive: bool,
) -> NDArray[np.bool_]:
    """Say which counts are too small to be seen.

    Counts of an answer are sensitive from 0 (where zeros are) to below the threshold; sizes of
    groups from 1 to below it, because a group of nobody is known to everybody.

    Examples
    --------
    >>> is_sensitive(np.array([0, 9, 0, 10]), np.array([True, True, False, True]), 10, True)
    array([ True,  True, False, False])
    """
    small = counts < threshold
    return np.asarray(small & ((counts > 0) | (is_answer & zeros_sensitive)))


def is_dominated(
    total: pd.Series, largest: pd.Series, second: pd.Series, policy: Policy
) -> NDArray[np.bool_]:
    """Say which sums one or two contributors make up, by the policy's dominance rules.

    Parameters
    ----------
    total, largest, second : Series
        For every cell: the sum, and its two largest contributions.
    policy : Policy
        ``largest_percent``: one contributor has more than this part of the sum. ``p_percent``:
        what the two largest leave is below this part of the largest, so that the second could
        estimate the first too well. A rule that the policy has not is not applied.

    Notes
    -----
    Promises nothing about differences between cells: that is what ``protect`` looks at.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.disclosure import load_policy
    >>> is_dominated(pd.Series([100, 100]), pd.Series([50, 40]), pd.Series([9, 9]),
    ...              load_policy("ons-10"))
    array([ True, False])
    """
    found = np.zeros(len(total), dtype=bool)
    if policy.largest_percent is not None:
        found |= (largest > total * policy.largest_percent / 100).to_numpy()
    if policy.p_percent is not None:
        found |= (total - largest - second < largest * policy.p_percent / 100).to_numpy()
    return found
