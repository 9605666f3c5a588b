"""How many, what share, what mean: the present state, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import groups, intervals
from careerbench.analysis.results import Shares
from careerbench.analysis.results_describe import METHODS, StateShares
from careerbench.scoring.states import NOT_SCORED, STATES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

_SHARE_COLUMNS = ("n_schools", "n_missing", "n_achieved", "n_partial", "n_not_achieved", "share")
_BOUNDS = {"wilson": intervals.wilson_interval, "exact": intervals.exact_interval}


def achieved_shares(
    scores: pd.DataFrame,
    *,
    by: str | Iterable[str] | None = None,
    confidence: float = 0.95,
    interval: str = "wilson",
) -> Shares:
    """Estimate the share of schools that achieve each Benchmark.

    Parameters
    ----------
    scores : DataFrame
        One row per school, wave and Benchmark: ``school_urn``, ``benchmark``, ``state``
        (achieved, partial, not achieved, not scored); ``wave`` and ``framework`` if there are
        any.
    by : str or list of str, optional
        Columns to take apart, such as ``"la_name"``. ``wave`` is always taken apart.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).
    interval : {"wilson", "exact"}
        Wilson's score interval, which covers about as often as it says, or the exact one of
        Clopper and Pearson, which never covers less often and with few schools is wide.

    Returns
    -------
    Shares
        One row per group, wave and Benchmark, in the order met (or of the categories). Shares
        are proportions from 0 to 1, missing where no school is scored.

    Raises
    ------
    MissingColumnsError
        If ``scores`` lacks a column.
    TableProblemsError
        If a row is there twice, has no school or Benchmark, or an unknown state.
    FrameworkError
        If the table mixes framework editions and ``by`` does not name ``framework``.

    Notes
    -----
    Schools that are not scored leave the denominator and are counted in ``n_missing``. Schools
    with no value for a ``by`` column are a group of their own, last. Intervals are Wilson's [1]_
    or the exact ones [2]_, with schools as the independent unit.

    References
    ----------
    .. [1] Wilson, E. B. (1927). J. American Statistical Association, 22(158), 209-212.
    .. [2] Clopper, C. J. and Pearson, E. S. (1934). Biometrika, 26(4), 404-413.

    Examples
    --------
    >>> import pandas as pd
    >>> states = ["achieved", "partial", "not scored"]
    >>> scores = pd.DataFrame({"school_urn": ["1", "2", "3"], "state": states})
    >>> shares = achieved_shares(scores.assign(benchmark="p1"))
    >>> shares.to_frame()[["benchmark", "n_schools", "n_missing", "share"]]
      benchmark  n_schools  n_missing  share
    0        p1          2          1    0.5
    """
    step = "achieved_shares"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    checks.require_one_of(interval, METHODS, name="interval", step=step)
    taken = (*_SHARE_COLUMNS, "low", "high", "school_urn", "state")
    names = groups.free_names(by, taken, step=step, implied=("wave", "benchmark"))
    groups.check_scores(scores, by=names, step=step)
    keys = [*names, *groups.given(scores, "wave"), "benchmark"]
    group, table = groups.group_rows(scores, keys)
    n = _count_states(scores["state"], group, len(table))
    table["n_schools"] = n["achieved"] + n["partial"] + n["not achieved"]
    table["n_missing"] = n["not scored"]
    for state in ("achieved", "partial", "not achieved"):
        table[f"n_{state.replace(' ', '_')}"] = n[state]
    table["share"] = groups.ratio(n["achieved"], table["n_schools"].to_numpy())
    table["low"], table["high"] = _BOUNDS[interval](
        n["achieved"], table["n_schools"], confidence=confidence
    )
    return Shares(
        table, confidence=confidence, by=tuple(names), interval=interval,
        framework=groups.editions(scores),
    )  # fmt: skip


def state_shares(
    scores: pd.DataFrame,
    *,
    by: str | Iterable[str] | None = None,
    confidence: float = 0.95,
    interval: str = "wilson",
) -> StateShares:
    """Estimate the share of schools in each state of each Benchmark.

    Parameters
    ----------
    scores, by, confidence, interval
        As for :func:`achieved_shares`.

    Returns
    -------
    StateShares
        One row per group, wave, Benchmark and state, best state first and ``not scored`` last:
        ``n``, ``n_scored``, ``n_schools``, ``share`` of the scored (0 to 1, missing for ``not
        scored``) with its interval, and ``share_of_all``.

    Raises
    ------
    MissingColumnsError, TableProblemsError, FrameworkError
        As for :func:`achieved_shares`.

    Examples
    --------
    >>> import pandas as pd
    >>> states = ["achieved", "partial", "not scored"]
    >>> scores = pd.DataFrame({"school_urn": ["1", "2", "3"], "state": states, "benchmark": "p1"})
    >>> state_shares(scores).to_frame()[["state", "n", "n_scored", "share"]]
              state  n  n_scored  share
    0      achieved  1         2    0.5
    1       partial  1         2    0.5
    2  not achieved  0         2    0.0
    3    not scored  1         2    NaN
    """
    step = "state_shares"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    checks.require_one_of(interval, METHODS, name="interval", step=step)
    taken = ("n", "n_scored", "n_schools", "share", "share_of_all", "low", "high", "school_urn",
             "state")  # fmt: skip
    names = groups.free_names(by, taken, step=step, implied=("wave", "benchmark"))
    groups.check_scores(scores, by=names, step=step)
    keys = [*names, *groups.given(scores, "wave"), "benchmark"]
    group, found = groups.group_rows(scores, keys)
    n = _count_states(scores["state"], group, len(found))
    table = found.loc[found.index.repeat(len(STATES))].reset_index(drop=True)
    count = np.stack([n[word] for word in STATES], axis=1)
    scored, everyone = count[:, :-1].sum(axis=1), count.sum(axis=1)
    table["state"] = list(STATES) * len(found)
    table["n"] = count.reshape(-1)
    table["n_scored"], table["n_schools"] = (
        np.repeat(each, len(STATES)) for each in (scored, everyone)
    )
    base = np.where(table["state"] == NOT_SCORED, 0, table["n_scored"])
    part = np.where(base > 0, table["n"], 0)
    table["share"] = groups.ratio(part, base)
    table["low"], table["high"] = _BOUNDS[interval](part, base, confidence=confidence)
    table["share_of_all"] = groups.ratio(table["n"].to_numpy(), table["n_schools"].to_numpy())
    return StateShares(
        table, confidence=confidence, interval=interval, by=tuple(names),
        framework=groups.editions(scores),
    )  # fmt: skip


def _count_states(
    state: pd.Series, group: NDArray[np.int64], n_groups: int
) -> dict[str, NDArray[np.int64]]:
    """Count the schools of each group in each of the four states."""
    return {
        word: groups.count_in(group, n_groups, (state == word).to_numpy(dtype=bool))
        for word in STATES
    }
