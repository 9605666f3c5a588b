"""What each picture shows is what its numbers say."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import PathPatch, Rectangle
from tests.plots.conftest import made_answers, made_counts, made_means, made_scores

from careerbench import analysis, plots
from careerbench.errors import BadArgumentError

ENDS = {"before": "baseline", "after": "year 1"}
COUNTS = {"numerator": "met", "denominator": "asked"}


def said_in(ax):
    return [word.get_text() for word in ax.texts]


def test_movement_keeps_every_level_and_their_order_when_most_are_empty():
    moves = analysis.movement(made_scores(1, n_benchmarks=1), **ENDS)
    words = ["achieved", "partial", "not achieved", "not scored", "absent"]
    levels = [
        word.split(" ", 1)[1].split(":")[0]
        for word in said_in(plots.plot_movement(moves))
        if ":" in word
    ]
    assert levels == words * 2


def test_a_band_is_as_thick_as_its_number_of_schools():
    scores = pd.DataFrame(
        {"school_urn": list("abcdabcd"), "wave": ["baseline"] * 4 + ["year 1"] * 4}
    )
    scores["state"] = ["partial"] * 4 + ["achieved"] * 3 + ["partial"]
    ax = plots.plot_movement(analysis.movement(scores.assign(benchmark="p1"), **ENDS))
    bands = [patch.get_path().vertices for patch in ax.patches if isinstance(patch, PathPatch)]
    assert sorted(band[4, 1] - band[3, 1] for band in bands) == pytest.approx([0.25, 0.75])
    blocks = [patch.get_height() for patch in ax.patches if isinstance(patch, Rectangle)]
    assert sum(blocks[:5]) == pytest.approx(1)
    assert sum(blocks[5:]) == pytest.approx(1)


def test_one_picture_of_movement_shows_one_benchmark():
    moves = analysis.movement(made_scores(2, n_benchmarks=2), **ENDS)
    with pytest.raises(BadArgumentError) as error:
        plots.plot_movement(moves)
    assert str(error.value) == (
        "plot_movement: one picture shows one benchmark.\n"
        "  found: 2 values of 'benchmark'\n"
        "  try:   where={'benchmark': 'p1'}"
    )


def test_answers_lie_on_both_sides_of_the_middle_as_far_as_their_share():
    table = made_answers(8, ("3",)).query("item == 'pu_jobs'")
    table = table.assign(answer=["1", "2", "2", "3", "4", "4", "4", "4"])
    ax = plots.plot_answers(analysis.answer_shares(table, "pupil-careers"))
    left = sum(bar.get_width() for bar in ax.patches if bar.get_x() < -1e-9)
    right = sum(bar.get_width() for bar in ax.patches if bar.get_x() >= -1e-9)
    assert (left, right) == pytest.approx((3 / 8, 5 / 8))


def test_an_odd_scale_has_its_middle_answer_across_the_line():
    table = pd.DataFrame({"item": "q", "answer": list("abc"), "n": [1, 2, 1], "n_answered": 4})
    table = table.assign(n_missing=0, share=table["n"] / 4)
    ax = plots.plot_answers(analysis.AnswerShares(table, "made up", ("a", "b", "c")))
    middle = ax.containers[1].patches[0]
    assert (middle.get_x(), middle.get_width()) == pytest.approx((-0.25, 0.5))


def test_schools_of_a_funnel_differ_in_mark_by_where_they_lie():
    found = analysis.funnel(made_counts(40), **COUNTS)
    ax = plots.plot_funnel(found)
    n = {
        line.get_marker(): len(line.get_xdata())
        for line in ax.lines
        if line.get_linestyle() == "None"
    }
    table = found.to_frame()
    far = ((table["share"] > table["od_high_998"]) | (table["share"] < table["od_low_998"])).sum()
    assert n["D"] == far > 0
    assert sum(n.values()) == 40


def test_the_limits_of_a_funnel_are_drawn_where_the_result_has_them():
    found = analysis.funnel(made_counts(40), **COUNTS, adjustment="none")
    ax = plots.plot_funnel(found)
    curves = [line for line in ax.lines if len(line.get_xdata()) > 40]
    assert [line.get_linestyle() for line in curves] == ["--", "--", "-", "-"]
    at = curves[0].get_xdata()
    assert curves[0].get_ydata() == pytest.approx(found.limits(at)["low_95"].to_numpy())
    assert not np.isnan(curves[0].get_ydata()).any()


def test_a_caterpillar_stands_in_order_and_ranks_the_other_way():
    counts = made_counts(12)
    shrunken = analysis.shrunken_estimates(counts, **COUNTS)
    table = plots.table_behind(plots.plot_caterpillar(shrunken))
    assert table["shrunken"].is_monotonic_decreasing
    ranks = analysis.rank_intervals(counts, **COUNTS, n=200)
    assert plots.table_behind(plots.plot_caterpillar(ranks))["rank_median"].is_monotonic_increasing


def test_my_school_that_is_not_there_is_refused():
    with pytest.raises(BadArgumentError, match="school '1' is not in the result"):
        plots.plot_funnel(analysis.funnel(made_counts(5), **COUNTS), school="1")


def test_bars_of_a_distribution_hold_every_school_once():
    found = analysis.number_achieved(made_scores(70, ("year 1",)))
    ax = plots.plot_distribution(found, school="900004")
    assert sum(bar.get_height() for bar in ax.patches[:9]) == 70
    mine = [bar for bar in ax.patches if bar.get_hatch()]
    at = found.schools.set_index("school_urn").loc["900004", "n_achieved"]
    assert [bar.get_x() + bar.get_width() / 2 for bar in mine] == [at]
    spread = analysis.shrunken_estimates(made_counts(70), **COUNTS)
    assert sum(bar.get_height() for bar in plots.plot_distribution(spread).patches) == 70


def test_combinations_beyond_the_most_are_counted_in_words():
    found = analysis.combinations(made_scores(60, ("year 1",), n_benchmarks=5))
    ax = plots.plot_combinations(found, most=2)
    rest = found.to_frame().iloc[2:]["n_schools"].sum()
    assert f"({rest} school" in said_in(ax)[0].replace("\n", " ")
    assert len(ax.child_axes[0].patches) == 2


def test_a_forest_says_in_its_mark_where_zero_lies():
    scores = made_scores(40, n_benchmarks=1)
    up = scores.assign(state=np.where(scores["wave"] == "baseline", "not achieved", "achieved"))
    down = scores.assign(state=np.where(scores["wave"] == "baseline", "achieved", "not achieved"))
    same = scores.assign(state="partial")
    found = {
        name: analysis.change(one, **ENDS)
        for name, one in (("Up", up), ("Down", down), ("Same", same))
    }
    ax = plots.plot_forest(found)
    words = [word.get_text() for word in ax.get_legend().get_texts()]
    assert words == ["▲ above zero", "▼ below zero", "○ zero within"]
    assert plots.table_behind(ax)["label"].tolist() == ["Up · p1", "Down · p1", "Same · p1"]


def test_effects_in_different_units_are_not_drawn_on_one_axis():
    scores = made_scores(6, n_benchmarks=2)
    number = analysis.number_achieved(scores).schools
    means = analysis.mean_change(number, outcome="n_achieved", **ENDS)
    with pytest.raises(BadArgumentError, match="one axis shows one unit, not 2"):
        plots.plot_forest([analysis.change(scores, **ENDS), means])


def test_a_permutation_has_no_interval_to_draw():
    with pytest.raises(BadArgumentError, match="no effect with an interval"):
        plots.plot_forest(analysis.achieved_shares(made_scores(2)))


def test_panels_share_one_scale_and_stand_by_age():
    ax = plots.plot_multiples(made_means(years=("4", "R", "1")))
    assert [panel.get_title(loc="left") for panel in ax.child_axes] == [
        "Reception",
        "Year 1",
        "Year 4",
    ]
    assert len({panel.get_ylim() for panel in ax.child_axes}) == 1


def test_nothing_to_draw_is_said_in_words():
    empty = made_scores(2).iloc[:0]
    nobody = analysis.combinations(made_scores(1, ("year 1",)).assign(state="not scored"))
    drawn = [
        plots.plot_combinations(nobody),
        plots.plot_distribution(analysis.number_achieved(empty)),
        plots.plot_forest([]),
    ]
    assert [said_in(ax) for ax in drawn] == [["No school to show"]] * 2 + [["No effect to show"]]
    assert plots.describe_forest([]) == "0 effects, in no unit: none is known."
    assert plots.describe_combinations(nobody).endswith("no school to show.")
