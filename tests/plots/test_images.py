"""Marks stand where they stood: compared with images that were looked at before they were kept.

Images hold marks, bars, bands and lines without words: how large letters are differs between
machines, and moves everything. What words say, and that they are whole and apart, is held by the
other tests of this folder. To draw the images anew after a wanted change:
``pytest tests/plots/test_images.py --mpl-generate-path=tests/plots/baseline``; then look at each.
"""

import dataclasses
from pathlib import Path

import pytest
from matplotlib import style
from matplotlib.testing.compare import compare_images
from matplotlib.text import Text
from tests.plots.conftest import made_answers, made_counts, made_means, made_scores
from tests.plots.test_hidden import CASES as HIDDEN

from careerbench import analysis, plots

ENDS = {"before": "baseline", "after": "year 1"}
COUNTS = {"numerator": "met", "denominator": "asked"}
BASELINE = Path(__file__).parent / "baseline"
TOLERANCE = 1.5
"""Root mean square of grey values, 0 to 255: half of what one changed mark makes."""
MEAN = ("mean", "low", "high")
HOW = {"dpi": 60, "metadata": {"Software": None}}


def pictures():
    scores, one = made_scores(8), made_scores(8, ("year 1",))
    change, counts = analysis.change(scores, **ENDS), made_counts(40)
    answers = analysis.answer_shares(made_answers(), "pupil-careers", by="year_group")
    found = analysis.funnel(counts, **COUNTS)
    mine = {"school": "900005"}
    return {
        "heatmap": lambda: plots.plot_heatmap(one),
        "shares": lambda: plots.plot_shares(analysis.achieved_shares(scores)),
        "change": lambda: plots.plot_change(change),
        "slope": lambda: plots.plot_slope(change),
        "scale_means": lambda: plots.plot_scale_means(made_means()),
        "multiples": lambda: plots.plot_multiples(made_means(by=["sex"])),
        "answers": lambda: plots.plot_answers(answers),
        "movement": lambda: plots.plot_movement(
            analysis.movement(made_scores(40, n_benchmarks=1), **ENDS)
        ),
        "funnel": lambda: plots.plot_funnel(found, **mine),
        "caterpillar": lambda: plots.plot_caterpillar(
            analysis.shrunken_estimates(made_counts(12), **COUNTS), **mine
        ),
        "combinations": lambda: plots.plot_combinations(
            analysis.combinations(made_scores(40, ("year 1",), n_benchmarks=4))
        ),
        "distribution": lambda: plots.plot_distribution(
            analysis.number_achieved(made_scores(40, ("year 1",))), **mine
        ),
        "forest": lambda: plots.plot_forest(change),
        "hidden": lambda: plots.plot_answers(HIDDEN["answers"]),
    }


PICTURES = pictures()


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.mpl_image_compare(style="default", tolerance=TOLERANCE, savefig_kwargs=HOW)
def test_marks_stand_where_they_stood(name):
    return bare(PICTURES[name]())


def bare(ax):
    """Take the words out and put the axes where no letter can move them."""
    figure = ax.get_figure()
    figure.set_layout_engine("none")
    figure.set_size_inches(6, 4)
    ax.set_position((0.05, 0.05, 0.9, 0.9))
    for one in (ax, *ax.child_axes):
        if one.get_legend():
            one.get_legend().remove()
    for word in figure.findobj(Text):
        word.set_visible(False)
    return figure


def a_quarter_less(result, column, *others):
    """The same result with its largest number, and what hangs on it, a quarter lower."""
    table = result.to_frame()
    place = table[column].idxmax()
    for name in (column, *others):
        table[name] = table[name].astype(float)
        table.loc[place, name] = table.loc[place, name] * 0.75
    return dataclasses.replace(result, table=table)


def changed():
    change = analysis.change(made_scores(8), **ENDS)
    together = analysis.combinations(made_scores(40, ("year 1",), n_benchmarks=4))
    answers = analysis.answer_shares(made_answers(), "pupil-careers", by="year_group")
    moves = analysis.movement(made_scores(40, n_benchmarks=1), **ENDS)
    funnel = analysis.funnel(made_counts(40), **COUNTS)
    shrunken = analysis.shrunken_estimates(made_counts(12), **COUNTS)
    shares = analysis.achieved_shares(made_scores(8))
    one = made_scores(8, ("year 1",))
    one.loc[one.index[0], "state"] = "not achieved"
    many = made_scores(40, ("year 1",))
    many.loc[many["school_urn"] < "900005", "state"] = "achieved"
    return {
        "heatmap": lambda: plots.plot_heatmap(one),
        "shares": lambda: plots.plot_shares(a_quarter_less(shares, "share")),
        "change": lambda: plots.plot_change(a_quarter_less(change, "matched_share_after")),
        "slope": lambda: plots.plot_slope(a_quarter_less(change, "matched_share_after")),
        "scale_means": lambda: plots.plot_scale_means(a_quarter_less(made_means(), *MEAN)),
        "multiples": lambda: plots.plot_multiples(a_quarter_less(made_means(by=["sex"]), *MEAN)),
        "answers": lambda: plots.plot_answers(a_quarter_less(answers, "share")),
        "movement": lambda: plots.plot_movement(a_quarter_less(moves, "n")),
        "funnel": lambda: plots.plot_funnel(a_quarter_less(funnel, "share"), school="900005"),
        "caterpillar": lambda: plots.plot_caterpillar(
            a_quarter_less(shrunken, "shrunken"), school="900005"
        ),
        "combinations": lambda: plots.plot_combinations(a_quarter_less(together, "n_schools")),
        "distribution": lambda: plots.plot_distribution(
            analysis.number_achieved(many), school="900005"
        ),
        "forest": lambda: plots.plot_forest(a_quarter_less(change, "matched_change_pp")),
        "hidden": lambda: plots.plot_answers(
            dataclasses.replace(
                HIDDEN["answers"],
                table=HIDDEN["answers"].table.fillna({"share": 0, "n_answered": 0, "n_missing": 0}),
            )
        ),
    }


CHANGED = changed()


@pytest.mark.parametrize("name", PICTURES)
def test_one_mark_that_moves_would_be_seen(name, tmp_path):
    kept = BASELINE / f"test_marks_stand_where_they_stood_{name}.png"
    again = tmp_path / f"{name}.png"
    with style.context("default"):
        bare(CHANGED[name]()).savefig(again, **HOW)
    assert compare_images(str(kept), str(again), tol=TOLERANCE) is not None
