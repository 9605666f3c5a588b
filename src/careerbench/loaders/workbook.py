"""Spreadsheets (xlsx, xls, ods): every cell as text."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING

from careerbench.errors import ReadError, did_you_mean, quoted
from careerbench.loaders.grid import Grid, Rows, from_rows

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


def read_workbook(
    body: bytes, *, name: str, sheet: str | None, header_row: int | None, trim: bool
) -> Grid:
    """Read one sheet of a workbook; the first that holds anything unless one is named."""
    book = _open(body, name)
    chosen, rows, said = _choose(book, sheet, name)
    where = f"{name}, sheet '{chosen}'"
    grid = from_rows(rows, header_row=header_row, name=where, trim=trim)
    return Grid(grid.frame, grid.header_row, (said, *grid.decisions), grid.repeated)


def _open(body: bytes, name: str) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(body))
    except PasswordError:
        raise ReadError(
            f"read_table: '{name}' is locked with a password.",
            found="an encrypted workbook",
            hint="save a copy without the password",
        ) from None
    except CalamineError as error:
        raise ReadError(
            f"read_table: '{name}' is not a whole workbook.",
            found=str(error) or type(error).__name__,
            hint="open it in a spreadsheet program and save it again, or fetch it again",
        ) from None


def _choose(book: CalamineWorkbook, sheet: str | None, name: str) -> tuple[str, Rows, str]:
    names = book.sheet_names
    if sheet is not None:
        if sheet not in names:
            raise ReadError(
                f"read_table: '{name}' has no sheet '{sheet}'.",
                found=quoted(names),
                hint=did_you_mean(sheet, names),
            )
        return sheet, _rows(book, sheet, name), f"sheet '{sheet}', as asked"
    for each in names:
        rows = _rows(book, each, name)
        if rows:
            others = [other for other in names if other != each]
            left = f"; not read: {quoted(others)}" if others else ""
            return each, rows, f"sheet '{each}'{left}"
    raise ReadError(
        f"read_table: '{name}' holds no table.",
        found=f"blank sheets {quoted(names)}",
        hint="a workbook with headings in the first row of a sheet",
    )


def _rows(book: CalamineWorkbook, sheet: str, name: str) -> Rows:
    from python_calamine import CalamineError

    try:
        cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise ReadError(
            f"read_table: sheet '{sheet}' of '{name}' cannot be read.",
            found=str(error) or type(error).__name__,
            hint="save the sheet as CSV",
        ) from None
    return [[cell if isinstance(cell, str) else show_cell(cell) for cell in row] for row in cells]


def show_cell(cell: object) -> str:
    """Write a cell as text, the way a spreadsheet shows it.

    Examples
    --------
    >>> show_cell(3.0), show_cell(21.7), show_cell(True), show_cell(datetime(2021, 9, 1))
    ('3', '21.7', 'TRUE', '2021-09-01')
    """
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        day = not (cell.hour or cell.minute or cell.second or cell.microsecond)
        return cell.date().isoformat() if day else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
