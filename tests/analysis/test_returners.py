"""Who came back, and how they differed at the start."""

import pandas as pd
import pytest

from careerbench.analysis import who_came_back
from careerbench.errors import BadArgumentError, TableProblemsError

ENDS = {"before": "baseline", "after": "year 1"}
NUMBERS = {"a": 1, "b": 2, "c": 4, "d": 6, "e": 3, "x": 0, "y": 2, "z": 1}  # x, y, z leave


@pytest.fixture
def scores():
    rows = [
        (urn, "baseline", f"b{place}", "achieved" if place <= n else "partial")
        for urn, n in NUMBERS.items()
        for place in range(1, 9)
    ]
    rows += [(urn, "year 1", f"b{place}", "achieved") for urn in "abcden" for place in range(1, 9)]
    return pd.DataFrame(rows, columns=["school_urn", "wave", "benchmark", "state"])


@pytest.fixture
def schools():
    return pd.DataFrame(
        {
            "school_urn": list("abcdexyzn"),
            "percentage_fsm": [10.0, 20, 30, 40, None, 50, 60, 70, 80],
            "urban_rural": [
                "Urban",
                "Urban",
                "Rural",
                "Rural",
                "Urban",
                "Rural",
                None,
                "Rural",
                "Urban",
            ],
        }
    )


def test_returners_and_leavers_are_compared_as_they_began(scores):
    row = who_came_back(scores, **ENDS).to_frame().iloc[0]
    assert row[["measure", "n_returned", "n_left"]].tolist() == ["number achieved", 5, 3]
    assert (row["returned"], row["left"]) == pytest.approx((3.2, 1))
    # R: t.test(c(1, 2, 4, 6, 3), c(0, 2, 1))$conf.int
    assert (row["low"], row["high"]) == pytest.approx((-0.336479712472, 4.736479712472))


def test_each_benchmark_is_a_difference_of_shares(scores):
    table = who_came_back(scores, **ENDS).to_frame().set_index("measure")
    row = table.loc["b1 achieved"]
    assert (row["returned"], row["left"], row["difference"]) == pytest.approx((1, 2 / 3, 1 / 3))
    assert row["low"] < row["difference"] < row["high"] <= 1
    assert len(table) == 9


def test_characteristics_are_compared_and_their_gaps_counted(scores, schools):
    names = ["percentage_fsm", "urban_rural"]
    found = who_came_back(scores, **ENDS, schools=schools, characteristics=names).to_frame()
    fsm = found[found["measure"] == "percentage_fsm"].iloc[0]
    assert fsm[["returned", "left", "n_missing"]].tolist() == [25, 60, 1]
    urban = found[found["category"] == "Urban"].iloc[0]
    assert urban[["n_returned", "n_left", "returned", "left"]].tolist() == [5, 2, 0.6, 0]


def test_a_joiner_is_in_neither(scores):
    found = who_came_back(scores, **ENDS)
    assert found.waves["n_joined"].tolist() == [0, 1]
    assert "5 came back at 'year 1' and 3 did not" in found.notes[0]


def test_where_all_came_back_nobody_is_compared(scores):
    stayed = scores[~scores["school_urn"].isin(list("xyz"))]
    row = who_came_back(stayed, **ENDS).to_frame().iloc[0]
    assert row[["n_left", "returned"]].tolist() == [0, 3.2]
    assert pd.isna(row["difference"])
    assert pd.isna(row["low"])


def test_a_school_not_scored_at_the_start_is_missing(scores):
    blank = scores.copy()
    at_start = blank["school_urn"].eq("a") & blank["wave"].eq("baseline")
    blank.loc[at_start, "state"] = "not scored"
    row = who_came_back(blank, **ENDS).to_frame().iloc[0]
    assert row[["n_returned", "n_missing"]].tolist() == [4, 1]


def test_characteristics_need_their_table(scores, schools):
    with pytest.raises(BadArgumentError, match="a pandas DataFrame is needed"):
        who_came_back(scores, **ENDS, characteristics="urban_rural")
    with pytest.raises(TableProblemsError, match="rows repeat another"):
        who_came_back(
            scores, **ENDS, schools=pd.concat([schools, schools]), characteristics="urban_rural"
        )
    with pytest.raises(BadArgumentError, match="before has no value 'start'"):
        who_came_back(scores, before="start", after="year 1")
