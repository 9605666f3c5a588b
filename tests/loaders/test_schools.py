import pandas as pd
import pytest

from careerbench.errors import MissingColumnsError, ReadError, TableProblemsError
from careerbench.loaders import load_schools, problems_of, source_of

HEADER = "URN,LA (code),EstablishmentNumber,EstablishmentName"


def test_the_laestab_is_made_from_both_parts_and_missing_without_one(save):
    schools = load_schools(save("s.csv", f"{HEADER}\n900001,201,14,Hill\n900002,,3614,Dale\n"))
    assert schools["school_laestab"].tolist()[0] == "2010014"
    assert schools["school_laestab"].isna().tolist() == [False, True]


def test_a_blank_a_placeholder_and_a_date_are_three_things(save):
    rows = "900001,201,1,A,\n900002,201,2,B,01-01-1900\n900003,201,3,C,01-09-2012\n"
    schools = load_schools(save("s.csv", f"{HEADER},OpenDate\n{rows}"))
    assert schools["open_date"].isna().tolist() == [True, True, False]
    assert schools["open_date"][2] == pd.Timestamp(2012, 9, 1)
    assert schools["open_date_reason"].fillna("").tolist() == ["blank", "placeholder", ""]


@pytest.mark.parametrize("said", ["01-09-2012", "01/09/2012", "2012-09-01", "1 September 2012"])
def test_a_date_may_be_written_in_several_ways(save, said):
    schools = load_schools(save("s.csv", f"{HEADER},OpenDate\n900001,201,1,A,{said}\n"))
    assert schools["open_date"].tolist() == [pd.Timestamp(2012, 9, 1)]


@pytest.mark.parametrize(
    ("said", "value", "reason"),
    [
        ("21.7", 21.7, None),
        ("21.7%", 21.7, None),
        ("0", 0.0, None),
        ("SUPP", None, "suppressed"),
        ("NP", None, "not_published"),
        ("NA", None, "not_applicable"),
        ("NE", None, "no_entries"),
        ("z", None, "not_applicable"),
        ("x", None, "unavailable"),
        ("c", None, "suppressed"),
        ("low", None, "rounds_to_zero"),
        ("", None, "blank"),
    ],
)
def test_no_symbol_becomes_a_number(save, said, value, reason):
    schools = load_schools(save("s.csv", f"{HEADER},PercentageFSM\n900001,201,1,A,{said}\n"))
    found = schools.loc[0, ["percentage_fsm", "percentage_fsm_reason"]].tolist()
    assert [None if pd.isna(each) else each for each in found] == [value, reason]


def test_headings_that_are_not_known_are_kept_and_collide_with_nothing(save):
    header = "URN,EstablishmentName,Thing (code),Thing (name),Thing,Gender (code),Gender (name)"
    schools = load_schools(save("s.csv", f"{header}\n900001,Hill,1,a,b,3,Mixed\n"))
    assert schools.iloc[0].dropna().to_dict() == {
        "school_urn": "900001",
        "school_name": "Hill",
        "gender": "Mixed",
        "thing_code": "1",
        "thing": "a",
        "thing_2": "b",
        "gender_code": "3",
    }
    assert "column 'Thing' kept as thing_2: its name was taken" in source_of(schools).decisions


def test_names_of_people_are_dropped_unless_asked_for_and_job_titles_stay(save):
    header = "URN,EstablishmentName,HeadTitle (name),HeadLastName,HeadPreferredJobTitle,PropsName"
    file = save("s.csv", f"{header}\n900001,Hill,Ms,Example,Head,Dr Example\n")
    schools = load_schools(file)
    assert list(schools) == ["school_urn", "school_laestab", "school_name", "head_job_title"]
    assert source_of(schools).decisions[-1] == (
        "columns with names of people dropped: 'HeadTitle (name)', 'HeadLastName', 'PropsName'"
    )
    assert load_schools(file, keep_personal=True)["head_last_name"].tolist() == ["Example"]


def test_a_tidy_table_comes_through_as_it_is(save, tmp_path):
    text = f"{HEADER},OpenDate\n900001,201,0014,Hill,01-01-1900\n"
    first = load_schools(save("s.csv", text))
    first.to_csv(tmp_path / "tidy.csv", index=False)
    again = load_schools(tmp_path / "tidy.csv")
    pd.testing.assert_frame_equal(again, first)


def test_spaces_around_a_urn_are_no_part_of_it(save):
    assert load_schools(save("s.csv", f"{HEADER}\n 900001 ,201,1,A\n"))["school_urn"][0] == "900001"


def test_a_file_without_urns_is_refused(save):
    with pytest.raises(MissingColumnsError) as caught:
        load_schools(save("s.csv", "URM,EstablishmentName\n900001,Hill\n"))
    assert str(caught.value) == (
        "load_schools: 's.csv' has no column 'school_urn'.\n"
        "  found: 'EstablishmentName', 'URM'\n"
        "  try:   is it 'URM'? Head that column school_urn"
    )


def test_two_columns_that_mean_the_same_are_refused(save):
    with pytest.raises(ReadError) as caught:
        load_schools(save("s.csv", "URN,school_urn,EstablishmentName\n900001,900001,Hill\n"))
    assert str(caught.value) == (
        "load_schools: two columns of 's.csv' mean school_urn.\n"
        "  found: 'URN', 'school_urn'\n"
        "  try:   keep one of them, or give the other a heading of its own"
    )


BAD = (
    f"{HEADER},OpenDate\n9001,201,1,A,\n900002,201,2,B,31-02-2012\n\n900003,1,1,C,\n900003,1,1,D,\n"
)


def test_all_that_is_wrong_is_said_at_once(save):
    with pytest.raises(TableProblemsError) as caught:
        load_schools(save("s.csv", BAD))
    assert str(caught.value) == (
        "load_schools: 's.csv' has 4 errors.\n"
        "  found: row 2, column 'URN': '9001' is not a URN "
        "(try: five to seven digits, such as 900001)\n"
        "         row 3, column 'OpenDate': '31-02-2012' is not a date "
        "(try: a day such as 2021-09-01 or 01/09/2021)\n"
        "         row 5, column 'URN': row 6 has the same school_urn "
        "(try: one row for each school_urn)\n"
        "         row 6, column 'URN': row 5 has the same school_urn "
        "(try: one row for each school_urn)\n"
        '  try:   correct the file; or on_problem="quarantine" to go on without these rows, '
        "listed in problems_of(frame)"
    )
    assert caught.value.problems.n_errors == 4


def test_quarantine_leaves_bad_rows_out_and_lists_each(save):
    schools = load_schools(save("s.csv", BAD + "900004,201,4,E,\n"), on_problem="quarantine")
    assert schools["school_urn"].tolist() == ["900004"]
    assert problems_of(schools).to_frame()["row"].tolist() == [2, 3, 5, 6]
    assert source_of(schools).decisions[-2:] == (
        "1 blank row between others passed over",
        "4 rows with errors left out, listed in problems_of(frame)",
    )


def test_a_file_of_headings_alone_is_refused(save):
    with pytest.raises(ReadError, match="holds headings and no rows"):
        load_schools(save("s.csv", f"{HEADER}\n"))
