"""The attacker of means: what mean scores tell of groups of few, and of single answers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from attacking import (
    ALL,
    Enemy,
    answers_of,
    finest_of,
    lattice_of,
    named,
    places_of,
    scored_of,
    sums_of,
)
from scipy import sparse

ANSWERS = ("answer_group", "answer")
_HALF = 0.05  # means are shown to one decimal


@dataclass(frozen=True)
class Asked:
    """One question: its finest groups, and rows over them."""

    finest: pd.DataFrame
    shown: object  # of the counts that are shown
    values: np.ndarray
    sizes: object  # of the groups of those who have a score
    scores: object  # what each adds to the total score of those groups


def asked_of(here, given, survey, names, groups):
    """List the questions of a scale with what is shown of each."""
    found = []
    for item in survey.scale.items:
        finest = finest_of(given, survey, item.id, names)
        mine = here[(here["item"] == item.id) & here["value"].notna()]
        sizes = sums_of(groups[names], finest, names)
        worth = [survey.scale.value_of(code, reverse=item.reverse) for code in finest["answer"]]
        found.append(Asked(
            finest, sums_of(mine, finest, [*names, *ANSWERS]), mine["value"].to_numpy(float),
            sizes, sizes @ sparse.diags_array(np.array(worth) / len(survey.scale.items)),
        ))  # fmt: skip
    return found


def totals_of(questions):
    """Write the total score of each finest group as a sum of answers; and the true answers."""
    totals = sparse.csr_array(sparse.hstack([each.scores for each in questions]))
    return totals, np.concatenate([each.finest["n"].to_numpy(float) for each in questions])


def means_of(here, scale, groups, names, totals):
    """Write the shown means as rows with a least and a most: n times what rounds to the mean."""
    scaled = here[(here["item"] == scale) & here["value"].notna()]
    told, n = scaled[scaled["measure"] == "mean"], scaled[scaled["measure"] == "count"]
    n = told[names].merge(n, on=names)["value"].to_numpy(float)
    assert len(n) == len(told), "a mean without its n"
    middle = n * told["value"].to_numpy()
    reach = _HALF * n + 1e-6
    return sums_of(told, groups, names) @ totals, middle - reach, middle + reach


def attack_means(release, study, topic, *, threshold=10, steps=0.5):
    """Find groups of few whose mean score is narrowed to less than ``steps`` of the scale.

    For surveys in which everybody answers every question. The unknowns are the answers to each
    question in each finest group; every shown count is an equation, every shown mean times n an
    interval, and this attacker even knows how large every group is. Also returns how many means
    there were.
    """
    survey, cells = study.surveys[topic], release.cells()
    cells = cells[cells["topic"] == topic]
    rows, found, n_means = answers_of(study, survey), [], 0
    for wave, here in cells.groupby("wave"):
        given = rows[rows["wave"] == wave]
        names = [name for name in places_of(here) if name in given]
        groups = scored_of(given, survey, names)
        questions = asked_of(here, given, survey, names, groups)
        totals, truth = totals_of(questions)
        assert np.allclose(totals @ truth, groups["total"]), "somebody skipped"
        means, least, most = means_of(here, survey.scale.id, groups, names, totals)
        blocks = [sparse.vstack([each.shown, each.sizes]) for each in questions]
        n = groups["n"].to_numpy(float)
        counts = [part for each in questions for part in (each.values, n)]
        nodes = lattice_of(groups, names)
        few = sums_of(nodes, groups, names) @ n < threshold
        enemy = Enemy(
            sparse.vstack([sparse.block_diag(blocks), means]), np.concatenate([*counts, least]),
            np.concatenate([*counts, most]), truth, (sums_of(nodes, groups, names) @ totals)[few],
        )  # fmt: skip
        size = sums_of(nodes[few], groups, names) @ n
        found += named(enemy, nodes[few], steps * size)
        n_means += len(least)
    return found, n_means


def attack_rests(release, study, topic, *, width=10, year="year_group"):
    """Find single answers that means narrow: of the parts that means leave of each other.

    The unknowns are all answers to all questions of one place, year by year; known are the shown
    counts and means of its year groups, key stages and all of them together.
    """
    survey, cells = study.surveys[topic], release.cells()
    cells = cells[(cells["topic"] == topic) & cells["value"].notna()]
    given, years = answers_of(study, survey), ["key_stage", year]
    others = [name for name in places_of(cells) if name in given and name not in years]
    found = []
    for place, here in cells.groupby(["wave", *others]):
        mine = given[given["wave"] == place[0]]
        for name, value in zip(others, place[1:], strict=True):
            mine = mine if value == ALL else mine[mine[name] == value]
        groups = scored_of(mine, survey, years)
        questions = asked_of(here, mine, survey, years, groups)
        totals, truth = totals_of(questions)
        means, least, most = means_of(here, survey.scale.id, groups, years, totals)
        counts = [each.values for each in questions]
        asked = sparse.csr_array(sparse.block_diag([_every_answer(e.finest, years) for e in questions]))  # fmt: skip
        small = np.flatnonzero(asked @ truth < width)
        if len(small):
            known = sparse.vstack([sparse.block_diag([each.shown for each in questions]), means])
            low, high = np.concatenate([*counts, least]), np.concatenate([*counts, most])
            enemy = Enemy(known, low, high, truth, asked[small])
            labels = pd.DataFrame({"place": " ".join(place), "number": small.astype(str)})
            found += named(enemy, labels, width)
    return found


def _every_answer(finest, years):
    """Write every answer of every group of years as a sum of finest groups."""
    pairs = finest[list(ANSWERS)].drop_duplicates()
    every = lattice_of(finest, years).merge(pairs, how="cross")
    return sums_of(every, finest, [*years, *ANSWERS])
