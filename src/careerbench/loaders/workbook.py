"""Spreadsheets (xlsx, xls, ods): every cell as text, formulas by the value they were saved with."""

from __future__ import annotations

import gc
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

from careerbench.errors import ReadError, did_you_mean, quoted
from careerbench.loaders.claims import refuse_claims
from careerbench.loaders.grid import Grid, from_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_calamine import CalamineWorkbook

    from careerbench.loaders.shape import Cells, Spans, Wishes


def read_workbook(body: bytes, *, name: str, sheet: str | None, wishes: Wishes, trim: bool) -> Grid:
    """Read one sheet of a workbook; the first that holds anything unless one is named."""
    refuse_claims(body, name)
    book = _open(body, name)
    with _without_garbage_collection():
        chosen, rows, spans, said = _choose(book, sheet, name)
        where = f"{name}, sheet '{chosen}'"
        grid = from_rows(rows, wishes=wishes, name=where, trim=trim, spans=spans)
        del rows
    return Grid(grid.frame, grid.header_row, (said, *grid.decisions), grid.repeated)


def _open(body: bytes, name: str) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(body))
    except PasswordError:
        raise ReadError(
            f"read_table: '{name}' is locked with a password.",
            found="an encrypted workbook",
            hint="save a copy without the password",
        ) from None
    except BaseException as error:  # noqa: BLE001 - a panic is one; _broken raises others again
        raise _broken(f"'{name}' is not a whole workbook", error) from None


def _choose(book: CalamineWorkbook, sheet: str | None, name: str) -> tuple[str, Cells, Spans, str]:
    names = book.sheet_names
    if sheet is not None:
        if sheet not in names:
            raise ReadError(
                f"read_table: '{name}' has no sheet '{sheet}'.",
                found=quoted(names),
                hint=did_you_mean(sheet, names),
            )
        return sheet, *_rows(book, sheet, name), f"sheet '{sheet}', as asked"
    for each in names:
        rows, spans = _rows(book, each, name)
        if rows:
            others = [other for other in names if other != each]
            left = f"; not read: {quoted(others)}" if others else ""
            return each, rows, spans, f"sheet '{each}'{left}"
    raise ReadError(
        f"read_table: '{name}' holds no table.",
        found=f"blank sheets {quoted(names)}",
        hint="a workbook with headings in the first row of a sheet",
    )


def _rows(book: CalamineWorkbook, sheet: str, name: str) -> tuple[Cells, Spans]:
    try:
        found = book.get_sheet_by_name(sheet)
        return found.to_python(skip_empty_area=False), tuple(found.merged_cell_ranges or ())
    except BaseException as error:  # noqa: BLE001 - a panic is one; _broken raises others again
        raise _broken(f"sheet '{sheet}' of '{name}' cannot be read", error) from None


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Do not look for garbage while a hundred thousand lists are made and none is left over."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _broken(what: str, error: BaseException) -> ReadError:
    """Word what the library said; its panics are no ordinary exceptions."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    return ReadError(
        f"read_table: {what}.",
        found=(str(error) or type(error).__name__).splitlines()[0],
        hint="open it in a spreadsheet program and save it again, or save the sheet as CSV",
    )
