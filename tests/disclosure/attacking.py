"""An attacker who shares no code with the library: a whole release against the people behind it.

Everything that a release shows of a question at a wave is one system: both of its forms, every
level, every answer, the sizes of groups. The unknowns are the counts of the finest groups by answer;
what is shown is an equation; a group that has a row has somebody in it. HiGHS then says how low and
how high every small count can be. Nothing of ``careerbench.disclosure`` is used.
"""

from dataclasses import dataclass
from itertools import product

import highspy
import numpy as np
import pandas as pd
from scipy import sparse

ALL = "All"
AREAS = ("region_name", "la_name")
STAGES = {"R": "EYFS", **dict.fromkeys("12", "KS1"), **dict.fromkeys("3456", "KS2"),
          **dict.fromkeys("789", "KS3"), "10": "KS4", "11": "KS4", "12": "KS5", "13": "KS5"}  # fmt: skip
_SEED, _ROUNDS = 7, 30


@dataclass(frozen=True)
class Found:
    """A count that should not have been found out."""

    cell: str
    true: float
    low: float
    high: float

    def __str__(self):
        return f"{self.cell}: {self.true:g} lies in [{self.low:g}, {self.high:g}]"


def answers_of(study, survey):
    """One row per answer given: where, when, who by, and what, from the study's own tables."""
    rows = survey.responses
    rows = rows[rows["answer"].notna() & rows["item"].isin(survey.scale.item_ids)].copy()
    schools = study.schools.set_index("school_urn")
    for area in AREAS:
        if area in schools and schools[area].notna().any():
            rows[area] = rows["school_urn"].map(schools[area]).astype("object").fillna("Not known")
    for name in study.release.characteristics:
        if name in rows:
            rows[name] = rows[name].astype("object").fillna("Not known").astype(str)
    if "year_group" in rows and "year_group" in study.release.characteristics:
        rows["key_stage"] = [STAGES.get(str(year), "Not known") for year in rows["year_group"]]
    scale = survey.scale
    top = {scale.answers[code] for code in scale.top_box}
    worth = {(item.id, code): scale.value_of(code, reverse=item.reverse)
             for item in scale.items for code in scale.answers}  # fmt: skip
    rows["answer"] = rows["answer"].astype(str)
    given = [worth[pair] for pair in zip(rows["item"].astype(str), rows["answer"], strict=True)]
    rows["score"] = given
    rows["answer_group"] = ["positive" if value in top else "other" for value in given]
    rows["wave"] = rows["wave"].astype(str)
    return rows


def finest_of(rows, survey, item, places):
    """Count one question's answers in the finest groups that have anybody, by every answer."""
    mine = rows[rows["item"] == item]
    scale = survey.scale
    reverse = next(each.reverse for each in scale.items if each.id == item)
    top = {scale.answers[code] for code in scale.top_box}
    pairs = pd.DataFrame({
        "answer_group": ["positive" if scale.value_of(code, reverse=reverse) in top else "other"
                         for code in scale.answers],
        "answer": list(scale.answers)})  # fmt: skip
    groups = mine[places].drop_duplicates()
    counts = mine.groupby([*places, "answer_group", "answer"]).size().rename("n").reset_index()
    whole = groups.merge(pairs, how="cross").merge(counts, how="left")
    return whole.assign(n=whole["n"].fillna(0).astype(int))


def scored_of(rows, survey, places):
    """Count who has a score, in the finest groups, and their totals."""
    who = list(dict.fromkeys(["respondent", "school_urn", *places]))
    score = rows.groupby(who, sort=False)["score"].agg(["size", "mean"]).reset_index()
    by = score[score["size"] >= survey.scale.minimum_answered].groupby(places)["mean"]
    return by.agg(n="size", total="sum").reset_index()


