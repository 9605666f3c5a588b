"""Sentences for pictures in which each school is a mark: funnel, caterpillar, distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.fair_results import Funnel, Ranks, Shrunken
from careerbench.errors import counted
from careerbench.plots import theme
from careerbench.plots.caterpillar import shown_of
from careerbench.plots.distribution import say_value, values_of
from careerbench.plots.funnel import kinds_of
from careerbench.plots.hidden import hidden_words, is_hidden
from careerbench.plots.rows import which

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from careerbench.analysis.results_describe import NumberAchieved

_FEW = 5


def describe_funnel(
    found: Funnel, *, school: str | None = None, labels: Mapping[str, str] | None = None
) -> str:
    """Say what a funnel shows: the target, how many schools lie outside the limits, and which.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> counts = pd.DataFrame({"met": [12, 30, 50], "asked": [82, 98, 125]})
    >>> counts = counts.assign(school_urn=list("abc"))
    >>> found = analysis.funnel(counts, numerator="met", denominator="asked", adjustment="none")
    >>> print(describe_funnel(found, school="b"))
    Shares of 3 schools against 30%, all schools together: 1 within the limits, 1 outside 95% and
    1 outside 99.8%. Outside 99.8%: a, at 15% of 82. My school, b, is at 31% of 98, within the
    limits.
    """
    step = "describe_funnel"
    hint = "analysis.funnel(data, numerator=..., denominator=...)"
    theme.require_record(found, Funnel, step=step, hint=hint)
    table = found.to_frame()
    mine = theme.find_school(table, school, step=step)
    known = table[table["share"].notna()]
    hidden = hidden_words(int(is_hidden(table, "share").sum()), "school")
    goal = "the target" if found.target_given else "all schools together"
    head = (
        f"Shares of {counted(len(known), 'school')} against {theme.percent(found.target)}, {goal}"
    )
    if known.empty:
        return f"{head}: no school to compare.{hidden}"
    kinds = kinds_of(known)
    n = {kind: int((kinds == kind).sum()) for kind in ("within", "watch", "far")}
    said = f"{n['within']} within the limits, {n['watch']} outside 95% and {n['far']} outside 99.8%"
    far = known[kinds == "far"]
    furthest = far.loc[far["z_adjusted"].abs().sort_values(ascending=False, kind="stable").index]
    names = [_share_of(row, labels) for _, row in furthest.head(_FEW).iterrows()]
    more = f" and {len(far) - _FEW} more" if len(far) > _FEW else ""
    which_far = f" Outside 99.8%: {'; '.join(names)}{more}." if names else ""
    return f"{head}: {said}.{which_far}{_my_share(table, mine, labels)}{hidden}"


def describe_caterpillar(
    found: Shrunken | Ranks, *, school: str | None = None, labels: Mapping[str, str] | None = None
) -> str:
    """Say what a caterpillar shows: the first and the last school, with their intervals.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> counts = pd.DataFrame({"met": [2, 30, 50, 9], "asked": [4, 98, 125, 60]})
    >>> counts = counts.assign(school_urn=list("abcd"))
    >>> found = analysis.shrunken_estimates(counts, numerator="met", denominator="asked")
    >>> print(describe_caterpillar(found, school="a"))
    4 schools in order with 95% intervals. First is c, at 38% (31% to 48%); last is d, at 20% (9%
    to 30%). My school, a, is at 33% (14% to 71%). The interval of the first and that of the last
    do not overlap.
    """
    step = "describe_caterpillar"
    shown = shown_of(found, step=step)
    table = found.to_frame()
    mine = theme.find_school(table, school, step=step)
    known = table[table[shown.value].notna()]
    hidden = hidden_words(int(is_hidden(table, shown.value).sum()), "school")
    level = theme.percent(found.confidence)
    head = f"{counted(len(known), 'school')} in order with {level} intervals."
    if known.empty:
        return f"{head} No school has figures.{hidden}"
    order = known.sort_values(shown.value, ascending=not shown.upwards, kind="stable")
    first, last = order.iloc[0], order.iloc[-1]

    def said(row: pd.Series) -> str:
        value, low, high = (
            _figure(row[name], found) for name in (shown.value, shown.low, shown.high)
        )
        return f"at {value} ({low} to {high})"

    my = ""
    if mine is not None:
        name = theme.named(school, labels)
        where = said(table.loc[mine]) if mine in known.index else "without a figure to show"
        my = f" My school, {name}, is {where}."
    if len(order) == 1:
        return f"{head} The only one is {_name(first, labels)}, {said(first)}.{my}{hidden}"
    apart = (
        first[shown.low] > last[shown.high]
        if shown.upwards
        else first[shown.high] < last[shown.low]
    )
    overlap = "do not overlap" if apart else "overlap"
    return (
        f"{head} First is {_name(first, labels)}, {said(first)}; last is {_name(last, labels)}, "
        f"{said(last)}.{my} The interval of the first and that of the last {overlap}.{hidden}"
    )


def describe_distribution(
    found: NumberAchieved | Funnel | Shrunken,
    *,
    school: str | None = None,
    where: Mapping[str, object] | None = None,
    labels: Mapping[str, str] | None = None,
) -> str:
    """Say what a distribution shows: lowest, middle and highest, and where my school stands.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> scores = pd.DataFrame({"school_urn": list("112233"), "benchmark": ["p1", "p2"] * 3})
    >>> scores["state"] = ["achieved"] * 4 + ["achieved", "partial"]
    >>> print(describe_distribution(analysis.number_achieved(scores), school="3"))
    How 3 schools are spread: from 1 Benchmark to 2 Benchmarks, half of them at 2 Benchmarks or
    more. My school, 3, is at 1 Benchmark: 0 schools are lower, 2 higher and 0 the same.
    """
    step = "describe_distribution"
    rows, value, keys = values_of(found, where, step=step)
    mine = theme.find_school(rows, school, step=step)
    known = rows[value].dropna().astype(float)
    veiled = is_hidden(rows, value)
    hidden = hidden_words(int(veiled.sum()), "school")
    head = f"How {counted(len(known), 'school')} are spread{which(rows, keys)}"
    if known.empty:
        return f"{head}: no school has a figure.{hidden}"
    middle = float(np.quantile(known, 0.5, method="lower" if len(known) % 2 else "higher"))
    low, half, high = (say_value(at, found) for at in (known.min(), middle, known.max()))
    said = f"{head}: from {low} to {high}, half of them at {half} or more."
    if mine is None:
        return said + hidden
    name, at = theme.named(school, labels), float(rows.loc[mine, value])
    if at != at:
        why = "is hidden to protect people" if is_hidden(rows.loc[[mine]], value)[0] else "has none"
        return f"{said} The figure of my school, {name}, {why}.{hidden}"
    lower, higher = int((known < at).sum()), int((known > at).sum())
    same = len(known) - lower - higher - 1
    n_lower = f"{counted(lower, 'school')} {'is' if lower == 1 else 'are'}"
    return (
        f"{said} My school, {name}, is at {say_value(at, found)}: {n_lower} lower, "
        f"{higher} higher and {same} the same.{hidden}"
    )


def _name(row: pd.Series, labels: Mapping[str, str] | None) -> str:
    return theme.named(row.iloc[0], labels)


def _share_of(row: pd.Series, labels: Mapping[str, str] | None) -> str:
    """Say one school's share with what it is of."""
    return f"{_name(row, labels)}, at {theme.percent(row['share'])} of {int(row['denominator'])}"


def _my_share(table: pd.DataFrame, mine: object, labels: Mapping[str, str] | None) -> str:
    """Say where my school lies in the funnel."""
    if mine is None:
        return ""
    row = table.loc[mine]
    if np.isnan(row["share"]):
        return f" My school, {_name(row, labels)}, has no share to show."
    words = {"within": "within the limits", "watch": "outside 95%", "far": "outside 99.8%"}
    lies = words[str(kinds_of(table.loc[[mine]])[0])]
    share = f"{theme.percent(row['share'])} of {int(row['denominator'])}"
    return f" My school, {_name(row, labels)}, is at {share}, {lies}."


def _figure(value: float, found: Shrunken | Ranks) -> str:
    """Say a figure, or a rank, in its units."""
    return f"rank {value:.0f}" if isinstance(found, Ranks) else say_value(value, found)
