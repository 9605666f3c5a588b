"""The mean of a number before and after: figures from R stand in references.R."""

import pandas as pd
import pytest

from careerbench.analysis import mean_change, number_achieved
from careerbench.errors import BadArgumentError, TableProblemsError

CR2 = [2.5952380952381, 0.8968896955827, 6.2285012285012, 0.0264198137647]
PAIRED, PAIRED_BOUNDS = (
    [1.4, 0.5099019513593, 4, 0.0516059578112],
    [-0.0157147769823, 2.8157147769823],
)
ENDS = {"before": "baseline", "after": "year 1"}
BEFORE = {"a": 1, "b": 2, "c": 4, "d": 6, "e": 3, "x": 0, "y": 2}
AFTER = {"a": 3, "b": 2, "c": 5, "d": 7, "e": 6, "n": 8}


@pytest.fixture
def data():
    rows = [
        (urn, wave, number)
        for wave, numbers in zip(ENDS.values(), (BEFORE, AFTER), strict=True)
        for urn, number in numbers.items()
    ]
    return pd.DataFrame(rows, columns=["school_urn", "wave", "n"])


def rows_of(data, **options):
    return mean_change(data, outcome="n", **ENDS, **options).to_frame().set_index("basis")


def test_all_schools_and_the_same_schools_stand_side_by_side(data):
    table = rows_of(data)
    facts = ["change", "std_error", "df", "p"]
    # R clubSandwich: coef_test(lm(n ~ wave), vcov = "CR2", cluster = school)
    assert table.loc["all schools", facts].tolist() == pytest.approx(CR2)
    # R: t.test(after, before, paired = TRUE) of the five
    assert table.loc["same schools", facts].tolist() == pytest.approx(PAIRED)
    assert table.loc["same schools", ["low", "high"]].tolist() == pytest.approx(PAIRED_BOUNDS)


def test_every_school_is_counted(data):
    data.loc[len(data)] = ["z", "baseline", None]
    row = rows_of(data).loc["all schools"]
    counted = ["n_before", "n_after", "n_pairs", "n_only_before", "n_only_after", "n_missing"]
    assert row[counted].tolist() == [7, 6, 5, 2, 1, 1]


def test_schools_that_never_meet_are_compared_as_two_groups(data):
    apart = data.assign(school_urn=data["school_urn"] + data["wave"])
    table = rows_of(apart)
    assert table.loc["all schools", "change"] == pytest.approx(31 / 6 - 18 / 7)
    assert table.loc["same schools", "reason"] == "nobody"


def test_one_school_has_a_change_and_no_interval(data):
    table = rows_of(data[data["school_urn"] == "a"])
    assert table["reason"].tolist() == ["too few schools"] * 2
    assert table["change"].tolist() == [2, 2]


def test_schools_that_all_rose_alike_have_no_spread(data):
    same = pd.concat([data[data["wave"] == "baseline"].assign(wave=w, n=lambda d, k=k: d["n"] + k)
                      for k, w in enumerate(ENDS.values())])  # fmt: skip
    assert rows_of(same)["reason"].tolist() == ["no spread"] * 2


def test_numbers_achieved_of_groups():
    rows = [
        (urn, wave, f"b{place}", "achieved" if place < number else "partial")
        for wave, numbers in zip(ENDS.values(), (BEFORE, AFTER), strict=True)
        for urn, number in numbers.items()
        for place in range(8)
    ]
    scores = pd.DataFrame(rows, columns=["school_urn", "wave", "benchmark", "state"])
    scores["phase"] = scores["school_urn"].isin(list("abc")).map({True: "first", False: "other"})
    schools = number_achieved(scores, by="phase").schools
    found = mean_change(schools, outcome="n_achieved", **ENDS, by="phase").to_frame()
    assert found["n_pairs"].tolist() == [3, 3, 2, 2]
    assert found["change"].iloc[1] == pytest.approx(1)


def test_what_cannot_be_done_is_refused(data):
    with pytest.raises(BadArgumentError, match="after has no value 'year 2'"):
        mean_change(data, outcome="n", before="baseline", after="year 2")
    with pytest.raises(TableProblemsError, match="schools are the unit"):
        rows_of(pd.concat([data, data]))


def test_the_words_say_what_a_change_does_not_show(data):
    found = mean_change(data, outcome="n", **ENDS)
    assert "no comparison group" in found.notes[-1]
    assert "regression to the mean" in found.notes[-2]
    assert found._repr_html_()