def sums_of(cells, finest, names):
    """Write cells as sums of finest groups: a sparse row each, in the order of the cells."""
    filled = (cells[names] != ALL).to_numpy()
    rows, columns = [], []
    for form in np.unique(filled, axis=0):
        here = np.flatnonzero((filled == form).all(axis=1))
        keys = [name for name, told in zip(names, form, strict=True) if told]
        if not keys:
            rows.append(np.repeat(here, len(finest)))
            columns.append(np.tile(np.arange(len(finest)), len(here)))
            continue
        index = pd.MultiIndex.from_frame(cells.iloc[here][keys].astype(str))
        assert index.is_unique, "a cell stands twice"
        place = index.get_indexer(pd.MultiIndex.from_frame(finest[keys].astype(str)))
        rows.append(here[place[place >= 0]])
        columns.append(np.flatnonzero(place >= 0))
    where = np.concatenate(rows), np.concatenate(columns)
    return sparse.csr_array((np.ones(len(where[0])), where), shape=(len(cells), len(finest)))


def lattice_of(finest, names):
    """List every node of every combination of levels that somebody could be in, listed or not."""
    areas = [name for name in (*AREAS, "school_urn") if name in names]
    years = [name for name in ("key_stage", "year_group") if name in names]
    answers = [name for name in ("answer_group", "answer") if name in names]
    others = [[name] for name in names if name not in {*areas, *years, *answers}]
    paths = [[path[:n] for n in range(len(path) + 1)] for path in (areas, years, *others, answers)]
    parts = []
    for form in product(*paths):
        told = [name for part in form for name in part]
        nodes = finest[told].drop_duplicates() if told else finest.iloc[:1, :0]
        parts.append(nodes.reindex(columns=names).astype("object").fillna(ALL))
    return pd.concat(parts, ignore_index=True).astype(str)


class Enemy:
    """Knows some sums of unknown counts exactly and some at least; asks how far others can move."""

    def __init__(self, rows, low, high, truth, asked):
        rows, asked = sparse.csr_array(rows), sparse.csr_array(asked)
        both = sparse.vstack([rows, asked]).tocsc()
        key = np.random.default_rng(_SEED).integers(1, 2**40, both.shape[0]).astype(float)
        mixed = np.asarray(both.T @ key)  # unknowns that nothing here tells apart are one unknown
        _, first, group = np.unique(mixed, return_index=True, return_inverse=True)
        self.truth = np.bincount(group, weights=truth)
        self.rows, self.asked = rows.tocsc()[:, first].tocsr(), asked.tocsc()[:, first].tocsr()
        seen = self.rows @ self.truth
        assert (seen >= low - 1e-9).all(), "what is shown is not the truth"
        assert (seen <= high + 1e-9).all(), "what is shown is not the truth"
        self.low = self.asked @ self.truth
        self.true, self.high = self.low.copy(), self.low.copy()
        self._highs = _solver(self.rows, low, high)

    def widths(self, need):
        """Return how low and how high every asked sum can be; no more is looked for than needed."""
        random = np.random.default_rng(_SEED)
        need = np.broadcast_to(need, len(self.true))
        for _ in range(_ROUNDS):
            open_ = np.flatnonzero(self.high - self.low < need - 1e-6)
            if not len(open_):
                break
            some = random.random(len(open_)) < 0.5
            weights = np.zeros(len(self.true))
            weights[open_] = np.where(some, 1.0, -1.0) * random.random(len(open_))
            self._move(self.asked.T @ weights)
        for number in np.flatnonzero(self.high - self.low < need - 1e-6):
            for sign in (1.0, -1.0):
                if self.high[number] - self.low[number] < need[number] - 1e-6:
                    self._move(sign * self.asked[[number]].toarray()[0], number, sign)
        return self.low, self.high

    def _move(self, weights, number=None, sign=1.0):
        n = len(self.truth)
        self._highs.changeColsCost(n, np.arange(n, dtype=np.int32), -np.asarray(weights, float))
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            table = np.array(self._highs.getSolution().col_value)
            seen = self.asked @ table
            np.minimum(self.low, seen, out=self.low)
            np.maximum(self.high, seen, out=self.high)
        elif number is not None:
            assert "nbounded" in self._highs.modelStatusToString(status)
            assert sign > 0, "no count has no least value"
            self.high[number] = np.inf


