"""Schools like a school: distances small enough to check by eye."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import similar_schools, similar_sets
from careerbench.errors import BadArgumentError, MissingColumnsError, TableProblemsError


@pytest.fixture
def register():
    return pd.DataFrame(
        {
            "school_urn": ["t", "a", "b", "c", "d", "e"],
            "n_pupils": [100, 110, 120, 300, 90, None],
            "fsm_share": [0.2, 0.2, 0.4, 0.2, 0.3, 0.2],
            "phase": ["secondary", "secondary", "primary", "secondary", "secondary", "secondary"],
            "n_achieved": [5, 3, 8, 4, None, 1],
        }
    )


ON = ["n_pupils", "fsm_share"]


def test_distances_are_straight_lines_over_scaled_characteristics(register):
    found = similar_schools(register, to="t", on=ON, k=2)
    sd = register.dropna(subset=ON)[ON].std()
    assert found.to_frame()["school_urn"].tolist() == ["a", "d"]
    expected = [10 / sd["n_pupils"], np.hypot(10 / sd["n_pupils"], 0.1 / sd["fsm_share"])]
    assert found.to_frame()["distance"].tolist() == pytest.approx(expected)
    assert (found.n_schools, found.n_missing, found.n_not_exact) == (5, 1, 0)


@pytest.mark.parametrize(
    ("scaling", "distance"),
    [("range", 10 / 210), ("rank", 0.25)],  # n_pupils 90, 100, 110, 120, 300: places 0 to 1
)
def test_other_scalings_are_what_they_say(register, scaling, distance):
    found = similar_schools(register, to="t", on=ON, k=1, scaling=scaling)
    assert found.to_frame()["school_urn"].tolist() == ["a"]
    assert found.to_frame()["distance"].tolist() == pytest.approx([distance])


def test_what_must_be_the_same_leaves_others_out_and_counts_them(register):
    found = similar_schools(register, to="t", on=ON, exact="phase", k=10)
    assert found.to_frame()["school_urn"].tolist() == ["a", "d", "c"]
    assert found.n_not_exact == 1
    assert "Fewer than 10 schools could be compared." in found.notes


def test_the_balance_is_value_less_mean_over_the_spread_of_all(register):
    found = similar_schools(register, to="t", on=ON, k=2).balance.set_index("characteristic")
    sd = register.dropna(subset=ON)["fsm_share"].std()
    row = found.loc["fsm_share"]
    assert (row["value"], row["similar_mean"]) == pytest.approx((0.2, 0.25))
    assert row["standardised_difference"] == pytest.approx(-0.05 / sd)


def test_schools_just_as_near_are_said_and_the_earlier_row_stands_first():
    tied = pd.DataFrame({"school_urn": list("tabc"), "size": [5, 6, 4, 9]})
    found = similar_schools(tied, to="t", on="size", k=1)
    assert found.to_frame()["school_urn"].tolist() == ["a"]
    assert found.n_tied == 1
    assert any("1 school just as near" in note for note in found.notes)


def test_several_schools_asked_about_are_never_each_other_s(register):
    found = similar_schools(register, to=["t", "a"], on=ON, k=1).to_frame()
    assert found["to"].tolist() == ["t", "a"]
    assert not set(found["school_urn"]) & {"t", "a"}


def test_the_comparison_is_shown_under_each_set(register):
    found = similar_sets(register, to="t", on=ON, outcome="n_achieved", k=[2, 1], scaling="sd")
    table = found.to_frame()
    assert table["k"].tolist() == [2, 1, 2, 2]
    assert table["on"].tolist() == ["n_pupils, fsm_share"] * 2 + ["fsm_share", "n_pupils"]
    first = table.iloc[0]  # a has 3, d no value
    assert first[["value", "similar_mean", "difference"]].tolist() == [5, 3, 2]
    assert first[["n_similar", "n_lower", "n_no_outcome", "n_shared"]].tolist() == [1, 1, 1, 2]
    assert "difference in 'n_achieved'" in found.notes[0]


def test_a_school_without_an_outcome_has_no_difference_and_no_warning(register):
    found = similar_sets(register, to="d", on=ON, outcome="n_achieved", k=2)
    assert found.to_frame()["difference"].isna().all()
    assert found.notes[0].endswith("not known under any set.")


def test_no_school_left_to_compare_gives_an_empty_table(register):
    alone = register[register["phase"] == "secondary"].assign(phase=list("xabcd"))
    found = similar_schools(alone, to="t", on=ON, exact="phase")
    assert len(found) == 0
    assert found.n_not_exact == 3
    assert found._repr_html_()


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"to": "x"}, BadArgumentError, "no school 'x'"),
        ({"to": []}, BadArgumentError, "no school"),
        ({"to": "e"}, TableProblemsError, "1 school asked about lack a characteristic"),
        ({"on": []}, BadArgumentError, "on names no characteristic"),
        ({"on": "n_pupil"}, MissingColumnsError, "did you mean 'n_pupils'"),
        ({"on": "phase"}, TableProblemsError, "exact='phase'"),
        ({"k": 0}, BadArgumentError, "k must be a whole number of schools"),
        ({"k": 2.5}, BadArgumentError, "k must be a whole number of schools"),
        ({"scaling": "sdd"}, BadArgumentError, "did you mean 'sd'"),
    ],
)
def test_what_has_no_answer_is_refused(register, change, kind, words):
    with pytest.raises(kind) as refused:
        similar_schools(register, **{"to": "t", "on": ON, **change})
    assert words in str(refused.value)


def test_a_school_twice_and_a_characteristic_the_same_everywhere_are_refused(register):
    with pytest.raises(TableProblemsError, match="repeat another"):
        similar_schools(pd.concat([register, register]), to="t", on=ON)
    with pytest.raises(TableProblemsError, match="the same in every school"):
        similar_schools(register.assign(flat=1), to="t", on=["flat", "n_pupils"])
