"""Self-assessment against the reviewer."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import agreement, kappa
from careerbench.errors import BadArgumentError, TableProblemsError

WORDS = {1: "not achieved", 2: "partial", 3: "achieved"}
SELF = [3, 3, 2, 2, 1, 3, 3, 2, 1, 1, 2, 3, 3, 2, 1, 3, 2, 2, 3, 1]
REVIEWER = [3, 2, 2, 1, 1, 3, 2, 2, 1, 2, 1, 3, 2, 2, 1, 3, 3, 1, 2, 1]
INTERVALS = {
    "kappa": [0.330855018587, 0.00752452449952, 0.654185512675],
    "linear_kappa": [0.485714285714, 0.21518485238103, 0.756243719048],
    "quadratic_kappa": [0.648437500000, 0.44201941410049, 0.854855585900],
}


def made(states, per_school=4):
    place = np.arange(len(states))
    return pd.DataFrame(
        {
            "school_urn": (place // per_school).astype(str),
            "benchmark": [f"p{number}" for number in place % per_school],
            "state": [WORDS.get(state, state) for state in states],
        }
    )


def first_row(own, seen, **options):
    return agreement(own, seen, by=None, **options).to_frame().iloc[0]


@pytest.mark.parametrize("kind", INTERVALS)
def test_kappa_and_its_interval_are_what_r_gives(kind):
    # references_fair.R: psych::cohen.kappa and vcd::Kappa (psych's weighted interval has a slip
    # in its variance); irr::kappa2 gives the same estimates
    row = first_row(made(SELF), made(REVIEWER))
    assert row[[kind, f"{kind}_low", f"{kind}_high"]].tolist() == pytest.approx(
        INTERVALS[kind], abs=1e-11
    )


def test_the_interval_over_schools_leaves_out_one_school_at_a_time():
    # references_fair.R: psych::cohen.kappa without each of five schools
    row = first_row(made(SELF), made(REVIEWER))
    found = row[["kappa_clustered_low", "kappa_clustered_high"]].tolist()
    assert found == pytest.approx([-0.0604779186945, 0.7221879558692])
    found = row[["quadratic_kappa_clustered_low", "quadratic_kappa_clustered_high"]].tolist()
    assert found == pytest.approx([0.443799607241, 0.853075392759])


def test_weighted_kappa_meets_a_published_table():
    # Cohen (1968), Psychological Bulletin 70: 213-220, table 1, 200 pairs; in psych's help page:
    # unweighted kappa 0.492, from 0.392 to 0.591
    table = 200 * np.array([[0.44, 0.05, 0.01], [0.07, 0.20, 0.03], [0.09, 0.05, 0.06]])
    weights = kappa.weights_of("kappa", 3)
    value, error = kappa.kappa_of(table, weights), kappa.kappa_error(table, weights)
    assert float(value) == pytest.approx(0.491525423729, abs=1e-11)
    assert value - 1.959963984540 * error == pytest.approx(0.391563702054, abs=1e-11)


def test_the_direction_is_counted_and_tested():
    row = first_row(made(SELF), made(REVIEWER))
    assert row[["n_pairs", "n_agree", "n_self_higher", "n_reviewer_higher"]].tolist() == [
        20,
        11,
        7,
        2,
    ]
    assert row["p_direction"] == pytest.approx(0.1796875)  # R: binom.test(7, 9)$p.value
    assert row["mean_difference"] == pytest.approx(np.mean(np.subtract(SELF, REVIEWER)))


def test_what_one_side_did_not_rate_is_left_out_and_counted():
    own, seen = made([*SELF, 3, "not scored", 3, None]), made([*REVIEWER, 3, 3, "not scored", 2])
    row = first_row(own.drop(index=[0]), seen.drop(index=[1, 2]))
    counted = ["n_self_only", "n_reviewer_only", "n_unscored", "n_pairs"]
    assert row[counted].tolist() == [2, 1, 3, 18]


def test_benchmarks_are_taken_apart_in_the_order_met():
    own = made(SELF).assign(benchmark=lambda rows: rows["benchmark"].str.replace("p0", "p9"))
    seen = made(REVIEWER).assign(benchmark=own["benchmark"]).iloc[::-1]
    table = agreement(own, seen).to_frame()
    assert table["benchmark"].tolist() == ["p9", "p1", "p2", "p3"]
    assert table["n_pairs"].tolist() == [5] * 4
    assert table["n_schools"].tolist() == [5] * 4


def test_the_states_that_disagree_are_listed():
    states = agreement(made([3, 3, 2, 3]), made([2, 2, 2, 3]), by=None).states
    assert states.to_numpy().tolist() == [
        ["achieved", "partial", 2],
        ["achieved", "achieved", 1],
        ["partial", "partial", 1],
    ]


def test_a_state_nobody_used_keeps_its_place():
    # Two steps apart is two steps, with or without anyone in between.
    row = first_row(made([3, 1, 3, 1, 3], 1), made([3, 1, 1, 1, 2], 1))
    expected = kappa.kappa_of(
        np.array([[2, 0, 0], [0, 0, 0], [1, 1, 1.0]]), kappa.weights_of("linear_kappa", 3)
    )
    assert row["linear_kappa"] == pytest.approx(float(expected))


def test_where_all_is_in_one_state_there_is_no_kappa():
    row = first_row(made([3] * 8), made([3] * 8))
    assert row["agreement"] == 1
    assert row["kappa_reason"] == "all in one state"
    assert row[["kappa", "linear_kappa_low"]].isna().all()


def test_one_school_has_no_interval_over_schools():
    row = first_row(made([3, 2, 1], 3), made([3, 2, 2], 3))
    assert row["clustered_reason"] == "fewer than two schools"
    assert np.isnan(row["kappa_clustered_low"])


def test_two_tables_that_share_no_school_are_refused():
    with pytest.raises(BadArgumentError, match="is in both tables"):
        agreement(made([3, 2], 1), made([3, 2], 1).assign(school_urn=["8", "9"]))


def test_an_unknown_state_is_refused_with_the_one_that_was_meant():
    with pytest.raises(TableProblemsError) as error:
        agreement(made([3, "achievd"], 1), made([3, 2], 1))
    assert str(error.value) == (
        "agreement: self_scores: column 'state' holds 'achievd', which order does not name.\n"
        "  found: 'achievd'\n"
        "  try:   did you mean 'achieved'?"
    )


@pytest.mark.parametrize("order", ["achieved", ["achieved"], ["partial", "partial"]])
def test_an_order_that_is_none_is_refused(order):
    with pytest.raises(BadArgumentError, match="order must name at least two states"):
        agreement(made([3], 1), made([3], 1), order=order)


def test_the_notes_say_who_is_higher():
    said = " ".join(agreement(made(SELF), made(REVIEWER), by=None).notes)
    assert "the school is higher in 7 of 9 (78%)" in said
