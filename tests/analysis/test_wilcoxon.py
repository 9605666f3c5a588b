"""Signed ranks meet R's coin, wilcox.test and effectsize: references.R has the calls."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import number_achieved, wilcoxon_change
from careerbench.analysis.signed_rank import signed_ranks
from careerbench.errors import BadArgumentError, MissingColumnsError, TableProblemsError

ENDS = {"before": "baseline", "after": "year 1"}
BEFORE = [3, 2, 5, 4, 6, 1, 2, 3, 4, 5, 2, 3, 7, 1]
AFTER = [4, 4, 5, 6, 7, 3, 2, 2, 6, 5, 4, 3, 4, 2]
BIG = [
    -1, 1, -1, 3, 1, -1, 1, 2, 1, 0, 3, 1, -1, -3, 2, 0, 0, 2, 2, 1, 2, 2, 1, -3, 1, 0, 0, -2, 0,
    1, 2, 0, 1, 0, -2, 0, 0, 0, 2, 2, 0, 0, 1, 1, -1, -1, 1, 2, 0, 2, 1, -1, 1, -1, 3, 3, 0, -1,
    1, 0,
]  # fmt: skip


def made(before, after):
    """One row per school and wave; None is no row."""
    rows = [
        (str(urn), wave, value)
        for urn, ends in enumerate(zip(before, after, strict=True))
        for wave, value in zip(ENDS.values(), ends, strict=True)
        if value is not None
    ]
    return pd.DataFrame(rows, columns=["school_urn", "wave", "n"])


def first_row(data, **options):
    return wilcoxon_change(data, outcome="n", **ENDS, **options).to_frame().iloc[0]


@pytest.mark.parametrize(
    ("zeros", "z", "asymptotic", "exact"),
    [
        ("wilcox", 1.559625734730, 0.118848351356, 0.1484375),
        ("pratt", 1.7338355074834, 0.0829472735231, 0.087890625),
    ],
)
def test_zeros_and_ties_are_treated_as_coin_treats_them(zeros, z, asymptotic, exact):
    row = first_row(made(BEFORE, AFTER), zeros=zeros)
    found = row[["z", "p_asymptotic", "p_exact"]].tolist()
    assert found == pytest.approx([z, asymptotic, exact], rel=1e-11)
    assert row[["n_pairs", "n_zeros", "n_ties", "n_rose", "n_fell"]].tolist() == [14, 4, 9, 8, 2]


@pytest.mark.parametrize(
    ("zeros", "exact"), [("wilcox", 0.00501798725395), ("pratt", 0.00451971109646)]
)
def test_sixty_schools_are_still_exact(zeros, exact):
    found = signed_ranks(np.array(BIG, dtype=float), zeros=zeros)
    assert found.p_exact == pytest.approx(exact, rel=1e-10)


def test_rank_biserial_is_what_effectsize_gives():
    row = first_row(made(BEFORE, AFTER))
    assert row["rank_biserial"] == pytest.approx(0.545454545455)


def test_without_ties_estimate_and_interval_are_those_of_r():
    # Hollander and Wolfe (1973), p. 29; R: wilcox.test(y, x, paired = TRUE, conf.int = TRUE)
    x = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    y = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    row = first_row(made(x, y))
    assert (row["w_plus"], row["p_exact"]) == (5, 0.0390625)
    assert row[["estimate", "low", "high"]].tolist() == pytest.approx([-0.46, -0.786, -0.01])
    assert row["confidence_reached"] > 0.95


def test_every_way_the_signs_could_fall_is_counted():
    changes = np.array([1.0, 1, 2, 0, -2, 3, 4, 4])
    moved = changes[changes != 0]
    ranks = pd.Series(np.abs(moved)).rank().to_numpy()
    signs = np.array(np.meshgrid(*[[0, 1]] * len(moved))).reshape(len(moved), -1)
    sums, seen = ranks @ signs, ranks[moved > 0].sum()
    middle = ranks.sum() / 2
    expected = (np.abs(sums - middle) >= abs(seen - middle) - 1e-9).mean()
    assert signed_ranks(changes).p_exact == pytest.approx(expected, rel=1e-14)


def test_arithmetic_of_the_machine_breaks_no_tie():
    assert 0.3 - 0.1 != 0.2
    found = signed_ranks(np.array([0.3 - 0.1, 0.2, -0.2]))
    assert (found.n_ties, found.w_plus) == (3, 4)


def test_few_schools_say_what_confidence_they_reach():
    found = signed_ranks(np.array([1.0, 2, 3, 4, 5]))
    assert (found.low, found.high) == (1, 5)
    assert found.confidence_reached == pytest.approx(0.9375)


def test_where_no_school_changed_p_is_one():
    row = first_row(made([1, 2], [1, 2]))
    assert row[["p_exact", "p_asymptotic", "estimate"]].tolist() == [1, 1, 0]
    assert (row["reason"], row["n_zeros"]) == ("no change", 2)


def test_schools_at_one_end_are_counted_and_compared_with_nobody():
    data = made([1, 2, 3, None, 4], [2, 4, None, 5, None])
    data.loc[len(data)] = ["9", "baseline", None]
    row = first_row(data)
    counted = ["n_before", "n_after", "n_pairs", "n_only_before", "n_only_after", "n_missing"]
    assert row[counted].tolist() == [4, 3, 2, 2, 1, 1]


def test_where_all_is_missing_every_number_is_blank():
    row = first_row(made([1, 2], [1, 2]).assign(n=float("nan")))
    assert (row["n_pairs"], row["n_missing"], row["reason"]) == (0, 2, "no pairs")
    assert row[["p_exact", "estimate", "median_before"]].isna().all()


def test_one_school_has_a_p_of_one():
    assert first_row(made([1], [3]))["p_exact"] == 1


def test_beyond_a_thousand_pairs_only_the_asymptotic_test_is_left():
    rng = np.random.default_rng(1)
    found = signed_ranks(rng.normal(0.1, 1, 1001))
    assert np.isnan(found.p_exact)
    assert found.reason == "many pairs"
    assert found.low < found.estimate < found.high
    assert found.confidence_reached == pytest.approx(0.95, abs=1e-3)


def test_groups_stand_apart():
    data = made(BEFORE, AFTER)
    data["la_name"] = np.where(data["school_urn"].astype(int) < 7, "North", "South")
    found = wilcoxon_change(data, outcome="n", **ENDS, by="la_name").to_frame()
    assert found["n_pairs"].tolist() == [7, 7]


def test_pupils_are_not_ranked_as_if_they_had_no_school():
    data = made(BEFORE, AFTER)
    with pytest.raises(TableProblemsError, match="schools are the unit"):
        first_row(pd.concat([data, data]))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"zeros": "zsplit"}, BadArgumentError, "zeros has no value 'zsplit'"),
        ({"before": "start"}, BadArgumentError, "before has no value 'start'"),
        ({"after": "baseline"}, BadArgumentError, "before and after are the same wave"),
        ({"outcome": "number"}, MissingColumnsError, "has no column 'number'"),
    ],
)
def test_what_cannot_be_done_is_refused(options, error, words):
    with pytest.raises(error, match=words):
        wilcoxon_change(made([1], [2]), **{"outcome": "n", **ENDS, **options})


def test_text_is_no_number():
    with pytest.raises(TableProblemsError, match="'n' does not hold numbers"):
        first_row(made(["a"], ["b"]))


def test_numbers_achieved_can_be_compared(pilot):
    from careerbench import scoring

    scores = scoring.score_benchmarks(pilot.audits, pilot.framework)
    waves = list(dict.fromkeys(scores["wave"]))
    schools = number_achieved(scores).schools
    found = wilcoxon_change(schools, outcome="n_achieved", before=waves[0], after=waves[1])
    assert found.to_frame()["n_pairs"].iloc[0] > 30
    assert "Zeros: " in found.notes[1]
    assert "comparison group" in found._repr_html_()


def test_whole_differences_give_a_whole_estimate_whatever_the_largest_is():
    found = signed_ranks(np.array([1.0, 1.0, 2.0, 3.0, -1.0]))
    assert (found.estimate, found.low, found.high) == (1.0, -1.0, 3.0)
