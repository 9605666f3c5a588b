import pandas as pd
import pytest

from careerbench.errors import BadArgumentError, MissingColumnsError, ReadError, TableProblemsError
from careerbench.loaders import load_audits, problems_of, source_of

LONG = "URN,Wave,Date,Question,Response,Year group"


def rows(frame, *columns):
    kept = frame[list(columns)].astype(object)
    return kept.where(kept.notna(), None).to_numpy().tolist()


def test_a_long_file_has_a_row_per_school_wave_and_item(save):
    audits = load_audits(save("a.csv", f"{LONG}\n 900001 , Baseline ,01/09/2020,b1_1,yes,\n"))
    assert list(audits) == [
        "school_urn", "wave", "audit_date", "item", "answer", "answer_reason", "year_group",
    ]  # fmt: skip
    assert rows(audits, *audits) == [
        ["900001", "Baseline", pd.Timestamp(2020, 9, 1), "b1_1", "yes", None, None]
    ]


def test_a_blank_answer_is_a_row_with_a_reason_and_no_problem(save):
    audits = load_audits(save("a.csv", f"{LONG}\n900001,Baseline,2020-09-01,b1_1,,\n"))
    assert rows(audits, "answer", "answer_reason") == [[None, "blank"]]
    assert len(problems_of(audits)) == 0


def test_na_is_an_answer(save):
    audits = load_audits(save("a.csv", f"{LONG}\n900001,Baseline,2020-09-01,b1_1,NA,\n"))
    assert rows(audits, "answer", "answer_reason") == [["NA", None]]


def test_other_columns_of_a_long_file_follow(save):
    text = f"{LONG},Comment,LA\n900001,Baseline,2020-09-01,b1_1,yes,,fine,North\n"
    assert list(load_audits(save("a.csv", text)))[7:] == ["la_name", "comment"]


@pytest.mark.parametrize(
    ("heading", "year_group"),
    [
        ("b1_2 (Year 3)", "3"),
        ("b1_2_y3", "3"),
        ("b1_2[3]", "3"),
        ("b1_2 (Reception)", "R"),
        ("b1_2 Year 10", "10"),
        ("Who met an employer? (Y6)", "6"),
        ("b1_2", None),
    ],
)
def test_a_wide_heading_says_item_and_year_group(save, framework, heading, year_group):
    text = f"URN,Wave,Date,{heading}\n900001,Baseline,2020-09-01,no\n"
    audits = load_audits(save("a.csv", text), framework=framework)
    assert rows(audits, "item", "year_group", "answer") == [["b1_2", year_group, "no"]]


def test_a_wide_file_keeps_every_blank_in_the_order_of_the_file(save):
    text = "URN,Date,b1_1,b1_2_y3\n900001,2020-09-01,yes,\n900002,2020-09-02,,no\n"
    audits = load_audits(save("a.csv", text), wave="Baseline")
    assert rows(audits, "school_urn", "item", "answer", "answer_reason", "year_group") == [
        ["900001", "b1_1", "yes", None, None],
        ["900001", "b1_2", None, "not_asked", "3"],
        ["900002", "b1_1", None, "blank", None],
        ["900002", "b1_2", "no", None, "3"],
    ]
    assert source_of(audits).decisions[-1] == "wave 'Baseline', as asked"


def test_a_wide_file_may_have_a_row_per_year_group(save):
    text = "URN,Wave,Date,Year,b1_2\n900001,Baseline,2020-09-01,3,yes\n900001,Baseline,2020-09-01,R,no\n"
    audits = load_audits(save("a.csv", text))
    assert rows(audits, "year_group", "answer") == [["3", "yes"], ["R", "no"]]


def test_a_sheet_per_wave_is_read_with_its_wave(tmp_path):
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        for sheet, answer in {"Baseline": "no", "Year 1": "yes"}.items():
            table = pd.DataFrame({"URN": [900001], "Date": ["2020-09-01"], "b1_1": [answer]})
            table.to_excel(book, sheet_name=sheet, index=False)
    audits = load_audits(tmp_path / "a.xlsx", sheet="Year 1", wave="Year 1")
    assert rows(audits, "school_urn", "wave", "answer") == [["900001", "Year 1", "yes"]]


