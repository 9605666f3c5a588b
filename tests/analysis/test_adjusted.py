"""Change at a common starting point: figures from R's lm stand in references.R."""

import pandas as pd
import pytest

from careerbench.analysis import adjusted_change
from careerbench.errors import BadArgumentError, MissingColumnsError, TableProblemsError

ENDS = {"before": "baseline", "after": "year 1"}
BEFORE = [1, 2, 3, 4, 2, 0, 5, 3, 6, 1]
AFTER = [3, 3, 5, 4, 5, 1, 6, 3, 7, 4]
FSM = [10, 20, 15, 30, 25, 12, 8, 33, 21, 19]


@pytest.fixture
def data():
    urns = [str(number) for number in range(10)]
    known = {"school_urn": urns, "la_name": ["North"] * 5 + ["South"] * 5, "fsm": FSM}
    waves = [
        pd.DataFrame(known).assign(wave=wave, n=values)
        for wave, values in zip(ENDS.values(), (BEFORE, AFTER), strict=True)
    ]
    return pd.concat(waves, ignore_index=True)


def test_one_group_is_the_intercept_less_the_start(data):
    found = adjusted_change(data, outcome="n", **ENDS)
    row = found.to_frame().iloc[0]
    assert row["adjusted_change"] == pytest.approx(row["change"]) == pytest.approx(1.4)
    assert row["std_error"] == pytest.approx(0.326049706663)
    assert (row["low"], row["high"]) == pytest.approx((0.648128028153, 2.151871971847))
    slope = found.terms.set_index("term").loc["before"]
    assert (slope["estimate"], slope["std_error"]) == pytest.approx(
        (0.757009345794, 0.181983200086)
    )
    assert slope["p"] == pytest.approx(3.16618897436e-03)


def test_groups_are_compared_at_one_start_with_covariates(data):
    found = adjusted_change(data, outcome="n", **ENDS, by="la_name", covariates="fsm")
    table = found.to_frame()
    after = (table["adjusted_change"] + found.start).tolist()
    assert after == pytest.approx([4.267064081516, 3.932935918484])
    assert table["std_error"].tolist() == pytest.approx([0.5070739202471] * 2)
    terms = found.terms.set_index("term")
    assert terms.index.tolist() == ["South less North", "before", "fsm"]
    assert terms["estimate"].tolist() == pytest.approx(
        [-0.334128163031, 0.804537044276, -0.036718526047]
    )
    assert terms["p"].tolist() == pytest.approx(
        [0.661137615364553, 0.007859302218271, 0.456513640187256]
    )


def test_categories_are_covariates_too(data):
    by = adjusted_change(data, outcome="n", **ENDS, by="la_name").terms.set_index("term")
    as_covariate = adjusted_change(data, outcome="n", **ENDS, covariates="la_name").terms
    found = as_covariate.set_index("term").loc["la_name: South", "estimate"]
    assert found == pytest.approx(by.loc["South less North", "estimate"])


def test_low_starters_are_expected_to_rise_with_no_programme(data):
    found = adjusted_change(
        data, outcome="n", **ENDS, by="la_name", reliability=0.8, reference_mean=4
    )
    table = found.to_frame()
    assert table["mean_before"].tolist() == [2.4, 3.0]
    assert table["expected_change"].tolist() == pytest.approx([0.2 * 1.6, 0.2 * 1.0])
    assert (table["change"] - table["beyond_expected"]).tolist() == pytest.approx([0.32, 0.2])
    assert "regression to a mean of 4.00" in found.notes[3]


def test_without_a_reliability_nothing_is_expected(data):
    found = adjusted_change(data, outcome="n", **ENDS)
    assert found.to_frame()["expected_change"].isna().all()
    assert "needs reliability=" in found.notes[3]


def test_schools_at_an_end_of_the_scale_are_counted(data):
    row = adjusted_change(data, outcome="n", **ENDS, limits=(0, 6)).to_frame().iloc[0]
    assert row[["n_at_floor", "n_at_ceiling"]].tolist() == [1, 1]
    row = adjusted_change(data, outcome="n", **ENDS).to_frame().iloc[0]
    assert row[["n_at_floor", "n_at_ceiling"]].tolist() == [1, 0]  # 0 to 7 were seen


def test_schools_without_both_ends_or_a_covariate_are_counted(data):
    gap = data.drop(index=[10]).copy()  # school 0 has no second wave
    gap["fsm"] = gap["fsm"].astype(float).where(gap["school_urn"] != "1")
    found = adjusted_change(gap, outcome="n", **ENDS, covariates="fsm")
    row = found.to_frame().iloc[0]
    assert (row["n_pairs"], row["n_unmatched"], found.n_dropped) == (8, 1, 1)
    assert "1 schools without both ends and 1 pairs without a covariate" in found.notes[0]


def test_one_school_has_a_change_and_no_interval(data):
    row = adjusted_change(data[data["school_urn"] == "0"], outcome="n", **ENDS).to_frame().iloc[0]
    assert (row["change"], row["reason"]) == (2, "too few schools")
    assert row[["adjusted_change", "low", "p"]].isna().all()


def test_a_start_that_is_the_same_for_all_cannot_be_adjusted_for(data):
    same = data.assign(n=data["n"].where(data["wave"] != "baseline", 3))
    row = adjusted_change(same, outcome="n", **ENDS).to_frame().iloc[0]
    assert (row["reason"], row["change"]) == ("no spread", pytest.approx(1.1))


def test_where_all_is_missing_every_number_is_blank(data):
    row = adjusted_change(data.assign(n=float("nan")), outcome="n", **ENDS).to_frame().iloc[0]
    assert (row["n_pairs"], row["n_unmatched"], row["reason"]) == (0, 10, "no pairs")
    assert row[["change", "adjusted_change", "mean_before"]].isna().all()


def test_covariates_that_say_the_same_are_refused(data):
    twice = data.assign(fsm_too=2 * data["fsm"])
    with pytest.raises(BadArgumentError, match="cannot be told apart"):
        adjusted_change(twice, outcome="n", **ENDS, covariates=["fsm", "fsm_too"])


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"reliability": 1.2}, BadArgumentError, "reliability must be a number between 0 and 1"),
        ({"limits": (8, 0)}, BadArgumentError, "limits must be the lower and the upper end"),
        ({"covariates": "ofsted"}, MissingColumnsError, "has no column 'ofsted'"),
        ({"before": "start"}, BadArgumentError, "before has no value 'start'"),
    ],
)
def test_what_cannot_be_done_is_refused(data, options, error, words):
    with pytest.raises(error, match=words):
        adjusted_change(data, **{"outcome": "n", **ENDS, **options})


def test_a_school_twice_and_text_are_refused(data):
    with pytest.raises(TableProblemsError, match="rows repeat another"):
        adjusted_change(pd.concat([data, data]), outcome="n", **ENDS)
    with pytest.raises(TableProblemsError, match="does not hold numbers"):
        adjusted_change(data.astype({"n": str}), outcome="n", **ENDS)


def test_the_words_warn_of_regression_to_the_mean(data):
    said = " ".join(adjusted_change(data, outcome="n", **ENDS).notes)
    assert "regression to the mean" in said
    assert "could move one way only" in said
    assert "effect" not in said
