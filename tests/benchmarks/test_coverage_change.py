"""How often intervals cover and tests reject, at 10, 20 and 70 schools. Simulated, with a seed.

Run with ``pytest tests/benchmarks/test_coverage_change.py -s``; the normal test run leaves this
folder out. Each test prints its figures. Bounds allow for the noise of the simulation.

Exact tests of counts cannot reject exactly 5%: they reject at most that, and with few schools far
less. Their distribution is computed here in full, not simulated. The mid-p test is for those who
want a level near 5%.
"""

import sys

import numpy as np
import pytest
from scipy.stats import binom

from careerbench.analysis.clusters import cr2_contrast, cr2_mean
from careerbench.analysis.families import adjusted_p
from careerbench.analysis.intervals import (
    clustered_mean,
    difference_interval,
    exact_interval,
    pair_correlation,
    t_interval,
    wilson_interval,
)
from careerbench.analysis.paired import exact_p, mid_p, tango_interval
from careerbench.analysis.signed_rank import signed_ranks
from careerbench.analysis.t_intervals import logit_interval

N_SCHOOLS = (10, 20, 70)
SHARES = np.arange(0.10, 0.901, 0.01)
SAMPLES = 4_000


def said(name, **figures):
    words = ", ".join(f"{key} {100 * value:.1f}%" for key, value in figures.items())
    sys.stdout.write(f"\n{name}: {words}\n")


def covered(low, high, truth):
    return (low <= truth + 1e-12) & (truth - 1e-12 <= high)


@pytest.mark.parametrize("n", N_SCHOOLS)
def test_a_share_is_covered_about_as_often_as_wilson_says(n):
    counts = np.arange(n + 1)
    chance = binom.pmf(counts[:, None], n, SHARES)
    found = {}
    for name, interval in (("wilson", wilson_interval), ("exact", exact_interval)):
        low, high = interval(counts, n)
        found[name] = (chance * covered(low[:, None], high[:, None], SHARES)).sum(axis=0)
    said(f"share, {n} schools", wilson_mean=found["wilson"].mean(),
         wilson_least=found["wilson"].min(), exact_mean=found["exact"].mean(),
         exact_least=found["exact"].min())  # fmt: skip
    assert 0.93 <= found["wilson"].mean() <= 0.97
    assert found["exact"].min() >= 0.95


PAIRED = [(kept, up, down) for kept in (0.1, 0.3) for up, down in
          ((0.1, 0.1), (0.2, 0.05), (0.3, 0.1), (0.4, 0.05), (0.25, 0.25))]  # fmt: skip


@pytest.mark.parametrize("n", N_SCHOOLS)
def test_a_paired_difference_is_covered(n):
    rng = np.random.default_rng(n)
    newcombe, tango = [], []
    for kept, up, down in PAIRED:
        cells = rng.multinomial(n, [kept, up, down, 1 - kept - up - down], SAMPLES).T
        rho = pair_correlation(*cells)
        bounds = difference_interval(
            (cells[0] + cells[2], n), (cells[0] + cells[1], n), correlation=rho
        )
        newcombe.append(covered(*bounds, up - down).mean())
        tango.append(covered(*tango_interval(cells[1], cells[2], n), up - down).mean())
    said(f"paired difference, {n} schools", newcombe_mean=np.mean(newcombe),
         newcombe_least=min(newcombe), newcombe_most=max(newcombe), tango_mean=np.mean(tango),
         tango_least=min(tango), tango_most=max(tango))  # fmt: skip
    assert 0.93 <= np.mean(newcombe) <= 0.975
    assert 0.93 <= np.mean(tango) <= 0.975


def level(p_of, n, moved):
    """The exact level of a test of ups and downs, with so large a share of pairs moving."""
    ups, downs = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    inside = ups + downs <= n
    ups, downs = ups[inside], downs[inside]
    chance = binom.pmf(ups + downs, n, moved) * binom.pmf(ups, ups + downs, 0.5)
    return float(chance[p_of(ups, downs, np.full(len(ups), n)) <= 0.05].sum())


@pytest.mark.parametrize("n", N_SCHOOLS)
def test_mcnemar_exact_is_never_above_its_level_and_mid_p_is_near_it(n):
    shares = (0.2, 0.4, 0.6, 0.8)
    exact, mid = ([level(each, n, share) for share in shares] for each in (exact_p, mid_p))
    said(f"McNemar, {n} schools", exact_least=min(exact), exact_most=max(exact),
         mid_least=min(mid), mid_most=max(mid))  # fmt: skip
    assert max(exact) <= 0.05
    assert max(mid) <= 0.06
    assert n < 70 or min(mid) >= 0.04