def _solver(rows, low, high):
    by_column = rows.tocsc()
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = rows.shape
    model.col_cost_ = np.zeros(rows.shape[1])
    model.col_lower_, model.col_upper_ = np.zeros(rows.shape[1]), np.full(rows.shape[1], 1e7)
    model.row_lower_, model.row_upper_ = low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = by_column.indptr, by_column.indices
    model.a_matrix_.value_ = by_column.data
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("threads", 1)
    highs.passModel(model)
    return highs


def places_of(cells):
    """Name the columns of a release that say where and who."""
    out = {"topic", "item", "wave", "answer_group", "answer", "unit", "measure", "value", "reason"}
    return [name for name in cells if name not in out]


def open_schools(study):
    """The schools of the register that did not go on under another number: nobody is in those."""
    now = study.lineage
    gone = now["current_urn"].notna() & (now["current_urn"] != now["school_urn"])
    return study.schools[~study.schools["school_urn"].isin(now.loc[gone, "school_urn"])]


def told_by_rows(mine, names, register, n_waves):
    """Say which cells must have somebody in them because they have a row and others have none.

    Where every combination of a level's places and categories has a row, a row tells nothing. That
    a category is there at all tells that somebody of the whole programme is in it.
    """
    places = [name for name in names if name not in ("answer_group", "answer")]
    areas = [name for name in (*AREAS, "school_urn") if name in places]
    years = [name for name in ("key_stage", "year_group") if name in places]
    parts = [areas, years, *[[name] for name in places if name not in {*areas, *years}]]
    filled = (mine[places] != ALL).to_numpy()
    known = np.zeros(len(mine), dtype=bool)
    for form in np.unique(filled, axis=0):
        here = (filled == form).all(axis=1)
        told = {name for name, flag in zip(places, form, strict=True) if flag}
        n_all = 1
        for part in parts:
            part = [name for name in part if name in told]
            source = (
                register if part and part[0] in areas else mine[(mine[part] != ALL).all(axis=1)]
            )
            n_all *= len(source[part].drop_duplicates()) if part else 1
        complete = len(mine.loc[here, places].drop_duplicates()) >= n_all
        alone = not told & set(areas) and sum(bool(told & set(part)) for part in parts) == 1
        known[here] = not complete or (alone and n_waves == 1)
    return known


def attack(release, study, *, threshold=10, width=10, zeros=True, floor=0, whole=True,
           waves=None, items=None):  # fmt: skip
    """Find every small count of a survey that the release gives away.

    ``zeros``: an answer that nobody gave counts as small. ``floor``: what every hidden count is
    known to be at least. ``whole``: also groups and answers that are never listed. Returns a list of
    ``Found``.
    """
    cells = release.cells() if hasattr(release, "cells") else release
    cells = cells[(cells["measure"] == "count") & (cells["topic"] != "benchmarks")]
    found = []
    areas = [name for name in (*AREAS, "school_urn") if name in cells]
    register = open_schools(study)[areas].astype("object").fillna("Not known")
    for (topic, item, wave), mine in cells.groupby(["topic", "item", "wave"], sort=False):
        if (waves and wave not in waves) or (items and item not in items):
            continue
        survey = study.surveys[topic]
        rows = answers_of(study, survey)
        rows = rows[rows["wave"] == wave]
        names = [name for name in places_of(mine) if name in rows]
        empty = [name for name in places_of(mine) if name not in rows]
        assert (mine[empty] == ALL).all(axis=None), f"{topic} is told by what it does not know"
        if item in survey.scale.item_ids:
            finest, names = finest_of(rows, survey, item, names), [*names, "answer_group", "answer"]
        else:
            finest = scored_of(rows, survey, names)
        of_item = cells[(cells["topic"] == topic) & (cells["item"] == item)]
        told = told_by_rows(mine, names, register, of_item["wave"].nunique())
        found += _attack_question(
            mine, finest, names, told, (threshold, width, zeros, floor, whole)
        )
    return found


