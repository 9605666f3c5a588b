"""Sentences for movement, combinations, answers and effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis.results_pictures import AnswerShares, Combinations
from careerbench.analysis.results_tests import Movement
from careerbench.errors import counted
from careerbench.plots import theme
from careerbench.plots.effects import POINTS
from careerbench.plots.forest import forest_table, kind_of
from careerbench.plots.hidden import hidden_words, is_hidden
from careerbench.plots.rows import pick_rows, which
from careerbench.plots.series import say
from careerbench.plots.transition import LEVELS
from careerbench.result import half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from careerbench.result import Result


def describe_movement(
    moves: Movement,
    *,
    where: Mapping[str, object] | None = None,
    labels: Mapping[str, str] | None = None,
) -> str:
    """Say what a picture of movement shows: both ends, how many stayed, and the largest move.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> scores = pd.DataFrame({"school_urn": ["1", "1"], "wave": ["before", "after"]})
    >>> scores = scores.assign(benchmark="p1", state=["partial", "achieved"])
    >>> print(describe_movement(analysis.movement(scores, before="before", after="after")))
    Movement of 1 school between states, p1. Before: 1 partial. After: 1 achieved. 0 stayed where
    they were. The most common move is from partial to achieved (1).
    """
    step = "describe_movement"
    hint = "analysis.movement(scores, before=..., after=...)"
    theme.require_record(moves, Movement, step=step, hint=hint)
    keys = [*moves.by, "benchmark"]
    table = pick_rows(moves.to_frame(), keys, where, step=step)
    hidden = hidden_words(int(is_hidden(table, "n").sum()), "move")
    known = table[table["n"].fillna(0) > 0]
    total = int(known["n"].sum())
    of = "at least " if hidden else ""
    head = f"Movement of {of}{counted(total, 'school')} between states{which(table, keys, labels)}"
    if known.empty:
        return f"{head}: no school to show.{hidden}"
    ends = " ".join(
        f"{wave[:1].upper()}{wave[1:]}: {_levels(known, column)}."
        for wave, column in ((moves.before, "state_before"), (moves.after, "state_after"))
    )
    same = known["state_before"] == known["state_after"]
    moved = known[~same]
    said = f"{head}. {ends} {int(known.loc[same, 'n'].sum())} stayed where they were."
    if len(moved):
        row = moved.loc[moved["n"].idxmax()]
        said += (
            f" The most common move is from {row['state_before']} to {row['state_after']} "
            f"({int(row['n'])})."
        )
    return said + hidden


def describe_combinations(found: Combinations, *, labels: Mapping[str, str] | None = None) -> str:
    """Say what a picture of combinations shows: how many there are, and the most common.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> scores = pd.DataFrame({"school_urn": list("112233"), "benchmark": ["p1", "p2"] * 3})
    >>> scores["state"] = ["achieved"] * 4 + ["achieved", "partial"]
    >>> print(describe_combinations(analysis.combinations(scores)))
    Which Benchmarks 3 schools achieve together: 2 combinations. The most common is p1 and p2 (2
    schools). Achieved by most is p1 (3 schools).
    """
    theme.require_record(
        found, Combinations, step="describe_combinations", hint="analysis.combinations(scores)"
    )
    table = found.to_frame()
    head = f"Which Benchmarks {counted(found.n_schools, 'school')} achieve together"
    hidden = hidden_words(int(is_hidden(table, "n_schools").sum()), "combination")
    n = table["n_schools"].astype(float)
    if not n.notna().any():
        return f"{head}: no school to show.{hidden}"
    names = np.array([theme.named(name, labels) for name in found.members.columns], dtype=object)
    held = list(names[found.members.to_numpy(dtype=bool)[int(n.idxmax())]])
    said = " and ".join(held) if len(held) < 3 else f"{', '.join(held[:-1])} and {held[-1]}"
    totals = found.members.to_numpy(dtype=float).T @ n.fillna(0).to_numpy()
    most = ""
    if not hidden and len(totals) and totals.max() > 0:
        top = names[int(totals.argmax())]
        most = f" Achieved by most is {top} ({counted(int(totals.max()), 'school')})."
    return (
        f"{head}: {counted(len(table), 'combination')}. The most common is {said or 'none at all'} "
        f"({counted(int(n.max()), 'school')}).{most}{hidden}"
    )


def describe_answers(answers: AnswerShares, *, labels: Mapping[str, str] | None = None) -> str:
    """Say what a picture of answers shows: where most and fewest lie above the middle.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> responses = pd.DataFrame({"respondent": list("abc"), "answer": ["Yes", "No", None]})
    >>> responses = responses.assign(school_urn="900001", item="pu_jobs", year_group="3")
    >>> found = analysis.answer_shares(responses, "pupil-careers")
    >>> print(describe_answers(found, labels={"pu_jobs": "Jobs"}))
    Answers to 1 item, from No to Yes: Jobs has 50% in the upper half of the answers (2 answered,
    1 did not).
    """
    hint = "analysis.answer_shares(responses, scale)"
    theme.require_record(answers, AnswerShares, step="describe_answers", hint=hint)
    table, keys = answers.to_frame(), ["item", *answers.by]
    n_items = table["item"].nunique()
    head = (
        f"Answers to {counted(n_items, 'item')}, from {answers.levels[0]} to {answers.levels[-1]}"
    )
    upper = set(answers.levels[-(len(answers.levels) // 2) :])
    rows = table[table["answer"].isin(upper)].groupby(keys, dropna=False, sort=False, observed=True)
    high = rows.agg(
        share=("share", lambda part: part.sum(skipna=False)),
        n_answered=("n_answered", "first"),
        n_missing=("n_missing", "first"),
    ).reset_index()
    veiled = table[is_hidden(table, "share")].drop_duplicates(keys)
    hidden = hidden_words(len(veiled), "row")
    known = high[high["share"].notna()]
    if known.empty:
        return f"{head}: nobody answered.{hidden}" if not hidden else f"{head}.{hidden}"
    most, least = known.loc[known["share"].idxmax()], known.loc[known["share"].idxmin()]
    said = f"{_item(most, answers, labels)} has {_upper(most)}"
    if len(known) > 1:
        said = f"most for {_item(most, answers, labels)}, {_upper(most)}; fewest for "
        said += f"{_item(least, answers, labels)}, {_upper(least)}"
    n_nobody = len(high) - len(known) - len(veiled)
    nobody = f" In {counted(n_nobody, 'row')} nobody answered." if n_nobody else ""
    return f"{head}: {said}.{nobody}{hidden}"


def describe_forest(
    results: Result | Iterable[Result] | Mapping[str, Result],
    *,
    labels: Mapping[str, str] | None = None,
) -> str:
    """Say what a forest shows: how many intervals lie above, below or across zero.

    Examples
    --------
    >>> import pandas as pd
    >>> from careerbench import analysis
    >>> scores = pd.DataFrame({"school_urn": ["1", "1"], "wave": ["before", "after"]})
    >>> scores = scores.assign(benchmark="p1", state=["partial", "achieved"])
    >>> print(describe_forest(analysis.change(scores, before="before", after="after")))
    1 effect, in percentage points: 0 with an interval above zero, 0 below, 1 with zero within.
    Largest is p1, +100.0 (−12.2 to +100.0).
    """
    table = forest_table(results, labels, step="describe_forest")
    hidden = hidden_words(int(table["hidden"].sum()), "effect")
    unit = str(table["unit"].iloc[0]) if len(table) else "no unit"
    head = f"{counted(len(table), 'effect')}, in {unit[:1].lower()}{unit[1:]}"
    known = table[table["estimate"].notna()]
    if known.empty:
        return f"{head}: none is known.{hidden}"
    kinds = [kind_of(row) for _, row in known.iterrows()]
    n = {kind: kinds.count(kind) for kind in ("above zero", "below zero", "zero within")}
    row = known.loc[known["estimate"].abs().idxmax()]
    point, low, high = (
        half_up(round(float(row[name]), 9), places=1 if unit == POINTS else 2, sign=True)
        for name in ("estimate", "low", "high")
    )
    interval = f" ({low} to {high})" if row["low"] == row["low"] else ", with no interval"
    largest = "Largest" if len(known) == 1 or row["estimate"] >= 0 else "Furthest from zero"
    n_none = len(table) - len(known) - int(table["hidden"].sum())
    none = f" {counted(n_none, 'row')} without an estimate." if n_none else ""
    return (
        f"{head}: {n['above zero']} with an interval above zero, {n['below zero']} below, "
        f"{n['zero within']} with zero within. {largest} is {row['label']}, {point}{interval}."
        f"{none}{hidden}"
    )


def _levels(known: pd.DataFrame, column: str) -> str:
    """Say how many schools stand in each state at one end."""
    n = known.groupby(column)["n"].sum()
    return ", ".join(f"{int(n[level])} {level}" for level in LEVELS if level in n.index)


def _item(row: pd.Series, answers: AnswerShares, labels: Mapping[str, str] | None) -> str:
    """Name an item and its group."""
    item = str(row["item"])
    name = (labels or {}).get(item, answers.items.get(item, item))
    group = [f"{key.replace('_', ' ')} {say(row[key])}" for key in answers.by]
    return f"{name} ({', '.join(group)})" if group else name


def _upper(row: pd.Series) -> str:
    """Say the share in the upper half, and of how many."""
    return (
        f"{theme.percent(row['share'])} in the upper half of the answers "
        f"({int(row['n_answered'])} answered, {int(row['n_missing'])} did not)"
    )
