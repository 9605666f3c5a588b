"""Whether the items of a scale hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench import checks
from careerbench.analysis import groups
from careerbench.analysis.results import Reliability

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

_COLUMNS = ("n_items", "n_respondents", "n_complete", "n_dropped", "alpha", "low", "high")


def scale_reliability(
    answers: pd.DataFrame, *, by: str | Iterable[str] | None = None, confidence: float = 0.95
) -> Reliability:
    """Estimate Cronbach's alpha of a set of items.

    Parameters
    ----------
    answers : DataFrame
        One row per respondent and item: ``respondent``, ``item``, ``value`` (number, already
        reversed where the item is; missing where not answered); ``school_urn`` where codes
        of respondents may repeat between schools.
    by : str or list of str, optional
        Columns to take apart, such as ``["scale", "wave"]``.
    confidence : float, default 0.95
        Coverage of the interval, a proportion in (0, 1).

    Returns
    -------
    Reliability
        One row per group: alpha (at most 1, below 0 where items disagree), its interval, and
        ``alpha_reason`` where there is none.

    Raises
    ------
    MissingColumnsError
        If the table lacks a column.
    TableProblemsError
        If values are text, or a respondent has an item twice in one group.

    Notes
    -----
    Only respondents who answered every item are used; the others are counted in ``n_dropped``.
    Alpha [1]_ and Feldt's interval [2]_ come from pingouin, which rounds the interval to three
    decimals.

    References
    ----------
    .. [1] Cronbach, L. J. (1951). Psychometrika, 16(3), 297-334.
    .. [2] Feldt, L. S., Woodruff, D. J. and Salih, F. A. (1987). Applied Psychological
       Measurement, 11(1), 93-103.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({
    ...     "respondent": list("aabbcc"), "item": ["q1", "q2"] * 3, "value": [1, 2, 2, 2, 3, 4],
    ... })
    >>> found = scale_reliability(answers).to_frame()
    >>> found[["n_items", "n_complete", "n_dropped", "alpha"]].round(3)
       n_items  n_complete  n_dropped  alpha
    0        2           3          0  0.923
    """
    step = "scale_reliability"
    checks.require_between(confidence, 0, 1, name="confidence", step=step)
    names = groups.free_names(by, (*_COLUMNS, "respondent", "item", "value"), step=step)
    _check_answers(answers, names, step=step)
    group, table = groups.group_rows(answers, names)
    values = answers.assign(value=groups.require_numbers(answers["value"], step=step))
    rows = [_alpha(values[group == number], confidence) for number in range(len(table))]
    for place, column in enumerate((*_COLUMNS, "alpha_reason")):
        table[column] = [row[place] for row in rows]
    return Reliability(table, confidence=confidence, by=tuple(names))


def _check_answers(answers: pd.DataFrame, by: list[str], *, step: str) -> None:
    """Refuse answers that do not make one value per respondent and item."""
    hint = "one row per respondent and item, with a number in 'value'"
    checks.require_frame(answers, step=step, hint=hint)
    needed = ["respondent", "item", "value", *by]
    checks.require_columns(answers.columns, needed, step=step, hint=hint)
    groups.require_filled(answers, ["respondent", "item"], step=step)
    key = [*by, *_who(answers), "item"]
    once = "one answer for each; by='wave' where the same people were asked again"
    groups.require_unique(answers, key, step=step, hint=once)


def _who(answers: pd.DataFrame) -> list[str]:
    """Name the columns that tell respondents apart: codes may repeat between schools."""
    return [*groups.given(answers, "school_urn"), "respondent"]


def _alpha(answers: pd.DataFrame, confidence: float) -> tuple[object, ...]:
    """Return the counts, alpha, its interval and a reason if there is none, for one group."""
    import pingouin

    wide = answers.pivot(index=_who(answers), columns="item", values="value")  # noqa: PD010 - unique
    complete = wide.dropna()
    counts = (wide.shape[1], len(wide), len(complete), len(wide) - len(complete))
    if wide.shape[1] < 2 or len(complete) < 2:
        reason = "one item" if wide.shape[1] < 2 else "too few complete"
    elif np.ptp(complete.sum(axis="columns").to_numpy()) == 0:
        reason = "no spread"
    else:
        alpha, (low, high) = pingouin.cronbach_alpha(complete, ci=confidence)
        return *counts, float(alpha), float(low), float(high), None
    return *counts, np.nan, np.nan, np.nan, reason
