"""Absurd tables and arguments end in an error of careerbench's own, with nothing of a pupil."""

import numpy as np
import pandas as pd
import pytest

from careerbench import analysis, checks
from careerbench.errors import BadArgumentError, CareerBenchError, TableProblemsError


def scores():
    """Four schools at two waves."""
    rows = [(urn, wave) for urn in "1234" for wave in ("before", "after")]
    frame = pd.DataFrame(rows, columns=["school_urn", "wave"])
    states = ["achieved", "partial"] * 4
    return frame.assign(benchmark="p1", state=states, la_name="X")


def pupils():
    """Twelve pupils in four schools, in two arms."""
    numbers = [3.0, 5, 4, 6, 7, 4, 6, 8, 7, 7, 9, 8]
    frame = pd.DataFrame({"school_urn": list("aaabbbcccddd"), "score": numbers})
    return frame.assign(arm=["control"] * 6 + ["programme"] * 6)


def trial(data, **more):
    """Size the effect of the trial."""
    return analysis.trial_effect(data, outcome="score", arm="arm", group="school_urn", **more)


ODD = {
    "lists": [["a"]] * 8,
    "sets": [{"a"}] * 8,
    "complex numbers": np.arange(8) * 1j,
    "broken Unicode": pd.Series(["\ud800"] * 8, dtype=object),
}


@pytest.mark.parametrize("column", ["school_urn", "wave", "benchmark", "state", "la_name"])
@pytest.mark.parametrize("odd", ODD)
def test_scores_that_hold_odd_things_are_refused(column, odd):
    table = scores().assign(**{column: pd.Series(ODD[odd])})
    with pytest.raises(CareerBenchError):
        analysis.change(table, before="before", after="after", by="la_name")


@pytest.mark.parametrize("column", ["school_urn", "arm", "score"])
def test_pupils_columns_of_lists_are_refused(column):
    table = pupils().assign(**{column: [[1]] * 12})
    for find in (
        trial,
        lambda data: analysis.fit_multilevel("score ~ arm", group="school_urn", data=data),
    ):
        with pytest.raises(TableProblemsError, match="lists or other collections"):
            find(table)


@pytest.mark.parametrize("column", ["school_urn", "wave", "benchmark", "state", "la_name"])
def test_a_column_there_twice_is_refused(column):
    table = scores()
    table = pd.concat([table, table[[column]]], axis=1)
    with pytest.raises(TableProblemsError, match="several columns called"):
        analysis.achieved_shares(table, by="la_name")


def test_a_column_whose_name_is_no_text_says_so():
    table = scores().rename(columns={"la_name": 1})
    with pytest.raises(KeyError, match="which is no text"):
        analysis.achieved_shares(table, by=1)


@pytest.mark.parametrize("size", [1e300, 1e160, 1e-300, 1e-160])
def test_numbers_that_cannot_be_squared_are_refused(size):
    data = pupils().assign(score=lambda table: table["score"] * size)
    with pytest.raises(TableProblemsError, match=r"too (large|small)"):
        trial(data)
    with pytest.raises(TableProblemsError, match=r"too (large|small)"):
        analysis.fit_multilevel("score ~ arm", group="school_urn", data=data)
    with pytest.raises(TableProblemsError, match=r"too (large|small)"):
        analysis.scale_means(data.assign(scale="s"), by=None)


def test_small_p_values_are_not_refused():
    found = analysis.adjust([1e-300, 0.5], family="two").to_frame()
    assert found["p_adjusted"].tolist() == [2e-300, 0.5]


def test_a_constant_outcome_is_refused_without_saying_its_value():
    data = pupils().assign(score="secret words")
    with pytest.raises(CareerBenchError) as caught:
        analysis.fit_multilevel("score ~ arm", group="school_urn", data=data)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("odd", [np.zeros((2, 2)), pd.NA, pd.Series(["a"]), [1], {}, 10**400])
def test_a_choice_that_is_no_word_is_refused(odd):
    with pytest.raises(BadArgumentError, match="interval has no value"):
        analysis.achieved_shares(scores(), interval=odd)


@pytest.mark.parametrize(
    "odd", [0, 1, "95%", None, True, np.nan, 1e-300, 1 - 1e-16, 10**400, [0.9]]
)
def test_a_confidence_that_is_none_is_refused(odd):
    with pytest.raises(BadArgumentError, match="confidence must be a number between 0 and 1"):
        analysis.achieved_shares(scores(), confidence=odd)


@pytest.mark.parametrize("odd", [np.array(1), {"a": 1}, [None], [["a"]], b"x", pd.NA, len])
def test_by_that_names_nothing_is_refused(odd):
    with pytest.raises(BadArgumentError, match="A name, or a list of names"):
        analysis.achieved_shares(scores(), by=odd)


@pytest.mark.parametrize("odd", ["x", {}, [1j], np.zeros((2, 2)) + np.inf, 10**400, ["1"], True])
def test_successes_that_are_no_counts_are_refused(odd):
    for find in (analysis.wilson_interval, analysis.exact_interval):
        with pytest.raises(BadArgumentError):
            find(odd, 9)
    with pytest.raises(BadArgumentError):
        analysis.difference_interval((odd, 9), (3, 9))


