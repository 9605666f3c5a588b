"""The cells of an audit spreadsheet, read plainly, for a first draft of its framework."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from careerbench.errors import ReadError

if TYPE_CHECKING:
    import pandas as pd

_LARGEST = 100_000_000
_WORKBOOKS = (b"PK", b"\xd0\xcf")  # xlsx and ods, xls
_SEPARATORS = ",;\t|"
_TITLE_ROWS = 20
_HINT = "draft_framework(loaders.read_table(path)), which reads more kinds of file"


def read_columns(path_or_frame: object) -> tuple[dict[str, list[str]], list[str]]:
    """Read the columns of a table as text, blanks as empty text; and name headings that repeat.

    Raises
    ------
    ReadError
        If the file cannot be read plainly or holds no table.
    """
    import pandas as pd

    if isinstance(path_or_frame, pd.DataFrame):
        return _columns_of_frame(path_or_frame)
    if not isinstance(path_or_frame, str | Path):
        raise ReadError(
            "draft_framework: path must be the path of an audit spreadsheet, or its table.",
            found=type(path_or_frame).__name__,
            hint="draft_framework('audit.xlsx')",
        )
    path = Path(path_or_frame)
    body = _bytes(path)
    rows = _workbook(body, path.name) if body[:2] in _WORKBOOKS else _text(body, path.name)
    return _columns(rows, path.name)


def _columns_of_frame(frame: pd.DataFrame) -> tuple[dict[str, list[str]], list[str]]:
    repeated = [str(name) for name in frame.columns[frame.columns.duplicated()].unique()]
    columns = {
        str(name): [_cell(value) for value in column.astype(object).where(column.notna(), None)]
        for name, column in frame.loc[:, ~frame.columns.duplicated(keep=False)].items()
    }
    return columns, repeated


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        body = path.read_bytes() if size <= _LARGEST else None
    except (OSError, ValueError) as error:
        raise ReadError(
            f"draft_framework: '{path.name}' cannot be opened.",
            found=getattr(error, "strerror", None) or str(error),
            hint="the path of a CSV file or workbook",
        ) from None
    if body is None:
        raise ReadError(
            f"draft_framework: '{path.name}' is too large.",
            found=f"{size:,} bytes",
            hint=f"at most {_LARGEST:,} bytes; some rows of it are enough",
        )
    return body


def _workbook(body: bytes, name: str) -> list[list[str]]:
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        for sheet in book.sheet_names:
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            if len(rows) > 1:
                return [[_cell(value) for value in row] for row in rows]
    except BaseException as error:  # a panic of the reader is one
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise _unread(name, (str(error) or type(error).__name__).splitlines()[0]) from None
    raise _unread(name, "no sheet with rows")


def _text(body: bytes, name: str) -> list[list[str]]:
    encodings = ("utf-16",) if body[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        start = text[:20_000]
        separator = max(_SEPARATORS, key=start.count)
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        except csv.Error as error:
            raise _unread(name, str(error)) from None
    raise _unread(name, "bytes that are no text, and no xlsx workbook")


def _columns(rows: list[list[str]], name: str) -> tuple[dict[str, list[str]], list[str]]:
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:_TITLE_ROWS]]
    widest = max(filled, default=0)
    if widest < 2:
        raise _unread(name, "no table with two columns or more")
    top = next(place for place, count in enumerate(filled) if count >= 0.8 * widest)
    headings = [cell.strip() for cell in rows[top]]
    body = [row for row in rows[top + 1 :] if any(cell.strip() for cell in row)]
    repeated = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    columns = {
        heading: [row[place].strip() if place < len(row) else "" for row in body]
        for place, heading in enumerate(headings)
        if heading and heading not in repeated
    }
    return columns, repeated


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _unread(name: str, found: str) -> ReadError:
    return ReadError(f"draft_framework: '{name}' holds no table.", found=found, hint=_HINT)
