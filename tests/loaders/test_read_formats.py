"""One reader for every kind of file: what it makes of each, and what it says it decided."""

import gzip
import io
import zipfile

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from careerbench.errors import BadArgumentError, ReadError
from careerbench.loaders import (
    labels_of,
    load_audits,
    load_schools,
    problems_of,
    read_table,
    source_of,
)


def cells(frame):
    return [[None if pd.isna(cell) else cell for cell in row] for row in frame.to_numpy().tolist()]


def first_line(call):
    with pytest.raises((ReadError, BadArgumentError)) as caught:
        call()
    return str(caught.value).splitlines()[0]


def zipped(**members):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, said in members.items():
            archive.writestr(name.replace("__", "."), said)
    return body.getvalue()


def sheet(tmp_path, rows, merged=(), name="t.xlsx"):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for cells_merged in merged:
        made.active.merge_cells(cells_merged)
    made.save(tmp_path / name)
    return tmp_path / name


# ---- archives


def test_a_gzip_file_reads_as_what_is_inside(save):
    table = read_table(save("t.csv.gz", gzip.compress(b"a,b\n1,2\n")))
    assert cells(table) == [["1", "2"]]
    assert source_of(table).title == "t.csv.gz"
    assert source_of(table).decisions[0] == "unpacked from gzip: 8 bytes"


def test_a_zip_of_one_table_reads_as_that_table(save):
    table = read_table(save("extract.zip", zipped(schools__csv="a,b\n1,2\n")))
    assert cells(table) == [["1", "2"]]
    assert source_of(table).decisions[0] == ("unpacked 'schools.csv' from zip: the only file in it")


def test_a_zip_of_several_tables_asks_which(save):
    file = save("extract.zip", zipped(a__csv="a\n1\n", b__csv="b\n2\n"))
    with pytest.raises(ReadError) as caught:
        read_table(file)
    assert str(caught.value) == (
        "read_table: 'extract.zip' holds 2 files, not one table.\n"
        "  found: 'a.csv', 'b.csv'\n"
        '  try:   member="a.csv"'
    )
    assert list(read_table(file, member="b.csv")) == ["b"]


def test_the_register_loads_from_its_zip(save):
    file = save("extract.zip", zipped(a__csv="URN,EstablishmentName\n900001,Hill\n", b__csv="x\n"))
    assert load_schools(file, member="a.csv")["school_urn"].tolist() == ["900001"]


# ---- text


def test_a_line_that_names_the_delimiter_is_no_row(save):
    table = read_table(save("t.csv", "sep=;\na;b\n1,5;2\n"))
    assert cells(table) == [["1,5", "2"]]
    assert source_of(table).decisions[1:] == (
        "delimiter semicolon, as the line sep= says",
        "headings in row 2",
    )


def test_titles_above_and_footnotes_below_are_left_out_and_that_is_said(save):
    text = "Table 1: schools\n\nURN,Name,Pupils\n1,Hill,9\n2,Dale,8\n\nSource: made up\n"
    table = read_table(save("t.csv", text))
    assert cells(table) == [["1", "Hill", "9"], ["2", "Dale", "8"]]
    assert source_of(table).decisions[1:] == (
        "delimiter comma: the first line, without one, is a title",
        "headings in row 3",
        "1 row above the headings passed over: titles, too narrow for a table 3 columns wide",
        "rows 6 to 7 below the table left out: footnotes (skip_footer=0 keeps them)",
    )


