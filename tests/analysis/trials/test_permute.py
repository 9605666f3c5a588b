"""Permutations against full refits in R, one by one: see references.R beside this file."""

import numpy as np
import pytest

from careerbench.analysis import permute_effect, trial_effect
from careerbench.errors import BadArgumentError

CLUSTER = [
    (0.178821669716, 0.115519579656, 0.116667122693, 0.103088683057),
    (-0.512210887902, -0.336582655113, -0.334092919621, -0.295307929318),
    (0.178821669716, 0.115519579656, 0.116667122693, 0.103088683057),
]
MULTI = [
    (0.0906444989011, 0.081163686333, 0.0704025128815, 0.0686093260299),
    (-0.00364120304271, -0.00325085450588, -0.00282759151805, -0.00275557136245),
    (-0.0885276551472, -0.0786565135193, -0.0682966677943, -0.0665571178595),
]


def estimates(found):
    return found.replicates["estimate"].to_numpy().reshape(-1, len(found.table))


def test_arms_given_to_other_schools_meet_r(cluster, roles, school_draws):
    found = permute_effect(cluster, assignments=school_draws[:3] % 2, **roles)
    assert estimates(found) == pytest.approx(np.array(CLUSTER), rel=1e-8)


def test_arms_given_to_other_pupils_of_the_school_meet_lme4(multi, roles):
    place = multi.groupby("school_urn").cumcount().to_numpy()
    school = multi["school_urn"].str[1:].astype(int).to_numpy() + 1
    labels = np.array([((place + r + school) % 3 == 0).astype(int) for r in range(3)])
    found = permute_effect(multi, design="multisite", assignments=labels, **roles)
    assert estimates(found) == pytest.approx(np.array(MULTI), rel=2e-6, abs=2e-7)


@pytest.mark.parametrize("design", ["cluster", "multisite", "simple"])
def test_the_arms_as_they_were_are_as_extreme_as_themselves(cluster, multi, roles, design):
    table = multi if design == "multisite" else cluster
    named = {**roles, "group": None} if design == "simple" else roles
    arms = table["arm"].to_numpy()
    if design == "cluster":
        arms = table.groupby("school_urn", sort=False)["arm"].first().to_numpy()
    found = permute_effect(table, design=design, assignments=np.stack([arms, arms]), **named)
    own = trial_effect(table, design=design, **named).table["estimate"]
    assert estimates(found)[0] == pytest.approx(own.to_numpy(), rel=1e-7)
    assert found.to_frame()["p"].tolist() == [1.0] * len(found.table)


def test_p_counts_the_trial_itself(cluster, roles):
    found = permute_effect(cluster, n=99, seed=1, **roles)
    table = found.to_frame()
    extreme = (np.abs(estimates(found)) >= np.abs(table["estimate"].to_numpy())).sum(axis=0)
    assert table["n_extreme"].tolist() == extreme.tolist()
    assert table["p"].tolist() == pytest.approx(((1 + extreme) / 100).tolist())
    assert (table["p"] > 0).all()


def test_each_arm_keeps_its_number_in_every_permutation(three, multi, roles):
    one = permute_effect(three, n=30, seed=2, **roles)
    other = permute_effect(multi, design="multisite", n=30, seed=2, **roles)
    assert one.to_frame()["n_failed"].tolist() == [0] * 8
    assert other.to_frame()["n_failed"].tolist() == [0] * 4


@pytest.mark.parametrize("design", ["cluster", "multisite", "simple"])
def test_a_permutation_is_the_trial_with_other_arms(cluster, multi, roles, design):
    table = multi if design == "multisite" else cluster
    named = {**roles, "group": None} if design == "simple" else roles
    rng = np.random.default_rng(6)
    if design == "cluster":
        labels = rng.permutation(np.arange(12) % 2)
        arms = labels[table["school_urn"].str[1:].astype(int)]
    else:
        labels = arms = rng.permutation(table["arm"].to_numpy())
    found = permute_effect(table, design=design, assignments=labels[None], **named)
    refit = trial_effect(table.assign(arm=arms), design=design, **named).table["estimate"]
    assert estimates(found)[0] == pytest.approx(refit.to_numpy(), rel=1e-7)


def test_an_assignment_without_an_arm_is_counted(cluster, roles):
    found = permute_effect(cluster, assignments=np.array([[0, 1] * 6, [0] * 12]), **roles)
    assert found.to_frame()["n_failed"].tolist() == [1] * 4
    assert found.to_frame()["p"].tolist() == [1.0] * 4


@pytest.mark.parametrize(
    ("assignments", "words"),
    [
        (np.zeros((2, 5), dtype=int), "shape (n, 12)"),
        (np.zeros(12, dtype=int), "shape (n, 12)"),
        (np.full((1, 12), 7), "no arm of the trial"),
        ([[0, 1], [1]], "shape (n, 12)"),
    ],
)
def test_assignments_that_cannot_be_used_are_refused(cluster, roles, assignments, words):
    with pytest.raises(BadArgumentError) as refused:
        permute_effect(cluster, assignments=assignments, **roles)
    assert words in str(refused.value)
