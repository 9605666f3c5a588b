"""How fast a trial is bootstrapped and permuted, and whether its intervals cover. In one run.

Not part of the test run. Times are CPU seconds of whole public calls, compared with single fits of
statsmodels' MixedLM to the same trial; coverage is by simulation with fixed seeds.
"""

import statistics
import time
import warnings

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import (
    bootstrap_effect,
    difference_in_differences,
    permute_effect,
    trial_effect,
)

ROUNDS = 7
ROLES = {"outcome": "y", "arm": "arm", "covariates": ["x"], "group": "school_urn"}
SIZES = [13, 33, 30, 30, 15, 5, 24, 12, 4, 14, 11, 16, 9, 21, 6, 8, 4, 2, 1, 5, 1, 1]  # 265 pupils


def made_up(rng, sizes, *, icc=0.25, effect=0.3):
    """One trial: schools of these sizes, every other one in the programme."""
    school = np.repeat(np.arange(len(sizes)), sizes)
    x = rng.normal(size=len(school))
    between = np.sqrt(icc) * rng.normal(size=len(sizes))
    y = effect * (school % 2) + between[school] + 0.6 * x
    y += np.sqrt(1 - icc) * rng.normal(size=len(school))
    return pd.DataFrame({"school_urn": school.astype(str), "arm": school % 2, "x": x, "y": y})


@pytest.fixture(scope="module")
def trial():
    return made_up(np.random.default_rng(4), SIZES)


@pytest.fixture(scope="module")
def one_fit(trial):
    """CPU seconds of one fit by statsmodels."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    design = np.column_stack([np.ones(len(trial)), trial["arm"], trial["x"]])

    def fit():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            MixedLM(trial["y"].to_numpy(), design, trial["school_urn"].to_numpy()).fit(reml=True)

    return cpu(fit)


def cpu(call):
    """Median CPU seconds of several calls, the first left out."""
    times = []
    for _ in range(ROUNDS + 1):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return statistics.median(times[1:])


@pytest.mark.parametrize(
    ("kind", "limit"),
    [("schools", 3), ("pupils", 6), ("both", 8), ("residuals", 6), ("wild", 6), ("permute", 3)],
)
def test_a_thousand_refits_take_no_longer_than_a_few_by_statsmodels(
    benchmark, trial, one_fit, kind, limit
):
    def call():
        if kind == "permute":
            return permute_effect(trial, n=1000, seed=1, **ROLES)
        return bootstrap_effect(trial, n=1000, seed=1, resample=kind, **ROLES)

    benchmark.pedantic(call, rounds=3, warmup_rounds=1)
    seconds = cpu(call)
    benchmark.extra_info["CPU milliseconds"] = round(1000 * seconds, 1)
    benchmark.extra_info["ratio to one MixedLM fit"] = round(seconds / one_fit, 2)
    assert seconds / one_fit < limit


@pytest.mark.parametrize("kind", ["schools", "pupils", "permute"])
def test_a_thousand_multisite_refits_take_no_longer_than_two_hundred_by_statsmodels(
    benchmark, one_fit, kind
):
    rng = np.random.default_rng(2)
    trial = made_up(rng, [4] * 54)
    trial["arm"] = np.arange(len(trial)) % 2

    def call():
        if kind == "permute":
            return permute_effect(trial, design="multisite", n=1000, seed=1, **ROLES)
        return bootstrap_effect(trial, design="multisite", n=1000, seed=1, resample=kind, **ROLES)

    benchmark.pedantic(call, rounds=1)
    start = time.process_time()
    call()
    seconds = time.process_time() - start
    benchmark.extra_info["CPU milliseconds"] = round(1000 * seconds)
    assert seconds / one_fit < 200


@pytest.mark.parametrize("n_schools", [10, 20, 70])
def test_intervals_of_a_cluster_trial_cover(benchmark, n_schools):
    n, icc, effect = 1000, 0.15, 0.3
    truth = np.array([effect / np.sqrt(1 - icc), effect])

    def simulate():
        rng = np.random.default_rng(n_schools)
        hits = np.zeros((n, 2))
        for number in range(n):
            trial = made_up(rng, rng.integers(6, 25, n_schools), icc=icc, effect=effect)
            table = trial_effect(trial, **ROLES).to_frame().iloc[:2]
            hits[number] = (table["low"] <= truth) & (truth <= table["high"])
        return hits.mean(axis=0)

    covered = benchmark.pedantic(simulate, rounds=1)
    benchmark.extra_info["coverage, within and total"] = covered.tolist()
    assert ((covered > 0.93) & (covered < 0.97)).all()


@pytest.mark.parametrize(("n_schools", "n"), [(10, 600), (20, 400), (70, 300)])
def test_intervals_of_a_multisite_trial_cover(benchmark, n_schools, n):
    effect, slope = 0.3, 0.05
    truth = effect / np.sqrt(0.8)
    roles = {**ROLES, "covariates": []}

    def simulate():
        rng = np.random.default_rng(n_schools)
        hits = np.zeros(n)
        for number in range(n):
            sizes = rng.integers(8, 25, n_schools)
            trial = made_up(rng, sizes, icc=0.2, effect=0.0)
            school = trial["school_urn"].astype(int).to_numpy()
            trial["arm"] = rng.integers(0, 2, len(trial))
            own = effect + np.sqrt(slope) * rng.normal(size=n_schools)
            trial["y"] += trial["arm"] * own[school] - 0.6 * trial["x"]
            row = trial_effect(trial, design="multisite", **roles).to_frame().iloc[0]
            hits[number] = row["low"] <= truth <= row["high"]
        return float(hits.mean())

    covered = benchmark.pedantic(simulate, rounds=1)
    benchmark.extra_info["coverage"] = covered
    assert 0.925 < covered < 0.975


@pytest.mark.parametrize("n_schools", [10, 20, 70])
def test_differences_in_differences_cover_and_reject_as_often_as_said(benchmark, n_schools):
    n = 2000
    urns = np.tile(np.arange(n_schools), 2).astype(str)
    roles = {"outcome": "y", "arm": "arm", "before": 0, "after": 1}

    def simulate():
        rng = np.random.default_rng(n_schools)
        arm = np.tile(np.arange(n_schools) % 3 == 0, 2)
        wave = np.repeat([0, 1], n_schools)
        found = np.zeros(n)
        for number in range(n):
            level = np.tile(rng.normal(size=n_schools), 2)
            y = level + 0.4 * wave + rng.normal(size=2 * n_schools)
            table = pd.DataFrame({"school_urn": urns, "arm": arm, "wave": wave, "y": y})
            found[number] = difference_in_differences(table, **roles).table["p"].iloc[0]
        return float((found < 0.05).mean())

    rejected = benchmark.pedantic(simulate, rounds=1)
    benchmark.extra_info["rejected at 5%"] = rejected
    assert 0.035 < rejected < 0.065


def test_permutation_tests_reject_as_often_as_said(benchmark):
    n = 600

    def simulate():
        rng = np.random.default_rng(8)
        found = np.zeros(n)
        for number in range(n):
            trial = made_up(rng, rng.integers(4, 12, 12), effect=0.0)
            found[number] = permute_effect(trial, n=199, seed=number, **ROLES).table["p"].iloc[0]
        return float((found <= 0.05).mean())

    rejected = benchmark.pedantic(simulate, rounds=1)
    benchmark.extra_info["rejected at 5%"] = rejected
    assert 0.03 < rejected < 0.07