def test_footnotes_stay_where_asked(save):
    text = "URN,Name,Pupils\n1,Hill,9\n\nSource: made up\n"
    assert len(read_table(save("t.csv", text), skip_footer=0)) == 3
    assert len(read_table(save("t.csv", text), skip_footer=2)) == 1
    assert len(read_table(save("t.csv", text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "a,b,c\n1,,\n,2,\n",
        "RespondentID,What is it?,,\n,A,B,C\n1,A,,\n",
        "2019,2020,2021\n1,2,3\n",
        "a,b,c\n1,2,3\n4\n",
        "x\n1\n2\n",
        "a,a\nb,c\n",
    ],
)
def test_the_first_row_of_a_plain_file_is_never_taken_for_a_title(save, text):
    decisions = source_of(read_table(save("t.csv", text))).decisions
    assert "headings in row 1" in decisions


def test_a_second_row_of_headings_is_pointed_out_and_joined_when_asked(save):
    text = "id,Which?,,\n,Red,Blue,Green\n1,Red,,Green\n"
    said = "the next row looks like a second row of headings: header_rows=2 joins them"
    assert said in source_of(read_table(save("t.csv", text))).decisions
    table = read_table(save("t.csv", text), header_rows=2)
    assert list(table) == ["id", "Which? / Red", "Which? / Blue", "Which? / Green"]
    assert len(table) == 1


def test_formulas_stay_text_and_are_counted(save):
    table = read_table(save("t.csv", "a,b\n=cmd|' /C calc'!A0,@SUM(1)\n-5,+3.5%\n-x,-\n"))
    assert cells(table)[0] == ["=cmd|' /C calc'!A0", "@SUM(1)"]
    assert source_of(table).decisions[-1] == (
        "warning: 3 cells begin like a formula: kept as text, not run"
    )


def test_a_few_broken_bytes_in_utf8_are_mended_and_said(save):
    body = "é,b\nç,1\n".encode() + b"\xe9,2\n" + "à,3\n".encode()
    table = read_table(save("t.csv", body))
    assert table["é"].tolist() == ["ç", "é", "à"]
    assert source_of(table).decisions[0] == (
        "encoding utf-8; warning: 1 place (the first in line 3) not, read as cp1252"
    )


# ---- workbooks


def test_merged_headings_are_joined_from_the_top(tmp_path):
    rows = [
        ["Survey 2022"],
        [],
        ["Area", "Managers", None, "Nurses", None],
        [None, "Number", "Flags", "Number", "Flags"],
        ["North", 1, "!", 2, None],
        ["South", 3, None, 4, "*"],
        [],
        ["! Estimate and confidence interval not available"],
    ]
    table = read_table(sheet(tmp_path, rows, merged=["B3:C3", "D3:E3"]))
    assert list(table) == [
        "Area",
        "Managers / Number",
        "Managers / Flags",
        "Nurses / Number",
        "Nurses / Flags",
    ]
    assert cells(table) == [["North", "1", "!", "2", None], ["South", "3", None, "4", "*"]]
    assert source_of(table).decisions[1] == "headings in rows 3 to 4, joined with ' / '"


def test_headings_may_be_asked_for_in_a_row_of_a_sheet(tmp_path):
    rows = [["x", "y", "z"], ["a", "b", "c"], [1, 2, 3]]
    assert list(read_table(sheet(tmp_path, rows), header_row=2)) == ["a", "b", "c"]


def test_cells_of_mixed_types_show_as_a_spreadsheet_shows_them(tmp_path):
    rows = [["a", "b", "c"], [1, True, 0.1], ["x", 1, 1e-7], [2.5, None, 12345678901234]]
    assert cells(read_table(sheet(tmp_path, rows))) == [
        ["1", "TRUE", "0.1"],
        ["x", "1", "1e-07"],
        ["2.5", None, "12345678901234"],
    ]


# ---- Parquet


def test_parquet_reads_as_text_and_keeps_blanks(tmp_path):
    made = pd.DataFrame(
        {
            "urn": pd.Series(["0012", None, " "], dtype="str"),
            "n": [1.0, 2.5, None],
            "day": pd.to_datetime(["2021-09-01", "2021-09-01 10:30", None], format="mixed"),
            "yes": [True, False, True],
            "kind": pd.Categorical(["a", "b", "a"]),
        }
    )
    made.to_parquet(tmp_path / "t.parquet")
    table = read_table(tmp_path / "t.parquet")
    assert {str(kind) for kind in table.dtypes} == {"str"}
    assert cells(table) == [
        ["0012", "1", "2021-09-01", "TRUE", "a"],
        [None, "2.5", "2021-09-01 10:30:00", "FALSE", "b"],
        [None, None, None, "TRUE", "a"],
    ]


def test_audits_from_parquet_and_from_text_are_the_same(tmp_path, save):
    rows = "URN,wave,Date,item,answer\n900001,A,01/09/2021,b1,yes\n900001,A,01/09/2021,b2,\n"
    text = load_audits(save("a.csv", rows + "x,A,01/09/2021,b3,no\n"), on_problem="quarantine")
    raw = read_table(save("a.csv", rows + "x,A,01/09/2021,b3,no\n"))
    raw.to_parquet(tmp_path / "a.parquet")
    coded = load_audits(tmp_path / "a.parquet", on_problem="quarantine")
    pd.testing.assert_frame_equal(text, coded)
    assert problems_of(coded).n_errors == 1
    assert coded["answer_reason"].isna().tolist() == [True, False]


# ---- SPSS, Stata, SAS


@pytest.fixture
def spss(tmp_path):
    file = tmp_path / "t.sav"
    pyreadstat.write_sav(
        pd.DataFrame({"q1": [1.0, 2.0, 9.0, None], "town": ["é", "", "b", "c"]}),
        str(file),
        column_labels={"q1": "Did you meet an employer?"},
        variable_value_labels={"q1": {1.0: "Yes", 2.0: "No", 9.0: "Refused"}},
        missing_ranges={"q1": [{"lo": 8, "hi": 9}]},
    )
    return file


def test_codes_stay_in_the_table_and_labels_beside_it(spss):
    table = read_table(spss)
    assert cells(table) == [["1", "é"], ["2", None], ["9", "b"], [None, "c"]]
    labels = labels_of(table)
    assert labels.variables == {"q1": "Did you meet an employer?"}
    assert labels.values == {"q1": {"1": "Yes", "2": "No", "9": "Refused"}}
    assert labels.missing == {"q1": (("8", "9"),)}
    assert (labels.is_missing("q1", "9"), labels.is_missing("q1", "1")) == (True, False)


def test_labels_survive_parquet(spss, tmp_path):
    table = read_table(spss)
    table.to_parquet(tmp_path / "t.parquet")
    assert labels_of(pd.read_parquet(tmp_path / "t.parquet")) == labels_of(table)


@pytest.mark.parametrize(
    ("ending", "write"),
    [("dta", pyreadstat.write_dta), ("xpt", pyreadstat.write_xport)],
)
def test_stata_and_sas_read_as_text(tmp_path, ending, write):
    write(pd.DataFrame({"a": [1.0, 2.5], "s": ["x", "y"]}), str(tmp_path / f"t.{ending}"))
    assert cells(read_table(tmp_path / f"t.{ending}")) == [["1", "x"], ["2.5", "y"]]


def test_a_file_is_judged_by_its_bytes_and_that_is_said(spss):
    table = read_table(spss.rename(spss.with_suffix(".csv")))
    assert source_of(table).decisions[0] == (
        "an SPSS file, by its first bytes, whatever the ending .csv says"
    )


def test_a_frame_without_labels_says_so(save):
    table = read_table(save("t.csv", "a\n1\n"))
    assert first_line(lambda: labels_of(table)) == "labels_of: the frame carries no labels."


def test_options_that_mean_nothing_for_a_file_are_refused(spss, save):
    assert first_line(lambda: read_table(spss, header_row=1)) == (
        "read_table: header_row means nothing for 't.sav'."
    )
    file = save("t.csv", "a\n1\n")
    assert first_line(lambda: read_table(file, member="x")) == (
        "read_table: member means nothing for 't.csv'."
    )
    assert first_line(lambda: read_table(file, skip_footer=-1)) == (
        "read_table: skip_footer counts from 0."
    )
