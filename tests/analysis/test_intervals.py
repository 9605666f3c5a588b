"""Intervals meet published values, and R (references.R) where there is no table to meet."""

import numpy as np
import pytest

from careerbench import analysis
from careerbench.analysis.intervals import (
    clustered_mean,
    difference_interval,
    pair_correlation,
    t_interval,
    wilson_interval,
)
from careerbench.errors import CareerBenchError

# Newcombe (1998), Statistics in Medicine 17: 857-872, Table I, method 3.
# The same from R's prop.test(correct = FALSE): references.R.
WILSON = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("n_success", "n", "low", "high"), WILSON)
def test_wilson_interval_matches_the_published_table(n_success, n, low, high):
    assert wilson_interval(n_success, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_interval_goes_element_by_element_and_knows_nothing_of_nobody():
    low, high = wilson_interval([0, 0, 5], [0, 5, 5])
    assert np.isnan([low[0], high[0]]).all()
    assert (low[1], high[2]) == (0.0, 1.0)


def test_a_higher_confidence_is_wider():
    narrow, wide = wilson_interval(5, 10, confidence=0.8), wilson_interval(5, 10, confidence=0.99)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_schools_with_no_overlap_get_the_independent_interval():
    # Newcombe (1998), Statistics in Medicine 17: 873-890, Table II, method 10: 56/70 - 48/80.
    found = difference_interval((48, 80), (56, 70))
    assert found == pytest.approx((0.0524, 0.3339), abs=5e-5)


# Newcombe (1998), Statistics in Medicine 17: 2635-2650, method 10, written out in R: references.R.
# Pairs are yes yes, yes no, no yes, no no; the first are the worked example of Altman et al.
# (2000), Statistics with confidence, 2nd ed., table 6.2.
PAIRED = [
    ((14, 5, 0, 22), 0.01148324138, 0.2264926844),
    ((36, 12, 2, 0), 0.056929584, 0.340427603),
    ((20, 12, 2, 16), 0.05615642484, 0.3292069954),
    ((1, 1, 7, 12), -0.5069202267, -0.02555912416),
]


@pytest.mark.parametrize(("pairs", "low", "high"), PAIRED)
def test_matched_schools_get_the_paired_interval(pairs, low, high):
    kept, gained, lost, neither = pairs
    n = sum(pairs)
    rho = pair_correlation(kept, gained, lost, neither)
    found = difference_interval((kept + lost, n), (kept + gained, n), correlation=rho)
    assert found == pytest.approx((low, high), abs=1e-9)


def test_an_interval_of_a_difference_stays_between_minus_one_and_one():
    low, high = difference_interval((0, 3), (3, 3), correlation=-1)
    assert -1 <= low < high == 1


def test_a_difference_from_nobody_is_missing():
    assert np.isnan(difference_interval((0, 0), (3, 3))).all()


def test_schools_that_all_answer_the_same_have_no_correlation():
    assert pair_correlation(5, 0, 0, 0) == 0


def test_a_clustered_mean_is_what_r_survey_gives():
    # R survey 4.1-1, svymean with ids = ~school, in references.R; schools a, b, c with scores
    # 1 2 3, 2 4 and 5 3 4 5.
    mean, error = clustered_mean([6, 6, 17], [3, 2, 4], [0, 0, 0])
    assert (mean[0], error[0]) == pytest.approx((29 / 9, 0.7520737981))
    assert t_interval(mean[0], error[0], 2) == pytest.approx((-0.01369015793, 6.458134602))


def test_one_school_alone_has_no_clustered_error():
    mean, error = clustered_mean([6], [3], [0])
    assert mean[0] == 2
    assert np.isnan(error[0])


def test_without_degrees_of_freedom_there_is_no_t_interval():
    assert np.isnan(t_interval(2.0, 1.0, 0)).all()


@pytest.mark.parametrize(
    ("part", "n", "confidence"), [(5, 3, 0.95), (-1, 3, 0.95), (1, 3, 95), (1, 3, "0.95")]
)
def test_an_interval_of_impossible_counts_or_confidence_is_refused(part, n, confidence):
    with pytest.raises(CareerBenchError):
        analysis.wilson_interval(part, n, confidence=confidence)


def test_a_correlation_beyond_one_is_refused():
    with pytest.raises(CareerBenchError, match="correlation must lie between -1 and 1"):
        analysis.difference_interval((1, 3), (2, 3), correlation=5)
