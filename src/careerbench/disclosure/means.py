"""Means of scales, only where they say nothing that the shown answers do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.disclosure.axes import ALL
from careerbench.disclosure.populations import BENCHMARKS, OTHER, POSITIVE
from careerbench.disclosure.primary import is_dominated
from careerbench.disclosure.protecting import MARKS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.disclosure.parse import Policy
    from careerbench.disclosure.populations import Population
    from careerbench.study import Study, Survey


_WORK = ["mean", "_shown", "_dominated"]
_PATHS = (("region_name", "la_name", "school_urn"), ("key_stage", "year_group"))


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
    least the policy's width from the smallest and the largest that the shown answers allow; and so
    does what the means of its parts leave of it. Under a policy with a rule of dominance, no mean
    of an area is shown of which one or two schools make up too much of the total of scores.
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
        _means_of(population, scored, policy)
        for population in populations
        if population.sums is not None
    ]
    rest = cells[~cells["scored"]]
    rest = rest.assign(measure="count", value=rest["n"].astype(float))
    if not parts:
        return rest
    found = pd.concat(parts, ignore_index=True)
    found["mean"] = found["mean"].round(policy.means.decimals)
    room = _room(found, counts, study)
    found["hidden"] |= (room < policy.width).any(axis=1)
    found["hidden"] |= found["_dominated"]
    found = _with_rests(found, room, policy.width)
    sizes = found.assign(measure="count", value=found["n"].astype(float))
    means = found.assign(measure="mean", value=found["mean"])
    return pd.concat([rest, sizes, means], ignore_index=True).drop(columns=_WORK)


def _room(found: pd.DataFrame, counts: pd.DataFrame, study: Study) -> NDArray[np.float64]:
    """Say how far each total lies above the least and below the most that the answers allow."""
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
    return np.stack([total - least, most - total], axis=1)


def _with_rests(found: pd.DataFrame, room: NDArray[np.float64], width: int) -> pd.DataFrame:
    """Hide means from which the means of their parts leave a rest that lies near an end.

    A mean that is hidden because nearly everybody answered alike would otherwise be what a key
    stage leaves of its other year groups.
    """
    import pandas as pd

    names = places(found.drop(columns=_WORK))
    key = pd.MultiIndex.from_frame(found[[*names, "item"]])
    hidden = found["hidden"].to_numpy(bool).copy()
    sums = np.column_stack([found["n"].to_numpy(float), room])
    paths = [[name for name in path if name in names] for path in _PATHS]
    paths += [[name] for name in names if name not in {each for path in paths for each in path}]
    steps = []
    for path in paths:
        for name in reversed(path):  # fine to coarse
            part = np.flatnonzero((found[name] != ALL).to_numpy())
            above = found.iloc[part][[*names, "item"]].assign(**{name: ALL})
            parent = key.get_indexer(pd.MultiIndex.from_frame(above))
            steps.append((name == path[-1], part[parent >= 0], parent[parent >= 0]))
    for _ in range(len(found)):
        before = hidden.copy()
        for is_first, part, parent in steps:
            if is_first:
                told = np.zeros_like(sums)  # what the parts of each that have means make up
            np.add.at(told, parent, np.where(hidden[part, None], told[part], sums[part]))
            rest = (sums - told)[parent]
            hidden[parent] |= (rest[:, 0] > 0) & (rest[:, 1:] < width).any(axis=1)
        if (hidden == before).all():
            break
    return found.assign(hidden=hidden)


def _ends(survey: Survey) -> tuple[float, float, float, float]:
    """Return what other answers count, least and most, and what positive ones do."""
    scale = survey.scale
    top = [scale.answers[code] for code in scale.top_box]
    rest = [value for value in scale.answers.values() if value not in top] or top
    return min(rest), max(rest), min(top), max(top)


def _means_of(population: Population, scored: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Compute the mean of every released group of one scale at one wave.

    Under a policy with a rule of dominance, its schools are who contributes to a total of scores.
    """
    assert population.sums is not None, "only of scales"
    mine = scored[
        (scored["topic"] == population.topic)
        & (scored["item"] == population.item)
        & (scored["wave"] == population.wave)
    ]
    columns = [name for part in population.dimensions for name in part.names]
    finest = population.base.assign(total=population.sums["total"].to_numpy())
    means, dominated = np.full(len(mine), np.nan), np.zeros(len(mine), dtype=bool)
    filled = (mine[columns] != ALL).to_numpy()
    forms = {tuple(form) for form in filled}
    for form in forms:
        names = [name for name, told in zip(columns, form, strict=True) if told]
        here = (filled == np.array(form)).all(axis=1)
        if "school_urn" not in names:
            dominated[here] = _dominated(finest, mine.loc[here, names], policy)
        if names:
            sums = finest.groupby(names)[["total", "n"]].sum().reset_index()
            found = mine.loc[here, names].merge(sums, on=names, how="left")
            means[here] = (found["total"] / found["n"]).to_numpy()
        else:
            means[here] = finest["total"].sum() / finest["n"].sum()
    return mine.assign(mean=means, _dominated=dominated)


def _dominated(finest: pd.DataFrame, groups: pd.DataFrame, policy: Policy) -> NDArray[np.bool_]:
    """Say in which groups one or two schools make up too much of the total of scores.

    A group of one school is that school's, by its name.
    """
    finest, groups = finest.assign(_all=ALL), groups.assign(_all=ALL)
    names = list(groups)
    by_school = finest.groupby([*names, "school_urn"])["total"].sum().reset_index()
    ordered = by_school.sort_values("total", ascending=False)
    nth = ordered.groupby(names).cumcount()
    parts = {"total": by_school.groupby(names)["total"].sum().reset_index(),
             "first": ordered[nth == 0], "second": ordered[nth == 1]}  # fmt: skip
    laid = groups
    for name, part in parts.items():
        told = part[[*names, "total"]].rename(columns={"total": name})
        laid = laid.merge(told, on=names, how="left")
    laid = laid.fillna({"total": 0.0, "first": 0.0, "second": 0.0})
    return is_dominated(laid["total"], laid["first"], laid["second"], policy)
