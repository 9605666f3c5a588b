"""Pictures show what the numbers say, and disturb nothing."""

from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font

from careerbench import analysis, plots
from careerbench.errors import BadArgumentError
from careerbench.plots.theme import load_theme, percent
from careerbench.scoring import STATES

LONG = "Learning from career and labour market information, including local employers"


def made(n_schools, waves=("baseline", "year 1"), n_benchmarks=8):
    """Make scores that differ by school, wave and Benchmark, with no chance in them."""
    rows = [
        (str(900001 + school), wave, f"p{number + 1}", STATES[(school * (place + 1) + number) % 4])
        for school in range(n_schools)
        for place, wave in enumerate(waves)
        for number in range(n_benchmarks)
    ]
    return pd.DataFrame(rows, columns=["school_urn", "wave", "benchmark", "state"])


def answers():
    rows = [
        (f"{school}-{pupil}-{year}", school, wave, year, "efficacy", (pupil + place) % 5 + 1.0)
        for place, wave in enumerate(("baseline", "year 1"))
        for school in "abc"
        for year in ("3", "R")
        for pupil in range(4)
    ]
    names = ["respondent", "school_urn", "wave", "year_group", "scale", "score"]
    return pd.DataFrame(rows, columns=names)


def outside(ax):
    """Return words that reach beyond the edge of the figure."""
    ax.figure.canvas.draw()
    edge = ax.figure.bbox
    words = [*ax.get_xticklabels(), *ax.get_yticklabels(), *ax.texts, ax.xaxis.label, ax.title]
    legend = ax.get_legend()
    words += [*(legend.get_texts() if legend else []), ax._left_title]
    boxes = [(word.get_text(), word.get_window_extent()) for word in words if word.get_text()]
    return [
        said
        for said, box in boxes
        if box.x0 < -1 or box.y0 < -1 or box.x1 > edge.x1 + 1 or box.y1 > edge.y1 + 1
    ]


def every_picture():
    scores = made(6)
    found = analysis.change(scores, before="baseline", after="year 1")
    labels = {"p1": LONG}
    return [
        lambda **to: plots.plot_heatmap(made(6, ("baseline",)), labels=labels, **to),
        lambda **to: plots.plot_shares(analysis.achieved_shares(scores), labels=labels, **to),
        lambda **to: plots.plot_change(found, labels=labels, **to),
        lambda **to: plots.plot_scale_means(analysis.scale_means(answers(), by="year_group"), **to),
    ]


@pytest.mark.parametrize("draw", every_picture())
def test_a_picture_changes_nothing_global_and_cuts_nothing_off(draw):
    from matplotlib import pyplot

    style, figures = dict(mpl.rcParams), pyplot.get_fignums()
    ax = draw()
    assert outside(ax) == []
    assert dict(mpl.rcParams) == style
    assert pyplot.get_fignums() == figures


@pytest.mark.parametrize("draw", every_picture())
def test_a_picture_goes_where_it_is_told(draw):
    ax = Figure().subplots()
    assert draw(ax=ax) is ax
    assert ax.has_data()


@pytest.mark.parametrize("n_schools", [1, 2, 70, 300])
def test_a_heat_map_holds_one_school_or_many(n_schools):
    ax = plots.plot_heatmap(made(n_schools, ("baseline",)))
    assert outside(ax) == []
    assert len(ax.get_yticks()) <= n_schools
    rows = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert not any(one.overlaps(other) for one, other in pairwise(rows))


def test_a_heat_map_says_the_state_without_colour():
    ax = plots.plot_heatmap(made(1, ("baseline",), n_benchmarks=4))
    assert [cell.get_text() for cell in ax.texts] == ["●", "◐", "○", "–"]
    assert [word.get_text() for word in ax.get_legend().get_texts()] == [
        "● achieved",
        "◐ partial",
        "○ not achieved",
        "– not scored",
    ]


def test_a_school_with_no_row_has_a_blank_cell():
    ax = plots.plot_heatmap(made(2, ("baseline",)).iloc[:-1])
    assert len(ax.texts) == 15


def test_symbols_are_in_the_font_that_comes_with_matplotlib():
    known = FT2Font(findfont("DejaVu Sans")).get_charmap()
    assert all(ord(state["symbol"]) in known for state in load_theme().states.values())


