"""Delimited text: comma, tab, semicolon or bar, regular or ragged."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from careerbench.errors import ReadError
from careerbench.loaders.encoding import to_utf8
from careerbench.loaders.grid import Grid, Rows, from_rows, name_columns, to_grid
from careerbench.loaders.problems import count

if TYPE_CHECKING:
    import pyarrow as pa

_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
_SAMPLE_BYTES, _SAMPLE_ROWS = 200_000, 50
_LINE_END = re.compile(rb"\r\n|\n|\r")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_LAST = "careerbench: the row after the last"


def read_text(
    body: bytes,
    *,
    name: str,
    encoding: str | None,
    delimiter: str | None,
    header_row: int | None,
    trim: bool,
) -> Grid:
    """Read delimited text: fast where every row is as long as the headings, with care elsewhere."""
    decoded = to_utf8(body, encoding=encoding, name=name)
    if len(_CONTROL.findall(decoded.body[:_SAMPLE_BYTES])) > 2:
        raise ReadError(
            f"read_table: '{name}' is not a text file.",
            found="control characters",
            hint="a CSV file, or a workbook under its own ending (.xlsx, .xls, .ods)",
        )
    separator, said = _find_delimiter(decoded.body, delimiter, name)
    grid = _read_regular(decoded.body, separator, header_row, trim=trim)
    if grid is None:
        rows = _read_rows(decoded.body.decode(), separator, name)
        grid = from_rows(rows, header_row=header_row, name=name, trim=trim)
    decisions = (decoded.said, said, *grid.decisions)
    return Grid(grid.frame, grid.header_row, decisions, grid.repeated)


def _find_delimiter(body: bytes, delimiter: str | None, name: str) -> tuple[str, str]:
    """Take the delimiter under which headings and rows agree on the most columns."""
    if delimiter is not None:
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise ReadError(
                f"read_table: '{name}' cannot be split at {delimiter!r}.",
                found=repr(delimiter),
                hint='one character, such as delimiter=";" or "\\t"',
            )
        return delimiter, f"delimiter {_DELIMITERS.get(delimiter, delimiter)}, as asked"
    sample = body[:_SAMPLE_BYTES].decode(errors="ignore")
    best = max(_DELIMITERS, key=lambda each: _agreement(sample, each))
    if _agreement(sample, best)[0] < 2:
        return ",", "one column: no delimiter found"
    return best, f"delimiter {_DELIMITERS[best]}"


def _agreement(sample: str, delimiter: str) -> tuple[int, float]:
    try:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = [len(row) for row in islice(reader, _SAMPLE_ROWS) if row]
    except csv.Error:
        return 0, 0.0
    if not widths:
        return 0, 0.0
    common, n_rows = Counter(widths).most_common(1)[0]
    return min(widths[0], common), n_rows / len(widths)


def _read_regular(
    body: bytes, delimiter: str, header_row: int | None, *, trim: bool
) -> Grid | None:
    """Read with Arrow; None where the rows are not all as long as the headings."""
    if _count_quotes(body) % 2 or (header_row is not None and header_row > 1):
        return None
    rows, start = _first_row(body, delimiter)
    if not rows or not any(cell.strip() for cell in rows[0]):
        return None
    end = len(body.rstrip(b"\r\n"))
    n_trailing = max(len(_LINE_END.findall(body[end:])) - 1, 0)
    headings = name_columns(rows[0], len(rows[0]))
    n_lines = body.count(b"\n", start, end) + 1
    table = _arrow_rows(memoryview(body)[start:end], n_lines, len(rows[0]), delimiter)
    if table is None or _last_row_is_blank(table):
        return None
    decisions = ["headings in row 1"]
    if n_trailing:
        decisions.append(f"{count(n_trailing, 'blank row')} at the end dropped")
    return to_grid(table.columns, headings, header_row=1, decisions=decisions, trim=trim)


def _count_quotes(body: bytes) -> int:
    import numpy as np

    return int(np.count_nonzero(np.frombuffer(body, np.uint8) == ord('"')))


def _first_row(body: bytes, delimiter: str) -> tuple[Rows, int]:
    """Read the first row, and say at which byte the second begins."""
    head = body[:_SAMPLE_BYTES].decode(errors="ignore")
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    rows = _taken(reader, 1)
    ends = [match.end() for match in islice(_LINE_END.finditer(body), reader.line_num)]
    return rows, ends[-1] if len(ends) == reader.line_num else len(body)


def _taken(reader: object, n_rows: int) -> Rows:
    try:
        return list(islice(reader, n_rows))  # type: ignore[call-overload]
    except csv.Error:
        return []


def _arrow_rows(body: memoryview, n_lines: int, width: int, delimiter: str) -> pa.Table | None:
    """Read as if no cell held a line break, and again if there are more lines than rows.

    The first way is twice as fast. It cannot split a cell unseen: with two columns or more, the
    halves would not both be as wide as the headings.
    """
    if width > 1:
        table = _arrow_table(body, width, delimiter, line_breaks=False)
        if table is not None and table.num_rows == n_lines:
            return table
    return _arrow_table(body, width, delimiter, line_breaks=True)


def _arrow_table(
    body: memoryview, width: int, delimiter: str, *, line_breaks: bool
) -> pa.Table | None:
    import pyarrow as pa
    from pyarrow import csv as arrow

    names = [str(place) for place in range(width)]
    text = pa.large_string()
    if not len(body):
        return pa.table({each: pa.array([], text) for each in names})
    convert = arrow.ConvertOptions(
        column_types=dict.fromkeys(names, text),
        strings_can_be_null=True,
        null_values=[""],
        quoted_strings_can_be_null=True,
        check_utf8=False,
    )
    parse = arrow.ParseOptions(
        delimiter=delimiter, newlines_in_values=line_breaks, ignore_empty_lines=False
    )
    read = arrow.ReadOptions(column_names=names)
    try:
        return arrow.read_csv(pa.py_buffer(body), read, parse, convert)
    except pa.ArrowInvalid:
        return None


def _last_row_is_blank(table: pa.Table) -> bool:
    last = table.slice(max(table.num_rows - 1, 0))
    return bool(table.num_rows) and all(column.null_count for column in last.columns)


def _read_rows(text: str, delimiter: str, name: str) -> Rows:
    """Read rows of any length; a sentinel row shows whether a quote was left open."""
    if not text.endswith(("\n", "\r")):
        text += "\n"
    try:
        rows = list(csv.reader(io.StringIO(text + _LAST, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ReadError(
            f"read_table: '{name}' cannot be split into cells.",
            found=str(error),
            hint="a quote may have been opened and never closed",
        ) from None
    if rows[-1] != [_LAST]:
        raise ReadError(
            f"read_table: a quote in '{name}' is opened and never closed.",
            found=f"row {len(rows)} runs on to the end of the file",
            hint=f'look for a single " in row {len(rows)}',
        )
    return rows[:-1]
