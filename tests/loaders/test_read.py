import datetime
import hashlib
import subprocess
import sys

import openpyxl
import pandas as pd
import pytest

from careerbench.errors import BadArgumentError, ReadError
from careerbench.loaders import read_table, source_of


def cells(frame):
    return [[None if pd.isna(cell) else cell for cell in row] for row in frame.to_numpy().tolist()]


def test_importing_the_room_does_not_import_pandas():
    code = "import sys, careerbench.loaders; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_cell_is_text_and_na_is_not_missing(save):
    table = read_table(save("t.csv", "urn,answer,n\n001234,NA,3\n5,,x\n"))
    assert cells(table) == [["001234", "NA", "3"], ["5", None, "x"]]
    assert {str(kind) for kind in table.dtypes} == {"str"}


def test_a_cell_of_spaces_is_blank_and_spaces_around_text_stay(save):
    assert cells(read_table(save("t.csv", "a,b\n  ,\u00a0\n x ,y\n"))) == [
        [None, None],
        [" x ", "y"],
    ]


def test_the_source_names_the_file_and_never_its_folder(save):
    file = save("t.csv", "a;b\n1;2\n")
    source = source_of(read_table(file))
    assert source.title == "t.csv"
    assert source.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert source.decisions == (
        "encoding utf-8: plain ASCII",
        "delimiter semicolon",
        "headings in row 1",
    )


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "encoding utf-8"),
        ("utf-8-sig", "encoding utf-8-sig, by its byte order mark"),
        ("utf-16", "encoding utf-16, by its byte order mark"),
        ("cp1252", "encoding cp1252: not UTF-8, and its accents read better than in Mac Roman"),
        ("mac_roman", "encoding mac_roman: not UTF-8, and its accents read better than in cp1252"),
    ],
)
def test_accents_survive_whatever_program_saved_the_file(save, encoding, said):
    table = read_table(save("t.csv", "name,town\nCafé’s,Évry\n".encode(encoding)))
    assert cells(table) == [["Café’s", "Évry"]]
    assert source_of(table).decisions[0] == said


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(save, delimiter):
    text = 'a,b\n"1, 2",3\n'.replace('"1, 2"', "1").replace(",", delimiter)
    assert cells(read_table(save("t.csv", text))) == [["1", "3"]]


def test_short_rows_are_padded_and_long_rows_keep_their_cells(save):
    table = read_table(save("t.csv", "a,b\n1\n2,3,4,5\n\n6,7\n"))
    assert list(table.columns) == ["a", "b", "unnamed_1", "unnamed_2"]
    assert cells(table)[0] == ["1", None, None, None]
    assert cells(table)[1] == ["2", "3", "4", "5"]
    assert source_of(table).decisions[3:] == (
        "2 rows shorter than the headings padded with blanks",
        "1 row longer than the headings: last cells kept in unnamed_1 to unnamed_2",
    )


def test_blank_rows_and_columns_at_the_end_are_dropped_and_that_is_said(save):
    table = read_table(save("t.csv", "a,b,,\n1,2,,\n,,,\n\n"))
    assert cells(table) == [["1", "2"]]
    assert source_of(table).decisions[3:] == (
        "2 blank rows at the end dropped",
        "2 columns with neither heading nor cells dropped",
    )


def test_line_breaks_inside_quotes_belong_to_the_cell(save):
    table = read_table(save("t.csv", '"a\nb",c\n"1\n2","x ""y"""\n3,4\n'))
    assert list(table.columns) == ["a b", "c"]
    assert cells(table) == [["1\n2", 'x "y"'], ["3", "4"]]


def test_a_heading_that_stands_twice_is_numbered_and_that_is_said(save):
    table = read_table(save("t.csv", "a,a,a_2\n1,2,3\n"))
    assert list(table.columns) == ["a", "a_3", "a_2"]
    assert "heading 'a' stands more than once: later ones numbered" in source_of(table).decisions


def test_headings_alone_make_a_table_without_rows(save):
    assert read_table(save("t.csv", "a,b")).shape == (0, 2)


def test_the_headings_may_be_asked_for_in_a_lower_row(save):
    assert cells(read_table(save("t.csv", "Title\na,b\n1,2\n"), header_row=2)) == [["1", "2"]]


def test_a_table_survives_parquet(save, tmp_path):
    table = read_table(save("t.csv", "a,b\n1,é\n"))
    table.to_parquet(tmp_path / "t.parquet")
    again = pd.read_parquet(tmp_path / "t.parquet")
    assert source_of(again) == source_of(table)


def book(tmp_path):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Baseline"
    sheet.append(["URN", "Date", "Score"])
    sheet.append([900001, datetime.date(2021, 9, 1), 21.5])
    sheet.append(["0012", datetime.datetime.fromisoformat("2021-09-01T10:30"), None])
    made.create_sheet("Year 1").append(["x"])
    made.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def test_a_workbook_gives_whole_numbers_and_iso_dates(tmp_path):
    table = read_table(book(tmp_path))
    assert cells(table) == [
        ["900001", "2021-09-01", "21.5"],
        ["0012", "2021-09-01 10:30:00", None],
    ]
    assert source_of(table).decisions[0] == "sheet 'Baseline'; not read: 'Year 1'"


