"""Difference-in-differences against clubSandwich: the calls are in differences.R beside this file."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import difference_in_differences
from careerbench.errors import BadArgumentError, MissingColumnsError, TableProblemsError

ROLES = {"outcome": "n_achieved", "arm": "programme", "before": "baseline", "after": "year_1"}
# clubSandwich 0.5.8, CR2 with Satterthwaite's degrees of freedom: beta, SE, df, p
COUNTS = (0.8, 0.75718777944004, 6.56756756756757, 0.32802786194469)
SHARES = (-0.1, 0.37859388972002, 6.56756756756757, 0.79977084767857)


@pytest.fixture
def counts():
    j = np.arange(9)
    arm = j % 2 == 0
    before = 2 + (5 * j) % 4
    after = before + (3 * j) % 4 + 2 * arm
    return pd.DataFrame(
        {
            "school_urn": np.tile([f"90000{number}" for number in j], 2),
            "programme": np.tile(arm, 2),
            "wave": np.repeat(["baseline", "year_1"], 9),
            "n_achieved": np.concatenate([before, after]),
        }
    )


def test_counts_meet_a_regression_with_clustered_errors_in_r(counts):
    row = difference_in_differences(counts, **ROLES).to_frame().iloc[0]
    assert row[["estimate", "std_error", "df", "p"]].tolist() == pytest.approx(COUNTS, rel=1e-9)
    assert (row["n_schools"], row["n_schools_control"], row["n_left_out"]) == (5, 4, 0)
    assert (row["low"], row["high"]) == pytest.approx((-1.0147, 2.6147), abs=1e-4)


def test_yes_or_no_answers_give_a_difference_of_shares(counts):
    yes = counts.assign(met=counts["n_achieved"] >= 5)
    row = difference_in_differences(yes, **{**ROLES, "outcome": "met"}).to_frame().iloc[0]
    assert row[["estimate", "std_error", "df", "p"]].tolist() == pytest.approx(SHARES, rel=1e-9)


def test_states_of_benchmarks_are_taken_apart_and_not_scored_is_no_value(counts):
    met = np.where(counts["n_achieved"] >= 5, "achieved", "partial")
    one = counts.assign(state=met, benchmark="b1")
    two = counts.assign(state="not scored", benchmark="b2")
    both = pd.concat([one, two], ignore_index=True)
    found = difference_in_differences(both, **{**ROLES, "outcome": "state"}, by="benchmark")
    table = found.to_frame().set_index("benchmark")
    assert table.loc["b1", "estimate"] == pytest.approx(-0.1)
    assert table.loc["b2", ["n_schools", "n_schools_control", "n_left_out"]].tolist() == [0, 0, 9]
    assert table.loc["b2", "reason"] == "fewer than two schools in an arm"
    assert found.n_blank == 18


def test_pupils_of_a_school_are_one_value(counts):
    pupils = pd.concat(
        [counts.assign(n_achieved=counts["n_achieved"] + step) for step in (-1, 0, 1)],
        ignore_index=True,
    )
    one = difference_in_differences(counts, **ROLES)
    other = difference_in_differences(pupils, **ROLES)
    pd.testing.assert_frame_equal(one.to_frame(), other.to_frame())
    assert "(at most 3), their mean is the school's value" in other.notes[0]


def test_schools_at_one_end_only_are_left_out_and_counted(counts):
    holed = counts.drop(index=[0]).astype({"n_achieved": float})
    holed.loc[[10], "n_achieved"] = None
    found = difference_in_differences(holed, **ROLES)
    row = found.to_frame().iloc[0]
    assert (row["n_schools"], row["n_schools_control"], row["n_left_out"]) == (4, 3, 2)
    assert found.n_blank == 1
    both = counts[~counts["school_urn"].isin(["900000", "900001"])]
    assert row["estimate"] == difference_in_differences(both, **ROLES).to_frame()["estimate"][0]


def test_each_arm_of_three_is_compared_with_the_control(counts):
    words = counts.assign(programme=np.tile(["none", "light", "full"] * 3, 2))
    found = difference_in_differences(words, **ROLES, control="none").to_frame()
    assert found["arm"].tolist() == ["full", "light"]
    pair = words[words["programme"] != "light"]
    alone = difference_in_differences(pair, **ROLES, control="none").to_frame()
    assert found["std_error"][0] == alone["std_error"][0]


def test_one_school_in_an_arm_has_an_estimate_and_no_interval(counts):
    few = counts[counts["programme"] | (counts["school_urn"] == "900001")]
    row = difference_in_differences(few, **ROLES).to_frame().iloc[0]
    assert row["reason"] == "fewer than two schools in an arm"
    assert np.isfinite(row["estimate"])
    assert np.isnan([row["low"], row["high"], row["p"]]).all()


def test_no_spread_has_no_interval(counts):
    same = counts.assign(n_achieved=np.where(counts["wave"] == "year_1", 5, 3))
    row = difference_in_differences(same, **ROLES).to_frame().iloc[0]
    assert (row["estimate"], row["reason"]) == (0, "no spread")


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"before": "basline"}, BadArgumentError, "did you mean 'baseline'"),
        ({"after": "baseline"}, BadArgumentError, "the same wave"),
        ({"outcome": "achieved"}, MissingColumnsError, "no column 'achieved'"),
        ({"outcome": "school_urn"}, TableProblemsError, "does not hold numbers"),
        ({"control": "maybe"}, BadArgumentError, "control has no value 'maybe'"),
        ({"confidence": 95}, BadArgumentError, "confidence must be a number between 0 and 1"),
    ],
)
def test_what_cannot_be_compared_is_refused(counts, change, kind, words):
    with pytest.raises(kind) as refused:
        difference_in_differences(counts, **{**ROLES, **change})
    assert words in str(refused.value)


def test_a_school_in_two_arms_is_refused(counts):
    mixed = counts.assign(programme=np.arange(18) % 2 == 0)
    with pytest.raises(TableProblemsError, match="varies within schools"):
        difference_in_differences(mixed, **ROLES)


def test_one_arm_alone_is_refused(counts):
    with pytest.raises(TableProblemsError, match="has 1 different value"):
        difference_in_differences(counts[counts["programme"]], **ROLES)


def test_a_state_given_twice_is_refused(counts):
    twice = pd.concat([counts.assign(state="achieved")] * 2)
    with pytest.raises(TableProblemsError, match="repeat another"):
        difference_in_differences(twice, **{**ROLES, "outcome": "state"})


def test_an_empty_table_and_a_row_without_a_school_are_refused(counts):
    with pytest.raises(TableProblemsError, match="no rows"):
        difference_in_differences(counts.iloc[:0], **ROLES)
    with pytest.raises(TableProblemsError, match="have no 'school_urn'"):
        difference_in_differences(counts.assign(school_urn=None), **ROLES)
