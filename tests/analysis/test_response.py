"""Who was asked and who answered."""

import pandas as pd
import pytest

from careerbench.analysis import response_rates
from careerbench.errors import BadArgumentError, MissingColumnsError, TableProblemsError

SCHOOLS = {"a": (10, 9), "b": (5, 3), "c": (8, 4), "d": (20, 15)}  # asked, answered


@pytest.fixture
def responses():
    rows = [
        (school, f"{school}{number}", "yes" if number < answered else None)
        for school, (asked, answered) in SCHOOLS.items()
        for number in range(asked)
    ]
    return pd.DataFrame(rows, columns=["school_urn", "respondent", "answer"])


def test_a_response_rate_knows_its_schools(responses):
    # R clubSandwich, in references.R: lm(y ~ 1) with CR2 errors, on the log-odds scale
    row = response_rates(responses).to_frame().iloc[0]
    assert row[["n_asked", "n_answered", "n_schools_asked"]].tolist() == [43, 31, 4]
    assert row["share"] == pytest.approx(0.72093023255814)
    assert (row["low"], row["high"]) == pytest.approx((0.408926345272, 0.906069995716))
    assert row["interval_basis"] == "schools"


def test_a_question_not_put_is_not_unanswered(responses):
    reasons = responses["answer"].isna().map({True: "not_asked", False: None})
    row = response_rates(responses.assign(answer_reason=reasons)).to_frame().iloc[0]
    assert row[["n_asked", "n_answered"]].tolist() == [31, 31]
    assert row["interval_basis"] == "no spread"


def test_one_answer_among_several_questions_is_an_answer(responses):
    two = pd.concat([responses.assign(item="q1"), responses.assign(item="q2", answer=None)])
    assert response_rates(two).to_frame()["n_answered"].tolist() == [31]
    by_item = response_rates(two, by="item").to_frame()
    assert by_item["n_answered"].tolist() == [31, 0]
    assert by_item["interval_basis"].tolist() == ["schools", "no spread"]


def test_schools_without_any_answer_are_in_the_roll(responses):
    roll = pd.DataFrame({"school_urn": list("abcde"), "n_asked": [20, 10, 16, 40, 14]})
    row = response_rates(responses, asked=roll).to_frame().iloc[0]
    assert row[["n_asked", "n_answered"]].tolist() == [100, 31]
    assert row[["n_schools_asked", "n_schools_answered"]].tolist() == [5, 4]


def test_more_answers_than_pupils_are_refused(responses):
    roll = pd.DataFrame({"school_urn": list("abcd"), "n_asked": [8, 5, 8, 20]})
    with pytest.raises(TableProblemsError, match="in 1 school rows more answered than were asked"):
        response_rates(responses, asked=roll)


def test_answers_from_a_school_nobody_asked_are_refused(responses):
    roll = pd.DataFrame({"school_urn": list("abc"), "n_asked": [10, 5, 8]})
    with pytest.raises(TableProblemsError, match="1 school rows have answers and no number"):
        response_rates(responses, asked=roll)


def test_schools_that_miss_a_wave_did_not_answer_it():
    scores = pd.DataFrame({"school_urn": ["1", "2", "3", "1"], "benchmark": "p1"})
    scores = scores.assign(state=["achieved", "partial", "not scored", "achieved"])
    scores["wave"] = ["baseline"] * 3 + ["year 1"]
    table = response_rates(scores, unit="school_urn").to_frame()
    assert table["n_asked"].tolist() == [3, 3]
    assert table["n_answered"].tolist() == [2, 1]
    assert table["interval_basis"].tolist() == ["wilson", "wilson"]


def test_one_school_cannot_say_how_schools_differ(responses):
    table = response_rates(responses[responses["school_urn"] == "a"]).to_frame()
    assert table["interval_basis"].tolist() == ["one school"]
    assert table[["low", "high"]].isna().all(axis=None)


def test_a_table_without_answers_is_refused(responses):
    with pytest.raises(MissingColumnsError, match="has no column 'answer'"):
        response_rates(responses.drop(columns="answer"))
    with pytest.raises(BadArgumentError, match="unit has no value 'pupil'"):
        response_rates(responses, unit="pupil")


def test_the_result_says_who_was_asked(responses):
    found = response_rates(responses)
    assert "respondents with a row" in found.notes[0]
    assert "72%" in found._repr_html_()
