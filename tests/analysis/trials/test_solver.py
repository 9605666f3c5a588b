"""The solvers against a plain likelihood, a grid, and each other."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis.trials import design, slopes, solver, sums


def trial_of(table, kind="cluster"):
    return design.read_trial(
        table,
        outcome="y",
        arm="arm",
        covariates=["x"],
        group="school_urn",
        design=kind,
        control=None,
        step="test",
    )


def deviance(trial, covariance):
    """-2 log restricted likelihood from dense matrices; covariance of arm effects over within."""
    arms = np.eye(trial.n_arms)[trial.arm]
    fixed = np.column_stack([arms, trial.columns[:, :-1]])
    same = trial.school[:, None] == trial.school[None]
    spread = np.eye(trial.n_pupils) + same * covariance[trial.arm][:, trial.arm]
    inverse = np.linalg.inv(spread)
    inner = fixed.T @ inverse @ fixed
    y = trial.columns[:, -1]
    rest = y - fixed @ np.linalg.solve(inner, fixed.T @ inverse @ y)
    n = trial.n_pupils - fixed.shape[1]
    logs = np.linalg.slogdet(spread)[1] + np.linalg.slogdet(inner)[1]
    return logs + n * (1 + np.log(2 * np.pi * (rest @ inverse @ rest) / n))


def test_the_deviance_is_that_of_the_dense_likelihood(cluster, multi):
    trial = trial_of(cluster)
    fits = solver.fit_intercept(sums.base_of(trial).cells, arms=True, known_arms=2)
    ratio = fits.between[0] / fits.within[0]
    assert fits.deviance[0] == pytest.approx(deviance(trial, ratio * np.ones((2, 2))), rel=1e-11)
    trial = trial_of(multi, "multisite")
    fits = slopes.fit_slopes(sums.base_of(trial).cells)
    assert fits.deviance[0] == pytest.approx(
        deviance(trial, fits.between[0] / fits.within[0]), rel=1e-11
    )


def test_no_grid_beats_any_replicate_least_of_all_at_zero_variance(cluster):
    base = sums.base_of(trial_of(cluster))
    rng = np.random.default_rng(7)
    flat = base.cells.mean.copy()
    flat[..., -1] *= 0.35  # schools nearly alike: many replicates on the boundary
    base = sums.Base(**{**vars(base), "cells": sums.Cells(**{**vars(base.cells), "mean": flat})})
    weight = rng.multinomial(12, np.ones(12) / 12, size=300).astype(float)
    cells = sums.reweighted(base, weight)
    fits = solver.fit_intercept(cells, arms=True, known_arms=2)
    zero = fits.between[:, 0, 0] == 0
    assert 30 < zero.sum() < 270
    profile = solver.Profile(cells, arms=True, known_arms=2)
    rows = np.flatnonzero(fits.reason == "")
    for t in np.concatenate([[0], np.geomspace(1e-9, 0.5, 150), 1 - np.geomspace(1e-6, 0.5, 150)]):
        found = profile.solution(np.full(len(rows), t), rows)[2]
        assert (found >= fits.deviance[rows] - 1e-9).all()


# School sizes, means of outcome and covariate, found by a search for likelihoods with two minima;
# the lower one is at zero in the second.
TWO_MINIMA = [
    ([200, 100, 40, 40, 1, 3, 2], [0.01, -0.016, 0.008, 0, -2.1, 0, -2.4], [9, 2, 2, 2, 7, -2, -1]),
    ([100, 3, 200, 3, 2], [0.04, 2.0, 0.03, 0, 0.5], [6, 4, 0, 5, -6]),
    ([2, 100, 40, 100, 100, 100], [-3, 0.18, -0.08, 0.17, -0.03, -0.01], [8, -9, 3, -5, 2, 4]),
]


@pytest.mark.parametrize(("sizes", "outcome", "covariate"), TWO_MINIMA)
def test_of_two_minima_the_lower_is_taken(sizes, outcome, covariate):
    n_schools, n_within = len(sizes), float(sum(sizes) - len(sizes))
    cells = sums.Cells(
        weight=np.ones((1, n_schools)),
        size=np.array(sizes, dtype=float)[None, :, None],
        arm=(np.arange(n_schools) % 2)[None, :, None],
        mean=np.column_stack([covariate, outcome]).astype(float)[None, :, None],
        within=n_within * np.eye(2)[None],
        n_arms=2,
    )
    profile = solver.Profile(cells, arms=True, known_arms=2)
    grid = np.linspace(0, 0.9999, 500)
    found = np.array([profile.solution(np.array([t]), np.array([0]))[2][0] for t in grid])
    turns = np.sign(np.diff(found))
    assert ((turns[:-1] < 0) & (turns[1:] > 0)).sum() + (turns[0] > 0) == 2
    fits = solver.fit_intercept(cells, arms=True, known_arms=2)
    assert found.min() >= fits.deviance[0] - 1e-11
    assert (fits.between[0, 0, 0] == 0) == (found.argmin() == 0)


def test_no_other_covariance_beats_the_arm_by_school_model(multi):
    trial = trial_of(multi, "multisite")
    fits = slopes.fit_slopes(sums.base_of(trial).cells)
    own = fits.between[0] / fits.within[0]
    rng = np.random.default_rng(3)
    for size in (1e-4, 1e-2, 0.3, 1.0):
        for _ in range(40):
            root = np.linalg.cholesky(own + 1e-9 * np.eye(2)) + size * np.tril(
                rng.normal(size=(2, 2))
            )
            assert deviance(trial, root @ root.T) >= fits.deviance[0] - 1e-8


def test_replicates_fitted_together_are_as_if_fitted_alone(multi):
    base = sums.base_of(trial_of(multi, "multisite"))
    weight = np.random.default_rng(1).multinomial(12, np.ones(12) / 12, size=25).astype(float)
    cells = sums.reweighted(base, weight)
    together = slopes.fit_slopes(cells)
    for row in range(25):
        alone = slopes.fit_slopes(cells.take(np.array([row])))
        assert alone.effect[0] == pytest.approx(together.effect[row], rel=1e-7)
        assert alone.deviance[0] == pytest.approx(together.deviance[row], abs=1e-8)


def test_sweeping_gives_inverse_coefficients_and_residuals():
    rng = np.random.default_rng(1)
    table = rng.normal(size=(30, 4))
    gram = table.T @ table
    swept = gram[:, :, None].copy()
    pivots = solver.sweep(swept, 3)
    assert -swept[:3, :3, 0] == pytest.approx(np.linalg.inv(gram[:3, :3]))
    beta, rss, *_ = np.linalg.lstsq(table[:, :3], table[:, 3], rcond=None)
    assert swept[:3, 3, 0] == pytest.approx(beta)
    assert swept[3, 3, 0] == pytest.approx(rss[0])
    assert np.log(pivots[:, 0]).sum() == pytest.approx(np.linalg.slogdet(gram[:3, :3])[1])


def test_an_arm_without_variance_between_schools_settles_all_the_same():
    # the control's schools do not differ: the root of the covariance can turn with no effect
    sizes, rng = [14, 9, 22, 17, 11, 20, 8, 16, 19, 13], np.random.default_rng(21)
    school = np.repeat(np.arange(10), sizes)
    table = pd.DataFrame({"school_urn": school.astype(str), "arm": np.arange(len(school)) % 2})
    table["x"] = rng.normal(size=len(table))
    noise = rng.normal(size=len(table))
    for arm in (0, 1):
        for number in range(10):
            cell = (school == number) & (table["arm"] == arm).to_numpy()
            noise[cell] -= noise[cell].mean()
    table["y"] = noise + table["arm"] * np.linspace(-1, 1, 10)[school]
    trial = trial_of(table, "multisite")
    fits = slopes.fit_slopes(sums.base_of(trial).cells)
    own = fits.between[0] / fits.within[0]
    assert fits.reason[0] == ""
    assert own[0, 0] < 1e-4 < own[1, 1]
    for size in (1e-4, 1e-3, 1e-2):
        for _ in range(30):
            root = np.linalg.cholesky(own + 1e-12 * np.eye(2)) + size * rng.normal(size=(2, 2))
            assert deviance(trial, root @ root.T) >= fits.deviance[0] - 1e-8
