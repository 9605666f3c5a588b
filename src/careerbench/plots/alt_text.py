"""A sentence or two for each figure, from its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.analysis.results import Change, ScaleMeans, Shares
from careerbench.errors import counted
from careerbench.plots import theme
from careerbench.plots.heatmap import require_drawable
from careerbench.plots.hidden import hidden_words, is_hidden
from careerbench.plots.series import say
from careerbench.result import half_up
from careerbench.scoring.states import STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def describe_shares(shares: Shares, *, labels: Mapping[str, str] | None = None) -> str:
    """Say what a profile shows: the highest and the lowest share, and of how many schools.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.analysis import achieved_shares
    >>> scores = pd.DataFrame({"school_urn": ["1", "2"], "state": ["achieved", "partial"]})
    >>> print(describe_shares(achieved_shares(scores.assign(benchmark="p1"))))
    Share of schools achieving each of 1 Benchmark, 2 schools scored. The only one is p1, at 50%
    (1 of 2).
    """
    theme.require_record(
        shares, Shares, step="describe_shares", hint="analysis.achieved_shares(scores)"
    )
    table = shares.to_frame()
    known = table[(table["n_schools"] > 0) & table["share"].notna()]
    n_benchmarks = table["benchmark"].nunique()
    head = (
        f"Share of schools achieving each of {counted(n_benchmarks, 'Benchmark')}{_waves_in(table)}"
    )
    if known.empty:
        return f"{head}: no school is scored."
    keys = [name for name in (*shares.by, "wave") if name in table.columns]
    high, low = (
        _share_of(known.loc[index], keys, labels)
        for index in (known["share"].idxmax(), known["share"].idxmin())
    )
    extremes = f"Highest is {high}; lowest is {low}."
    if len(known) == 1:
        extremes = f"The only one is {high}."
    elif known["share"].min() == known["share"].max():
        extremes = f"All are at {theme.percent(known['share'].iloc[0])}."
    hidden = hidden_words(int(is_hidden(table, "share").sum()), "share")
    return f"{head}, {_range(known['n_schools'], 'school')} scored. {extremes}{hidden}"


def describe_heatmap(scores: pd.DataFrame) -> str:
    """Say what a heat map shows: how many schools, and how often each state occurs.

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"school_urn": ["1", "2"], "state": ["achieved", "not scored"]})
    >>> print(describe_heatmap(scores.assign(benchmark="p1")))
    Where 2 schools stand on 1 Benchmark: of 2 cells, 1 achieved, 0 partial, 0 not achieved and
    1 not scored.
    """
    withheld = require_drawable(scores, step="describe_heatmap")
    n_schools, n_benchmarks = scores["school_urn"].nunique(), scores["benchmark"].nunique()
    n_states = [f"{int((scores['state'] == state).sum())} {state}" for state in STATES]
    return (
        f"Where {counted(n_schools, 'school')} {'stands' if n_schools == 1 else 'stand'} on "
        f"{counted(n_benchmarks, 'Benchmark')}{_waves_in(scores)}: of "
        f"{counted(len(scores), 'cell')}, {', '.join(n_states[:-1])} and {n_states[-1]}."
        f"{hidden_words(int(withheld.sum()), 'cell')}"
    )


def describe_scale_means(means: ScaleMeans) -> str:
    """Say what a picture of means shows: the highest and the lowest, and of how many.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench.analysis import scale_means
    >>> answers = pd.DataFrame({"school_urn": list("aabb"), "score": [1.0, 2.0, 3.0, 4.0]})
    >>> answers = answers.assign(scale="efficacy", year_group=["3", "4", "3", "4"])
    >>> print(describe_scale_means(scale_means(answers, by="year_group")))
    Mean efficacy score of 2 groups, 4 respondents in all. Highest is 3.0 (year group 4); lowest
    is 2.0 (year group 3).
    """
    hint = "analysis.scale_means(scale_scores)"
    theme.require_record(means, ScaleMeans, step="describe_scale_means", hint=hint)
    table = means.to_frame()
    known = table[(table["n_respondents"] > 0) & table["mean"].notna()]
    scales = table["scale"].unique()
    head = f"Mean {f'{scales[0]} score' if len(scales) == 1 else 'scale scores'} of "
    head += f"{counted(len(table), 'group')}{_waves_in(table)}"
    if known.empty:
        return f"{head}: no respondent has a score."
    keys = [*means.by, "wave", *(["scale"] if len(scales) > 1 else [])]
    keys = [name for name in keys if name in table.columns]
    high, low = (
        f"{half_up(known.loc[index, 'mean'], places=1)}{_where(known.loc[index], keys)}"
        for index in (known["mean"].idxmax(), known["mean"].idxmin())
    )
    n = counted(int(known["n_respondents"].sum()), "respondent")
    extremes = f"Highest is {high}; lowest is {low}." if len(known) > 1 else f"It is {high}."
    hidden = hidden_words(int(is_hidden(table, "mean").sum()), "mean")
    return f"{head}, {n} in all. {extremes}{hidden}"


def describe_change(change: Change, *, labels: Mapping[str, str] | None = None) -> str:
    """Say what a picture of change shows: how many rose, and the largest change.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> scores = pd.DataFrame({"school_urn": ["1", "1"], "wave": ["before", "after"]})
    >>> scores = scores.assign(benchmark="p1", state=["partial", "achieved"])
    >>> print(describe_change(analysis.change(scores, before="before", after="after")))
    Share of the same schools achieving each Benchmark, before and after, 1 matched school. Of 1
    Benchmark 1 rose, 0 fell and 0 stayed. The largest change is p1, from 0% to 100% (+100
    percentage points).
    """
    hint = "analysis.change(scores, before=..., after=...)"
    theme.require_record(change, Change, step="describe_change", hint=hint)
    table = change.to_frame()
    known = table[(table["n_pairs"] > 0) & table["matched_change_pp"].notna()]
    head = f"Share of the same schools achieving each Benchmark, {change.before} and {change.after}"
    if known.empty:
        return f"{head}: no school is scored at both."
    points = known["matched_change_pp"]
    rose, fell = int((points > 0).sum()), int((points < 0).sum())
    row = known.loc[points.abs().idxmax()]
    first, second = (theme.percent(row[f"matched_share_{end}"]) for end in ("before", "after"))
    move = half_up(round(float(row["matched_change_pp"]), 9), sign=True)
    what = "Benchmark" if not change.by else "row"
    return (
        f"{head}, {_range(known['n_pairs'], 'matched school')}. Of "
        f"{counted(len(known), what)} {rose} rose, {fell} fell and {len(known) - rose - fell} "
        f"stayed. The largest change is {theme.named(row['benchmark'], labels)}"
        f"{_where(row, list(change.by))}, from {first} to {second} ({move} percentage points)."
        f"{hidden_words(int(is_hidden(table, 'matched_change_pp').sum()), 'change')}"
    )


def _share_of(row: pd.Series, keys: list[str], labels: Mapping[str, str] | None) -> str:
    """Say one share with its counts."""
    name = f"{theme.named(row['benchmark'], labels)}{_where(row, keys)}"
    return f"{name}, at {theme.percent(row['share'])} ({row['n_achieved']} of {row['n_schools']})"


def _where(row: pd.Series, keys: list[str]) -> str:
    """Name a row's group in brackets."""
    said = [f"{key.replace('_', ' ')} {say(row[key])}" for key in keys]
    return f" ({', '.join(said)})" if said else ""


def _waves_in(table: pd.DataFrame) -> str:
    """List the waves of a table."""
    waves = list(dict.fromkeys(table["wave"].dropna())) if "wave" in table.columns else []
    return f", {', '.join(map(str, waves))}" if waves else ""


def _range(counts: pd.Series, word: str) -> str:
    """Say a range of counts."""
    low, high = int(counts.min()), int(counts.max())
    return counted(low, word) if low == high else f"{low} to {high} {word}s"
