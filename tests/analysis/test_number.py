"""How many Benchmarks schools achieve."""

import pandas as pd
import pytest

from careerbench.analysis import achieved_shares, number_achieved
from careerbench.errors import BadArgumentError, TableProblemsError

# domain.md 4.1b: percent of institutions fully achieving Benchmarks 1 to 8, and 8.1
RATES_2017 = [61, 318, 131, 259, 383, 366, 125, 490]  # of 1,000
RATES_2018 = [21, 45, 20, 38, 52, 47, 21, 57]  # of 100


def schools_with(numbers, of=8):
    """Make schools that achieve so many Benchmarks each."""
    rows = [
        (str(urn), f"b{benchmark + 1}", "achieved" if benchmark < number else "partial")
        for urn, number in enumerate(numbers)
        for benchmark in range(of)
    ]
    return pd.DataFrame(rows, columns=["school_urn", "benchmark", "state"])


def schools_at(rates, n):
    columns = {f"b{i}": ["achieved"] * k + ["partial"] * (n - k) for i, k in enumerate(rates)}
    wide = pd.DataFrame({"school_urn": [str(urn) for urn in range(n)], **columns})
    return wide.melt("school_urn", var_name="benchmark", value_name="state")


@pytest.mark.parametrize(
    ("rates", "n", "total"), [(RATES_2017, 1000, 2.133), (RATES_2018, 100, 3.01)]
)
def test_the_mean_is_the_sum_of_full_rates_where_all_have_all_scored(rates, n, total):
    # domain.md 8.1: published means 2.13 (2017/18) and "three" (2018/19)
    found = number_achieved(schools_at(rates, n))
    row = found.to_frame().iloc[0]
    assert (row["mean"], row["sum_of_shares"]) == pytest.approx((total, total))
    assert row["n_all_scored"] == row["n_schools"] == n
    assert "so the two are equal" in found.notes[1]


def test_where_a_benchmark_is_not_scored_mean_and_sum_part_ways():
    scores = schools_with([8, 4, 0, 2])
    gap = scores["school_urn"].eq("2") & scores["benchmark"].isin(["b1", "b2"])
    scores.loc[gap, "state"] = "not scored"
    found = number_achieved(scores)
    row = found.to_frame().iloc[0]
    assert row[["n_schools", "n_all_scored", "n_unscored"]].tolist() == [4, 3, 0]
    assert row["mean"] == 3.5
    assert row["mean_all_scored"] == pytest.approx(14 / 3)
    assert row["sum_of_shares"] == pytest.approx(achieved_shares(scores).table["share"].sum())
    assert row["sum_of_shares"] > row["mean"]
    assert "the two differ" in found.notes[1]


def test_repeaters_pull_the_mean_up_by_their_share():
    # domain.md 8.3: 944 repeaters at 2.70 and the rest at 1.89 make 2.13 at about 3,186
    repeaters = [3] * 661 + [2] * 283  # 2.70
    rest = [2] * 1995 + [1] * 247  # 1.89
    scores = schools_with(repeaters + rest)
    group = scores["school_urn"].astype(int) < 944
    scores["repeats"] = group.map({True: "yes", False: "no"})
    means = number_achieved(scores, by="repeats").to_frame().set_index("repeats")["mean"]
    assert means.round(2).to_dict() == {"yes": 2.70, "no": 1.89}
    assert round(number_achieved(scores).table["mean"].iloc[0], 2) == 2.13


def test_the_interval_is_students_over_schools():
    # R: t.test(c(0, 2, 3, 8, 5, 1))$conf.int
    row = number_achieved(schools_with([0, 2, 3, 8, 5, 1])).to_frame().iloc[0]
    expected = (0.0950872862449, 6.2382460470884)
    assert (row["low"], row["high"]) == pytest.approx(expected)
    assert (row["median"], row["interval_basis"]) == (2.5, "schools")


def test_the_distribution_counts_every_school_once():
    found = number_achieved(schools_with([0, 2, 2, 8]))
    table = found.distribution
    assert table["n_achieved"].tolist() == list(range(9))
    assert table["n_schools"].tolist() == [1, 0, 2, 0, 0, 0, 0, 0, 1]
    assert table["share"].sum() == 1


def test_schools_of_which_nothing_is_scored_are_counted_apart():
    scores = schools_with([3, 5])
    scores.loc[scores["school_urn"] == "1", "state"] = "not scored"
    found = number_achieved(scores)
    row = found.to_frame().iloc[0]
    assert row[["n_schools", "n_unscored", "mean"]].tolist() == [1, 1, 3]
    assert row["interval_basis"] == "too few"
    assert found.schools["n_achieved"].isna().tolist() == [False, True]


def test_waves_and_groups_stand_apart():
    one = schools_with([3, 5]).assign(wave="baseline", la_name=["N"] * 8 + ["S"] * 8)
    two = schools_with([4, 8]).assign(wave="year 1", la_name=["N"] * 8 + ["S"] * 8)
    found = number_achieved(pd.concat([one, two]), by="la_name")
    assert found.to_frame()["mean"].tolist() == [3, 4, 5, 8]
    assert len(found.distribution) == 4 * 9


def test_schools_that_all_achieve_the_same_have_no_interval():
    row = number_achieved(schools_with([3, 3, 3])).to_frame().iloc[0]
    assert (row["sd"], row["interval_basis"]) == (0, "no spread")
    assert row[["low", "high"]].isna().all()


def test_each_framework_has_benchmarks_of_its_own():
    scores = [schools_with([2, 3], of=n).assign(framework=name) for name, n in (("a", 8), ("b", 3))]
    table = number_achieved(pd.concat(scores), by="framework").to_frame()
    assert table["n_benchmarks"].tolist() == [8, 3]
    assert table["n_all_scored"].tolist() == [2, 2]


def test_an_empty_table_gives_an_empty_result():
    assert len(number_achieved(schools_with([3]).iloc[:0])) == 0


def test_what_the_result_calls_its_own_is_no_group():
    with pytest.raises(BadArgumentError, match="has a column for itself"):
        number_achieved(schools_with([3]).assign(mean=1), by="mean")


def test_a_school_counted_twice_is_refused():
    scores = schools_with([3])
    with pytest.raises(TableProblemsError, match="1 of 9 rows repeat another"):
        number_achieved(pd.concat([scores, scores.iloc[:1]]))
