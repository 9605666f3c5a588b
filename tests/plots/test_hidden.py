"""A value withheld is a hatched mark and a word: never zero, never a gap."""

import dataclasses

import numpy as np
import pytest
from matplotlib.patches import PathPatch
from tests.plots.conftest import made_answers, made_counts, made_means, made_scores

from careerbench import analysis, plots
from careerbench.plots.hidden import is_hidden
from careerbench.plots.theme import load_theme

ENDS = {"before": "baseline", "after": "year 1"}
COUNTS = {"numerator": "met", "denominator": "asked"}


def withheld(result, value, rows):
    """The same result as a release would give it: numbers of some rows blank, with a reason."""
    table = result.to_frame()
    numbers = [name for name in table.columns if table[name].dtype.kind in "fi"]
    table[numbers] = table[numbers].astype(float)
    table.loc[rows, numbers] = np.nan
    reason = np.full(len(table), None, dtype=object)
    reason[table.index.get_indexer(rows)] = "c"
    return dataclasses.replace(result, table=table.assign(**{f"{value}_reason": reason}))


def hatched_in(ax):
    patches = [patch for one in (ax, *ax.child_axes) for patch in one.patches]
    return [patch for patch in patches if patch.get_hatch() == load_theme().hidden["hatch"]]


def said_in(ax):
    return [word.get_text() for one in (ax, *ax.child_axes) for word in one.texts]


def cases():
    change = analysis.change(made_scores(8), **ENDS)
    answers = analysis.answer_shares(made_answers(), "pupil-careers")
    moves = analysis.movement(made_scores(8, n_benchmarks=1), **ENDS)
    largest = [moves.to_frame()["n"].idxmax()]
    shares = analysis.achieved_shares(made_scores(8, ("year 1",)))
    together = analysis.combinations(made_scores(8, ("year 1",), n_benchmarks=3))
    shrunken = analysis.shrunken_estimates(made_counts(8), **COUNTS)
    hidden = withheld(change, "matched_change_pp", [1])
    return {
        "change": hidden,
        "slope": hidden,
        "forest": hidden,
        "shares": withheld(shares, "share", [1]),
        "scale_means": withheld(made_means(), "mean", [1]),
        "multiples": withheld(made_means(), "mean", [1]),
        "answers": withheld(answers, "share", [0, 1, 2, 3]),
        "movement": withheld(moves, "n", largest),
        "combinations": withheld(together, "n_schools", [1]),
        "caterpillar": withheld(shrunken, "shrunken", [1]),
    }


CASES = cases()


@pytest.mark.parametrize("name", CASES)
def test_what_is_hidden_is_hatched_and_named(name):
    ax = getattr(plots, f"plot_{name}")(CASES[name])
    assert len(hatched_in(ax)) == 1
    assert said_in(ax).count("hidden") == 1


@pytest.mark.parametrize("name", [name for name in CASES if name not in {"slope", "multiples"}])
def test_what_is_hidden_is_said_in_the_words_of_the_picture(name):
    said = getattr(plots, f"describe_{name}")(CASES[name])
    assert said.endswith(" is hidden to protect people.")
    assert "nan" not in said


def test_a_hidden_cell_of_a_heat_map_is_hatched_and_not_blank():
    scores = made_scores(3, ("year 1",), n_benchmarks=4)
    scores["state"] = scores["state"].astype(object)
    scores.loc[5, "state"] = None
    ax = plots.plot_heatmap(scores.assign(reason=[*[None] * 5, "c", *[None] * 6]))
    assert len(hatched_in(ax)) == 1
    assert said_in(ax).count("hidden") == 1
    assert "hidden" in [word.get_text() for word in ax.get_legend().get_texts()]
    said = plots.describe_heatmap(scores.assign(reason=[*[None] * 5, "c", *[None] * 6]))
    assert said.endswith(" 1 cell is hidden to protect people.")


def test_a_hidden_school_of_a_funnel_is_in_the_legend_and_below():
    found = withheld(analysis.funnel(made_counts(12), **COUNTS), "share", [2])
    ax = plots.plot_funnel(found)
    assert "hidden" in [word.get_text() for word in ax.get_legend().get_texts()]
    assert ax.get_xlabel().endswith("1 school hidden to protect people")


def test_my_school_when_hidden_is_said_to_be_and_stands_nowhere():
    found = withheld(analysis.funnel(made_counts(12), **COUNTS), "share", [2])
    ax = plots.plot_distribution(found, school="900003")
    assert said_in(ax)[-1] == "my school: 900003\nhidden"
    said = plots.describe_distribution(found, school="900003")
    assert "The figure of my school, 900003, is hidden to protect people." in said


def test_a_line_of_means_does_not_run_through_what_is_hidden():
    means = withheld(made_means(waves=("baseline",)), "mean", [1])
    (line, *_) = [one for one in plots.plot_scale_means(means).lines if one.get_linestyle() == "-"]
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False, False]


def test_a_hidden_move_is_thin_however_many_made_it():
    moves = analysis.movement(made_scores(40, n_benchmarks=1), **ENDS)
    largest = moves.to_frame()["n"].idxmax()
    ax = plots.plot_movement(withheld(moves, "n", [largest]))
    (band,) = [one for one in hatched_in(ax) if isinstance(one, PathPatch)]
    heights = band.get_path().vertices[4, 1] - band.get_path().vertices[3, 1]
    assert heights < 0.05


def test_a_blank_for_another_reason_is_not_hidden():
    table = made_means().to_frame().assign(mean=np.nan, mean_reason="not asked")
    assert not is_hidden(table, "mean").any()


def test_answers_of_a_release_are_drawn_with_what_it_withholds(small_release):
    cells = small_release.cells()
    kept = ("item", "wave", "region_name")
    others = ("la_name", "school_urn", "year_group", "sex")
    here = (cells["topic"] == "pupils") & (cells["measure"] == "count") & (cells["answer"] != "All")
    rows = cells[
        here & (cells["region_name"] != "All") & (cells[list(others)] == "All").all(axis=1)
    ]
    total = rows.groupby(list(kept))["value"].transform(lambda n: n.sum(skipna=False))
    table = rows[[*kept, "answer"]].assign(n=rows["value"], n_answered=total, n_missing=np.nan)
    table = table.assign(
        share=table["n"] / total, share_reason=rows["reason"].where(rows["value"].isna())
    )
    levels = tuple(sorted(rows["answer"].unique()))
    by = ("wave", "region_name")
    found = analysis.AnswerShares(table.reset_index(drop=True), "pupil-careers", levels, {}, by)
    n_hidden = int((table["share_reason"] == "c").groupby([table[key] for key in kept]).any().sum())
    assert n_hidden > 0
    assert len(hatched_in(plots.plot_answers(found))) == n_hidden
