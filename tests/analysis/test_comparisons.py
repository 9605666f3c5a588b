"""Many comparisons: R's p.adjust, in references.R, and a meter."""

import pandas as pd
import pytest

from careerbench.analysis import (
    ComparisonMeter,
    achieved_shares,
    adjust,
    change,
    movement,
    wilcoxon_change,
)
from careerbench.errors import BadArgumentError, MissingColumnsError, TableProblemsError

P = [0.01, 0.013, 0.014, 0.19, 0.35, 0.5, 0.63, 0.67, 0.75, 0.81, 0.0001, 0.04]
ADJUSTED = {  # R: p.adjust(v, how)
    "holm": [0.11, 0.13, 0.13, *[1] * 7, 0.0012, 0.32],
    "hommel": [0.09, 0.117, 0.126, *[0.81] * 7, 0.0012, 0.32],
    "benjamini-hochberg": [
        0.042, 0.042, 0.042, 0.38, 0.6, 0.75, 0.804, 0.804, 0.81, 0.81, 0.0012, 0.096,
    ],
    "benjamini-yekutieli": [
        *[0.13033484848485] * 3, *[1] * 7, 0.00372385281385, 0.29790822510823,
    ],
}  # fmt: skip
FAMILY = "twelve questions to pupils"


@pytest.fixture
def found():
    """Three Benchmarks of nine schools, from baseline to year 1."""
    gained = {"p1": 5, "p2": 9, "p3": 0}
    rows = [
        (str(urn), wave, name, "achieved" if wave == "year 1" and urn < n else "partial")
        for name, n in gained.items() for urn in range(9) for wave in ("baseline", "year 1")
    ]  # fmt: skip
    scores = pd.DataFrame(rows, columns=["school_urn", "wave", "benchmark", "state"])
    return change(scores, before="baseline", after="year 1"), scores


@pytest.mark.parametrize("method", ADJUSTED)
def test_adjusted_p_values_are_those_of_r(method):
    table = adjust(P, method=method, family=FAMILY).to_frame()
    assert table["p_adjusted"].tolist() == pytest.approx(ADJUSTED[method])
    assert set(table["n_in_family"]) == {12}


@pytest.mark.parametrize("method", ADJUSTED)
def test_a_missing_test_is_in_no_family(method):
    table = adjust([0.01, None, 0.04], method=method, family=FAMILY).to_frame()
    both = adjust([0.01, 0.04], method=method, family=FAMILY).to_frame()
    assert table["p_adjusted"].dropna().tolist() == both["p_adjusted"].tolist()
    assert table["n_in_family"].tolist() == [2, 2, 2]


@pytest.mark.parametrize("method", ADJUSTED)
def test_one_test_alone_is_as_it_was(method):
    assert adjust([0.03], method=method, family="one").to_frame()["p_adjusted"].tolist() == [0.03]


def test_a_change_is_adjusted_by_its_own_test(found):
    result, _ = found
    adjusted = adjust(result, family="all Benchmarks", method="holm")
    assert adjusted.p == "p_mcnemar"
    assert adjusted.to_frame()["p_adjusted"].tolist() == result.table["p_adjusted"].tolist()
    assert adjusted.notes[0].startswith("Family: all Benchmarks; 3 tests.")


def test_a_change_can_be_told_which_method_to_use(found):
    result, scores = found
    other = change(scores, before="baseline", after="year 1", adjust="benjamini-hochberg")
    expected = adjust(result, family="all", method="benjamini-hochberg").to_frame()
    assert other.table["p_adjusted"].tolist() == expected["p_adjusted"].tolist()
    assert any("Benjamini and Hochberg" in note for note in other.notes)
    with pytest.raises(BadArgumentError, match="adjust has no value 'bonferoni'"):
        change(scores, before="baseline", after="year 1", adjust="bonferoni")


def test_movement_is_adjusted_by_the_tests_beside_it(found):
    moved = movement(found[1], before="baseline", after="year 1")
    assert len(adjust(moved, family="all Benchmarks").to_frame()) == 3