def test_successes_and_trials_of_other_shapes_are_refused():
    with pytest.raises(BadArgumentError, match="different shapes"):
        analysis.wilson_interval([1, 2], [3, 4, 5])


@pytest.mark.parametrize("odd", [1.5, -1, "x", True, [1, 2], int, np.array(1.5)])
def test_a_seed_that_is_no_whole_number_is_refused(odd):
    with pytest.raises(BadArgumentError, match="seed must be"):
        checks.require_seed(odd, step="ranks")


@pytest.mark.parametrize("odd", [None, 0, "no", np.array([True])])
def test_what_is_neither_true_nor_false_is_refused(odd):
    design = analysis.ClusterTrial(n_schools=20, pupils_per_school=10, icc=0.1)
    with pytest.raises(BadArgumentError, match="two_sided must be True or False"):
        analysis.power(design, effect=0.5, two_sided=odd)


def test_an_index_named_like_a_column_changes_nothing():
    own = scores()[lambda table: table["wave"] == "before"]
    seen = own.assign(state="achieved")
    named = own.rename_axis("school_urn")
    expected = analysis.agreement(own, seen).to_frame()
    pd.testing.assert_frame_equal(analysis.agreement(named, seen).to_frame(), expected)


def test_bands_of_numbers_are_groups():
    table = scores().assign(band=pd.cut(np.arange(8.0), [-1, 3, 9]))
    found = analysis.achieved_shares(table, by="band").to_frame()
    assert found.groupby("band", observed=True)["n_schools"].sum().tolist() == [4, 4]


@pytest.mark.parametrize(
    "odd", [pd.date_range("2024-01-01", periods=4), pd.period_range("2024-01", periods=4, freq="M")]
)
def test_schools_of_two_kinds_never_meet_and_it_is_said(odd):
    answers = pd.DataFrame({"school_urn": odd, "respondent": list("abcd"), "answer": "yes"})
    asked = pd.DataFrame({"school_urn": list("1234"), "n_asked": 5})
    with pytest.raises(TableProblemsError, match="of one kind"):
        analysis.response_rates(answers, asked=asked)


def test_more_asked_than_a_school_could_hold_is_refused():
    answers = pd.DataFrame({"school_urn": ["1"], "respondent": "a", "answer": "yes"})
    asked = pd.DataFrame({"school_urn": ["1"], "n_asked": 2.0**62})
    with pytest.raises(TableProblemsError, match="above 1e"):
        analysis.response_rates(answers, asked=asked)


def test_shrinking_does_not_mind_where_the_numbers_lie():
    data = pd.DataFrame({"school_urn": list("abcdef"), "est": [0.1, 0.5, 0.2, 0.9, 0.4, 1.5]})
    data["se"] = 0.2
    near = analysis.shrunken_estimates(data, estimate="est", std_error="se").to_frame()
    far = analysis.shrunken_estimates(
        data.assign(est=data["est"] + 2.0**20), estimate="est", std_error="se"
    ).to_frame()
    np.testing.assert_allclose(near["weight"], far["weight"], rtol=1e-6)
    farther = data.assign(est=data["est"] + 1e15)
    assert len(analysis.shrunken_estimates(farther, estimate="est", std_error="se")) == 6


def test_a_very_long_word_is_cut_in_the_message_and_kept_in_its_part():
    error = CareerBenchError("x" * 5000, found="y")
    assert len(str(error)) < 200
    assert len(error.problem) == 5000


def test_the_order_of_rows_changes_no_effect():
    found = trial(pupils()).to_frame()
    turned = trial(pupils().iloc[::-1]).to_frame()
    pd.testing.assert_frame_equal(found, turned, rtol=1e-9)


def test_a_table_is_left_as_it_was():
    table = scores()
    before = table.copy(deep=True)
    analysis.change(table, before="before", after="after", by="la_name")
    pd.testing.assert_frame_equal(table, before)


def test_schools_with_the_same_counts_have_the_same_bounds():
    data = pd.DataFrame({"school_urn": list("abcdef"), "met": [2, 30, 50, 9, 2, 30]})
    data["asked"] = [4, 98, 125, 60, 4, 98]
    found = analysis.shrunken_estimates(data, numerator="met", denominator="asked").to_frame()
    pd.testing.assert_frame_equal(
        found.loc[[0, 1]].drop(columns="school_urn"),
        found.loc[[4, 5]].drop(columns="school_urn").reset_index(drop=True),
    )
    assert found["low"].nunique() == 4


@pytest.mark.parametrize("levels", [["school_urn"], ["school_urn", "wave"]])
def test_no_kind_of_index_changes_a_rate_or_a_difference(levels):
    table = scores().assign(programme=lambda rows: rows["school_urn"].isin(["1", "2"]))
    table["respondent"], table["score"] = table["school_urn"], [1.0, 2, 2, 4, 3, 3, 5, 9]
    table["scale"] = "s"
    indexed = table.set_index(levels, drop=False)
    for find in (
        lambda data: analysis.response_rates(data.drop(columns="state")),
        lambda data: analysis.scale_change(data, before="before", after="after"),
        lambda data: analysis.difference_in_differences(
            data, outcome="score", arm="programme", before="before", after="after"
        ),
    ):
        pd.testing.assert_frame_equal(find(indexed).to_frame(), find(table).to_frame())