def _attack_question(mine, finest, names, told, rule):
    threshold, width, zeros, floor, whole = rule
    rows, truth = sums_of(mine, finest, names), finest["n"].to_numpy(float)
    counts = rows @ truth
    shown = mine["value"].notna().to_numpy()
    assert (counts[shown] == mine["value"].to_numpy()[shown]).all(), "a shown count is not true"
    is_group = np.ones(len(mine), dtype=bool)
    if "answer" in names:
        is_group = (mine[["answer_group", "answer"]] == ALL).all(axis=1).to_numpy()
    somebody = np.asarray(sparse.csr_array(rows > 0).sum(axis=1)).ravel() > 0
    known = (shown | (is_group & told) | (floor > 0)) & somebody
    least = np.where(shown, counts, np.where(is_group & told, 1.0, floor))[known]
    most = np.where(shown, counts, np.inf)[known]
    nodes = lattice_of(finest, names) if whole else mine.loc[somebody, names].astype(str)
    asked = sums_of(nodes, finest, names)
    true, answer = asked @ truth, np.zeros(len(nodes), dtype=bool)
    if "answer" in names:
        answer = (nodes["answer_group"] != ALL).to_numpy() | (nodes["answer"] != ALL).to_numpy()
    small = (true < threshold) & ((true > 0) | (zeros & answer))
    if not small.any():
        return []
    enemy = Enemy(rows[known], least, most, truth, asked[small])
    nodes = nodes[small].assign(item=mine["item"].iloc[0], wave=mine["wave"].iloc[0])
    return named(enemy, nodes, width)


def attack_sizes(release, study, surveys, *, threshold=10, width=10):
    """Find small groups by all questions that the same people answered, where nobody skipped any.

    The unknowns are how many people there are in each finest group; every question's shown sizes
    are equations over those groups that it was asked of.
    """
    cells = release.cells()
    answers = [name for name in ("answer_group", "answer") if name in cells]
    cells = cells[(cells["measure"] == "count") & (cells[answers] == ALL).all(axis=1)]
    cells = cells[cells["topic"].isin(surveys)]
    found = []
    for wave, mine in cells.groupby("wave"):
        people = pd.concat([answers_of(study, study.surveys[name]) for name in surveys])
        people = people[people["wave"] == wave]
        names = [name for name in places_of(mine) if name in people]
        finest = people.drop_duplicates("respondent").groupby(names).size().rename("n")
        finest = finest.reset_index()
        parts = []
        for (_, item), of_item in mine.groupby(["topic", "item"]):
            rows = sums_of(of_item, finest, names)
            given = people[people["item"] == item]
            if len(given):
                index = pd.MultiIndex.from_frame(finest[names])
                asked = index.isin(pd.MultiIndex.from_frame(given[names].drop_duplicates()))
                rows = rows @ sparse.diags_array(asked.astype(float))
            parts.append(rows)
        rows = sparse.csr_array(sparse.vstack(parts))
        order = np.concatenate([of_item.index for _, of_item in mine.groupby(["topic", "item"])])
        mine = mine.loc[order]
        truth = finest["n"].to_numpy(float)
        shown, counts = mine["value"].notna().to_numpy(), rows @ truth
        assert (counts[shown] == mine["value"].to_numpy()[shown]).all(), "somebody skipped"
        nodes = lattice_of(finest, names)
        asked = sums_of(nodes, finest, names)
        small = (asked @ truth < threshold) & (asked @ truth > 0)
        enemy = Enemy(rows[shown], counts[shown], counts[shown], truth, asked[small])
        found += named(enemy, nodes[small], width)
    return found


def named(enemy, nodes, width):
    """Report what can be narrowed to less than the width."""
    low, high = enemy.widths(width)
    return [
        Found(" ".join(value for value in nodes.iloc[n] if value != ALL),
              enemy.true[n], low[n], high[n])
        for n in np.flatnonzero(high - low < width - 1e-6)
    ]  # fmt: skip