def test_where_exact_tests_are_too_many_ways_the_asymptotic_ones_are_adjusted():
    rows = [
        (str(u), w, float(u * (w == "after"))) for u in range(1002) for w in ("before", "after")
    ]
    data = pd.DataFrame(rows, columns=["school_urn", "wave", "n"])
    found = wilcoxon_change(data, outcome="n", before="before", after="after")
    assert adjust(found, family="one").p == "p_asymptotic"


def test_families_can_be_kept_apart():
    table = pd.DataFrame({"p": [0.01, 0.04, 0.03], "wave": ["a", "a", "b"]})
    adjusted = adjust(table, family="items", within="wave").to_frame()
    assert adjusted["p_adjusted"].tolist() == [0.02, 0.04, 0.03]
    assert adjusted["n_in_family"].tolist() == [2, 2, 1]


@pytest.mark.parametrize(
    ("given", "options", "error", "words"),
    [
        (P, {"family": " "}, BadArgumentError, "the family must be declared in words"),
        (P, {"family": None}, BadArgumentError, "the family must be declared in words"),
        (P, {"method": "sidak"}, BadArgumentError, "method has no value 'sidak'"),
        ([0.1, 1.2], {}, BadArgumentError, "1 of 2 values of 'p' are no p-values"),
        (["a"], {}, TableProblemsError, "does not hold numbers"),
        (None, {}, BadArgumentError, "a result, a table or a list of p-values is needed"),
        ({}, {}, BadArgumentError, "a result, a table or a list of p-values is needed"),
        (pd.DataFrame({"x": [1]}), {}, BadArgumentError, "no column of the table holds p-values"),
        (pd.DataFrame({"p_a": [1], "p_b": [1]}), {}, BadArgumentError, "more than one column"),
        (pd.DataFrame({"x": [1]}), {"p": "y"}, MissingColumnsError, "has no column 'y'"),
        (pd.DataFrame({"p": [1]}), {"within": "y"}, MissingColumnsError, "has no column 'y'"),
    ],
)
def test_what_is_no_family_of_tests_is_refused(given, options, error, words):
    with pytest.raises(error, match=words):
        adjust(given, **{"family": FAMILY, **options})


def test_nothing_tested_is_nothing_adjusted():
    assert len(adjust([], family=FAMILY)) == 0


def test_a_meter_counts_what_it_is_shown(found):
    result, scores = found
    with ComparisonMeter() as meter:
        assert meter.add(result) is result
        meter.add(P, what="questions")
        meter.add(achieved_shares(scores), what="shares, by eye")
        meter.add(4, what="areas, by eye")
    assert meter.n_comparisons == 3 + 12 + 6 + 4
    assert meter.to_frame()["n_below"].tolist() == [1, 5, 0, 0]
    assert meter.to_frame()["n_tests"].tolist() == [3, 12, 0, 0]
    assert meter.n_expected == pytest.approx(1.25)


def test_the_same_result_is_counted_once(found):
    meter = ComparisonMeter()
    meter.add(found[0])
    meter.add(found[0])
    assert meter.n_comparisons == 3


def test_a_meter_says_how_many_false_alarms_to_expect():
    meter = ComparisonMeter()
    assert meter.in_words() == "No comparison looked at."
    meter.add(40)
    assert meter.in_words() == (
        "40 comparisons looked at. If nothing at all were going on, about 2 of them would still "
        "come out below 0.05, and the chance of at least one would be up to 87%."
    )
    assert "40 comparisons" in meter._repr_html_()


def test_a_closed_meter_takes_no_more():
    with ComparisonMeter(level=0.1) as meter:
        meter.add(1)
    with pytest.raises(BadArgumentError, match="the meter is closed"):
        meter.add(1)
    with pytest.raises(BadArgumentError, match="0 or more"):
        ComparisonMeter().add(-1)


def test_two_meters_know_nothing_of_each_other():
    one, two = ComparisonMeter(), ComparisonMeter()
    one.add(3)
    assert (one.n_comparisons, two.n_comparisons) == (3, 0)
