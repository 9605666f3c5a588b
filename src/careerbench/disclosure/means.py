"""Means of scales, only where they say nothing that the shown answers do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.disclosure.axes import ALL
from careerbench.disclosure.populations import BENCHMARKS, OTHER, POSITIVE
from careerbench.disclosure.protecting import MARKS

if TYPE_CHECKING:
    import pandas as pd

    from careerbench.disclosure.parse import Policy
    from careerbench.disclosure.populations import Population
    from careerbench.study import Study, Survey


def places(cells: pd.DataFrame) -> list[str]:
    """Name the columns that say where and when, not what was asked and answered."""
    other = {*MARKS, "item", "answer_group", "answer", "measure", "value"}
    return [name for name in cells if name not in other]


def with_means(
    cells: pd.DataFrame, populations: list[Population], policy: Policy, study: Study
) -> pd.DataFrame:
    """Turn counts of those with a score into counts and means; the rest stays as it is.

    Notes
    -----
    A mean is shown where every answer of every question of the survey that is released for the
    same place is shown, n is the policy's least for means, and the total of all answers lies at
    least the policy's width from the smallest and the largest that the shown answers allow.
    Whatever group can be reached by adding and subtracting groups with means, its answers can be
    reached too, and the audit has seen to it that those are not small.
    """
    import pandas as pd

    if cells.empty:
        return cells.assign(measure=None, value=None)
    counts = cells[~cells["scored"] & (cells["topic"] != BENCHMARKS)]
    place = places(cells)
    all_shown = (~counts.groupby(place)["hidden"].any()).rename("_shown").reset_index()
    scored = cells[cells["scored"]].merge(all_shown, on=place, how="left")
    known = scored["_shown"].eq(True)
    scored["hidden"] |= ~known | (scored["n"] < policy.means.least)
    parts = [
        _means_of(population, scored) for population in populations if population.sums is not None
    ]
    rest = cells[~cells["scored"]]
    rest = rest.assign(measure="count", value=rest["n"].astype(float))
    if not parts:
        return rest
    found = pd.concat(parts, ignore_index=True)
    found["mean"] = found["mean"].round(policy.means.decimals)
    found["hidden"] |= _is_extreme(found, counts, policy, study)
    sizes = found.assign(measure="count", value=found["n"].astype(float))
    means = found.assign(measure="mean", value=found["mean"])
    return pd.concat([rest, sizes, means], ignore_index=True).drop(columns=["mean", "_shown"])


def _is_extreme(
    found: pd.DataFrame, counts: pd.DataFrame, policy: Policy, study: Study
) -> pd.Series:
    """Say where the mean would tell how nearly everybody answered."""
    place = places(counts)
    whole = counts[counts["answer"] == ALL] if "answer" in counts else counts
    by_answer = whole.pivot_table(index=place, columns="answer_group", values="n", aggfunc="sum")
    here = found[place].merge(by_answer.reset_index(), on=place, how="left")
    values = {survey.name: _ends(survey) for survey in study.surveys.values()}
    ends = np.array([values[topic] for topic in found["topic"]])
    positive, other = (here[name].fillna(0).to_numpy() for name in (POSITIVE, OTHER))
    total = found["mean"].to_numpy() * (positive + other)
    least = ends[:, 0] * other + ends[:, 2] * positive
    most = ends[:, 1] * other + ends[:, 3] * positive
    return (total - least < policy.width) | (most - total < policy.width)


def _ends(survey: Survey) -> tuple[float, float, float, float]:
    """Return what other answers count, least and most, and what positive ones do."""
    scale = survey.scale
    top = [scale.answers[code] for code in scale.top_box]
    rest = [value for value in scale.answers.values() if value not in top] or top
    return min(rest), max(rest), min(top), max(top)


def _means_of(population: Population, scored: pd.DataFrame) -> pd.DataFrame:
    """Compute the mean of every released group of one scale at one wave."""
    assert population.sums is not None, "only of scales"
    mine = scored[
        (scored["topic"] == population.topic)
        & (scored["item"] == population.item)
        & (scored["wave"] == population.wave)
    ]
    columns = [name for part in population.dimensions for name in part.names]
    finest = population.base.assign(total=population.sums["total"].to_numpy())
    means = np.full(len(mine), np.nan)
    filled = (mine[columns] != ALL).to_numpy()
    forms = {tuple(form) for form in filled}
    for form in forms:
        names = [name for name, told in zip(columns, form, strict=True) if told]
        here = (filled == np.array(form)).all(axis=1)
        if names:
            sums = finest.groupby(names)[["total", "n"]].sum().reset_index()
            found = mine.loc[here, names].merge(sums, on=names, how="left")
            means[here] = (found["total"] / found["n"]).to_numpy()
        else:
            means[here] = finest["total"].sum() / finest["n"].sum()
    return mine.assign(mean=means)
