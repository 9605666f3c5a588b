"""Who came back: schools at both waves against those that left, on what was known at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import ends, groups, intervals
from careerbench.analysis.number import number_achieved
from careerbench.analysis.results_change import Returners

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

_STEP = "who_came_back"


def who_came_back(
    scores: pd.DataFrame,
    *,
    before: str,
    after: str,
    schools: pd.DataFrame | None = None,
    characteristics: str | Iterable[str] | None = None,
    confidence: float = 0.95,
) -> Returners:
    """Compare schools that came back with those that left, as they were at the start.

    Parameters
    ----------
    scores : DataFrame
        One row per school, wave and Benchmark: ``school_urn``, ``wave``, ``benchmark``,
        ``state``; ``framework`` if there are several.
    before, after : str
        The two waves. A school comes back that has a row at ``after``.
    schools : DataFrame, optional
        One row per school with what is known of it. Needed for ``characteristics``.
    characteristics : str or list of str, optional
        Columns of ``schools`` to compare as well: numbers by their mean, anything else category
        by category by its share.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    Returners
        One row per measure: the number of Benchmarks achieved, each Benchmark's share achieving,
        each characteristic (``category`` names one). ``returned`` and ``left`` are means or
        shares of ``n_returned`` and ``n_left`` schools that have a value; ``n_missing`` have
        none. ``waves`` is the account of :func:`careerbench.panel.attrition`.

    Raises
    ------
    BadArgumentError, FrameworkError, TableProblemsError
        As for :func:`change`.

    Notes
    -----
    Differences are returned less left. Intervals are Newcombe's for shares [1]_ and Welch's for
    means [2]_, each by itself.

    References
    ----------
    .. [1] Newcombe, R. G. (1998). Statistics in Medicine, 17, 873-890.
    .. [2] Welch, B. L. (1947). Biometrika, 34(1/2), 28-35.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"school_urn": ["1", "2", "3", "1"], "benchmark": "p1"})
    >>> scores["wave"] = ["baseline"] * 3 + ["year 1"]
    >>> scores["state"] = ["achieved", "partial", "partial", "achieved"]
    >>> found = who_came_back(scores, before="baseline", after="year 1").to_frame()
    >>> found[["measure", "n_returned", "n_left", "returned", "left"]]
               measure  n_returned  n_left  returned  left
    0  number achieved           1       2       1.0   0.0
    1      p1 achieved           1       2       1.0   0.0
    """
    import pandas as pd

    from careerbench.panel import attrition

    checks.require_between(confidence, 0, 1, name="confidence", step=_STEP)
    rows = ends.scores_at(scores, [before, after], names=["before", "after"], by=[], step=_STEP)
    names = checks.as_names(characteristics)
    account = attrition(rows, waves=[str(before), str(after)]).to_frame()
    first = rows[rows["wave"] == before]
    back = set(rows.loc[rows["wave"] == after, "school_urn"])
    measures = _start_measures(first)
    measures += _characteristics(schools, first, names)
    urns = pd.Index(first["school_urn"].unique())
    stayed = urns.isin(list(back))
    found = []
    for measure, category, values in measures:
        there = values.reindex(urns).to_numpy(dtype=np.float64)
        facts = _compared(there[stayed], there[~stayed], confidence)
        found.append({"measure": measure, "category": category, **facts})
    return Returners(pd.DataFrame(found), account, before, after, confidence=confidence)


def _start_measures(first: pd.DataFrame) -> list[tuple[str, str | None, pd.Series]]:
    """Say what was scored at the start: how many achieved, and which."""
    number = number_achieved(first).schools.set_index("school_urn")["n_achieved"]
    found: list[tuple[str, str | None, pd.Series]] = [("number achieved", None, number)]
    for benchmark, part in first.groupby("benchmark", observed=True, sort=False):
        state = part.set_index("school_urn")["state"].astype("str")
        achieved = (state == "achieved").astype("float64").where(state != "not scored")
        found.append((f"{benchmark} achieved", None, achieved))
    return found


def _characteristics(
    schools: pd.DataFrame | None, first: pd.DataFrame, names: list[str]
) -> list[tuple[str, str | None, pd.Series]]:
    """Turn what is known of schools into numbers: as they are, or category by category."""
    import pandas as pd

    if not names:
        return []
    hint = "schools=study.schools, one row per school"
    checks.require_frame(schools, step=_STEP, hint=hint)
    assert schools is not None
    groups.require_table(schools, ["school_urn", *names], step=_STEP, hint=hint)
    groups.require_unique(schools, ["school_urn"], step=_STEP, hint=hint)
    asked = first["school_urn"].astype(object)
    inside = schools[schools["school_urn"].astype(object).isin(asked)].set_index("school_urn")
    found: list[tuple[str, str | None, pd.Series]] = []
    for name in names:
        values = inside[name]
        if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
            numbers = groups.require_numbers(values, step=_STEP)
            found.append((name, None, pd.Series(numbers, index=values.index)))
            continue
        texts, known = values.astype("str"), values.notna()
        found += [
            (name, category, (texts == category).astype("float64").where(known))
            for category in sorted(texts[known].unique())
        ]
    return found


def _compared(
    kept: NDArray[np.float64], gone: NDArray[np.float64], confidence: float
) -> dict[str, object]:
    """Compare two sets of numbers, or of shares where all are 0 or 1."""
    n_missing = int(np.isnan(kept).sum() + np.isnan(gone).sum())
    one, two = kept[~np.isnan(kept)], gone[~np.isnan(gone)]
    everyone = np.concatenate([one, two])
    returned, left = (float(each.mean()) if len(each) else np.nan for each in (one, two))
    spread = float(everyone.std(ddof=1)) if len(everyone) > 1 else 0.0
    if np.isin(everyone, (0, 1)).all():
        low, high = intervals.difference_interval(
            (two.sum(), len(two)), (one.sum(), len(one)), confidence=confidence
        )
    else:
        low, high = _welch(one, two, confidence)
    return {
        "n_returned": len(one), "n_left": len(two), "n_missing": n_missing,
        "returned": returned, "left": left, "difference": returned - left,
        "low": float(low), "high": float(high),
        "standardised_difference": (returned - left) / spread if spread > 0 else np.nan,
    }  # fmt: skip


def _welch(one: NDArray, two: NDArray, confidence: float) -> tuple[NDArray, NDArray]:
    """Bound a difference of means without taking the spreads to be equal."""
    if min(len(one), len(two)) < 2:
        return np.array(np.nan), np.array(np.nan)
    parts = np.array([each.var(ddof=1) / len(each) for each in (one, two)])
    bottom = float((parts**2 / np.array([len(one) - 1, len(two) - 1])).sum())
    freedom = parts.sum() ** 2 / bottom if bottom > 0 else np.nan
    return intervals.t_interval(
        one.mean() - two.mean(), np.sqrt(parts.sum()), freedom, confidence=confidence
    )