def message(call):
    with pytest.raises((ReadError, BadArgumentError)) as caught:
        call()
    return str(caught.value)


def test_a_sheet_that_is_not_there_is_refused(tmp_path):
    assert message(lambda: read_table(book(tmp_path), sheet="Basline")) == (
        "read_table: 'book.xlsx' has no sheet 'Basline'.\n"
        "  found: 'Baseline', 'Year 1'\n"
        "  try:   did you mean 'Baseline'?"
    )


def test_a_workbook_called_csv_is_refused(tmp_path):
    file = book(tmp_path).rename(tmp_path / "book.csv")
    assert message(lambda: read_table(file)) == (
        "read_table: 'book.csv' is not a text file, whatever its ending says.\n"
        "  found: a workbook or zip archive\n"
        "  try:   rename it to 'book.xlsx', or save it as CSV"
    )


def test_half_a_workbook_is_refused(tmp_path):
    file = book(tmp_path)
    file.write_bytes(file.read_bytes()[:900])
    assert message(lambda: read_table(file)).startswith(
        "read_table: 'book.xlsx' is not a whole workbook.\n  found: "
    )


def test_a_file_that_is_not_there_is_refused(save, tmp_path):
    save("audits.csv", "a\n")
    assert message(lambda: read_table(tmp_path / "audit.csv")) == (
        "read_table: there is no file 'audit.csv'.\n"
        "  found: nothing of that name\n"
        "  try:   did you mean 'audits.csv'?"
    )


def test_a_quote_left_open_is_refused(save):
    assert message(lambda: read_table(save("t.csv", 'a,b\n1,2\n3,"x\n4,5\n'))) == (
        "read_table: a quote in 't.csv' is opened and never closed.\n"
        "  found: row 3 runs on to the end of the file\n"
        '  try:   look for a single " in row 3'
    )


@pytest.mark.parametrize(
    ("name", "said", "problem"),
    [
        ("t.csv", b"", "'t.csv' is empty."),
        ("t.csv", b"a,b\n1,\0\n", "'t.csv' is not a text file."),
        ("t.csv", bytes(range(1, 30)) * 9, "'t.csv' is not a text file."),
        ("t.xlsx", b"a,b\n1,2\n", "'t.xlsx' is not a workbook, whatever its ending says."),
        ("t.csv.gz", b"\x1f\x8b\x08rest", "'t.csv.gz' is not a whole archive."),
        ("t.csv", b"<!DOCTYPE html>", "'t.csv' is a web page or XML, not a table."),
        ("t.sav", b"$FL2@(#)", "'t.sav' is not a whole file of SPSS, Stata or SAS."),
    ],
)
def test_what_is_not_a_table_is_refused(save, name, said, problem):
    first = message(lambda: read_table(save(name, said))).splitlines()[0]
    assert first == f"read_table: {problem}"


def test_a_folder_is_refused(tmp_path):
    assert message(lambda: read_table(tmp_path)).splitlines()[0] == (
        f"read_table: '{tmp_path.name}' is a folder."
    )


def test_an_encoding_that_does_not_fit_is_refused(save):
    file = save("t.csv", "a\né\n".encode("cp1252"))
    assert message(lambda: read_table(file, encoding="utf-8")) == (
        "read_table: 't.csv' is not text in the encoding utf-8.\n"
        "  found: byte 2 has no character in it\n"
        '  try:   encoding="utf-8", "cp1252" or "mac_roman"; or save the file again as UTF-8'
    )


def test_a_byte_order_mark_is_no_part_of_a_heading(save):
    file = save("t.csv", "a,b\n1,2\n".encode("utf-8-sig"))
    assert list(read_table(file, encoding="utf-8")) == ["a", "b"]


def test_the_fast_and_the_careful_way_agree_on_large_files(save):
    rows = [f'{number},"x, ""y""{chr(10)} {number}",é\n' for number in range(60_000)]
    fast = read_table(save("t.csv", "a,b,c\n" + "".join(rows)))
    careful = read_table(save("u.csv", "a,b,c\n" + "".join(rows) + "1\n"))
    assert len(fast) == 60_000
    pd.testing.assert_frame_equal(fast, careful.iloc[:-1])
    assert fast["b"][59_999] == 'x, "y"\n 59999'


def test_header_rows_count_from_one(save):
    assert message(lambda: read_table(save("t.csv", "a\n1\n"), header_row=0)) == (
        "read_table: header_row counts from 1.\n  found: 0\n  try:   header_row=1"
    )


def test_a_frame_that_no_reader_made_has_no_source():
    assert message(lambda: source_of(pd.DataFrame({"a": [1]}))) == (
        "source_of: the frame does not say which file it came from.\n"
        "  found: a frame of 1 rows\n"
        "  try:   a frame as a loader returned it, before joins"
    )
