"""What each school's figure is worth, and how little its rank says."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import rank_intervals, shrunken_estimates
from careerbench.errors import BadArgumentError, TableProblemsError

TEN = pd.DataFrame(
    {
        "school_urn": [f"{n:02d}" for n in range(10)],
        "met": [12, 30, 26, 50, 42, 71, 4, 29, 48, 36],
        "asked": [82, 98, 100, 125, 162, 151, 12, 100, 82, 99],
    }
)
NINE = pd.DataFrame(
    {
        "school_urn": list("abcdefghi"),
        "mean": [3.1, 2.4, 3.6, 2.9, 4.1, 3.3, 2.2, 3.8, 3.0],
        "error": [0.20, 0.35, 0.25, 0.15, 0.40, 0.22, 0.30, 0.28, 0.18],
    }
)
# Rubin (1981), J. Educational Statistics 6: 377-401: coaching in eight schools
EIGHT = pd.DataFrame(
    {
        "school_urn": list("ABCDEFGH"),
        "mean": [28, 8, -3, 7, -1, 1, 18, 12],
        "error": [15, 10, 16, 11, 9, 11, 10, 18],
    }
)
COUNTS = {"numerator": "met", "denominator": "asked"}
MEANS = {"estimate": "mean", "std_error": "error"}


def test_shares_shrink_as_a_beta_binomial_in_r():
    # references_fair.R: optim on the beta-binomial likelihood
    found = shrunken_estimates(TEN, **COUNTS)
    assert found.centre == pytest.approx(0.342507951751, abs=1e-7)
    expected = [0.183052554256, 0.311999574311, 0.273102787650, 0.392456320729, 0.267948101819]
    expected += [0.456008350058, 0.338942534585, 0.298338596791, 0.539916814049, 0.360252573181]
    assert found.to_frame()["shrunken"].tolist() == pytest.approx(expected, abs=1e-7)


def test_means_shrink_as_in_metafor():
    # references_fair.R: metafor::blup(metafor::rma(y, sei = se, method = "REML"))
    found = shrunken_estimates(NINE, **MEANS)
    assert found.spread**2 == pytest.approx(0.241931514894, abs=1e-9)
    assert found.centre == pytest.approx(3.14304968696, abs=1e-10)
    expected = [3.10610782189, 2.64976870258, 3.50618778554, 2.92068065888, 3.71905935610]
    expected += [3.27383544410, 2.45569874513, 3.63921374530, 3.01689492313]
    assert found.to_frame()["shrunken"].tolist() == pytest.approx(expected, abs=1e-9)


def test_where_nothing_shows_that_schools_differ_all_get_the_mean():
    # metafor: tau2 0, mean 7.68561672496
    found = shrunken_estimates(EIGHT, **MEANS)
    assert found.spread == 0
    assert found.to_frame()["shrunken"].tolist() == pytest.approx([7.68561672496] * 8)


def test_intervals_meet_the_published_ones_of_eight_schools():
    # Gelman et al. (2013), Bayesian Data Analysis, table 5.3 (200 draws, flat prior on the
    # spread): A -2 to 31, G -1 to 26; printed to whole points
    table = shrunken_estimates(EIGHT, **MEANS).to_frame().set_index("school_urn")
    assert table.loc["A", ["low", "high"]].tolist() == pytest.approx([-2, 31], abs=1)
    assert table.loc["G", ["low", "high"]].tolist() == pytest.approx([-1, 26], abs=1)


def test_a_small_school_is_pulled_most():
    table = shrunken_estimates(TEN, **COUNTS).to_frame()
    assert table["weight"].idxmin() == 6
    assert table["weight"].idxmax() == 4


def test_schools_alike_beyond_chance_shrink_to_the_pooled_share():
    even = TEN.assign(met=[round(n / 3) for n in TEN["asked"]])
    found = shrunken_estimates(even, **COUNTS)
    pooled = even["met"].sum() / even["asked"].sum()
    assert found.spread == 0
    assert found.to_frame()["shrunken"].tolist() == pytest.approx([pooled] * 10)
    assert found.to_frame()["low"].between(0.2, pooled).all()


def test_schools_less_different_than_chance_have_no_spread():
    four = pd.DataFrame({"school_urn": list("abcd"), "met": [1, 2, 3, 4], "asked": [5] * 4})
    assert shrunken_estimates(four, **COUNTS).spread == 0


@pytest.mark.parametrize("met", [0, 100])
def test_where_none_or_all_do_there_is_still_an_answer(met):
    table = shrunken_estimates(TEN.assign(met=met, asked=100), **COUNTS).to_frame()
    assert table["shrunken"].tolist() == pytest.approx([met / 100] * 10)
    assert (table["high"] - table["low"]).between(0.001, 0.1).all()


def test_a_school_without_figures_is_counted():
    table = TEN.astype({"met": float})
    table.loc[3, "met"] = np.nan
    found = shrunken_estimates(table, **COUNTS)
    assert found.to_frame().loc[3, "shrunken_reason"] == "missing"
    assert found.to_frame().loc[3, ["raw", "shrunken", "low", "weight"]].isna().all()
    assert "1 without figures" in found.notes[0]
    ranks = rank_intervals(table, **COUNTS, n=200)
    assert ranks.n_left_out == 1
    assert ranks.to_frame()["rank"].max() == 9


def test_ranks_of_given_draws_are_what_r_gives():
    # references_fair.R: rank, median and quantile of four draws for three schools
    draws = [[0.1, 0.2, 0.3], [0.25, 0.2, 0.3], [0.4, 0.3, 0.2], [0.1, 0.3, 0.2]]
    table = rank_intervals(NINE.iloc[:3], **MEANS, draws=draws).to_frame()
    assert table["rank_median"].tolist() == [2.5, 2.0, 1.5]
    assert table["rank_low"].tolist() == pytest.approx([1.075, 1.075, 1.0])
    assert table["rank_high"].tolist() == pytest.approx([3.0, 2.925, 2.925])
    assert table["rank_mean"].tolist() == [2.25, 2.0, 1.75]


def test_ranks_of_schools_that_hardly_differ_are_wide_open():
    table = rank_intervals(EIGHT, **MEANS).to_frame()
    assert table["rank_low"].tolist() == [1] * 8
    assert table["rank_high"].tolist() == [8] * 8
    assert table[["p_top", "p_bottom"]].sum().tolist() == pytest.approx([2, 2])


def test_draws_agree_with_the_intervals_of_the_same_model():
    from careerbench.analysis import posterior

    for data, names, kind in ((TEN, COUNTS, "beta-binomial"), (NINE, MEANS, "normal")):
        fitted = posterior.fit(*(data[name].to_numpy(float) for name in names.values()), kind)
        drawn = posterior.draw(fitted, 40_000, np.random.default_rng(1))
        low, high = posterior.bounds(fitted, 0.95)
        inside = ((drawn > low) & (drawn < high)).mean(axis=0)
        assert inside == pytest.approx(0.95, abs=0.005)


def test_the_same_seed_gives_the_same_ranks():
    one, two, other = (
        rank_intervals(TEN, **COUNTS, n=500, seed=seed).to_frame() for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(one, two)
    assert one["rank_mean"].tolist() != other["rank_mean"].tolist()


@pytest.mark.parametrize(
    "names", [{}, {"numerator": "met"}, COUNTS | {"estimate": "met"}, COUNTS | MEANS]
)
def test_one_pair_of_columns_is_needed(names):
    with pytest.raises(BadArgumentError, match="one pair of columns is needed"):
        shrunken_estimates(TEN, **names)


def test_bad_input_is_refused():
    with pytest.raises(BadArgumentError, match="fewer than three"):
        shrunken_estimates(TEN.iloc[:2], **COUNTS)
    with pytest.raises(TableProblemsError, match="'error' is 0 or below"):
        shrunken_estimates(NINE.assign(error=0.0), **MEANS)
    with pytest.raises(BadArgumentError, match="draws must have a row for each draw"):
        rank_intervals(NINE, **MEANS, draws=[[1.0, 2.0]])
    with pytest.raises(BadArgumentError, match="n must be a number"):
        rank_intervals(NINE, **MEANS, n=10)


def test_the_notes_warn_of_league_tables():
    for found in (shrunken_estimates(TEN, **COUNTS), rank_intervals(TEN, **COUNTS, n=200)):
        assert "This is no league table" in " ".join(found.notes)
        assert "school_urn" in found._repr_html_()
