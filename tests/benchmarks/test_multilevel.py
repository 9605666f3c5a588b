"""How fast a multilevel model is fitted, beside statsmodels; and how often its intervals are right.

Run with ``uv run pytest tests/benchmarks``; the normal test run leaves this folder out.
"""

import time
import warnings

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import fit_multilevel

# the shape of lme4's InstEval: ratings of lecturers by students
N_RATINGS, N_GROUPS = 73_421, 2_972
N_TRIALS = 1_000
FASTER = 200  # measured on two busy cores: the fit 360, with its table 260 (least CPU of each)


@pytest.fixture(scope="module")
def ratings():
    rng = np.random.default_rng(1)
    weight = rng.gamma(1.5, size=N_GROUPS)
    rest = rng.choice(N_GROUPS, N_RATINGS - N_GROUPS, p=weight / weight.sum())
    group = rng.permutation(np.concatenate([np.arange(N_GROUPS), rest]))
    service = rng.random(N_RATINGS) < 0.43
    level = 3.3 - 0.07 * service + rng.normal(0, 0.5, N_GROUPS)[group]
    score = np.clip(np.round(level + rng.normal(0, 1.2, N_RATINGS)), 1, 5)
    service = pd.Categorical.from_codes(service.astype(int), ["0", "1"])
    return pd.DataFrame({"y": score, "service": service, "s": group})


def best_seconds(call, rounds):
    """Least CPU of some rounds."""
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    return min(spent)


@pytest.fixture(scope="module")
def statsmodels_fit(ratings):
    from statsmodels.formula.api import mixedlm

    def fit():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return mixedlm("y ~ service", ratings, groups=ratings["s"]).fit()

    return fit(), best_seconds(fit, 3)


@pytest.mark.parametrize("way", ["fit", "fit, fixed"])
def test_a_large_fit_is_far_faster_than_statsmodels(ratings, statsmodels_fit, benchmark, way):
    theirs, slow = statsmodels_fit

    def ours():
        fit = fit_multilevel("y ~ service", group="s", data=ratings)
        return fit, [getattr(fit, table) for table in way.split(", ")[1:]]

    estimate = ours()[0].fixed["estimate"].tolist()
    assert estimate == pytest.approx(theirs.fe_params.tolist(), rel=1e-4)
    fast = best_seconds(ours, 15)
    benchmark.pedantic(ours, rounds=15)
    benchmark.extra_info |= {"ms": 1000 * fast, "ms of statsmodels": 1000 * slow}
    benchmark.extra_info["times faster"] = slow / fast
    assert slow / fast > FASTER


@pytest.mark.parametrize("n_schools", [10, 20, 70])
@pytest.mark.parametrize("between", [0.0, 0.25])
def test_intervals_of_an_arm_cover_and_tests_reject_as_they_say(n_schools, between, benchmark):
    rng = np.random.default_rng(n_schools)

    def one_trial():
        school = np.repeat(np.arange(n_schools), rng.integers(8, 25, n_schools))
        arm = rng.permutation(np.arange(n_schools) % 2)[school]
        pretest = rng.normal(size=len(school))
        score = 0.5 * pretest + rng.normal(0, np.sqrt(between), n_schools)[school]
        score += rng.normal(size=len(school))
        table = pd.DataFrame({"y": score, "arm": arm, "pretest": pretest, "s": school})
        row = fit_multilevel("y ~ arm + pretest", group="s", data=table).fixed.iloc[1]
        return row["low"] <= 0 <= row["high"]

    share = float(np.mean([one_trial() for _ in range(N_TRIALS)]))
    benchmark.pedantic(one_trial, rounds=3)
    benchmark.extra_info["share covered"] = share
    assert 0.93 <= share <= 0.97
