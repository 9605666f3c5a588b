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
from careerbench.loaders.grid import Grid, from_rows, name_columns, refuse_wide, to_grid
from careerbench.loaders.problems import count
from careerbench.loaders.shape import Wishes, is_note, is_plain, second_heading

if TYPE_CHECKING:
    import pyarrow as pa

    from careerbench.loaders.encoding import Decoded

Rows = list[list[str]]
_DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
_SAMPLE_BYTES, _FEW_BYTES, _SAMPLE_ROWS = 200_000, 50_000, 50
_LINE_LIMIT, _CAREFUL_LIMIT, _BLOCK = 32 * 1024**2, 512 * 1024**2, 8 * 1024**2
_CAREFUL_LINES = 10_000_000
_PIECE = 256 * 1024
_LINE_END = re.compile(rb"\r\n|\n|\r")
_SEP = re.compile(rb'"?sep=(.)"?[,;\t|]*(?:\r\n|\n|\r)', re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_LAST = "careerbench: the row after the last"


def read_text(
    body: bytes,
    *,
    name: str,
    encoding: str | None,
    delimiter: str | None,
    wishes: Wishes,
    trim: bool,
) -> Grid:
    """Read delimited text: fast where every row is as long as the headings, with care elsewhere."""
    decoded = to_utf8(body, encoding=encoding, name=name)
    text = decoded.body
    if len(_CONTROL.findall(text[:_SAMPLE_BYTES])) > 2 or b"\0" in text:
        raise ReadError(
            f"read_table: '{name}' is not a text file.",
            found="control characters",
            hint="a CSV file, or a workbook under its own ending (.xlsx, .xls, .ods)",
        )
    _refuse_long_line(text, name)
    said_first = _SEP.match(text)
    separator, said = _find_delimiter(text, delimiter, said_first, name)
    grid = None if said_first else _read_regular(decoded, separator, wishes, trim=trim, name=name)
    if grid is None:
        rows = _read_rows(decoded.utf8(name), separator, name)
        if said_first:
            rows[0] = []  # the line sep= is a row of the file, and none of the table
        grid = from_rows(rows, wishes=wishes, name=name, trim=trim)
    decisions = (decoded.said, said, *grid.decisions)
    return Grid(grid.frame, grid.header_row, decisions, grid.repeated)


def _refuse_long_line(body: bytes, name: str) -> None:
    """Refuse a line that no table has, before anything is built of it."""
    start = 0
    while len(body) - start > _LINE_LIMIT:
        stop = start + _LINE_LIMIT
        end = max(body.rfind(b"\n", start, stop), body.rfind(b"\r", start, stop))
        if end < 0:
            raise ReadError(
                f"read_table: '{name}' has a line that is too long for a table.",
                found=f"more than {_LINE_LIMIT:,} bytes without a line break",
                hint="a CSV file with one row in each line",
            )
        start = end + 1


def _find_delimiter(
    body: bytes, delimiter: str | None, said_first: re.Match[bytes] | None, name: str
) -> tuple[str, str]:
    """Take the delimiter under which headings and rows agree on the most columns."""
    if delimiter is not None:
        if len(delimiter) != 1 or delimiter in '"\r\n' or ord(delimiter) > 127:
            raise ReadError(
                f"read_table: '{name}' cannot be split at {delimiter!r}.",
                found=repr(delimiter),
                hint='one character, such as delimiter=";" or "\\t"',
            )
        return delimiter, f"delimiter {_DELIMITERS.get(delimiter, delimiter)}, as asked"
    if said_first and said_first[1].decode(errors="replace") in _DELIMITERS:
        said = said_first[1].decode()
        return said, f"delimiter {_DELIMITERS[said]}, as the line sep= says"
    sample = body[:_SAMPLE_BYTES]
    if sample.count(b"\n", 0, _FEW_BYTES) > _SAMPLE_ROWS:
        sample = sample[:_FEW_BYTES]
    said = sample.decode(errors="ignore")
    widths = {each: _widths(said, each) if each in said else [] for each in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda each: _agreement(widths[each]))
    if _agreement(widths[best])[0] >= 2:
        return best, f"delimiter {_DELIMITERS[best]}"
    best = max(_DELIMITERS, key=lambda each: _below_titles(widths[each]))
    if _below_titles(widths[best])[0] >= 3:
        return best, f"delimiter {_DELIMITERS[best]}: the first line, without one, is a title"
    return ",", "one column: no delimiter found"


def _widths(sample: str, delimiter: str) -> list[int]:
    try:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        return [len(row) for row in islice(reader, _SAMPLE_ROWS) if row]
    except csv.Error:
        return []


def _agreement(widths: list[int]) -> tuple[int, float]:
    if not widths:
        return 0, 0.0
    common, n_rows = Counter(widths).most_common(1)[0]
    return min(widths[0], common), n_rows / len(widths)


def _below_titles(widths: list[int]) -> tuple[int, int]:
    """Judge a delimiter by the rows it splits, where the first row is not split."""
    split = Counter(width for width in widths if width > 1)
    return split.most_common(1)[0] if split else (0, 0)


def _read_regular(
    decoded: Decoded, delimiter: str, wishes: Wishes, *, trim: bool, name: str
) -> Grid | None:
    """Read with Arrow; None where the rows are not all as long as the headings."""
    body = decoded.body
    asked = wishes.header_row or 1, wishes.header_rows or 1, wishes.skip_footer or 0
    if asked != (1, 1, 0) or _count(body, '"') % 2:
        return None
    rows, start = _first_rows(decoded, delimiter)
    width = len(rows[0]) if rows else 0
    if not rows or not (is_plain(rows[0], width) or wishes.header_row == 1):
        return None
    refuse_wide(width, name)
    end = len(body)
    while end > start and body[end - 1] in b"\r\n":
        end -= 1
    n_trailing = max(len(_LINE_END.findall(body[end:])) - 1, 0)
    headings = name_columns(rows[0], width)
    n_lines = _count(memoryview(body)[start:end], "\n") + 1
    table = _arrow_rows(memoryview(body)[start:end], n_lines, width, delimiter)
    if table is None or _needs_care(table, wishes):
        return None
    decisions = ["headings in row 1"]
    if n_trailing:
        decisions.append(f"{count(n_trailing, 'blank row')} at the end dropped")
    if wishes.header_rows is None:
        decisions += second_heading(rows[0], rows[1] if len(rows) > 1 else [])
    columns = [decoded.cells(column, name) for column in table.columns]
    return to_grid(columns, headings, header_row=1, decisions=decisions, trim=trim)


def _count(body: bytes | memoryview, letter: str) -> int:
    import numpy as np

    letters = np.frombuffer(body, np.uint8)
    pieces = (letters[start : start + _PIECE] for start in range(0, letters.size, _PIECE))
    return sum(int(np.count_nonzero(piece == ord(letter))) for piece in pieces)


def _first_rows(decoded: Decoded, delimiter: str) -> tuple[Rows, int]:
    """Read the first two rows, and say at which byte the second begins."""
    body = decoded.body
    first_end = body.find(b"\n", _SAMPLE_BYTES)
    far = b"\n" not in body[:_SAMPLE_BYTES] and first_end >= 0
    head = body[: first_end + 1 if far else _SAMPLE_BYTES].decode(
        decoded.single or "utf-8", errors="ignore"
    )
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    rows = _taken(reader, 1)
    n_lines = reader.line_num
    ends = [match.end() for match in islice(_LINE_END.finditer(body), n_lines)]
    begin = ends[-1] if rows and len(ends) == n_lines else len(body)
    return rows + _taken(reader, 1), begin


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
    read = arrow.ReadOptions(column_names=names, block_size=_block(len(body)))
    try:
        return arrow.read_csv(pa.py_buffer(body), read, parse, convert)
    except pa.ArrowException:
        return None


def _block(n_bytes: int) -> int:
    """Two blocks for a small file, one for each of two processors; none shorter than a line."""
    return max(min(n_bytes // 2 + 1, _BLOCK), 1024**2, n_bytes if n_bytes < 4 * 1024**2 else 0)


def _needs_care(table: pa.Table, wishes: Wishes) -> bool:
    """Tell whether the last row is blank, or may be a footnote."""
    import pyarrow as pa

    if not table.num_rows:
        return False
    last = table.slice(table.num_rows - 1)
    if all(column.null_count for column in last.columns):
        return True
    if table.num_columns < 3 or wishes.skip_footer == 0:
        return False
    raw = [column.chunk(0).view(pa.large_binary())[0].as_py() or b"" for column in last.columns]
    return is_note([cell.decode(errors="replace") for cell in raw], apart=True)


def _read_rows(body: bytes, delimiter: str, name: str) -> Rows:
    """Read rows of any length; a sentinel row shows whether a quote was left open."""
    n_lines = _count(body, "\n")
    if len(body) > _CAREFUL_LIMIT or n_lines > _CAREFUL_LINES:
        raise ReadError(
            f"read_table: '{name}' is too large for rows that are not all equally long.",
            found=f"{len(body):,} bytes in {n_lines:,} lines",
            hint="save it again with one cell for each heading in every row, or split it",
        )
    text = body.decode()
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
