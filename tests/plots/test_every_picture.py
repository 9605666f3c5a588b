"""Every picture, at every size: nothing cut off, nothing over something else, a table, words."""

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from tests.plots.conftest import (
    LONG_TITLES,
    NAMES,
    faults,
    made_answers,
    made_counts,
    made_means,
    made_scores,
)

from careerbench import analysis, plots
from careerbench.errors import BadArgumentError

ENDS = {"before": "baseline", "after": "year 1"}
COUNTS = {"numerator": "met", "denominator": "asked"}


def of_schools(n):
    """Each picture of a number of schools: its result, how it is drawn, and its words."""
    scores, one = made_scores(n), made_scores(n, ("year 1",))
    change = analysis.change(scores, **ENDS)
    titles, mine = {"labels": LONG_TITLES}, {"labels": NAMES, "school": "900001"}
    which = {"where": {"benchmark": "p2"}, **titles}
    named = one.assign(school_name=one["school_urn"].map(NAMES))
    found = {
        "heatmap": (named, {}, {}),
        "shares": (analysis.achieved_shares(scores), titles, titles),
        "change": (change, titles, titles),
        "movement": (analysis.movement(scores, **ENDS), which, which),
        "combinations": (analysis.combinations(one), titles, titles),
        "distribution": (analysis.number_achieved(one), mine, mine),
        "forest": ({"All schools": change}, titles, titles),
    }
    if n >= 3:
        counts = made_counts(n)
        found["funnel"] = (analysis.funnel(counts, **COUNTS), mine, mine)
        found["caterpillar"] = (analysis.shrunken_estimates(counts, **COUNTS), mine, mine)
    return found


def of_pupils():
    answers = analysis.answer_shares(made_answers(), "pupil-careers", by="year_group")
    return {"answers": (answers, {}, {}), "scale_means": (made_means(), {}, {})}


def drawn(name, result, options):
    return getattr(plots, f"plot_{name}")(result, **options)


EACH_SCHOOL_A_MARK = {"heatmap", "movement", "distribution", "funnel", "caterpillar"}
CASES = [
    pytest.param(name, n, id=f"{name}-{n}")
    for n in (1, 8, 70, 300)
    for name in of_schools(min(n, 8))
    if n < 300 or name in EACH_SCHOOL_A_MARK
]


@pytest.mark.parametrize(("name", "n"), CASES)
def test_a_picture_of_one_school_or_many_cuts_nothing_off_and_writes_over_nothing(name, n):
    result, options, _ = of_schools(n)[name]
    ax = drawn(name, result, options)
    assert faults(ax) == ([], [])


@pytest.mark.parametrize("name", ["answers", "scale_means"])
def test_a_picture_of_pupils_cuts_nothing_off_and_writes_over_nothing(name):
    result, options, _ = of_pupils()[name]
    ax = drawn(name, result, options)
    assert faults(ax) == ([], [])


@pytest.mark.parametrize("n", [1, 8, 70])
def test_a_slope_writes_over_nothing(n):
    ax = plots.plot_slope(analysis.change(made_scores(n), **ENDS), labels=LONG_TITLES)
    assert faults(ax) == ([], [])


@pytest.mark.parametrize("by", [(), ("sex",)])
def test_small_multiples_write_over_nothing(by):
    ax = plots.plot_multiples(made_means(by=by))
    assert len(ax.child_axes) == 4
    assert faults(ax) == ([], [])


def test_ranks_of_seventy_schools_write_over_nothing():
    ranks = analysis.rank_intervals(made_counts(70), **COUNTS, n=200)
    ax = plots.plot_caterpillar(ranks, labels=NAMES, school="900007")
    assert faults(ax) == ([], [])


EVERY = {**of_schools(8), **of_pupils()}
ALSO = {
    "slope": (EVERY["change"][0], {"labels": LONG_TITLES}, {}),
    "multiples": (EVERY["scale_means"][0], {}, {}),
}


@pytest.mark.parametrize("name", [*EVERY, *ALSO])
def test_a_picture_changes_nothing_global_and_goes_where_it_is_told(name):
    from matplotlib import pyplot

    result, options, _ = {**EVERY, **ALSO}[name]
    style, figures = dict(mpl.rcParams), pyplot.get_fignums()
    ax = Figure().subplots()
    assert drawn(name, result, {**options, "ax": ax}) is ax
    assert dict(mpl.rcParams) == style
    assert pyplot.get_fignums() == figures


@pytest.mark.parametrize("name", [*EVERY, *ALSO])
def test_a_picture_hands_out_the_rows_it_shows_and_only_a_copy(name):
    result, options, _ = {**EVERY, **ALSO}[name]
    ax = drawn(name, result, options)
    table = plots.table_behind(ax)
    assert len(table) > 0
    table.iloc[:, 0] = None
    assert plots.table_behind(ax).iloc[:, 0].notna().any()


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_has_words_with_numbers_in_them(name):
    result, _, options = EVERY[name]
    said = getattr(plots, f"describe_{name}")(result, **options)
    assert said.endswith(".")
    assert any(letter.isdigit() for letter in said)
    assert "nan" not in said


def test_every_picture_is_tried_here():
    pictures = {name.removeprefix("plot_") for name in plots.__all__ if name.startswith("plot_")}
    assert pictures == {*EVERY, *ALSO}


def test_axes_without_a_picture_have_no_table():
    with pytest.raises(BadArgumentError) as error:
        plots.table_behind(Figure().subplots())
    assert str(error.value) == (
        "table_behind: no picture of careerbench was drawn here.\n"
        "  found: Axes\n"
        "  try:   the axes that a plots.plot_ function returned"
    )


def test_the_eyes_of_these_tests_see_words_cut_off_and_words_on_words():
    figure = Figure()
    ax = figure.subplots()
    ax.text(0.5, 0.5, "one")
    ax.text(0.5, 0.51, "other")
    ax.text(0.9, 0.2, "a name that is far too long for its place")
    cut, over = faults(ax)
    assert cut == ["a name that is far too long for its place"]
    assert ("one", "other") in over
