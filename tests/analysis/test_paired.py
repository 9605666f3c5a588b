"""Yes or no, twice: figures from R stand in references.R."""

import numpy as np
import pytest

from careerbench.analysis import mcnemar
from careerbench.analysis.paired import exact_p, mid_p, tango_interval
from careerbench.errors import BadArgumentError


@pytest.mark.parametrize(
    ("n_up", "n_down", "p"),
    [
        (86, 150, 2.89338951762e-05),  # Agresti (1990), p. 350
        (9, 21, 2.94493734837e-02),
        (5, 0, 0.03125),
        (1, 7, 0.0390625),
        (4, 4, 1.0),
        (0, 0, 1.0),
    ],
)
def test_mid_p_counts_half_of_what_is_as_likely(n_up, n_down, p):
    assert mid_p(np.array([n_up]), np.array([n_down]), np.array([300])) == pytest.approx(p)


def test_without_pairs_there_is_no_test():
    nobody = np.array([0])
    assert np.isnan([exact_p(nobody, nobody, nobody), mid_p(nobody, nobody, nobody)]).all()


# Tango (1998), solved by uniroot in R: references.R
TANGO = [
    ((12, 2, 50), 0.95, 0.0611124061863, 0.3447087482821),
    ((1, 7, 21), 0.95, -0.5172322764214, -0.0260030324809),
    ((5, 0, 41), 0.95, 0.0258363846711, 0.2554421152098),
    ((3, 9, 30), 0.90, -0.3784511467364, -0.0108379781393),
]


@pytest.mark.parametrize(("counts", "confidence", "low", "high"), TANGO)
def test_the_score_interval_of_a_paired_difference(counts, confidence, low, high):
    found = tango_interval(*counts, confidence=confidence)
    assert found == pytest.approx((low, high), abs=1e-11)


def test_the_score_interval_reaches_the_ends_and_knows_nothing_of_nobody():
    low, high = tango_interval([4, 0, 0, 0], [0, 4, 0, 0], [4, 4, 4, 0])
    assert (high[0], low[1]) == (1, -1)
    assert low[2] == pytest.approx(-high[2])
    assert np.isnan([low[3], high[3]]).all()


def test_four_counts_give_interval_and_tests():
    # Altman et al. (2000), table 6.2; figures from R, see test_intervals
    row = mcnemar(n_kept=14, n_gained=0, n_lost=5, n_neither=22).to_frame().iloc[0]
    assert row[["low_pp", "high_pp"]].tolist() == pytest.approx([-22.64926844, -1.148324138])
    assert row[["p_exact", "p_mid"]].tolist() == pytest.approx([0.0625, 0.03125])


def test_where_nothing_changes_p_is_one():
    row = mcnemar(n_kept=3, n_gained=0, n_lost=0, n_neither=5).to_frame().iloc[0]
    assert row[["change_pp", "p_exact", "p_mid"]].tolist() == [0, 1, 1]


def test_no_schools_at_all_leave_every_number_blank():
    row = mcnemar(n_kept=0, n_gained=0, n_lost=0, n_neither=0).to_frame().iloc[0]
    assert row[["share_before", "change_pp", "low_pp", "p_exact"]].isna().all()


def test_two_shares_without_their_schools_are_not_tested():
    # domain.md 8.10: 12% to 87% cannot be tested without n
    with pytest.raises(BadArgumentError) as error:
        mcnemar(n_kept=0, n_gained=0.87, n_lost=0.12, n_neither=0)
    assert str(error.value) == (
        "mcnemar: n_gained must be a whole number of schools, 0 or more.\n"
        "  found: 0.87\n"
        "  try:   the counts: two shares without the schools behind them cannot be tested"
    )
    with pytest.raises(BadArgumentError):
        mcnemar(n_kept=-1, n_gained=0, n_lost=0, n_neither=0)