def test_labels_and_texts_become_codes_and_ids(save, framework):
    text = "URN,Wave,Date,Is there a plan?\n900001,Baseline,2020-09-01,Fully in  Place\n"
    audits = load_audits(save("a.csv", text), framework=framework)
    assert rows(audits, "item", "answer") == [["b1_1", "yes"]]


def test_what_the_framework_does_not_know_is_an_error(save, framework):
    text = "URN,Wave,Date,b1_1,b9_9\n900001,Baseline,2020-09-01,yess,no\n"
    with pytest.raises(TableProblemsError) as caught:
        load_audits(save("a.csv", text), framework=framework)
    assert str(caught.value) == (
        "load_audits: 'a.csv' has 2 errors and 1 warning.\n"
        "  found: column 'b9_9': 'b9_9' is not an item of fake (try: one of 'b1_1', 'b1_2')\n"
        "         row 2, column 'b1_1': 'yess' is not an answer to 'b1_1' "
        "(try: did you mean 'yes'?)\n"
        '  try:   correct the file; or on_problem="quarantine" to go on without these rows, '
        "listed in problems_of(frame)"
    )


def test_a_bad_cell_of_a_wide_row_leaves_the_other_items_in(save, framework):
    text = "URN,Wave,Date,b1_1,b1_2_y3,b9\n900001,Baseline,2020-09-01,yess,no,x\n"
    audits = load_audits(save("a.csv", text), framework=framework, on_problem="quarantine")
    assert rows(audits, "item", "answer") == [["b1_2", "no"]]
    found = problems_of(audits).to_frame()
    assert found["column"].tolist() == ["b9", "b1_1"]
    assert found["row"].isna().tolist() == [True, False]


def test_unknown_items_of_a_long_file_are_errors_of_their_rows(save, framework):
    text = f"{LONG}\n900001,Baseline,2020-09-01,b1_3,yes,\n900001,Baseline,2020-09-01,b1_1,yes,\n"
    audits = load_audits(save("a.csv", text), framework=framework, on_problem="quarantine")
    errors = problems_of(audits).to_frame().query("severity == 'error'")
    assert errors[["row", "column", "problem", "hint"]].to_numpy().tolist() == [
        [2, "Question", "'b1_3' is not an item of fake", "did you mean 'b1_2'?"]
    ]


def test_a_year_group_for_an_item_of_the_whole_school_is_an_error(save, framework):
    text = f"{LONG}\n900001,Baseline,2020-09-01,b1_1,yes,3\n"
    with pytest.raises(TableProblemsError, match="asked once for the whole school"):
        load_audits(save("a.csv", text), framework=framework)


def test_items_that_were_not_asked_are_a_warning(save, framework):
    audits = load_audits(
        save("a.csv", "URN,Wave,Date,b1_1\n900001,B,2020-09-01,yes\n"), framework=framework
    )
    found = problems_of(audits).to_frame()
    assert found["problem"].tolist() == ["not in the file: 'b1_2', items of fake"]
    assert found["severity"].tolist() == ["warning"]


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("9001,B,2020-09-01,i,yes,", "URN", "'9001' is not a URN"),
        (",B,2020-09-01,i,yes,", "URN", "school_urn is blank"),
        ("900001,,2020-09-01,i,yes,", "Wave", "wave is blank"),
        ("900001,B,soon,i,yes,", "Date", "'soon' is not a date"),
        ("900001,B,2020-09-01,,yes,", "Question", "item is blank"),
        ("900001,B,2020-09-01,i,yes,Year 33", "Year group", "'Year 33' is not a year group"),
    ],
)
def test_a_row_that_cannot_be_used_is_an_error(save, row, column, problem):
    good = "900002,B,2020-09-01,i,yes,"
    audits = load_audits(save("a.csv", f"{LONG}\n{row}\n{good}\n"), on_problem="quarantine")
    assert audits["school_urn"].tolist() == ["900002"]
    found = problems_of(audits).to_frame()
    assert found[["row", "column", "problem"]].to_numpy().tolist() == [[2, column, problem]]


