"""What could be worked out from tables made elsewhere, and the sums that do it."""

import numpy as np
import pandas as pd
import pytest

from careerbench import disclosure
from careerbench.disclosure import Verdict
from careerbench.errors import BadArgumentError, TableProblemsError


def test_a_total_less_the_parts_that_are_shown_is_found_and_said():
    table = pd.DataFrame({"school": ["A", "B", "C", "All"], "n": ["c", 30, 20, 54]})
    found = disclosure.audit(table, by="school")
    assert found.verdict is Verdict.EXACT
    assert found.to_frame().to_numpy().tolist() == [
        ["A", "exact", 4, 4, "54 (All) − 30 (B) − 20 (C) = 4"]
    ]


def test_two_tables_give_together_what_neither_gives_alone():
    by_meals = pd.DataFrame(
        {"school": list("AABB"), "fsm": ["yes", "no"] * 2, "n": ["c", 32, 12, 40]}
    )
    sizes = pd.DataFrame({"school": ["A", "B"], "n": [40, 52]})
    by = ["school", "fsm"]
    assert disclosure.audit(by_meals, by=by).verdict is Verdict.SAFE
    assert disclosure.audit(sizes, by=by).verdict is Verdict.SAFE
    both = disclosure.audit({"meals": by_meals, "sizes": sizes}, by=by).to_frame()
    assert both[["school", "fsm", "low", "high"]].to_numpy().tolist() == [["A", "yes", 8, 8]]
    assert both["how"].item() == "40 (A) − 32 (A, no) = 8"


def test_two_hidden_counts_with_a_small_sum_are_narrow():
    table = pd.DataFrame({"school": ["A", "B", "C", "All"], "n": ["c", "c", 30, 32]})
    found = disclosure.audit(table, by="school")
    assert found.verdict is Verdict.NARROW
    frame = found.to_frame()
    assert frame[["school", "low", "high"]].to_numpy().tolist() == [["A", 0, 2], ["B", 0, 2]]
    assert frame["how"].iloc[0] == "at most 32 (All) − 30 (C) = 2"


def test_a_small_count_that_is_shown_is_a_finding():
    found = disclosure.audit(pd.DataFrame({"school": ["A", "B"], "n": [4, 30]}), by="school")
    assert found.to_frame()["finding"].tolist() == ["shown"]


def test_less_than_five_is_read_as_a_bound():
    table = pd.DataFrame({"school": ["A", "B"], "n": ["<5", "c"]})
    frame = disclosure.audit(table, by="school").to_frame()
    assert frame[["school", "finding", "low", "high"]].to_numpy().tolist() == [
        ["A", "narrow", 0, 4]
    ]


def test_a_second_table_that_counts_late_answers_too_gives_them_away():
    first = pd.DataFrame({"school": ["A", "B"], "late": ["no", "no"], "n": [40, 52]})
    second = pd.DataFrame({"school": ["A", "B"], "n": [43, 70]})
    found = disclosure.audit([first, second], by=["school", "late"]).to_frame()
    assert found[["school", "late", "low", "high"]].to_numpy().tolist() == [
        ["A", "(not listed)", 3, 3]
    ]


@pytest.fixture
def protected():
    rng = np.random.default_rng(11)
    rows = [
        (f"L{school // 3}", f"S{school}", str(year), answer, int(rng.poisson(10)))
        for school in range(6) for year in (7, 8, 9) for answer in ("yes", "no")
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["la", "school", "year", "answer", "n"])
    by = [("la", "school"), "year", "answer"]
    return disclosure.protect(table, by=by, answer="answer", margins=True), by


def test_a_released_table_has_no_finding(protected):
    released, by = protected
    assert disclosure.audit(released, by=by, answer="answer").verdict is Verdict.SAFE


def test_a_released_table_with_one_partner_shown_again_has_one(protected):
    released, by = protected
    frame = released.to_frame()
    inner = (frame[["school", "year", "answer"]] != "All").all(axis=1) & frame["n"].isna()
    frame.loc[frame.index[inner][0], "n"] = 12
    try:
        verdict = disclosure.audit(frame, by=by, answer="answer").verdict
    except TableProblemsError:
        verdict = Verdict.UNSAFE
    assert verdict is not Verdict.SAFE


def test_tables_that_contradict_each_other_are_refused():
    one, two = (pd.DataFrame({"school": ["A"], "n": [n]}) for n in (40, 41))
    with pytest.raises(TableProblemsError, match="1 cell have two different counts"):
        disclosure.audit([one, two], by="school")
    rounded = pd.DataFrame({"school": ["A", "B", "All"], "n": [10, 30, 35]})
    with pytest.raises(TableProblemsError, match="no counts fit all of them"):
        disclosure.audit(rounded, by="school")


def test_a_percentage_among_the_counts_is_refused():
    with pytest.raises(TableProblemsError, match="negative or not whole"):
        disclosure.audit(pd.DataFrame({"school": ["A"], "n": [0.25]}), by="school")


def test_a_unit_without_a_rule_is_refused():
    with pytest.raises(BadArgumentError, match="no threshold for 'schools'"):
        disclosure.audit(pd.DataFrame({"a": ["A"], "n": [5]}), by="a", unit="schools", policy="dfe")


def test_no_table_is_refused():
    with pytest.raises(TableProblemsError, match="there is no table"):
        disclosure.audit([], by="school")


def test_what_nothing_checked_is_unsafe():
    assert disclosure.worst([]) is Verdict.UNSAFE
    assert disclosure.worst([Verdict.SAFE, Verdict.EXACT]) is Verdict.EXACT
