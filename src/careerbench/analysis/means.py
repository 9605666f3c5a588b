"""Mean survey scores of any slice, with intervals that respect schools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import clusters, groups, intervals
from careerbench.analysis.results import ScaleMeans

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

_MEAN_COLUMNS = ("n_respondents", "n_missing", "n_schools", "mean", "sd", "low", "high")
_MORE = ("interval_basis", "design_effect", "icc", "std_error", "df")
INTERVALS = ("cr2", "taylor")


def scale_means(
    scale_scores: pd.DataFrame,
    *,
    by: str | Iterable[str] | None = ("school_urn", "year_group"),
    confidence: float = 0.95,
    interval: str = "cr2",
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
    interval : {"cr2", "taylor"}
        How the interval over several schools is made: bias-reduced errors with Satterthwaite
        degrees of freedom, or Taylor linearisation with one less than the number of schools,
        which survey packages give and which is too narrow with few schools of unequal size.

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
    schools in a group the interval is Student's t with schools as clusters: by default with CR2
    errors and Satterthwaite degrees of freedom [1]_ (see
    :func:`careerbench.analysis.clusters.cr2_mean`), whose coverage stays between 93% and 97% at
    10, 20 and 70 schools of very unequal size. ``design_effect`` is the Taylor-linearised
    variance [2]_ over ``sd**2 / n_respondents``; ``icc`` is the intraclass correlation by the
    analysis of variance [3]_, not cut off at 0. With one school the interval is the ordinary t
    interval over its respondents and speaks about that school only.

    References
    ----------
    .. [1] Pustejovsky, J. E. and Tipton, E. (2018). J. Business & Economic Statistics, 36(4),
       672-683.
    .. [2] Lumley, T. (2004). J. Statistical Software, 9(8), 1-19.
    .. [3] Donner, A. (1986). International Statistical Review, 54(1), 67-82.

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
    checks.require_one_of(interval, INTERVALS, name="interval", step=step)
    taken = (*_MEAN_COLUMNS, *_MORE, "score", "respondent")
    names = groups.free_names(by, taken, step=step, implied=("scale", "wave"))
    score = check_scale_scores(scale_scores, names, step=step)
    keys = [*names, *groups.given(scale_scores, "wave"), "scale"]
    group, table = groups.group_rows(scale_scores, keys)
    there = ~np.isnan(score)
    table["n_respondents"] = groups.count_in(group, len(table), there)
    table["n_missing"] = groups.count_in(group, len(table), ~there)
    school = scale_scores["school_urn"][there]
    _add_means(table, group[there], score[there], school, (interval, confidence))
    return ScaleMeans(table, confidence=confidence, by=tuple(names), interval=interval)


def check_scale_scores(frame: pd.DataFrame, by: list[str], *, step: str) -> NDArray[np.float64]:
    """Refuse scale scores that cannot be averaged; hand back the scores as numbers."""
    hint = "scoring.score_scale(answers, scale)"
    groups.require_table(frame, ["school_urn", "scale", "score", *by], step=step, hint=hint)
    known = [name for name in ("respondent", "wave") if groups.given(frame, name)]
    groups.require_plain(frame, known, step=step)
    groups.require_filled(frame, ["school_urn", "scale"], step=step)
    if "respondent" in frame.columns:
        groups.require_filled(frame, ["respondent"], step=step)
        key = ["school_urn", "respondent", *groups.given(frame, "wave"), "scale"]
        groups.require_unique(frame, key, step=step, hint="one score for each respondent")
    return groups.require_numbers(frame["score"], step=step)


def _add_means(
    table: pd.DataFrame,
    group: NDArray[np.int64],
    score: NDArray[np.float64],
    school: pd.Series,
    how: tuple[str, float],
) -> None:
    """Add mean, spread, interval and what it rests on to one row per group."""
    n, n_groups = table["n_respondents"].to_numpy(), len(table)
    mean = groups.ratio(np.bincount(group, score, minlength=n_groups), n)
    squares = np.bincount(group, (score - mean[group]) ** 2, minlength=n_groups)
    found = _school_errors(group, score - mean[group], school, n_groups)
    table["n_schools"] = found["n_schools"]
    table["mean"] = mean
    table["sd"] = np.sqrt(groups.ratio(squares, np.maximum(n - 1, 0)))
    within = table["sd"].to_numpy() / np.sqrt(np.maximum(n, 1))
    alike = _is_constant(group, score, n_groups) | (found["taylor"] < 1e-9 * within)
    basis = _bases(n, found["n_schools"], alike)
    by_school = basis == "schools"
    known = by_school | (basis == "respondents of one school")
    error = np.where(known, np.where(by_school, found[how[0]], within), np.nan)
    freedom = np.where(by_school, found[f"{how[0]}_df"], n - 1)
    table["low"], table["high"] = intervals.t_interval(mean, error, freedom, confidence=how[1])
    table["interval_basis"] = basis
    table["design_effect"] = np.where(
        by_school, groups.ratio(found["taylor"] ** 2, within**2), np.nan
    )
    table["icc"] = np.where(n > 1, found["icc"], np.nan)
    table["std_error"], table["df"] = error, np.where(known, freedom, np.nan)


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
) -> dict[str, NDArray]:
    """Count the schools of each group; both standard errors with schools as clusters; the ICC."""
    import pandas as pd

    code = pd.factorize(school)[0]
    owner, total, size, square = clusters.cluster_sums(group, code, score)
    n_schools = np.bincount(owner, minlength=n_groups)
    _, cr2, freedom = clusters.cr2_mean(total, size, owner, n_groups=n_groups)
    taylor = np.full(n_groups, np.nan)
    if len(owner):
        found = intervals.clustered_mean(total, size, owner)[1]
        taylor[: len(found)] = found
    return {
        "n_schools": n_schools,
        "cr2": cr2,
        "cr2_df": freedom,
        "taylor": taylor,
        "taylor_df": n_schools - 1,
        "icc": clusters.anova_icc(total, size, square, owner, n_groups=n_groups),
    }
