"""Bootstrap replicates against full refits in R, one by one: see references.R beside this file."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import bootstrap_effect, trial_effect
from careerbench.errors import BadArgumentError

SCHOOLS = [
    (0.749120734045, 0.501403276757, 0.424840646638, 0.390532704658),
    (0.801148983811, 0.576455162352, 0.453148338247, 0.438765648297),
    (0.515342708833, 0.398777181861, 0.365268900487, 0.335758254042),
    (0.83995268248, 0.566165414472, 0.553243287159, 0.474360944259),
]
PUPILS = [
    (0.919743111448, 0.425424800979, 0.534954560971, 0.355666097742),
    (0.831175583388, 0.555403141731, 0.596294873381, 0.483241339444),
    (1.03133073422, 0.503371015198, 0.59578746315, 0.394047698293),
]
BOTH = [
    (0.973167464528, 0.427457363004, 0.479888859903, 0.310766709931),
    (0.703975973481, 0.484876380489, 0.401278920538, 0.401242775195),
    (0.282512194954, 0.188989676669, 0.19008459082, 0.15478828427),
    (0.71301394289, 0.407121658434, 0.466906229107, 0.326576585754),
]
RESIDUALS = [
    (1.8044427552, 1.15686651237, 1.07818709329, 0.819840060299),
    (0.849865468825, 0.571233675496, 0.525869454877, 0.448681471053),
    (1.59156665734, 0.976307125584, 0.840413437995, 0.700600915854),
]
WILD = [
    (-0.537825132252, -0.427095841281, -0.374459968816, -0.352027050798),
    (0.652794615256, 0.433593770644, 0.389991650903, 0.364857488704),
    (2.11504205488, 1.77167277455, 1.4221431035, 1.03642702722),
]
MULTI = [
    (2.9849061974, 1.69662550713, 1.15207009422, 1.1060631763),
    (2.53171970813, 1.73288191847, 1.07439615879, 1.07439615879),
    (2.16339860891, 1.70351627827, 1.12765019743, 1.11962578467),
]


def estimates(found):
    return found.replicates["estimate"].to_numpy().reshape(-1, len(found.table))


def sizes_of(table):
    return table.groupby("school_urn", sort=False).size().to_numpy()


def picked(size, r):
    """Positions of pupils within a school of that size, as in references.R."""
    return (np.arange(size) * (r + 2) + r) % size


def pupil_draws(table, n):
    first = np.concatenate([[0], np.cumsum(sizes_of(table))[:-1]])
    sizes = sizes_of(table)
    rows = [
        np.concatenate([start + picked(size, r) for start, size in zip(first, sizes, strict=True)])
        for r in range(n)
    ]
    return np.array(rows)


def both_draws(table, schools):
    sizes = sizes_of(table)
    pupils = np.full((*schools.shape, sizes.max()), -1)
    for r, row in enumerate(schools):
        for place, school in enumerate(row):
            pupils[r, place, : sizes[school]] = picked(sizes[school], r)
    return schools, pupils


def test_a_school_drawn_twice_counts_as_two_schools(cluster, roles, school_draws):
    found = bootstrap_effect(cluster, resample="schools", draws=school_draws, **roles)
    assert estimates(found) == pytest.approx(np.array(SCHOOLS), rel=1e-8)
    assert found.schools == tuple(f"s{j:02d}" for j in range(12))


def test_pupils_drawn_in_their_schools_meet_r(cluster, roles):
    found = bootstrap_effect(cluster, resample="pupils", draws=pupil_draws(cluster, 3), **roles)
    assert estimates(found) == pytest.approx(np.array(PUPILS), rel=1e-8)


def test_schools_and_then_pupils_drawn_meet_r(cluster, roles, school_draws):
    draws = both_draws(cluster, school_draws)
    found = bootstrap_effect(cluster, resample="both", draws=draws, **roles)
    assert estimates(found) == pytest.approx(np.array(BOTH), rel=1e-8)


def test_residuals_drawn_meet_r(cluster, roles, school_draws):
    n = len(cluster)
    rows = np.array([(np.arange(n) * (2 * r + 3) + r) % n for r in range(3)])
    draws = (school_draws[:3], rows)
    found = bootstrap_effect(cluster, resample="residuals", draws=draws, **roles)
    assert estimates(found) == pytest.approx(np.array(RESIDUALS), rel=1e-8)


def test_residuals_turned_by_school_meet_r(cluster, roles):
    signs = np.array([np.where((np.arange(12) + r) % 3 == 0, -1, 1) for r in range(3)])
    found = bootstrap_effect(cluster, resample="wild", draws=signs, **roles)
    assert estimates(found) == pytest.approx(np.array(WILD), rel=1e-8)


def test_schools_of_a_multisite_trial_drawn_meet_lme4(multi, roles, school_draws):
    found = bootstrap_effect(multi, design="multisite", draws=school_draws[:3], **roles)
    assert estimates(found) == pytest.approx(np.array(MULTI), rel=2e-6)


@pytest.mark.parametrize("design", ["cluster", "multisite", "simple"])
@pytest.mark.parametrize("resample", ["schools", "pupils", "both"])
def test_drawing_everything_once_gives_the_trial_itself(cluster, multi, roles, design, resample):
    table = multi if design == "multisite" else cluster
    named = {**roles, "group": None} if design == "simple" else roles
    n = len(table) if design == "simple" else 12
    sizes = np.ones(n, dtype=int) if design == "simple" else sizes_of(table)
    within = np.tile(np.arange(sizes.max()), (1, n, 1))
    draws = {
        "schools": np.arange(n)[None],
        "pupils": np.arange(len(table))[None],
        "both": (np.arange(n)[None], within),
    }[resample]
    found = bootstrap_effect(table, design=design, resample=resample, draws=draws, **named)
    own = trial_effect(table, design=design, **named).table["estimate"]
    assert estimates(found)[0] == pytest.approx(own.to_numpy(), rel=1e-7)


@pytest.mark.parametrize("design", ["cluster", "multisite"])
def test_pupils_drawn_equal_a_refit_of_the_table_they_make(cluster, multi, roles, design):
    table = (multi if design == "multisite" else cluster).sample(frac=1, random_state=5)
    rng = np.random.default_rng(2)
    rows = pd.Series(np.arange(len(table)), index=table["school_urn"].to_numpy())
    drawn = np.concatenate(
        [rng.choice(own, len(own)) for _, own in rows.groupby(level=0, sort=False)]
    )[None]
    found = bootstrap_effect(table, design=design, resample="pupils", draws=drawn, **roles)
    refit = trial_effect(table.iloc[drawn[0]], design=design, **roles).table["estimate"]
    assert estimates(found)[0] == pytest.approx(refit.to_numpy(), rel=1e-6)


def test_turning_no_sign_gives_the_trial_itself(multi, roles):
    found = bootstrap_effect(
        multi, design="multisite", resample="wild", draws=np.ones((1, 12)), **roles
    )
    own = trial_effect(multi, design="multisite", **roles).table["estimate"]
    assert estimates(found)[0] == pytest.approx(own.to_numpy(), rel=1e-7)


@pytest.mark.parametrize("design", ["cluster", "multisite", "simple"])
@pytest.mark.parametrize("resample", ["schools", "pupils", "both", "residuals", "wild"])
def test_a_seed_repeats_every_kind(cluster, multi, roles, design, resample):
    table = multi if design == "multisite" else cluster
    named = {**roles, "group": None} if design == "simple" else roles
    one, other = (
        bootstrap_effect(table, design=design, resample=resample, n=20, seed=4, **named)
        for _ in range(2)
    )
    assert np.array_equal(estimates(one), estimates(other))
    assert (one.to_frame()["low"] < one.to_frame()["high"]).all()
    assert one.to_frame()["n_replicates"].tolist() == [20] * len(one.table)


def test_the_interval_is_the_percentiles_of_the_replicates(cluster, roles):
    found = bootstrap_effect(cluster, n=200, seed=1, confidence=0.9, **roles)
    expected = np.quantile(estimates(found), [0.05, 0.95], axis=0)
    assert pytest.approx(expected) == found.to_frame()[["low", "high"]].to_numpy().T
    assert found.to_frame()["std_error"].to_numpy() == pytest.approx(
        estimates(found).std(axis=0, ddof=1)
    )


def test_a_given_draw_without_an_arm_has_no_estimate_and_is_counted(cluster, roles):
    draws = np.array([np.arange(12), np.arange(12) // 2 * 2])  # the second: control schools only
    found = bootstrap_effect(cluster, draws=draws, **roles)
    table, replicates = found.to_frame(), found.replicates
    assert table["n_failed"].tolist() == [1] * 4
    assert replicates["estimate"].isna().tolist() == [False] * 4 + [True] * 4
    assert replicates["reason"].fillna("").tolist() == [""] * 4 + ["an arm without schools"] * 4
    assert "1 without an estimate (an arm without schools), left out" in " ".join(found.notes)


def test_a_drawn_replicate_without_an_arm_is_drawn_again_and_told(cluster, roles):
    few = cluster[cluster["school_urn"].isin(["s00", "s01", "s02", "s03"])]
    found = bootstrap_effect(few, n=200, seed=1, **roles)
    assert found.to_frame()["n_failed"].tolist() == [0] * 4
    assert found.n_redrawn > 0
    assert f"{found.n_redrawn} draws without one of the arms drawn again" in " ".join(found.notes)


def test_a_covariate_that_a_replicate_does_not_hold_is_left_out_of_it(cluster, roles):
    rare = cluster.assign(rare=(cluster["school_urn"] == "s00").astype(float))
    draws = np.array([[1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]])
    both = {**roles, "covariates": ["x", "rare"]}
    found = bootstrap_effect(rare, draws=draws, **both)
    without = bootstrap_effect(cluster, draws=draws, **roles)
    assert estimates(found) == pytest.approx(estimates(without), rel=1e-9)


def test_an_arm_that_follows_from_a_covariate_in_a_replicate_has_no_estimate(cluster, roles):
    odd = cluster["school_urn"].isin(["s01", "s03"]) | (cluster["school_urn"] == "s00")
    told = cluster.assign(odd=odd.astype(float))
    draws = np.array([[1, 3, 1, 3, 1, 3, 2, 4, 6, 2, 4, 6]])
    found = bootstrap_effect(told, draws=draws, **{**roles, "covariates": ["x", "odd"]})
    assert found.replicates["reason"].tolist() == ["columns repeat each other"] * 4


BAD = [
    ("schools", np.zeros((3, 11), dtype=int), "shape (n, 12)"),
    ("schools", np.zeros(12, dtype=int), "shape (n, 12)"),
    ("schools", np.zeros((0, 12), dtype=int), "shape (n, 12)"),
    ("schools", np.full((1, 12), 12), "positions outside 0 to 11"),
    ("schools", np.full((1, 12), -1), "positions outside 0 to 11"),
    ("schools", np.full((1, 12), 1.5), "whole numbers"),
    ("schools", [["a"] * 12], "whole numbers"),
    ("schools", [[1, 2], [3]], "whole numbers"),
    ("pupils", np.full((1, 5), 10_000), "positions outside"),
    ("both", np.zeros((1, 12), dtype=int), "a pair of arrays"),
    ("both", (np.zeros((1, 12), dtype=int), np.zeros((1, 12), dtype=int)), "shape (n, 12, 10)"),
    ("both", (np.zeros((1, 12), dtype=int), np.full((1, 12, 10), 99)), "outside the school drawn"),
    ("both", (np.zeros((1, 12), dtype=int), np.zeros((2, 12, 10), dtype=int)), "different numbers"),
    ("residuals", np.zeros((1, 12), dtype=int), "a pair of arrays"),
    ("wild", np.full((1, 12), np.nan), "not finite"),
    ("wild", np.ones((1, 3)), "shape (n, 12)"),
]


@pytest.mark.parametrize(("resample", "draws", "words"), BAD)
def test_draws_that_cannot_be_used_are_refused(cluster, roles, resample, draws, words):
    with pytest.raises(BadArgumentError) as refused:
        bootstrap_effect(cluster, resample=resample, draws=draws, **roles)
    assert words in str(refused.value)


def test_rows_left_out_cannot_be_drawn(cluster, roles):
    holed = cluster.assign(y=cluster["y"].astype(float))
    holed.loc[3, "y"] = None
    with pytest.raises(BadArgumentError, match="names rows that are left out because of a blank"):
        bootstrap_effect(holed, resample="pupils", draws=np.array([[3, 4, 5]]), **roles)


@pytest.mark.parametrize("n", [0, -1, 1.5, True, 10**9, "many", None])
def test_a_number_of_replicates_that_is_none_is_refused(cluster, roles, n):
    with pytest.raises(BadArgumentError, match="n must be a whole number of replicates"):
        bootstrap_effect(cluster, n=n, **roles)


@pytest.mark.parametrize("seed", [-1, 1.5, "one", True])
def test_a_seed_that_is_none_is_refused(cluster, roles, seed):
    with pytest.raises(BadArgumentError, match="seed must be a whole number from 0 up"):
        bootstrap_effect(cluster, n=2, seed=seed, **roles)


def test_an_unknown_kind_is_refused_with_the_nearest(cluster, roles):
    with pytest.raises(BadArgumentError, match="did you mean 'schools'"):
        bootstrap_effect(cluster, resample="school", **roles)


def test_one_replicate_has_no_spread_and_no_warning(cluster, roles):
    found = bootstrap_effect(cluster, n=1, seed=1, **roles).to_frame()
    assert found["std_error"].isna().all()
    assert (found["low"] == found["high"]).all()
