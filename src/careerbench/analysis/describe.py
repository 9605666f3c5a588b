"""How many, what share, what mean: the present state, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import groups, intervals
from careerbench.analysis.results import ScaleMeans, Shares
from careerbench.scoring.states import STATES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

_SHARE_COLUMNS = ("n_schools", "n_missing", "n_achieved", "n_partial", "n_not_achieved", "share")
_MEAN_COLUMNS = ("n_respondents", "n_missing", "n_schools", "mean", "sd", "low", "high")


def achieved_shares(
    scores: pd.DataFrame, *, by: str | Iterable[str] | None = None, confidence: float = 0.95
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
    with no value for a ``by`` column are a group of their own, last. Intervals are Wilson score
    intervals [1]_ with schools as the independent unit.

    References
    ----------
    .. [1] Wilson, E. B. (1927). J. American Statistical Association, 22(158), 209-212.

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
    table["low"], table["high"] = intervals.wilson_interval(
        n["achieved"], table["n_schools"], confidence=confidence
    )
    return Shares(table, confidence=confidence, by=tuple(names))


def scale_means(
    scale_scores: pd.DataFrame,
    *,
    by: str | Iterable[str] | None = ("school_urn", "year_group"),
    confidence: float = 0.95,
) -> ScaleMeans:
    """Estimate mean scale scores, with intervals that respect clustering in schools.

    Parameters
    ----------
    scale_scores : DataFrame
        One row per respondent, wave and scale: ``school_urn``, ``scale``, ``score`` (number,
        missing where too few items were answered), ``wave`` if there are any, and the columns
        of ``by``.
    by : str or list of str, default ("school_urn", "year_group")
        Columns to take apart. ``scale`` and ``wave`` always are.
    confidence : float, default 0.95
        Coverage of the intervals, a proportion in (0, 1).

    Returns
    -------
    ScaleMeans
        One row per group, wave and scale, in points of the scale. ``interval_basis`` says what
        the interval rests on: ``schools``, ``respondents of one school``, or why there is none
        (``too few``, ``no spread``).

    Raises
    ------
    MissingColumnsError
        If the table lacks a column.
    TableProblemsError
        If scores are text, a school or scale is missing, or a respondent is there twice.

    Notes
    -----
    Respondents with no score are counted in ``n_missing`` and in no mean. With two or more
    schools in a group the variance is Taylor-linearised with schools as clusters and the
    interval is Student's t on ``n_schools - 1`` degrees of freedom [1]_; ``design_effect`` is
    that variance over ``sd**2 / n_respondents``. With one school it is the ordinary t interval
    over its respondents and speaks about that school only.

    References
    ----------
    .. [1] Lumley, T. (2004). J. Statistical Software, 9(8), 1-19.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"school_urn": list("aabb"), "score": [1.0, 2.0, 3.0, None]})
    >>> means = scale_means(answers.assign(scale="efficacy"), by=None)
    >>> means.to_frame()[["scale", "n_respondents", "n_missing", "n_schools", "mean"]]
          scale  n_respondents  n_missing  n_schools  mean
    0  efficacy              3          1          2   2.0
    """
    step = "scale_means"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    taken = (*_MEAN_COLUMNS, "interval_basis", "design_effect", "score", "respondent")
    names = groups.free_names(by, taken, step=step, implied=("scale", "wave"))
    score = _check_scale_scores(scale_scores, names, step=step)
    keys = [*names, *groups.given(scale_scores, "wave"), "scale"]
    group, table = groups.group_rows(scale_scores, keys)
    there = ~np.isnan(score)
    table["n_respondents"] = groups.count_in(group, len(table), there)
    table["n_missing"] = groups.count_in(group, len(table), ~there)
    _add_means(table, group[there], score[there], scale_scores["school_urn"][there], confidence)
    return ScaleMeans(table, confidence=confidence, by=tuple(names))


def _check_scale_scores(frame: pd.DataFrame, by: list[str], *, step: str) -> NDArray[np.float64]:
    """Refuse scale scores that cannot be averaged; hand back the scores as numbers."""
    hint = "scoring.score_scale(answers, scale)"
    checks.require_frame(frame, step=step, hint=hint)
    needed = ["school_urn", "scale", "score", *by]
    checks.require_columns(frame.columns, needed, step=step, hint=hint)
    groups.require_filled(frame, ["school_urn", "scale"], step=step)
    if "respondent" in frame.columns:
        groups.require_filled(frame, ["respondent"], step=step)
        key = ["school_urn", "respondent", *groups.given(frame, "wave"), "scale"]
        groups.require_unique(frame, key, step=step, hint="one score for each respondent")
    return groups.require_numbers(frame["score"], step=step)


def _count_states(
    state: pd.Series, group: NDArray[np.int64], n_groups: int
) -> dict[str, NDArray[np.int64]]:
    """Count the schools of each group in each of the four states."""
    return {
        word: groups.count_in(group, n_groups, (state == word).to_numpy(dtype=bool))
        for word in STATES
    }


def _add_means(
    table: pd.DataFrame,
    group: NDArray[np.int64],
    score: NDArray[np.float64],
    school: pd.Series,
    confidence: float,
) -> None:
    """Add mean, spread, interval and what it rests on to one row per group."""
    n, n_groups = table["n_respondents"].to_numpy(), len(table)
    mean = groups.ratio(np.bincount(group, score, minlength=n_groups), n)
    squares = np.bincount(group, (score - mean[group]) ** 2, minlength=n_groups)
    table["n_schools"], clustered = _school_errors(group, score, school, n_groups)
    table["mean"] = mean
    table["sd"] = np.sqrt(groups.ratio(squares, np.maximum(n - 1, 0)))
    within = table["sd"].to_numpy() / np.sqrt(np.maximum(n, 1))
    alike = _is_constant(group, score, n_groups) | (clustered < 1e-9 * within)
    basis = _bases(n, table["n_schools"].to_numpy(), alike)
    by_school = basis == "schools"
    error = np.where(by_school, clustered, within)
    freedom = np.where(by_school, table["n_schools"] - 1, n - 1)
    low, high = intervals.t_interval(mean, error, freedom, confidence=confidence)
    known = by_school | (basis == "respondents of one school")
    table["low"], table["high"] = np.where(known, low, np.nan), np.where(known, high, np.nan)
    table["interval_basis"] = basis
    table["design_effect"] = np.where(by_school, groups.ratio(clustered**2, within**2), np.nan)


def _bases(
    n: NDArray[np.int64], n_schools: NDArray[np.int64], alike: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Say what the interval of each group rests on, or why there is none."""
    conditions = [n < 2, alike, n_schools > 1]
    words = ["too few", "no spread", "schools"]
    return np.select(conditions, words, default="respondents of one school").astype(object)


def _is_constant(
    group: NDArray[np.int64], score: NDArray[np.float64], n_groups: int
) -> NDArray[np.bool_]:
    """Find groups in which everyone has the same score."""
    least, most = np.full(n_groups, np.inf), np.full(n_groups, -np.inf)
    np.minimum.at(least, group, score)
    np.maximum.at(most, group, score)
    return least == most


def _school_errors(
    group: NDArray[np.int64], score: NDArray[np.float64], school: pd.Series, n_groups: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Count the schools of each group, and return the standard error with schools as clusters."""
    import pandas as pd

    code, distinct = pd.factorize(school)
    cells, cluster = np.unique(group * max(len(distinct), 1) + code, return_inverse=True)
    owner = cells // max(len(distinct), 1)
    error = np.full(n_groups, np.nan)
    if len(cells):
        _, found = intervals.clustered_mean(
            np.bincount(cluster, score), np.bincount(cluster), owner
        )
        error[: len(found)] = found
    return np.bincount(owner, minlength=n_groups), error
