"""Pupils in schools meet R's clubSandwich: references.R has the calls."""

import numpy as np
import pytest

from careerbench.analysis.clusters import anova_icc, cr2_contrast, cr2_mean


def test_few_unequal_schools_get_bias_reduced_errors():
    # R clubSandwich: coef_test(lm(y ~ 1, d), vcov = "CR2", cluster = d$school)
    mean, error, freedom = cr2_mean([6, 6, 17], [3, 2, 4], [0, 0, 0])
    found = float(mean[0]), float(error[0]), float(freedom[0])
    assert found == pytest.approx((3.2222222222222, 0.7922686377462, 1.8421052631579), rel=1e-12)


def test_schools_of_one_size_get_the_error_of_their_means():
    means = np.array([1.0, 2.5, 3.0, 5.5])
    _, error, freedom = cr2_mean(7 * means, [7] * 4, [0] * 4)
    assert (error[0], freedom[0]) == pytest.approx((means.std(ddof=1) / 2, 3))


def test_groups_are_told_apart_and_one_school_has_no_error():
    mean, error, freedom = cr2_mean([6, 6, 17, 4], [3, 2, 4, 2], [1, 1, 1, 0], n_groups=3)
    assert mean[:2].tolist() == pytest.approx([2, 29 / 9])
    assert np.isnan([error[0], freedom[0], mean[2], error[2]]).all()
    assert freedom[1] == pytest.approx(1.8421052631579)


def test_a_school_at_both_waves_is_one_cluster():
    # R clubSandwich: coef_test(lm(y ~ wave, s), vcov = "CR2", cluster = s$school)
    total = [[6, 6, 17, 2, 0], [6, 12, 9, 0, 4]]
    size = [[3, 2, 4, 1, 0], [2, 3, 2, 0, 2]]
    expected = (0.344444444444, 0.628709674010, 3.007612742136)
    assert cr2_contrast(total, size, [-1, 1]) == pytest.approx(expected, rel=1e-11)


def test_a_wave_held_by_one_school_has_no_error():
    found = cr2_contrast([[6, 6], [4, 0]], [[3, 2], [1, 0]], [-1, 1])
    assert found.estimate == pytest.approx(4 - 12 / 5)
    assert np.isnan([found.error, found.freedom]).all()


def test_a_wave_without_answers_has_no_change():
    assert np.isnan(cr2_contrast([[6, 6], [0, 0]], [[3, 2], [0, 0]], [-1, 1])).all()


def test_likeness_within_schools_is_the_analysis_of_variance_estimate():
    # R: anova(lm(y ~ school)) and n0, in references.R
    icc = anova_icc([6, 6, 17], [3, 2, 4], [14, 20, 75], [0, 0, 0], n_groups=1)
    assert icc[0] == pytest.approx(0.502127659574)


def test_schools_more_alike_than_chance_have_a_likeness_below_zero():
    icc = anova_icc([4, 4], [2, 2], [10, 10], [0, 0], n_groups=1)  # 1 and 3 in both
    assert icc[0] == -1


def test_one_pupil_per_school_cannot_say_how_alike_pupils_are():
    assert np.isnan(anova_icc([1, 2], [1, 1], [1, 4], [0, 0], n_groups=1))[0]
