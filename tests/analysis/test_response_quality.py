"""How people answered."""

import numpy as np
import pandas as pd
import pytest

from careerbench.analysis import response_quality
from careerbench.errors import BadArgumentError, TableProblemsError

PEOPLE = {
    "line": [4, 4, 4],
    "ends": [1, 4, 1],
    "mixed": [1, 2, 3],
    "thin": [4, 4, None],
    "silent": [None, None, None],
}


def made(people=PEOPLE, **columns):
    rows = [
        (name, f"q{place}", value)
        for name, values in people.items()
        for place, value in enumerate(values)
    ]
    frame = pd.DataFrame(rows, columns=["respondent", "item", "value"]).astype({"value": float})
    return frame.assign(**{"year_group": "5", "school_urn": "1", **columns})


def first_row(answers, **options):
    return response_quality(answers, ends=(1, 4), **options).to_frame().iloc[0]


def test_lines_and_extremes_are_counted_among_those_with_enough_answers():
    row = first_row(made())
    counted = ["n_respondents", "n_too_few", "n_judged", "n_straight", "n_all_extreme"]
    assert row[counted].tolist() == [5, 2, 3, 1, 2]
    assert row["extreme_mean"] == pytest.approx((1 + 1 + 1 / 3) / 3)
    assert row["distinct_mean"] == pytest.approx((1 + 2 + 3) / 3)
    assert row["missing_mean"] == pytest.approx((1 / 3 + 1) / 5)


def test_a_line_of_ticks_shows_where_items_were_reversed():
    ticked = made({"line": [4, 1, 4]}).assign(answer=["Agree", " agree", "Agree"])
    assert first_row(ticked)["n_straight"] == 1
    assert first_row(ticked.drop(columns="answer"))["n_straight"] == 0


def test_one_school_has_a_wilson_interval_of_its_own():
    # R: prop.test(1, 3, correct = FALSE)$conf.int: 0.0614919447 0.7923403992
    row = first_row(made())
    bounds = row[["straight_low", "straight_high"]].tolist()
    assert bounds == pytest.approx([0.0614919447, 0.7923403992])


def test_lines_that_come_by_school_widen_the_interval():
    line, mixed = {f"l{n}": [4, 4, 4] for n in range(10)}, {f"m{n}": [1, 2, 3] for n in range(10)}
    apart = pd.concat([made(line, school_urn="1"), made(mixed, school_urn="2")])
    even = made(line | mixed)
    even["school_urn"] = even["respondent"].str[1]
    wide, narrow = (
        row["straight_high"] - row["straight_low"] for row in map(first_row, (apart, even))
    )
    assert narrow == pytest.approx(0.4014, abs=5e-4)  # Wilson, 10 of 20
    assert wide > 1.5 * narrow


def test_where_nobody_does_it_the_number_of_schools_bounds_it():
    people = {f"m{n}": [1, 2, 3] for n in range(40)}
    answers = made(people)
    answers["school_urn"] = answers["respondent"].str[-1]
    # R: prop.test(0, 10, correct = FALSE)$conf.int: 0 0.2775327998
    assert first_row(answers)["straight_high"] == pytest.approx(0.2775327998)


def test_year_groups_come_in_their_order():
    answers = pd.concat([made(year_group="6"), made(year_group="R"), made(year_group="5")])
    table = response_quality(answers, ends=(1, 4)).to_frame()
    assert table["year_group"].tolist() == ["R", "5", "6"]


def test_where_nothing_is_answered_nobody_is_judged():
    row = first_row(made().assign(value=np.nan))
    assert row[["n_too_few", "n_judged"]].tolist() == [5, 0]
    assert row[["straight_share", "straight_low", "extreme_mean"]].isna().all()


def test_bad_input_is_refused():
    with pytest.raises(TableProblemsError, match="'value' does not hold numbers"):
        response_quality(made().astype({"value": str}))
    with pytest.raises(BadArgumentError, match="minimum_answered"):
        response_quality(made(), minimum_answered=1)
