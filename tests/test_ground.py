"""The ground: errors, periods, checks, results."""

import pickle
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pytest

from careerbench import checks, errors, html, periods
from careerbench.provenance import Source
from careerbench.result import Result, show


def test_an_error_says_what_is_wrong_what_was_found_and_what_to_try():
    error = errors.CareerBenchError("score: no column 'x'.", found="'y'", hint="load_audits")
    assert str(error) == "score: no column 'x'.\n  found: 'y'\n  try:   load_audits"


def test_an_error_survives_a_trip_between_processes():
    error = errors.MissingColumnsError("a", found="b", hint="c")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (errors.MissingColumnsError, str(error))


def test_a_missing_columns_error_is_a_key_error_that_reads_well():
    error = errors.MissingColumnsError("line one", found="two")
    assert isinstance(error, KeyError)
    assert str(error) == "line one\n  found: two"


@pytest.mark.parametrize("said", ["2019/20", "2019-20", "2019/2020", "2019-2020", "201920", 201920])
def test_an_academic_year_is_read_in_every_common_form(said):
    assert periods.parse_time_period(said) == "201920"


@pytest.mark.parametrize(
    "said", ["2019/21", "201921", "2019", "", None, "2019/2021", "20192", "1999/01"]
)
def test_years_that_do_not_follow_each_other_are_refused(said):
    with pytest.raises(errors.BadArgumentError, match="is not an academic year"):
        periods.parse_time_period(said)


def test_the_century_may_turn_within_an_academic_year():
    assert periods.parse_time_period("1999/00") == "199900"
    assert periods.parse_time_period("1999/2000") == "199900"


def test_a_day_in_august_belongs_to_the_year_that_ends():
    assert periods.time_period_of(date(2020, 8, 31)) == "201920"
    assert periods.time_period_of(date(2020, 9, 1)) == "202021"


@pytest.mark.parametrize(
    ("said", "year"),
    [("Year 3", "3"), ("Y3", "3"), ("yr 10", "10"), ("Reception", "R"), ("r", "R"), (6, "6"),
     ("6.0", "6"), ("03", "3"), ("Nursery", "N"), ("15", None), ("KS1", None), ("", None)],
)  # fmt: skip
def test_a_year_group_is_read_as_people_write_it(said, year):
    assert periods.parse_year_group(said) == year


def test_an_unknown_choice_is_answered_with_the_nearest_one():
    with pytest.raises(errors.BadArgumentError) as caught:
        checks.require_one_of("basline", ["baseline", "year_1"], name="wave", step="change")
    assert str(caught.value) == (
        "change: wave has no value 'basline'.\n  found: 'basline'\n  try:   did you mean 'baseline'?"
    )


@pytest.mark.parametrize("value", [0, 1, 1.2, "0.9", True, None])
def test_a_proportion_outside_its_bounds_is_refused(value):
    with pytest.raises(errors.BadArgumentError, match="confidence must be a number"):
        checks.require_between(value, 0, 1, name="confidence", step="shares")


def test_html_escapes_what_it_is_given():
    assert html.table(["a"], [["<b>"]]).count("&lt;b&gt;") == 1


@dataclass(frozen=True, eq=False)
class Three(Result):
    caption = "Three numbers"
    formats = {"share": ".0%"}

    @property
    def notes(self):
        return ("Made up.",)


def test_a_result_hands_out_a_copy_of_its_table():
    result = Three(pd.DataFrame({"share": [0.5]}))
    handed_out = result.to_frame()
    handed_out.loc[0, "share"] = 9
    assert result.to_frame().loc[0, "share"] == 0.5


def test_a_results_repr_tells_its_shape_and_no_value():
    assert repr(Three(pd.DataFrame({"share": [0.123]}))) == "<Three: 1 rows x 1 columns>"


def test_a_result_shows_its_caption_notes_and_formats():
    shown = Three(pd.DataFrame({"share": [0.5, None]}))._repr_html_()
    assert "<caption>Three numbers</caption>" in shown
    assert "50%" in shown
    assert "<li>Made up.</li>" in shown
    assert "nan" not in shown


def test_a_long_result_says_how_many_rows_it_left_out():
    shown = Three(pd.DataFrame({"share": [0.5] * 31}))._repr_html_()
    assert "1 more rows: to_frame() has them all." in shown


@pytest.mark.parametrize(
    ("value", "spec", "shown"),
    [
        (999_999_999_999_999.5, ".1f", "999999999999999.5"),
        (1e15, ".0f", "1e+15"),
        (1.25e25, ".1f", "1.3e+25"),
        (-9.96e40, ".1f", "−1.0e+41"),
        (1.797e308, "+.2f", "+1.80e+308"),
        (5e29, ".0%", "5e+31%"),
        (float("inf"), ".3f", "∞"),
        (float("-inf"), "+.0%", "−∞%"),
        (5e-324, ".2f", "0.00"),
        (-5e-324, ".2f", "0.00"),
    ],
)
def test_a_number_of_any_size_can_be_shown(value, spec, shown):
    assert show(value, spec) == shown


def test_a_result_with_enormous_numbers_shows_itself():
    shown = Three(pd.DataFrame({"share": [5e29, float("inf")]}))._repr_html_()
    assert "5e+31%" in shown
    assert "∞%" in shown


def test_missing_values_show_as_nothing():
    assert [show(value) for value in (None, float("nan"), pd.NA, pd.NaT, 0)] == [
        "",
        "",
        "",
        "",
        "0",
    ]


def test_a_source_is_told_in_one_line():
    source = Source("Report", publisher="LEP", url="https://example.org", accessed="2026-11")
    assert str(source) == "Report, LEP, https://example.org (read 2026-11)"
