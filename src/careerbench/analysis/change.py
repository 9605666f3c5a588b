"""Before and after: the same schools and all schools, always side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import ends, families, groups, intervals, paired
from careerbench.analysis.results import Change

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

_STEP = "change"


def change(
    scores: pd.DataFrame,
    *,
    before: str,
    after: str,
    by: str | Iterable[str] | None = None,
    confidence: float = 0.95,
    adjust: str = "holm",
) -> Change:
    """Compare the share of schools achieving each Benchmark at two waves.

    Parameters
    ----------
    scores : DataFrame
        One row per school, wave and Benchmark: ``school_urn``, ``wave``, ``benchmark``,
        ``state``; ``framework`` if there are several.
    before, after : str
        The two waves.
    by : str or list of str, optional
        Columns to take apart, such as ``"la_name"``.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).
    adjust : {"holm", "hommel", "benjamini-hochberg", "benjamini-yekutieli"}
        How ``p_adjusted`` allows for the Benchmarks of one group, the family.

    Returns
    -------
    Change
        One row per group and Benchmark. Shares are proportions from 0 to 1; changes, after less
        before, are in percentage points (``_pp``). Columns without a prefix hold all schools
        scored at each end, columns with ``matched_`` the schools scored at both.

    Raises
    ------
    BadArgumentError
        If a wave is not in the table, or both are the same.
    FrameworkError
        If the two waves were scored under different framework editions.
    TableProblemsError
        If a row is there twice, has no school or Benchmark, or an unknown state.

    Notes
    -----
    A school not scored at one end is no pair: it is counted in ``n_only_before`` or
    ``n_only_after``, and in ``n_unscored`` if it has rows but no score at either end. So is a
    school whose ``by`` group is not the same at both ends. Intervals are Newcombe's hybrid
    score intervals, paired [1]_ and, for schools that overlap in part, with the correlation
    scaled to the overlap [2]_. The exact McNemar test [3]_ asks whether as many schools gained
    as lost, and is 1 where none did (R's ``mcnemar.test`` gives NaN); ``p_mid`` is its mid-p form
    [5]_, which rejects closer to its level. ``p_adjusted`` is, by default, Holm's [4]_ over the
    Benchmarks of one group. There is no comparison group: a change is not an effect.

    References
    ----------
    .. [1] Newcombe, R. G. (1998). Statistics in Medicine, 17, 2635-2650.
    .. [2] Zou, G. Y. and Donner, A. (2008). Statistics in Medicine, 27, 1693-1702.
    .. [3] McNemar, Q. (1947). Psychometrika, 12(2), 153-157.
    .. [4] Holm, S. (1979). Scandinavian J. of Statistics, 6(2), 65-70.
    .. [5] Fagerland, M. W., Lydersen, S. and Laake, P. (2013). BMC Medical Research Methodology,
       13, 91.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({
    ...     "school_urn": ["1", "2", "3", "1", "2", "4"],
    ...     "wave": ["baseline"] * 3 + ["year 1"] * 3,
    ...     "benchmark": "p1",
    ...     "state": ["partial", "achieved", "partial", "achieved", "achieved", "achieved"],
    ... })
    >>> found = change(scores, before="baseline", after="year 1").to_frame()
    >>> found[["n_before", "n_after", "n_pairs", "change_pp", "matched_change_pp"]].round(1)
       n_before  n_after  n_pairs  change_pp  matched_change_pp
    0         3        3        2       66.7               50.0
    """
    checks.require_between(confidence, 0, 1, name="confidence", step=_STEP)
    checks.require_one_of(adjust, families.ADJUSTMENTS, name="adjust", step=_STEP)
    taken = ("wave", "benchmark", "school_urn", "state", "framework", *Change.counts)
    names = groups.free_names(by, taken, step=_STEP)
    rows = ends.scores_at(scores, [before, after], names=["before", "after"], by=names, step=_STEP)
    group, table = groups.group_rows(rows, [*names, "benchmark"])
    n = _count_ends(rows, group, len(table), (before, after))
    for name in ("before", "after", "pairs", "only_before", "only_after", "unscored"):
        table[f"n_{name}"] = n[name]
    _add_difference(table, n, "", confidence)
    _add_difference(table, n, "matched_", confidence)
    for name in ("gained", "lost", "kept", "neither"):
        table[f"n_{name}"] = n[name]
    table["p_mcnemar"] = paired.exact_p(n["gained"], n["lost"], n["pairs"])
    table["p_mid"] = paired.mid_p(n["gained"], n["lost"], n["pairs"])
    table["p_adjusted"] = _adjusted(table["p_mcnemar"], table[names], adjust)
    return Change(
        table, before=before, after=after, confidence=confidence, by=tuple(names), adjust=adjust,
        framework=groups.editions(scores),
    )  # fmt: skip


def _count_ends(
    rows: pd.DataFrame, group: NDArray[np.int64], n_groups: int, waves: tuple[str, str]
) -> dict[str, NDArray[np.int64]]:
    """Count, per group, who is scored at which end and who moved."""
    import pandas as pd

    school, distinct = pd.factorize(rows["school_urn"])
    cell = group * max(len(distinct), 1) + school
    scored = (rows["state"] != "not scored").to_numpy(dtype=bool)
    achieved = (rows["state"] == "achieved").to_numpy(dtype=bool)
    first, second = (scored & (rows["wave"] == wave).to_numpy(dtype=bool) for wave in waves)
    pairs, left, right = np.intersect1d(
        cell[first], cell[second], assume_unique=True, return_indices=True
    )
    had, has = achieved[first][left], achieved[second][right]
    owner = pairs // max(len(distinct), 1)
    unscored = np.setdiff1d(cell, cell[scored]) // max(len(distinct), 1)

    def count(of: NDArray[np.int64], where: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        return groups.count_in(of, n_groups, where)

    n = {"before": count(group, first), "after": count(group, second), "pairs": count(owner)}
    return n | {
        "only_before": n["before"] - n["pairs"],
        "only_after": n["after"] - n["pairs"],
        "unscored": count(unscored),
        "achieved_before": count(group, first & achieved),
        "achieved_after": count(group, second & achieved),
        "gained": count(owner, ~had & has),
        "lost": count(owner, had & ~has),
        "kept": count(owner, had & has),
        "neither": count(owner, ~had & ~has),
    }


def _add_difference(
    table: pd.DataFrame, n: dict[str, NDArray[np.int64]], prefix: str, confidence: float
) -> None:
    """Add both shares, their difference and its interval, of all schools or the matched ones."""
    rho = intervals.pair_correlation(n["kept"], n["gained"], n["lost"], n["neither"])
    if prefix:
        start, end = (n["kept"] + n["lost"], n["pairs"]), (n["kept"] + n["gained"], n["pairs"])
    else:
        start, end = (n["achieved_before"], n["before"]), (n["achieved_after"], n["after"])
        overlap = groups.ratio(n["pairs"], np.sqrt(n["before"] * n["after"]))
        rho = rho * np.nan_to_num(overlap, nan=0.0)
    low, high = intervals.difference_interval(start, end, correlation=rho, confidence=confidence)
    first, second = groups.ratio(*start), groups.ratio(*end)
    table[f"{prefix}share_before"], table[f"{prefix}share_after"] = first, second
    table[f"{prefix}change_pp"] = 100 * (second - first)
    table[f"{prefix}low_pp"], table[f"{prefix}high_pp"] = 100 * low, 100 * high


def _adjusted(p: pd.Series, by: pd.DataFrame, method: str) -> NDArray[np.float64]:
    """Adjust the tests of each group as one family."""
    family, names = groups.group_rows(by, list(by.columns))
    values, adjusted = p.to_numpy(), np.full(len(p), np.nan)
    for number in range(len(names)):
        here = family == number
        adjusted[here] = families.adjusted_p(values[here], method)
    return adjusted