def test_states_darken_with_achievement_in_grey():
    fills = [load_theme().states[state]["fill"] for state in STATES[:3]]
    grey = [np.dot(mpl.colors.to_rgb(fill), (0.299, 0.587, 0.114)) for fill in fills]
    assert grey[0] < grey[1] - 0.15 < grey[2] - 0.25


def test_a_heat_map_shows_one_wave():
    with pytest.raises(BadArgumentError) as error:
        plots.plot_heatmap(made(2))
    assert str(error.value) == (
        "plot_heatmap: the table holds 2 waves, and a heat map shows one.\n"
        "  found: 'baseline', 'year 1'\n"
        "  try:   scores[scores['wave'] == 'year 1']"
    )


def test_schools_are_named_where_the_table_names_them():
    scores = made(2, ("baseline",)).assign(school_name=["Upper Made-up"] * 8 + [None] * 8)
    names = [label.get_text() for label in plots.plot_heatmap(scores).get_yticklabels()]
    assert names == ["Upper Made-up", "900002"]


def test_numbers_of_schools_stand_in_the_order_of_the_legend():
    scores = made(4).query("not (wave == 'year 1' and benchmark == 'p2')")
    ax = plots.plot_shares(analysis.achieved_shares(scores))
    assert [word.get_text() for word in ax.get_legend().get_texts()] == ["baseline", "year 1"]
    assert [label.get_text() for label in ax.get_yticklabels()][:2] == [
        "p1\nn = 3, 4",
        "p2\nn = 3, –",
    ]


def test_a_benchmark_with_no_scored_school_says_so():
    scores = made(3, ("baseline",), n_benchmarks=2)
    scores.loc[scores["benchmark"] == "p2", "state"] = "not scored"
    ax = plots.plot_shares(analysis.achieved_shares(scores))
    assert [word.get_text() for word in ax.texts] == ["no school scored"]


def test_a_change_is_drawn_for_matched_schools_with_their_number():
    scores = made(3, n_benchmarks=1).assign(state=["partial", "achieved"] * 2 + ["achieved"] * 2)
    ax = plots.plot_change(analysis.change(scores, before="baseline", after="year 1"))
    assert ax.get_yticklabels()[0].get_text() == "p1\nn = 3 matched"
    assert ax.texts[-1].get_text().startswith("+67 pp\n(")


def test_more_groups_than_can_be_told_apart_are_refused():
    many = made(7).assign(la_name=lambda frame: frame["school_urn"])
    with pytest.raises(BadArgumentError, match="tells 6 groups apart, not 14"):
        plots.plot_shares(analysis.achieved_shares(many, by="la_name"))


def test_a_frame_is_no_result():
    with pytest.raises(BadArgumentError) as error:
        plots.plot_shares(made(2))
    assert str(error.value) == (
        "plot_shares: a Shares record is needed.\n"
        "  found: DataFrame\n"
        "  try:   analysis.achieved_shares(scores)"
    )


def test_nothing_to_draw_is_said_in_words():
    scores, replies = made(2), answers().iloc[:0]
    empty = scores.iloc[:0]
    drawn = [
        plots.plot_heatmap(empty),
        plots.plot_shares(analysis.achieved_shares(empty)),
        plots.plot_scale_means(analysis.scale_means(replies)),
    ]
    assert [ax.texts[0].get_text() for ax in drawn] == [
        "No school to show",
        "No school to show",
        "No respondent to show",
    ]


def test_fourteen_of_sixteen_shows_as_88_percent():
    # domain.md 8.9: halves go up
    assert percent(14 / 16) == "88%"


def test_dollar_signs_in_names_are_no_mathematics():
    labels = {f"p{number}": r"$\frac{$" for number in range(1, 9)}
    scores = made(2)
    shares = analysis.achieved_shares(scores)
    plots.plot_shares(shares, labels=labels).get_figure().canvas.draw()
    named = scores[scores["wave"] == "baseline"].assign(school_name="£5, $10 or $20_^")
    axes = plots.plot_heatmap(named, labels=labels)
    axes.get_figure().canvas.draw()
    assert axes.get_yticklabels()[0].get_text() == r"£5, \$10 or \$20_^"


def test_means_may_show_the_whole_scale():
    means = analysis.scale_means(answers(), by="year_group")
    assert plots.plot_scale_means(means, limits=(1, 5)).get_ylim() == (1, 5)
