"""What a trial cannot be, and what is said of it."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import bootstrap_effect, permute_effect, trial_effect
from careerbench.errors import BadArgumentError, MissingColumnsError, TableProblemsError

REFUSED = [
    ({"outcome": "score"}, MissingColumnsError, "no column 'score'"),
    ({"group": "school"}, MissingColumnsError, "did you mean 'school_urn'"),
    ({"covariates": ["y"]}, BadArgumentError, "more than one role"),
    ({"design": "clustered"}, BadArgumentError, "did you mean 'cluster'"),
    ({"group": None}, BadArgumentError, "needs group"),
    ({"control": 7}, BadArgumentError, "control has no value '7'"),
    ({"confidence": 95}, BadArgumentError, "confidence must be a number between 0 and 1"),
    ({"design": "multisite"}, TableProblemsError, "this is not a multisite trial"),
    ({"design": "simple"}, TableProblemsError, "pupils of one school are not"),
    ({"covariates": ["x", "twice"]}, TableProblemsError, "follows from the other columns"),
    ({"covariates": ["flat"]}, TableProblemsError, "one value only, so it adjusts for nothing"),
    ({"covariates": ["note"]}, TableProblemsError, "too many to adjust for"),
    ({"covariates": ["treated"]}, TableProblemsError, "'arm 1' follows from the other columns"),
    ({"outcome": "note"}, TableProblemsError, "does not hold numbers"),
    ({"outcome": "flat"}, TableProblemsError, "no effect to size"),
    ({"outcome": "blank"}, TableProblemsError, "no row has a value in every column used"),
    ({"outcome": "endless"}, TableProblemsError, "infinite"),
    ({"arm": "flat"}, TableProblemsError, "one arm only"),
    ({"arm": "note"}, TableProblemsError, "too many for arms"),
]


@pytest.fixture
def wide(cluster):
    return cluster.assign(
        twice=2 * cluster["x"] + 1,
        flat=1,
        note=[f"note {row}" for row in range(len(cluster))],
        treated=cluster["arm"] * 3,
        blank=np.nan,
        endless=np.where(cluster["x"] > 9, np.inf, cluster["y"]),
    )


@pytest.mark.parametrize(("change", "kind", "words"), REFUSED)
@pytest.mark.parametrize("function", [trial_effect, bootstrap_effect, permute_effect])
def test_a_table_that_is_no_such_trial_is_refused(wide, roles, function, change, kind, words):
    with pytest.raises(kind) as refused:
        function(wide, **{**roles, **change})
    assert words in str(refused.value)
    assert str(refused.value).startswith(function.__name__)


def test_a_whole_message_reads(cluster, roles):
    with pytest.raises(TableProblemsError) as refused:
        trial_effect(cluster[cluster["school_urn"].isin(["s00", "s01"])], **roles)
    assert str(refused.value) == (
        "trial_effect: 2 schools cannot carry 2 columns (intercept, arms, covariates): nothing is "
        "left to tell chance by.\n"
        "  found: 2 schools\n"
        "  try:   fewer covariates, or more schools"
    )


def test_one_school_is_sent_to_the_simple_design(multi, roles):
    one = multi[multi["school_urn"] == "s01"]
    for design in ("cluster", "multisite"):
        with pytest.raises(TableProblemsError, match="one school only"):
            trial_effect(one, design=design, **roles)
    assert len(trial_effect(one, design="simple", **roles)) == 2


def test_one_pupil_per_school_is_sent_to_the_simple_design(cluster, roles):
    first = cluster.drop_duplicates("school_urn")
    with pytest.raises(TableProblemsError, match="every school has one row"):
        trial_effect(first, **roles)
    assert len(trial_effect(first, design="simple", **roles)) == 2


def test_an_arm_that_varies_within_a_school_is_sent_to_multisite(multi, roles):
    with pytest.raises(TableProblemsError, match="design='multisite'"):
        trial_effect(multi, **roles)


def test_schools_in_which_all_pupils_are_alike_have_no_spread_within(cluster, roles):
    alike = cluster.assign(y=cluster["school_urn"].str[1:].astype(int) ** 2)
    with pytest.raises(TableProblemsError, match="no spread"):
        trial_effect(alike, **{**roles, "covariates": []})


def test_an_outcome_told_exactly_by_a_covariate_has_no_spread(cluster, roles):
    with pytest.raises(TableProblemsError, match="no spread"):
        trial_effect(cluster.assign(y=3 * cluster["x"] + cluster["arm"]), **roles)


def test_an_arm_with_one_school_still_has_an_estimate(cluster, roles):
    odd = cluster["school_urn"].isin(["s03", "s05", "s07", "s09", "s11"])
    found = trial_effect(cluster[~odd], **roles).to_frame()
    assert found["n_schools"].tolist() == [1] * 4
    assert np.isfinite(found[["estimate", "low", "high"]].to_numpy()).all()


def test_one_pupil_in_each_arm_of_each_school_is_refused(multi, roles):
    pairs = multi.groupby("school_urn").head(2)
    with pytest.raises(TableProblemsError, match="no school has two pupils in one arm"):
        trial_effect(pairs, design="multisite", **roles)


def test_too_few_pupils_per_school_leave_a_multisite_trial_without_an_interval_and_say_so():
    rng = np.random.default_rng(1)
    sizes = [2] * 10 + [4] + [1] * 3  # 27 pupils: fewer than two for each of 14 schools
    table = pd.DataFrame({"s": np.repeat(np.arange(14), sizes).astype(str)})
    table["a"] = np.arange(27) % 2
    table["y"] = rng.normal(size=27) + table["a"]
    found = trial_effect(table, outcome="y", arm="a", group="s", design="multisite")
    assert np.isfinite(found.to_frame()["estimate"]).all()
    assert found.to_frame()["std_error"].isna().all()
    assert "too few pupils per school" in " ".join(found.notes)


def test_an_arm_lost_to_blanks_is_refused_and_a_declared_one_without_rows_is_said(three, roles):
    lost = three.assign(y=three["y"].where(three["arm"] != 0))
    with pytest.raises(TableProblemsError, match="arm '0' of 'arm' has no row with a value"):
        trial_effect(lost, **roles)
    arms = pd.Categorical(three["arm"], categories=[0, 1, 2, 3])
    found = trial_effect(three.assign(arm=arms), **roles)
    assert "No row of arm '3': no estimate." in found.notes
    assert found.to_frame()["arm"].tolist() == [1] * 4 + [2] * 4


def test_anything_but_a_frame_is_refused(roles):
    with pytest.raises(BadArgumentError, match="a pandas DataFrame is needed"):
        trial_effect([1, 2], **roles)


def test_an_empty_table_is_refused(cluster, roles):
    with pytest.raises(TableProblemsError, match="no row has a value"):
        trial_effect(cluster.iloc[:0], **roles)


def test_nullable_numbers_and_truth_values_are_read(cluster, roles):
    given = cluster.assign(y=cluster["y"].astype("Int64"), arm=cluster["arm"] == 1)
    found = trial_effect(given, **roles).to_frame()
    assert found["arm"].tolist() == [True] * 4
    plain = trial_effect(cluster, **roles).to_frame()
    assert found["estimate"].tolist() == plain["estimate"].tolist()


def test_every_record_shows_itself(cluster, roles):
    for found in (
        trial_effect(cluster, **roles),
        bootstrap_effect(cluster, n=5, seed=1, **roles),
        permute_effect(cluster, n=5, seed=1, **roles),
    ):
        assert "<table" in found._repr_html_()
        assert "unconditional" in found._repr_html_()
        assert len(repr(found)) < 400
