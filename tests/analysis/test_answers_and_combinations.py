"""Answers as they were ticked, and Benchmarks met together."""

import pandas as pd
import pytest

from careerbench import analysis
from careerbench.errors import BadArgumentError, MissingColumnsError

LEVELS = ["No", "Not really", "A bit", "Yes"]


def responses(answers, item="pu_jobs", **more):
    rows = pd.DataFrame({"respondent": [f"r{n}" for n in range(len(answers))], "answer": answers})
    return rows.assign(school_urn="900001", year_group="3", item=item, **more)


def test_an_answer_nobody_gave_has_a_row_with_nobody():
    found = analysis.answer_shares(responses(["Yes", "Yes", "No"]), "pupil-careers").to_frame()
    assert found["answer"].tolist() == LEVELS
    assert found["n"].tolist() == [1, 0, 0, 2]
    assert found["share"].tolist() == pytest.approx([1 / 3, 0, 0, 2 / 3])


def test_codes_and_words_and_the_answer_that_is_none_are_known():
    found = analysis.answer_shares(responses(["4", "yes", "Don't know", None]), "pupil-careers")
    row = found.to_frame().iloc[3]
    assert (row["n"], row["n_answered"], row["n_missing"]) == (2, 2, 2)


def test_answers_to_a_reversed_item_stay_as_they_were_ticked():
    found = analysis.answer_shares(responses(["Yes"], item="pu_not_for_me"), "pupil-careers")
    assert found.to_frame().set_index("answer")["n"].to_dict() == {
        "No": 0, "Not really": 0, "A bit": 0, "Yes": 1,
    }  # fmt: skip


def test_where_nobody_answered_the_share_is_blank_with_a_reason():
    found = analysis.answer_shares(responses([None, None]), "pupil-careers").to_frame()
    assert found["share"].isna().all()
    assert set(found["share_reason"]) == {"nobody answered"}
    assert set(found["n_missing"]) == {2}


def test_groups_are_taken_apart_and_add_up():
    both = pd.concat(
        [responses(["Yes", "No"], sex="F"), responses(["No"], sex="M").assign(respondent="m")]
    )
    found = analysis.answer_shares(both, "pupil-careers", by="sex").to_frame()
    assert found.groupby("sex")["n"].sum().to_dict() == {"F": 2, "M": 1}
    assert found.groupby("sex")["share"].sum().tolist() == [1.0, 1.0]


def test_a_column_to_take_apart_that_is_not_there_is_refused():
    with pytest.raises(MissingColumnsError):
        analysis.answer_shares(responses(["Yes"]), "pupil-careers", by="sex")


def scores(states):
    rows = [
        (str(school), f"p{number}", state)
        for school, row in enumerate(states)
        for number, state in enumerate(row, start=1)
    ]
    return pd.DataFrame(rows, columns=["school_urn", "benchmark", "state"])


YES, HALF, NO, OUT = "achieved", "partial", "not achieved", "not scored"


def test_a_school_stands_in_the_one_combination_it_achieves():
    found = analysis.combinations(scores([(YES, YES), (YES, HALF), (NO, NO), (YES, NO)]))
    table = found.to_frame()
    assert dict(zip(table["combination"], table["n_schools"], strict=True)) == {
        "p1": 2, "p1 + p2": 1, "none": 1,
    }  # fmt: skip
    assert table["combination"].tolist() == ["p1", "p1 + p2", "none"]
    assert table["share"].sum() == 1
    assert found.members.to_numpy().tolist() == [[True, False], [True, True], [False, False]]


def test_a_school_not_scored_on_something_has_no_combination():
    found = analysis.combinations(scores([(YES, YES), (YES, OUT)]))
    assert (found.n_schools, found.n_left_out) == (1, 1)
    assert found.notes[1].startswith("1 school with a Benchmark not scored left out")


def test_combinations_of_nobody_are_an_empty_table():
    found = analysis.combinations(scores([(OUT, OUT)]))
    assert (len(found), found.n_schools, found.n_left_out) == (0, 0, 1)


def test_two_waves_have_no_one_combination():
    two = pd.concat([scores([(YES,)]).assign(wave=wave) for wave in ("a", "b")])
    with pytest.raises(BadArgumentError) as error:
        analysis.combinations(two)
    assert str(error.value) == (
        "combinations: the table holds 2 waves, and a school has one combination.\n"
        "  found: 'a', 'b'\n"
        "  try:   scores[scores['wave'] == 'b']"
    )
