"""Files that the page makes: they say what they are, and no cell is a formula."""

import csv
import io

from openpyxl import load_workbook

from careerbench.dashboards.page import workbook

TABLE = {
    "columns": ["School", "n", "Change, points"],
    "rows": [
        {"cells": ["=cmd|' /C calc'!A0", "1,896", "+21 points"]},
        {"cells": ['@SUM(1) "x", y', "hidden", "−3 points"]},
        {"cells": ["\t=1+1", "68%", "-5"]},
        {"cells": ["+44 20", "12.5", "<b>&\u0001"]},
    ],
}


def test_no_cell_of_csv_is_run_by_a_spreadsheet(node, payload):
    text = node(payload, "return files.csvOf(given, [['Study', '=1+1']]);", TABLE)
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert rows[0] == ["# Study", "'=1+1"]
    assert rows[2] == ["'=cmd|' /C calc'!A0", "1896", "'+21 points"]
    assert rows[3] == ['\'@SUM(1) "x", y', "hidden", "−3 points"]
    assert rows[4] == ["'\t=1+1", "68%", "-5"]


def test_the_workbook_made_in_the_browser_opens_and_holds_text_as_text(node, payload):
    script = "return Array.from(files.workbookOf(given, [['Study', '=1+1'], ['Policy', 'x']]));"
    book = load_workbook(io.BytesIO(bytes(node(payload, script, TABLE))))
    assert book.sheetnames == ["Table", "About"]
    rows = [[cell.value for cell in row] for row in book["Table"].iter_rows()]
    assert rows[0] == TABLE["columns"]
    assert rows[1] == ["=cmd|' /C calc'!A0", 1896, "+21 points"]
    assert rows[4] == ["+44 20", 12.5, "<b>&"]
    types = {cell.data_type for row in book["Table"].iter_rows() for cell in row}
    assert types <= {"s", "n", "inlineStr"}
    assert book["About"]["B1"].data_type != "f"


def test_files_say_study_slice_policy_and_fingerprint(node, payload):
    script = "return files.aboutLines(payload, state.sliceOf(open, start), 'T');"
    lines = dict(node(payload, script))
    assert lines["Study"] == payload["title"]
    assert lines["Slice"] == "Wave: End of Year 2"
    assert payload["policy"]["id"] in lines["Policy"]
    assert lines["Release fingerprint (SHA-256)"] == "not saved as a file yet"


def test_the_workbook_of_all_cells_holds_them_and_no_formula(altered, small_release):
    schools = small_release.schools()
    schools.loc[0, "school_name"] = "=HYPERLINK(1)"
    book = load_workbook(io.BytesIO(workbook(altered(schools=schools))))
    assert book.sheetnames == ["About", "Cells", "Schools", "Words"]
    rows = list(book["Cells"].iter_rows(values_only=True))
    cells = small_release.cells()
    assert rows[0] == tuple(cells.columns)
    assert len(rows) == len(cells) + 1
    values = [row[rows[0].index("value")] for row in rows[1:]]
    expected = [None if value != value else value for value in cells["value"]]
    assert values == expected
    assert book["Schools"]["B2"].value == "=HYPERLINK(1)"
    assert book["Schools"]["B2"].data_type == "s"
