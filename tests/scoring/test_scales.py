"""Survey answers become scale scores."""

import pandas as pd
import pytest

from careerbench import frameworks, scoring
from careerbench.errors import CareerBenchError


def pupil(year_group="3", **answers):
    rows = pd.DataFrame({"item": list(answers), "answer": list(answers.values())}, dtype="object")
    return rows.assign(respondent="p1", school_urn="900001", wave="baseline", year_group=year_group)


FULL = {"pu_jobs": "4", "pu_learning": "3", "pu_anything": "2", "pu_not_for_me": "1",
        "pu_talk": "4", "pu_plan": "4"}  # fmt: skip


def test_a_score_is_the_mean_with_reversed_items_turned_round():
    row = scoring.score_scale(pupil(**FULL), "pupil-careers").iloc[0]
    assert row["score"] == pytest.approx((4 + 3 + 2 + 4 + 4 + 4) / 6)
    assert row["top_box"] == pytest.approx(5 / 6)
    assert (row["n_items"], row["n_answered"]) == (6, 6)


def test_dont_know_and_blank_are_no_answers():
    row = scoring.score_scale(pupil(**FULL | {"pu_jobs": "dk", "pu_plan": None}), "pupil-careers")
    assert row.iloc[0][["n_items", "n_answered"]].tolist() == [6, 4]
    assert row.iloc[0]["score"] == pytest.approx((3 + 2 + 4 + 4) / 4)


def test_too_few_answers_give_no_score_and_a_reason():
    row = scoring.score_scale(pupil(pu_jobs="4", pu_learning="3", pu_talk=None), "pupil-careers")
    assert (row.iloc[0]["score_reason"], row.iloc[0]["n_answered"]) == ("too few answers", 2)
    assert pd.isna(row.iloc[0]["score"])
    nobody = scoring.score_scale(pupil(pu_jobs=None), "pupil-careers").iloc[0]
    assert nobody["score_reason"] == "not answered"


def test_items_not_put_to_a_year_group_are_not_counted_against_it():
    young = pupil("1", **FULL | {"pu_talk": None, "pu_plan": None})
    row = scoring.score_scale(young, "pupil-careers").iloc[0]
    assert (row["n_items"], row["n_answered"]) == (4, 4)


def test_labels_are_read_like_codes():
    said = scoring.score_scale(pupil(**FULL | {"pu_jobs": "a bit"}), "pupil-careers").iloc[0]
    assert said["score"] == pytest.approx((3 + 3 + 2 + 4 + 4 + 4) / 6)


def test_what_describes_the_respondent_is_kept():
    row = scoring.score_scale(pupil(**FULL).assign(sex="F", fsm=None), "pupil-careers").iloc[0]
    assert (row["sex"], row["year_group"], row["scale"]) == ("F", "3", "pupil-careers")


def test_a_strange_answer_is_counted_and_never_shown():
    with pytest.raises(CareerBenchError) as caught:
        scoring.score_scale(pupil(**FULL | {"pu_jobs": "my dad hits me"}), "pupil-careers")
    assert "my dad" not in str(caught.value)
    assert str(caught.value).startswith("score_scale: 1 kind(s) of answer are not on the scale")


def test_a_table_without_the_scales_items_is_refused():
    with pytest.raises(CareerBenchError, match="no item of 'teacher-careers' is in the table"):
        scoring.score_scale(pupil(**FULL), "teacher-careers")


def test_a_respondent_described_in_two_ways_is_refused():
    rows = pupil(**FULL)
    rows.loc[0, "year_group"] = "4"
    with pytest.raises(CareerBenchError, match="described in two ways"):
        scoring.score_scale(rows, "pupil-careers")


def test_a_scale_object_serves_as_well_as_its_name():
    scale = frameworks.load_scale("pupil-careers")
    by_object = scoring.score_scale(pupil(**FULL), scale)
    pd.testing.assert_frame_equal(by_object, scoring.score_scale(pupil(**FULL), "pupil-careers"))


def test_an_item_answered_twice_by_one_respondent_is_refused():
    with pytest.raises(CareerBenchError, match=r"6 item\(s\) are answered twice by one respondent"):
        scoring.score_scale(pd.concat([pupil(**FULL), pupil(**FULL)]), "pupil-careers")


@pytest.mark.parametrize("year", [1, 1.0, "Year 1"])
def test_a_year_group_is_known_however_it_is_kept(year):
    young = pupil("1", **FULL | {"pu_talk": None, "pu_plan": None}).assign(year_group=year)
    assert scoring.score_scale(young, "pupil-careers").iloc[0]["n_items"] == 4


def test_a_table_that_was_scored_before_is_refused():
    with pytest.raises(CareerBenchError, match="the table has 'value' already"):
        scoring.score_scale(pupil(**FULL).assign(value=1), "pupil-careers")


@pytest.mark.parametrize("reason", ["dont_know", "refused", "blank", "unreliable"])
def test_whatever_the_reason_a_missing_answer_counts_as_asked_and_not_answered(reason):
    rows = pupil(**FULL | {"pu_jobs": None})
    reasons = [reason if answer is None else None for answer in rows["answer"]]
    row = scoring.score_scale(rows.assign(answer_reason=reasons), "pupil-careers").iloc[0]
    assert (row["n_items"], row["n_answered"]) == (6, 5)


def test_an_item_that_was_not_asked_leaves_the_denominator():
    rows = pupil(**FULL | {"pu_jobs": None})
    reasons = ["not_asked" if answer is None else None for answer in rows["answer"]]
    row = scoring.score_scale(rows.assign(answer_reason=reasons), "pupil-careers").iloc[0]
    assert (row["n_items"], row["n_answered"]) == (5, 5)
