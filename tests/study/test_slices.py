"""One selection for notebook and dashboard alike."""

import pandas as pd
import pytest

from careerbench.errors import CareerBenchError
from careerbench.study import select

SCORES = pd.DataFrame(
    {
        "school_urn": ["1", "1", "2", "2"],
        "wave": pd.Categorical(["baseline", "year_1"] * 2),
        "benchmark": ["p1", "p1", "p2", "p2"],
        "share": [0.0, 0.5, 1.0, 1.0],
    }
)
SCHOOLS = pd.DataFrame({"school_urn": ["1", "2"], "la_name": ["Durham", "Gateshead"]})


def test_without_a_wish_everything_is_kept():
    pd.testing.assert_frame_equal(select(SCORES), SCORES)


def test_wishes_are_joined_by_and():
    assert select(SCORES, wave="year_1", benchmark="p1")["share"].tolist() == [0.5]


def test_several_values_are_joined_by_or():
    assert len(select(SCORES, benchmark=["p1", "p2"], wave=["baseline"])) == 2


def test_a_characteristic_is_looked_up_by_school():
    kept = select(SCORES, where={"la_name": "Gateshead"}, schools=SCHOOLS)
    assert kept["school_urn"].tolist() == ["2", "2"]
    assert list(kept.columns) == list(SCORES.columns)


def test_two_sound_wishes_may_have_no_row_in_common():
    assert select(SCORES, school_urn="1", benchmark="p2").empty


def test_a_value_that_stands_nowhere_is_no_empty_slice():
    with pytest.raises(CareerBenchError) as caught:
        select(SCORES, wave="basline")
    assert str(caught.value) == (
        "select: no row has wave 'basline'.\n  found: 'basline'\n  try:   did you mean 'baseline'?"
    )


def test_a_column_that_neither_table_has_is_named():
    with pytest.raises(CareerBenchError, match="the table has no column 'region'"):
        select(SCORES, where={"region": "x"})
    with pytest.raises(CareerBenchError, match="the table has no column 'region'"):
        select(SCORES, where={"region": "x"}, schools=SCHOOLS)


def test_whole_school_answers_stay_in_a_year_groups_slice():
    audits = pd.DataFrame(
        {"school_urn": "1", "item": ["a", "b", "b"], "year_group": [None, "3", "4"]}
    )
    assert select(audits, year_group="3")["item"].tolist() == ["a", "b"]


def test_a_respondent_without_a_year_group_is_in_no_year_groups_slice():
    pupils = pd.DataFrame({"respondent": ["p", "q"], "item": "a", "year_group": ["3", None]})
    assert select(pupils, year_group="3")["respondent"].tolist() == ["p"]


def test_a_number_is_taken_for_its_text():
    assert select(SCORES, school_urn=1)["share"].tolist() == [0.0, 0.5]


def test_what_is_no_table_is_refused():
    with pytest.raises(CareerBenchError, match="a pandas DataFrame is needed"):
        select([1, 2])
