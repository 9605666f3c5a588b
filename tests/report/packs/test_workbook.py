"""The workbook, against the rules for accessible spreadsheets."""

import io
import re

import openpyxl
import pytest

from careerbench.report.packs.model import parts
from careerbench.report.packs.workbook import workbook


@pytest.fixture(scope="module")
def book(answered):
    return openpyxl.load_workbook(io.BytesIO(workbook(answered)))


@pytest.fixture(scope="module", params=[0, 1, 2])
def any_book(request, every_pack):
    return openpyxl.load_workbook(io.BytesIO(workbook(every_pack[request.param])))


def test_cover_contents_and_notes_come_first_and_tables_one_a_sheet(any_book):
    names = any_book.sheetnames
    assert names[:4] == ["Cover", "Contents", "Notes", "In_words"]
    assert names[-1] == "How_made"
    assert all(len(sheet.tables) == 1 for sheet in any_book.worksheets[1:])
    assert all(re.fullmatch(r"\w{1,31}", name) for name in names)


def test_contents_link_to_every_sheet_after_the_notes(any_book):
    sheet = any_book["Contents"]
    listed = [cell.value for cell in sheet["A"][3:]]
    assert listed == any_book.sheetnames[3:]
    links = [cell.hyperlink.location for cell in sheet["A"][3:]]
    assert links == [f"'{name}'!A1" for name in listed]


def test_nothing_is_merged_blank_or_small(any_book):
    for sheet in any_book.worksheets:
        assert not sheet.merged_cells.ranges
        assert sheet["A1"].value
        assert sheet["A1"].font.sz > 12
        assert sheet["A1"].font.b
        sizes = {
            cell.font.sz for row in sheet.iter_rows() for cell in row if cell.value is not None
        }
        assert min(sizes) >= 12
        for table in sheet.tables.values():
            cells = [cell for row in sheet[table.ref] for cell in row]
            assert all(cell.value not in (None, "") for cell in cells)
            headings = [cell.value for cell in sheet[table.ref][0]]
            assert len(set(headings)) == len(headings)
            below = sheet.max_row - int(re.search(r"(\d+)$", table.ref)[1])
            assert below == 0  # nothing hides under a table


def test_table_names_are_unique_in_the_workbook(any_book):
    names = [name for sheet in any_book.worksheets for name in sheet.tables]
    assert len({name.casefold() for name in names}) == len(names)


def test_every_number_is_a_number_and_what_is_hidden_has_its_shorthand(book, answered):
    for table in answered.tables[:-1]:
        sheet = book[table.id.replace("-", "_")]
        (real,) = sheet.tables.values()
        rows = [[cell.value for cell in row] for row in sheet[real.ref]][1:]
        assert len(rows) == len(table.rows)
        for values, row in zip(rows, table.rows, strict=True):
            numbers = [n for cell in row for n in (parts(cell) or [cell])]
            for value, number in zip(values, numbers, strict=True):
                if isinstance(number, str):
                    assert value == number
                elif number.kind == "hidden":
                    assert value == "[c]"
                elif number.kind == "none":
                    assert value in {"[x]", "[u]", "[z]"}
                elif number.kind == "state":
                    assert value.lower() == number.text
                else:
                    said = number.text.replace(",", "").replace("−", "-").strip("%+")
                    assert value == pytest.approx(float(said), abs=1e-12)


def test_a_shorthand_that_a_sheet_uses_is_explained_on_it_and_in_the_notes(any_book):
    notes = " ".join(cell.value for cell in any_book["Notes"]["B"] if isinstance(cell.value, str))
    used_anywhere = set()
    for sheet in any_book.worksheets[4:-1]:
        (table,) = sheet.tables.values()
        first = int(re.search(r"\d+", table.ref)[0])
        used = {c.value for row in sheet[table.ref] for c in row
                if isinstance(c.value, str) and re.fullmatch(r"\[\w\]", c.value)}  # fmt: skip
        above = " ".join(str(sheet.cell(row, 1).value) for row in range(1, first))
        for symbol in used:
            assert symbol in above
            assert symbol in notes
        used_anywhere |= used
    assert "[c]" in used_anywhere


def test_the_sheet_how_made_has_every_number_with_its_cells(book, answered):
    sheet = book["How_made"]
    (table,) = sheet.tables.values()
    rows = [tuple(str(cell.value) for cell in row) for row in sheet[table.ref]][1:]
    assert rows == [tuple(row) for row in answered.trace]


def test_long_and_equal_sheet_names_are_told_apart(answered):
    import dataclasses

    long = [dataclasses.replace(answered.tables[0], id=f"a-very-long-name-of-a-table-here-{n}")
            for n in (1, 2)]  # fmt: skip
    section = dataclasses.replace(answered.sections[0], tables=tuple(long))
    pack = dataclasses.replace(answered, sections=(section,))
    names = openpyxl.load_workbook(io.BytesIO(workbook(pack))).sheetnames
    assert "a_very_long_name_of_a_table_her" in names
    assert "a_very_long_name_of_a_table_h_2" in names


def test_no_sheet_is_hidden_or_frozen_or_without_its_kind_of_text(any_book):
    """The cover says who, Contents and Notes what they are; a table's sheet says it is one."""
    for sheet in any_book.worksheets:
        assert sheet.sheet_state == "visible"
        assert sheet.freeze_panes is None
        assert not any(row.hidden for row in sheet.row_dimensions.values())
        assert not any(column.hidden for column in sheet.column_dimensions.values())
        assert len(sheet._images) == 0  # a picture would need an alt text
        if sheet.tables:
            assert "one table" in str(sheet["A2"].value)


def test_the_workbook_has_a_title_an_author_and_a_language_and_its_table_is_below_the_text(
    any_book, every_pack
):
    assert any_book.properties.title.split(" - ")[0] in {pack.title for pack in every_pack}
    assert any_book.properties.creator.startswith("careerbench ")
    assert any_book.custom_doc_props["Language"].value == "en-GB"
    for sheet in any_book.worksheets[1:]:
        (table,) = sheet.tables.values()
        first = int(re.search(r"[A-Z]+(\d+):", table.ref)[1])
        above = [sheet.cell(row, 1).value for row in range(1, first)]
        assert all(above), sheet.title  # no empty row between the title and the table
        assert table.headerRowCount == 1
        assert all(column.name.strip() for column in table.tableColumns)


def test_no_cell_is_a_formula_or_an_address_outside_the_workbook(any_book):
    for sheet in any_book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None or cell.hyperlink.location
