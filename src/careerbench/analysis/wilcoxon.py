"""Numbers of the same schools before and after, compared by ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import ends, groups
from careerbench.analysis.results_tests import SignedRankChange
from careerbench.analysis.signed_rank import SignedRanks, signed_ranks

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

_STEP = "wilcoxon_change"
ZEROS = ("wilcox", "pratt")
_MEDIANS = ("all_median_before", "all_median_after", "median_before", "median_after")


def wilcoxon_change(
    data: pd.DataFrame,
    *,
    outcome: str,
    before: str,
    after: str,
    by: str | Iterable[str] | None = None,
    zeros: str = "wilcox",
    confidence: float = 0.95,
) -> SignedRankChange:
    """Test whether a number of the same schools rose or fell: Wilcoxon's signed-rank test.

    Parameters
    ----------
    data : DataFrame
        One row per school and wave (and ``by``): ``school_urn``, ``wave`` and the outcome, such
        as ``number_achieved(scores).schools``.
    outcome : str
        Column with the number, missing where the school has none.
    before, after : str
        The two waves.
    by : str or list of str, optional
        Columns to take apart.
    zeros : {"wilcox", "pratt"}
        Whether schools that did not change leave before the ranking, or after it.
    confidence : float, default 0.95
        Coverage of the interval, a proportion in (0, 1).

    Returns
    -------
    SignedRankChange
        One row per group: who is at which end, medians of all schools at each end (``all_``) and
        of the matched ones, pairs, zeros and ties, rank sums, Hodges-Lehmann ``estimate`` with
        interval, ``rank_biserial``, ``z``, ``p_exact``, ``p_asymptotic``, and ``reason`` where
        something is missing.

    Raises
    ------
    MissingColumnsError
        If a column is missing.
    BadArgumentError
        If a wave is not known or named twice.
    TableProblemsError
        If the outcome is text, or a school has two rows at a wave: pupils are compared by
        :func:`scale_change`, which knows their schools.

    Notes
    -----
    The statistics are those of :func:`careerbench.analysis.signed_rank.signed_ranks`. The test
    asks whether differences lie evenly about zero and takes their sizes to be comparable.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"school_urn": list("123123"), "n": [1, 2, 3, 2, 4, 6]})
    >>> data["wave"] = ["baseline"] * 3 + ["year 1"] * 3
    >>> found = wilcoxon_change(data, outcome="n", before="baseline", after="year 1")
    >>> found.to_frame()[["n_pairs", "n_zeros", "estimate", "p_exact"]]
       n_pairs  n_zeros  estimate  p_exact
    0        3        0       2.0     0.25
    """
    checks.require_between(confidence, 0, 1, name="confidence", step=_STEP)
    checks.require_one_of(zeros, ZEROS, name="zeros", step=_STEP)
    taken = ("wave", "school_urn", outcome, *ends.COUNTS, *_MEDIANS, *SignedRanks._fields)
    names = groups.free_names(by, taken, step=_STEP)
    rows, value = ends.numbers_at(
        data, outcome, [before, after], names=["before", "after"], by=names, step=_STEP
    )
    table, pairs = ends.pair_up(rows, value, (before, after), names)
    found = []
    for each in pairs:
        ends_seen = (each.all_before, each.all_after, each.before, each.after)
        middles = [_median(values) for values in ends_seen]
        ranks = signed_ranks(each.after - each.before, zeros=zeros, confidence=confidence)
        found.append((*each.counts.values(), *middles, *ranks))
    for place, name in enumerate((*ends.COUNTS, *_MEDIANS, *SignedRanks._fields)):
        table[name] = [row[place] for row in found]
    return SignedRankChange(
        table, outcome=outcome, before=before, after=after, zeros=zeros,
        confidence=confidence, by=tuple(names), framework=groups.editions(data),
    )  # fmt: skip


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values)) if len(values) else np.nan
