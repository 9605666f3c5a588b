"""The mean of a number before and after: all schools beside the same schools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import clusters, ends, groups, t_intervals
from careerbench.analysis.results_change import MeanChange

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

_STEP = "mean_change"
_COLUMNS = (
    "n_before", "n_after", "n_pairs", "n_only_before", "n_only_after", "n_missing", "mean_before",
    "mean_after", "change", "std_error", "df", "low", "high", "p", "reason",
)  # fmt: skip


def mean_change(
    data: pd.DataFrame,
    *,
    outcome: str,
    before: str,
    after: str,
    by: str | Iterable[str] | None = None,
    confidence: float = 0.95,
) -> MeanChange:
    """Compare the mean of a number at two waves, of all schools and of the same schools.

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
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    MeanChange
        Two rows per group, by ``basis``: ``all schools`` and ``same schools``, each with means,
        ``change`` (after less before, in units of the outcome), ``std_error``, ``df``, interval,
        two-sided ``p``, and ``reason`` where something is missing: ``nobody``, ``too few
        schools``, ``no spread``.

    Raises
    ------
    MissingColumnsError, BadArgumentError, TableProblemsError
        As for :func:`wilcoxon_change`.

    Notes
    -----
    Every school counts the same. For the same schools this is Student's paired t; for all
    schools the error is CR2 with Satterthwaite degrees of freedom, a school at both ends being
    one cluster (:func:`careerbench.analysis.clusters.cr2_contrast`).

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"school_urn": list("123124"), "n": [1, 2, 3, 2, 4, 6]})
    >>> data["wave"] = ["baseline"] * 3 + ["year 1"] * 3
    >>> found = mean_change(data, outcome="n", before="baseline", after="year 1").to_frame()
    >>> found[["basis", "n_before", "n_after", "n_pairs", "change"]]
              basis  n_before  n_after  n_pairs  change
    0   all schools         3        3        2     2.0
    1  same schools         3        3        2     1.5
    """
    checks.require_between(confidence, 0, 1, name="confidence", step=_STEP)
    names = groups.free_names(by, ("wave", "school_urn", "basis", outcome, *_COLUMNS), step=_STEP)
    rows, value = ends.numbers_at(
        data, outcome, [before, after], names=["before", "after"], by=names, step=_STEP
    )
    table, pairs = ends.pair_up(rows, value, (before, after), names)
    found: list[dict[str, object]] = []
    for each in pairs:
        found.append({"basis": "all schools", **each.counts, **_all(each, confidence)})
        found.append({"basis": "same schools", **each.counts, **_same(each, confidence)})
    result = table.loc[table.index.repeat(2)].reset_index(drop=True)
    for name in ("basis", *_COLUMNS):
        result[name] = [row[name] for row in found]
    return MeanChange(
        result, outcome=outcome, before=before, after=after, confidence=confidence, by=tuple(names)
    )


def _all(each: ends.Pairs, confidence: float) -> dict[str, object]:
    """Compare everyone at each end, each school a cluster."""
    width = max((int(unit.max(initial=-1)) + 1 for unit in each.units), default=0) or 1
    values = (each.all_before, each.all_after)
    known = np.concatenate(values)
    centre = float(known.mean()) if len(known) else 0.0
    total = [
        np.bincount(unit, value - centre, minlength=width)
        for unit, value in zip(each.units, values, strict=True)
    ]
    size = [np.bincount(unit, minlength=width) for unit in each.units]
    found = clusters.cr2_contrast(np.array(total), np.array(size), [-1, 1])
    return _means(*values) | t_intervals.change_facts(found, confidence=confidence)


def _same(each: ends.Pairs, confidence: float) -> dict[str, object]:
    """Compare schools at both ends with themselves."""
    change, n = each.after - each.before, len(each.before)
    error = float(change.std(ddof=1) / np.sqrt(n)) if n > 1 else np.nan
    mean = float(change.mean()) if n else np.nan
    found = (mean, error, float(n - 1))
    return _means(each.before, each.after) | t_intervals.change_facts(found, confidence=confidence)


def _means(before: np.ndarray, after: np.ndarray) -> dict[str, object]:
    return {
        name: float(values.mean()) if len(values) else np.nan
        for name, values in (("mean_before", before), ("mean_after", after))
    }