def test_an_item_answered_twice_is_an_error_of_both_rows(save):
    row = "900001,B,2020-09-01,i,{},"
    text = "\n".join([LONG, row.format("yes"), row.format("no"), row.format("yes")])
    found = problems_of(load_audits(save("a.csv", text), on_problem="quarantine")).to_frame()
    key = "school_urn, wave, audit_date, item, year_group"
    assert found[["row", "problem"]].to_numpy().tolist() == [
        [2, f"row 3 has the same {key}"],
        [3, f"row 2 has the same {key}"],
        [4, f"row 2 has the same {key}"],
    ]


def test_a_school_twice_in_a_wide_file_is_said_once_per_row(save):
    text = "URN,Wave,Date,i,j\n900001,B,2020-09-01,a,b\n900001,B,2020-09-01,a,b\n"
    found = problems_of(load_audits(save("a.csv", text), on_problem="quarantine")).to_frame()
    assert found[["row", "column"]].to_numpy().tolist() == [[2, "URN"], [3, "URN"]]


def test_two_dates_in_a_wave_and_no_date_are_warnings(save):
    text = f"{LONG}\n900001,B,2020-09-01,i,a,\n900001,B,2020-09-02,j,a,\n900002,B,,i,a,\n"
    audits = load_audits(save("a.csv", text))
    assert len(audits) == 3
    found = problems_of(audits).to_frame()
    assert found[["row", "severity", "problem"]].to_numpy().tolist() == [
        [3, "warning", "the school has an earlier row with another audit_date in the same wave"],
        [4, "warning", "audit_date is missing"],
    ]


def test_a_file_without_dates_has_missing_dates_and_one_warning(save):
    audits = load_audits(save("a.csv", "URN,Wave,i\n900001,B,a\n900002,B,b\n"))
    assert audits["audit_date"].isna().all()
    assert str(audits["audit_date"].dtype).startswith("datetime64")
    assert problems_of(audits).n_warnings == 1


def test_a_file_without_waves_needs_one(save):
    with pytest.raises(MissingColumnsError) as caught:
        load_audits(save("a.csv", "URN,Item,Answer\n900001,i,a\n"))
    assert str(caught.value) == (
        "load_audits: 'a.csv' has no column 'wave'.\n"
        "  found: 'URN', 'Item', 'Answer'\n"
        "  try:   head a column wave or Audit wave or Data wave; "
        'or wave="Baseline" for a file that holds one wave'
    )


def test_a_wave_is_not_said_twice(save):
    with pytest.raises(BadArgumentError) as caught:
        load_audits(save("a.csv", "URN,Wave,i\n900001,B,a\n"), wave="Year 1")
    assert str(caught.value) == (
        "load_audits: 'a.csv' says itself which wave each row belongs to.\n"
        "  found: a column 'Wave' and wave='Year 1'\n"
        "  try:   leave wave= out"
    )


def test_items_without_answers_are_refused(save):
    with pytest.raises(MissingColumnsError, match="has no column 'answer'"):
        load_audits(save("a.csv", "URN,Wave,Item\n900001,B,i\n"))


def test_two_columns_for_one_item_are_refused(save, framework):
    text = "URN,Wave,b1_1,Is there a plan?\n900001,B,yes,no\n"
    with pytest.raises(ReadError) as caught:
        load_audits(save("a.csv", text), framework=framework)
    assert str(caught.value) == (
        "load_audits: two columns of 'a.csv' mean item 'b1_1'.\n"
        "  found: 'b1_1', 'Is there a plan?'\n"
        "  try:   keep one of them"
    )


def test_a_heading_that_stands_twice_is_refused(save):
    with pytest.raises(ReadError, match="more than one column headed 'b1'"):
        load_audits(save("a.csv", "URN,Wave,b1,b1\n900001,B,yes,no\n"))


def test_there_are_two_ways_with_problems(save):
    with pytest.raises(BadArgumentError, match="on_problem has no value 'ignore'"):
        load_audits(save("a.csv", "URN,Wave,i\n900001,B,a\n"), on_problem="ignore")
