"""Effect sizes of trials against R: the calls are in references.R beside this file."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import trial_effect

DEFINITIONS = [
    ("within", "conditional"),
    ("total", "conditional"),
    ("within", "unconditional"),
    ("total", "unconditional"),
]
CLUSTER = (0.74729647267, 0.504584652811, 0.48789698522, 0.431053148407)
CLUSTER_ERRORS = (0.648550485575, 0.458969268433, 0.370037390232, 0.332199287357)
THREE = (
    0.344875046102,
    0.221030519688,
    0.230451771547,
    0.20096411039,
    0.846964672808,
    0.54331550456,
    0.56595718215,
    0.493701095727,
)
THREE_ERRORS = (
    0.759456415013,
    0.514693912639,
    0.420961714437,
    0.374652158575,
    0.754134948524,
    0.513506021899,
    0.417314214263,
    0.371434433341,
)
MULTI = (2.46622456605, 1.58206859536, 1.12940775731, 1.1006627516)
MULTI_ERRORS = (0.401343853151, 0.25745972802, 0.183795452911, 0.179117601791)
SIMPLE = (0.549749032152, 0.422466136242)
SIMPLE_ERRORS = (0.220396871363, 0.218719444536)
CRT = (0.808893445681, 0.673904097207, 0.701259897393, 0.595945528409)
CRT_ERRORS = (0.360784907242, 0.308147779766, 0.3397439629, 0.294965654246)
MST = (0.424586271356, 0.326632393457, 0.356442310238, 0.274759514525)
MST_ERRORS = (0.156075416509, 0.120068147026, 0.131026097133, 0.100999981776)
SHARED = {
    "outcome": "Posttest",
    "arm": "Intervention",
    "covariates": ["Prettest"],
    "group": "School",
}


def test_a_cluster_trial_meets_the_formulas_of_hedges_in_r(cluster, roles):
    table = trial_effect(cluster, design="cluster", **roles).to_frame()
    assert list(zip(table["denominator"], table["variance"], strict=True)) == DEFINITIONS
    assert table["estimate"].to_numpy() == pytest.approx(CLUSTER, rel=1e-9)
    assert table["std_error"].to_numpy() == pytest.approx(CLUSTER_ERRORS, rel=1e-9)


def test_three_arms_are_each_compared_with_the_control_alone(three, roles):
    table = trial_effect(three, design="cluster", **roles).to_frame()
    assert table["arm"].tolist() == [1] * 4 + [2] * 4
    assert table["estimate"].to_numpy() == pytest.approx(THREE, rel=1e-9)
    assert table["std_error"].to_numpy() == pytest.approx(THREE_ERRORS, rel=1e-9)


def test_the_variances_and_log_likelihoods_are_those_of_lme4(cluster, three, roles):
    found = trial_effect(cluster, design="cluster", **roles).models
    expected = (22.8251232717, 22.4982852494, 12.713110683, 52.7811701629)
    assert found[["between", "within"]].to_numpy().ravel() == pytest.approx(expected, rel=1e-9)
    assert found["log_likelihood"].tolist() == pytest.approx(
        (-258.334269123, -289.893734011), rel=1e-10
    )
    found = trial_effect(three, design="cluster", **roles).models
    expected = (27.6736138704, 23.4311760158, 13.7711777427, 52.4756138442)
    assert found[["between", "within"]].to_numpy().ravel() == pytest.approx(expected, rel=1e-9)


def test_a_multisite_trial_meets_lme4_with_a_random_effect_of_the_arm(multi, roles):
    found = trial_effect(multi, design="multisite", **roles)
    table, model = found.to_frame(), found.models.iloc[0]
    assert table["estimate"].to_numpy() == pytest.approx(MULTI, rel=1e-7)
    assert table["std_error"].to_numpy() == pytest.approx(MULTI_ERRORS, rel=1e-6)
    assert model["slope"] == pytest.approx(14.8642838551, rel=1e-6)
    assert model["log_likelihood"] == pytest.approx(-261.266729432, rel=1e-10)
    assert not model["singular"]


def test_a_simple_trial_gives_hedges_g_with_one_standard_deviation(cluster):
    found = trial_effect(cluster, outcome="y", arm="arm", covariates="x", design="simple")
    table = found.to_frame()
    assert table["denominator"].tolist() == ["total", "total"]
    assert table["estimate"].to_numpy() == pytest.approx(SIMPLE, rel=1e-10)
    assert table["std_error"].to_numpy() == pytest.approx(SIMPLE_ERRORS, rel=1e-10)


def test_the_trials_of_eefanalytics_meet_their_formulas_unrounded(shared_data):
    folder = shared_data / "multilevel_trials"
    crt = pd.read_csv(folder / "eefAnalytics_crtData.csv.gz")
    mst = pd.read_csv(folder / "eefAnalytics_mstData.csv.gz")
    cluster = trial_effect(crt, design="cluster", **SHARED)
    multisite = trial_effect(mst, design="multisite", **SHARED)
    assert cluster.table["estimate"].to_numpy() == pytest.approx(CRT, rel=1e-9)
    assert cluster.table["std_error"].to_numpy() == pytest.approx(CRT_ERRORS, rel=1e-9)
    assert multisite.table["estimate"].to_numpy() == pytest.approx(MST, rel=1e-6)
    assert multisite.table["std_error"].to_numpy() == pytest.approx(MST_ERRORS, rel=1e-6)
    assert multisite.models["singular"].tolist() == [True, False]
    assert "Singular fit (conditional model)" in multisite.notes[-1]


def test_the_normal_interval_is_the_published_one_and_t_is_wider(cluster, roles):
    normal = trial_effect(cluster, interval="normal", **roles).to_frame()
    student = trial_effect(cluster, **roles).to_frame()
    z, t = 1.959963984540054, 2.2281388519649385  # R: qnorm(.975), qt(.975, 12 - 2)
    up, down = normal["high"] - normal["estimate"], student["estimate"] - student["low"]
    assert (up / normal["std_error"]).tolist() == pytest.approx([z] * 4)
    assert (down / student["std_error"]).tolist() == pytest.approx([t] * 4)
    assert student["df"].tolist() == [10.0] * 4


def test_a_covariate_of_the_school_costs_a_degree_of_freedom(cluster, roles):
    size = cluster.groupby("school_urn")["y"].transform("size")
    found = trial_effect(cluster.assign(size=size), **{**roles, "covariates": ["x", "size"]})
    assert found.to_frame()["df"].tolist() == [9.0] * 4


def test_scale_and_place_of_the_outcome_do_not_matter(cluster, roles):
    moved = cluster.assign(y=1e6 + 0.001 * cluster["y"], x=1e5 + cluster["x"])
    one, other = trial_effect(cluster, **roles), trial_effect(moved, **roles)
    assert other.table["estimate"].tolist() == pytest.approx(
        one.table["estimate"].tolist(), rel=1e-6
    )
    assert other.table["difference"][0] == pytest.approx(
        0.001 * one.table["difference"][0], rel=1e-6
    )


def test_the_order_of_rows_does_not_matter(multi, roles):
    mixed = multi.sample(frac=1, random_state=3)
    one = trial_effect(multi, design="multisite", **roles).table["estimate"]
    other = trial_effect(mixed, design="multisite", **roles).table["estimate"]
    assert other.tolist() == pytest.approx(one.tolist(), rel=1e-8)


def test_the_control_can_be_named_and_turns_the_sign(cluster, roles):
    words = cluster.assign(arm=np.where(cluster["arm"] == 1, "careers visits", "usual"))
    plain = trial_effect(words, **roles).to_frame()
    named = trial_effect(words, control="usual", **roles).to_frame()
    assert (plain["arm"][0], named["arm"][0]) == ("usual", "careers visits")
    assert named["estimate"].tolist() == pytest.approx(CLUSTER, rel=1e-9)
    assert plain["estimate"].tolist() == pytest.approx([-one for one in CLUSTER], rel=1e-9)


def test_words_as_a_covariate_become_columns(cluster, roles):
    sexes = np.where(np.arange(len(cluster)) % 3 == 0, "girl", "boy")
    words = cluster.assign(sex=sexes)
    numbers = cluster.assign(sex=(sexes == "girl").astype(float))
    both = {**roles, "covariates": ["x", "sex"]}
    one, other = trial_effect(words, **both), trial_effect(numbers, **both)
    assert one.table["estimate"].tolist() == pytest.approx(other.table["estimate"].tolist())


def test_rows_with_a_blank_are_left_out_and_counted(cluster, roles):
    holed = cluster.astype({"y": float})
    holed.loc[[0, 5], "y"] = None
    found = trial_effect(holed, **roles)
    assert (found.n_dropped, found.missing) == (2, {"y": 2})
    assert (
        found.notes[-1]
        == f"{len(cluster) - 2} pupils in 12 schools. 2 rows with a blank left out (blanks: 2 in 'y')."
    )
    kept = trial_effect(cluster.drop(index=[0, 5]), **roles)
    assert found.table["estimate"].tolist() == kept.table["estimate"].tolist()


def test_the_table_given_is_not_changed(cluster, roles):
    before = cluster.copy()
    trial_effect(cluster, **roles)
    pd.testing.assert_frame_equal(cluster, before)


def test_the_notes_name_every_definition(cluster, roles):
    words = " ".join(trial_effect(cluster, **roles).notes)
    for name in ("'within'", "'total'", "'conditional'", "'unconditional'", "Hedges (2007)"):
        assert name in words


def test_degrees_of_freedom_of_a_multisite_trial_mix_schools_and_pupils(multi, roles):
    found = trial_effect(multi, design="multisite", **roles)
    slope, within = found.models.loc[0, ["slope", "within"]]
    n = pd.crosstab(multi["school_urn"], multi["arm"]).to_numpy()
    variances = slope + within * (1 / n).sum(axis=1)
    variance = 1 / (1 / variances).sum()
    schools = variance**2 * (slope / variances**2).sum()
    expected = variance**2 / (schools**2 / 11 + (variance - schools) ** 2 / (len(multi) - 24))
    assert found.table["df"].tolist() == pytest.approx([expected] * 4)
    assert 11 < expected < len(multi) - 24


def test_three_arms_of_a_multisite_trial_meet_lme4(shared_data):
    mst = pd.read_csv(shared_data / "multilevel_trials" / "eefAnalytics_mstData.csv.gz")
    found = trial_effect(mst, design="multisite", **{**SHARED, "arm": "Intervention2"}).to_frame()
    kept = found[found["variance"] == "conditional"]["estimate"].to_numpy()
    expected = (0.14699916810695, 0.11415553061094, -0.21894434961986, -0.17002618944712)
    assert kept == pytest.approx(expected, rel=2e-6)
