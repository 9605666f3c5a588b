"""How often intervals hold what they should: reliability, agreement, shrunken figures.

Not part of the test run: ``pytest tests/benchmarks/test_coverage_fair.py -s`` prints each share of
intervals that held the true value. Pupils are drawn in schools, schools at random. Shrunken
figures hold a little more than they should where ten schools hardly differ (97.5%).
"""

import sys

import numpy as np
import pytest

from careerbench.analysis import jackknife, kappa, posterior
from careerbench.analysis.one_factor import minres_loadings, omega_total
from careerbench.analysis.reliability import alpha_of

SCHOOLS = (10, 20, 70)
TIMES = {10: 1500, 20: 1500, 70: 800}
LOADINGS = np.array([0.7, 0.6, 0.8, 0.5, 0.6])


def held(name, n_schools, hits):
    share = float(np.mean(hits))
    sys.stdout.write(f"{name}, {n_schools} schools: {share:.3f} of {len(hits)}\n")
    return share


def correlations(covariances):
    scale = np.sqrt(np.diagonal(covariances, axis1=-2, axis2=-1))
    return covariances / (scale[..., :, None] * scale[..., None, :])


def pupils(rng, n_schools):
    """Five items of one factor; 15% of the factor and 10% of the rest lies between schools."""
    size = rng.integers(8, 33, n_schools)
    school = np.repeat(np.arange(n_schools), size)
    n, k = len(school), len(LOADINGS)
    factor = np.sqrt(0.15) * rng.normal(size=n_schools)[school] + np.sqrt(0.85) * rng.normal(size=n)
    own = np.sqrt(0.1) * rng.normal(size=(n_schools, k))[school]
    rest = own + np.sqrt(0.9) * rng.normal(size=(n, k))
    return factor[:, None] * LOADINGS + rest * np.sqrt(1 - LOADINGS**2), school


@pytest.mark.parametrize("n_schools", SCHOOLS)
def test_alpha_and_omega_over_schools(n_schools):
    truth = np.outer(LOADINGS, LOADINGS) + np.diag(1 - LOADINGS**2)
    alpha, omega = float(alpha_of(truth)), float(omega_total(truth, LOADINGS))
    rng, hits = np.random.default_rng(n_schools), []
    for _ in range(TIMES[n_schools]):
        values, school = pupils(rng, n_schools)
        covariance = np.cov(values, rowvar=False)
        without = jackknife.covariances_without(values, school)
        (low, high), _ = jackknife.bounds_below_one(
            float(alpha_of(covariance)), alpha_of(without), school, 0.95
        )
        whole, parts = correlations(covariance), correlations(without)
        loadings = minres_loadings(whole)
        left = omega_total(parts, minres_loadings(parts, start=loadings))
        (least, most), _ = jackknife.bounds_below_one(
            float(omega_total(whole, loadings)), left, school, 0.95
        )
        hits.append((low <= alpha <= high, least <= omega <= most))
    for name, found in zip(("alpha", "omega"), np.transpose(hits), strict=True):
        assert 0.93 <= held(name, n_schools, found) <= 0.97


def rated(rng, n_schools):
    """Eight Benchmarks a school, three states; how well two agree varies between schools."""
    closeness = rng.beta(8, 4, n_schools)[:, None]
    level = rng.dirichlet([4, 4, 4], n_schools).cumsum(axis=1)
    seen = (rng.random((n_schools, 8))[..., None] > level[:, None, :]).sum(axis=-1).clip(0, 2)
    moved = np.clip(seen + rng.choice([1, 1, -1], seen.shape), 0, 2)
    own = np.where(rng.random(seen.shape) < closeness, seen, moved)
    return own.ravel(), seen.ravel(), np.repeat(np.arange(n_schools), 8)


def true_kappas():
    own, seen, _ = rated(np.random.default_rng(0), 400_000)
    counts = np.bincount(own * 3 + seen, minlength=9).reshape(3, 3)
    return [float(kappa.kappa_of(counts, kappa.weights_of(kind, 3))) for kind in kappa.WEIGHTS]


@pytest.mark.parametrize("n_schools", SCHOOLS)
def test_kappa_over_schools(n_schools):
    truth, rng, hits = true_kappas(), np.random.default_rng(n_schools), []
    for _ in range(TIMES[n_schools]):
        row = kappa.kappas(*rated(rng, n_schools), 3, 0.95)
        hits.append([
            row[f"{kind}{way}low"] <= true <= row[f"{kind}{way}high"]
            for kind, true in zip(kappa.WEIGHTS, truth, strict=True)
            for way in ("_clustered_", "_")
        ])  # fmt: skip
    shares = [
        held(f"{kind}{way}", n_schools, found)
        for (kind, way), found in zip(
            [(kind, way) for kind in kappa.WEIGHTS for way in (" over schools", " large-sample")],
            np.transpose(hits),
            strict=True,
        )
    ]
    assert all(0.93 <= share <= 0.97 for share in shares[::2])


@pytest.mark.parametrize("n_schools", SCHOOLS)
@pytest.mark.parametrize("spread", [0.05, 0.15])
def test_shrunken_shares(n_schools, spread):
    size = 0.35 * 0.65 / spread**2 - 1
    rng, hits = np.random.default_rng(n_schools), []
    for _ in range(TIMES[n_schools] // 8):
        true = rng.beta(0.35 * size, 0.65 * size, n_schools)
        whole = rng.integers(8, 60, n_schools).astype(float)
        fitted = posterior.fit(
            rng.binomial(whole.astype(int), true).astype(float), whole, "beta-binomial"
        )
        low, high = posterior.bounds(fitted, 0.95)
        hits.append(((low <= true) & (true <= high)).mean())
    assert 0.93 <= held(f"share, spread {spread}", n_schools, hits) <= 0.98


@pytest.mark.parametrize("n_schools", SCHOOLS)
@pytest.mark.parametrize("spread", [0.1, 0.5])
def test_shrunken_means(n_schools, spread):
    rng, hits = np.random.default_rng(n_schools), []
    for _ in range(TIMES[n_schools] // 2):
        true = 3 + spread * rng.normal(size=n_schools)
        error = rng.uniform(0.1, 0.4, n_schools)
        fitted = posterior.fit(true + error * rng.normal(size=n_schools), error, "normal")
        low, high = posterior.bounds(fitted, 0.95)
        hits.append(((low <= true) & (true <= high)).mean())
    assert 0.93 <= held(f"mean, spread {spread}", n_schools, hits) <= 0.98