def sizes_of(rng, n, spread):
    """Numbers of pupils that answered: about 25, more or less unequal."""
    return np.maximum(np.round(25 * np.exp(rng.normal(0, spread, n) - spread**2 / 2)), 2)


CLUSTERED = [(icc, spread) for icc in (0.0, 0.05, 0.2) for spread in (0.0, 0.5, 1.0)]


@pytest.mark.parametrize("n", N_SCHOOLS)
def test_a_mean_of_pupils_in_schools_is_covered_however_unequal_the_schools(n):
    rng = np.random.default_rng(n)
    group = np.repeat(np.arange(SAMPLES), n)
    ours, taylor = [], []
    for icc, spread in CLUSTERED:
        size = sizes_of(rng, n * SAMPLES, spread)
        school = rng.normal(0, np.sqrt(icc), n * SAMPLES)
        total = size * school + np.sqrt((1 - icc) * size) * rng.normal(size=n * SAMPLES)
        mean, error, freedom = cr2_mean(total, size, group)
        ours.append(covered(*t_interval(mean, error, freedom), 0).mean())
        mean, error = clustered_mean(total, size, group)
        taylor.append(covered(*t_interval(mean, error, n - 1), 0).mean())
    said(f"clustered mean, {n} schools", cr2_least=min(ours), cr2_most=max(ours),
         taylor_least=min(taylor), taylor_most=max(taylor))  # fmt: skip
    assert min(ours) >= 0.93
    assert max(ours) <= 0.97


@pytest.mark.parametrize("n", N_SCHOOLS)
def test_a_response_rate_is_covered_up_to_nineteen_in_twenty(n):
    rng = np.random.default_rng(n)
    group = np.repeat(np.arange(SAMPLES), n)
    found = []
    for share, icc in ((0.5, 0.02), (0.7, 0.1), (0.85, 0.02), (0.85, 0.1), (0.95, 0.02)):
        size = sizes_of(rng, n * SAMPLES, 0.5).astype(int)
        shape = np.array([share, 1 - share]) * (1 / icc - 1)
        answered = rng.binomial(size, rng.beta(*shape, n * SAMPLES))
        low, high = logit_interval(*cr2_mean(answered, size, group))
        found.append(covered(low, high, share).mean())
    said(f"response rate, {n} schools", least=min(found), most=max(found))
    assert min(found) >= 0.93
    assert max(found) <= 0.97


@pytest.mark.parametrize("n", N_SCHOOLS)
def test_a_change_of_pupils_in_schools_is_covered(n):
    rng = np.random.default_rng(n)
    found = []
    for icc, spread in ((0.05, 0.5), (0.2, 0.5), (0.2, 1.0)):
        hits = 0
        for _ in range(SAMPLES):
            size = np.array([sizes_of(rng, n, spread) for _ in range(2)])
            stay = rng.normal(0, np.sqrt(0.7 * icc), n)
            move = rng.normal(0, np.sqrt(0.3 * icc), (2, n))
            noise = np.sqrt((1 - icc) * size) * rng.normal(size=(2, n))
            change = cr2_contrast(size * (stay + move) + noise, size, [-1, 1])
            hits += covered(*t_interval(*change), 0)
        found.append(hits / SAMPLES)
    said(f"clustered change, {n} schools", least=min(found), most=max(found))
    assert min(found) >= 0.93
    assert max(found) <= 0.97


@pytest.mark.parametrize("n", N_SCHOOLS)
def test_signed_ranks_with_ties_and_zeros_keep_their_level(n):
    rng = np.random.default_rng(n)
    rounds = 2_000
    exact, asymptotic = 0, 0
    for _ in range(rounds):
        found = signed_ranks(np.round(rng.normal(0, 1.5, n)), zeros="pratt")
        exact += found.p_exact <= 0.05
        asymptotic += found.p_asymptotic <= 0.05
    said(f"signed ranks, {n} schools", exact=exact / rounds, asymptotic=asymptotic / rounds)
    assert exact / rounds <= 0.06
    assert n < 20 or exact / rounds >= 0.035
    assert n < 20 or 0.035 <= asymptotic / rounds <= 0.06


def test_a_family_of_eight_raises_one_false_alarm_in_twenty():
    rng = np.random.default_rng(8)
    p = rng.uniform(size=(SAMPLES, 8))
    found = {
        method: np.mean([(adjusted_p(row, method) <= 0.05).any() for row in p])
        for method in ("holm", "hommel", "benjamini-hochberg", "benjamini-yekutieli")
    }
    said("family of eight, nothing going on", **found)
    assert all(0.04 <= found[method] <= 0.06 for method in ("holm", "hommel", "benjamini-hochberg"))
    assert found["benjamini-yekutieli"] <= 0.05
